/**
 * After the core pulled its quotes none of them stays live for longer than the cancels need. Time in which the user
 * connection is down does not count: a cancel cannot get through then. And while the core's own risk wants no quotes none is sent
 * (of one instrument: with several it does not say whose risk it is).
 *
 * Own orders change only by own events, so it is enough to look when the next one comes, or the end.
 */
import type { LogEntry } from '../../core/evidence.ts';
import type { Command, Connection, Fill } from '../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import type { OrderTruth, RunContext } from '../../sim/truth.ts';
import { OwnOrders } from '../own-orders.ts';
import { type Invariant, ViolationList } from './invariant.ts';

/**
 * An order in flight when the quotes are pulled is known by its oid only when acknowledged, and cancelled after that: two
 * round trips of at most 400 ms (playbook matrix, defaults), and some work.
 */
export const CANCELS_NS = NS_PER_S;
/** After a reconnect the core first has to ask what is open: a REST round trip, then the cancels. */
export const CANCELS_AFTER_RECONNECT_NS = 3 * NS_PER_S;

/** A command leaves when its message has been paid for, and what it is sent by was decided when the message came. */
const SENDING_NS = 10 * NS_PER_MS;

interface PullState {
  violations: unknown;
  orders: unknown;
  pulledNs: readonly number[];
  openedNs: number;
  isOpen: boolean;
  dueNs: readonly number[];
  riskPulledNs: number;
  isRiskPulled: boolean;
}

export class NoLiveQuoteAfterPull implements Invariant {
  readonly invariant = 'no-live-quote-after-pull';
  readonly name = 'invariant:no-live-quote-after-pull';
  readonly #violations = new ViolationList(this.invariant);
  readonly #orders = new OwnOrders();
  /** By instrument: when its quotes were pulled; -1: they are not. */
  #pulledNs: number[] = [-1];
  #openedNs = Number.NEGATIVE_INFINITY;
  #isOpen = false;
  /** By instrument: when nothing of it may be live any more; Infinity while that does not apply. */
  #dueNs: number[] = [Number.POSITIVE_INFINITY];
  /** Since when risk wants no quotes; Infinity: it does not, or it has been told that one was sent all the same. */
  #riskPulledNs = Number.POSITIVE_INFINITY;
  #isRiskPulled = false;
  #isOneInstrument = false;

  onStart({ instruments }: Pick<RunContext, 'instruments'>): void {
    this.#isOneInstrument = instruments.length === 1;
    this.#pulledNs = instruments.map(() => -1);
    this.#dueNs = instruments.map(() => Number.POSITIVE_INFINITY);
  }

  onEvidence(entry: LogEntry): void {
    if (entry.type === 'risk') {
      if (entry.pullQuotes !== this.#isRiskPulled) {
        this.#isRiskPulled = entry.pullQuotes;
        this.#riskPulledNs = entry.pullQuotes && this.#isOneInstrument ? entry.atNs : Number.POSITIVE_INFINITY;
      }
      return;
    }
    if (entry.type === 'quotes-pulled') {
      this.#pulledNs[entry.instrument ?? 0] = entry.atNs;
      this.#schedule(entry.instrument ?? 0);
    } else if (entry.type === 'cycle-resumed') {
      this.#pulledNs[entry.instrument ?? 0] = -1;
      this.#schedule(entry.instrument ?? 0);
    }
  }

  onCommand(atNs: number, event: number, command: Command): void {
    this.#look(atNs, event);
    if (atNs > this.#riskPulledNs + SENDING_NS && isQuote(command)) {
      this.#violations.add(atNs, event, 'new quotes are sent while risk wants none');
      this.#riskPulledNs = Number.POSITIVE_INFINITY;
    }
    // Connecting anew closes what was open.
    if (command.kind === 'connect' && command.connection === 'user') this.#connection(false, atNs);
  }

  onConnection(atNs: number, event: number, connection: Connection, status: 'open' | 'closed' | 'refused'): void {
    this.#look(atNs, event);
    if (connection === 'user') this.#connection(status === 'open', atNs);
  }

  onAccepted(atNs: number, event: number, order: OrderTruth): void {
    this.#look(atNs, event);
    this.#orders.accepted(atNs, order);
  }

  onRemoved(atNs: number, event: number, order: OrderTruth): void {
    this.#look(atNs, event);
    this.#orders.removed(order.oid);
  }

  onFill(atNs: number, event: number, fill: Fill): void {
    this.#look(atNs, event);
    this.#orders.filled(fill);
  }

  onEnd(atNs: number, event: number): void {
    this.#look(atNs, event);
  }

  #connection(isOpen: boolean, atNs: number): void {
    this.#isOpen = isOpen;
    if (isOpen) this.#openedNs = atNs;
    for (let instrument = 0; instrument < this.#pulledNs.length; instrument++) this.#schedule(instrument);
  }

  #schedule(instrument: number): void {
    const pulledNs = this.#pulledNs[instrument];
    this.#dueNs[instrument] =
      pulledNs < 0 || !this.#isOpen
        ? Number.POSITIVE_INFINITY
        : Math.max(pulledNs + CANCELS_NS, this.#openedNs + CANCELS_AFTER_RECONNECT_NS);
  }

  /** Told once a pull: what was live when the time was up. */
  #look(atNs: number, event: number): void {
    for (let instrument = 0; instrument < this.#dueNs.length; instrument++) {
      const dueNs = this.#dueNs[instrument];
      if (atNs <= dueNs) continue;
      this.#dueNs[instrument] = Number.POSITIVE_INFINITY;
      const live = [...this.#orders.all()].filter(order => order.instrument === instrument);
      if (live.length === 0) continue;
      const oids = live.map(order => order.oid).join(', ');
      const afterS = ((dueNs - this.#pulledNs[instrument]) / NS_PER_S).toFixed(1);
      this.#violations.add(dueNs, event, `live ${afterS} s after the quotes were pulled: orders ${oids}`);
    }
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      orders: this.#orders.snapshot(),
      pulledNs: [...this.#pulledNs],
      openedNs: this.#openedNs,
      isOpen: this.#isOpen,
      dueNs: [...this.#dueNs],
      riskPulledNs: this.#riskPulledNs,
      isRiskPulled: this.#isRiskPulled,
    } satisfies PullState;
  }

  restore(state: unknown): void {
    const from = state as PullState;
    this.#violations.restore(from.violations);
    this.#orders.restore(from.orders);
    this.#pulledNs = [...from.pulledNs];
    this.#openedNs = from.openedNs;
    this.#isOpen = from.isOpen;
    this.#dueNs = [...from.dueNs];
    this.#riskPulledNs = from.riskPulledNs;
    this.#isRiskPulled = from.isRiskPulled;
  }
}

function isQuote(command: Command): boolean {
  return command.kind === 'post' && (command.action.type === 'order' || command.action.type === 'batchModify');
}
