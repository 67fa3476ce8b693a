/**
 * Recovery (playbook 3.4): sets the local account of orders and position right by the exchange's, after the user connection was
 * opened, and whenever an audit finds the two apart. In four steps:
 *
 * 1. the position is verified: fills that were missed are asked for and processed, then what still differs is set;
 * 2. margins, limits and open orders are fetched anew;
 * 3. orders that do not respond, whose cancel was not carried out in all its time, are cancelled again; what the exchange does not
 *    have any more is removed;
 * 4. orders that the exchange has and this core does not know are cancelled, all in one batch.
 *
 * The exchange is the truth, as of the moment at which its picture was taken. What was learnt locally after that moment is newer
 * and stays (incident I-26). Fills that come after the position was set, but were matched before, are held in it already and do
 * not move it again.
 */
import type { LogEntry } from '../evidence.ts';
import { isLive, type TrackedOrder } from '../execution/order-lifecycle.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { PositionsPicture, Reconciliation } from '../infra/reconciliation.ts';
import type { RestRequests } from '../infra/rest-requests.ts';
import type { SyncHealth } from '../infra/sync-health.ts';
import type { Fill, OpenOrder, RestReplyMessage } from '../port.ts';
import type { InstrumentState, Session } from '../state.ts';
import type { OrderOps } from './order-ops.ts';

export interface RecoverySettings {
  /** Shortest time from one recovery to the next. */
  minIntervalNs: number;
  /** Without all replies after this long it has failed, and is begun anew. */
  replyTimeoutNs: number;
}

export const DEFAULT_RECOVERY: RecoverySettings = {
  // The reference system's reconciler.
  minIntervalNs: 2_000_000_000,
  // Ten times what a REST call may take when all is well (playbook 4.1 expects 500 ms and more).
  replyTimeoutNs: 5_000_000_000,
};

/** What one instrument's parts bring to a recovery. */
export interface RecoveryTarget {
  readonly state: InstrumentState;
  readonly orderOps: OrderOps;
}

interface OrdersReply {
  readonly exchNs: number;
  readonly orders: readonly OpenOrder[];
}

/** What a comparison of one instrument's orders has found. */
interface FoundOrders {
  readonly localOrders: number;
  readonly exchangeOrders: number;
  /** Orders of the exchange that were not known here, taken over. */
  readonly orphans: readonly TrackedOrder[];
  /** Orphans, and orders whose cancel was not carried out. */
  readonly toCancel: readonly TrackedOrder[];
  readonly staleRemoved: number;
}

export class Recovery {
  readonly #settings: RecoverySettings;
  readonly #postTimeoutNs: number;
  readonly #rest: RestRequests;
  readonly #session: Session;
  readonly #targets: readonly RecoveryTarget[];
  readonly #reconciliation: Reconciliation;
  readonly #syncHealth: SyncHealth;
  readonly #metrics: Metrics;
  readonly #log: (entry: LogEntry) => void;

  /** Ids of the requests under way; 0 once answered, or where none is. */
  #ordersId = 0;
  #positionsId = 0;
  #fillsId = 0;
  #orders: OrdersReply | null = null;
  #positions: PositionsPicture | null = null;
  #isRunning = false;
  #isWanted = false;
  #begunNs = Number.NEGATIVE_INFINITY;
  /** When the user connection was opened last. */
  #openedNs = Number.NEGATIVE_INFINITY;

  /** `postTimeoutNs`: a cancel unanswered for longer may be repeated. */
  constructor(
    settings: RecoverySettings,
    postTimeoutNs: number,
    rest: RestRequests,
    session: Session,
    targets: readonly RecoveryTarget[],
    reconciliation: Reconciliation,
    syncHealth: SyncHealth,
    metrics: Metrics,
    log: (entry: LogEntry) => void,
  ) {
    this.#settings = settings;
    this.#postTimeoutNs = postTimeoutNs;
    this.#rest = rest;
    this.#session = session;
    this.#targets = targets;
    this.#reconciliation = reconciliation;
    this.#syncHealth = syncHealth;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** The user connection has opened: nothing that was known of orders can be relied on. */
  connectionOpened(nowNs: number): void {
    this.#openedNs = nowNs;
    this.#begin(nowNs);
  }

  /** The user connection is gone; recovery begins anew when it is back. */
  connectionClosed(): void {
    this.#stop();
    this.#isWanted = false;
  }

  #stop(): void {
    this.#isRunning = false;
    this.#ordersId = 0;
    this.#positionsId = 0;
    this.#fillsId = 0;
  }

  /** The two accounts are apart: look, as soon as the shortest interval allows. */
  request(nowNs: number): void {
    this.#isWanted = true;
    this.#beginIfDue(nowNs);
  }

  /** The check of every second. */
  check(nowNs: number): void {
    if (this.#isRunning && nowNs - this.#begunNs > this.#settings.replyTimeoutNs) this.#failed(nowNs);
    this.#beginIfDue(nowNs);
  }

  #failed(nowNs: number): void {
    this.#stop();
    this.#isWanted = true;
    this.#syncHealth.record(false, 0, 0, 0, nowNs);
  }

  #beginIfDue(nowNs: number): void {
    if (!this.#isWanted || this.#isRunning || !this.#session.userOpen) return;
    if (nowNs - this.#begunNs >= this.#settings.minIntervalNs) this.#begin(nowNs);
  }

  #begin(nowNs: number): void {
    this.#isRunning = true;
    this.#isWanted = false;
    this.#begunNs = nowNs;
    this.#orders = null;
    this.#positions = null;
    this.#ordersId = this.#rest.ask('openOrders');
    this.#positionsId = this.#rest.ask('clearinghouseState');
    const fromNs = this.#reconciliation.fillsFromNs;
    this.#fillsId = fromNs < 0 ? 0 : this.#rest.ask('userFillsByTime', { fromNs });
    // Nothing here waits for these: whoever keeps margins and limits takes their replies.
    this.#rest.ask('userRateLimit');
    this.#rest.ask('meta');
  }

  /**
   * Takes a reply; true where it was the last one and the local account is right now. `applyFill` takes a fill that may have been
   * missed.
   */
  reply(message: RestReplyMessage, applyFill: (fill: Fill) => void): boolean {
    const { id, exchNs, body, nowNs } = message;
    if (!this.#isRunning || (id !== this.#ordersId && id !== this.#positionsId && id !== this.#fillsId)) return false;
    if (id === this.#ordersId && body.request === 'openOrders') {
      this.#ordersId = 0;
      this.#orders = { exchNs, orders: body.orders.slice() };
    } else if (id === this.#positionsId && body.request === 'clearinghouseState') {
      this.#positionsId = 0;
      const positions = body.positions.map(({ instrument, positionLots }) => ({ instrument, positionLots }));
      this.#positions = { exchNs, positions };
    } else if (id === this.#fillsId && body.request === 'userFillsByTime') {
      this.#fillsId = 0;
      this.#reconciliation.applyMissed(body.fills, applyFill);
    } else {
      this.#failed(nowNs);
      return false;
    }
    if (this.#orders === null || this.#positions === null || this.#fillsId !== 0) return false;
    this.#finish(this.#orders, this.#positions, nowNs);
    return true;
  }

  #finish(orders: OrdersReply, positions: PositionsPicture, nowNs: number): void {
    const before = this.#targets.map(({ state }) => state.positionLots);
    this.#reconciliation.trust(positions, 'Reconnect', nowNs);
    let localOrders = 0;
    let orphans = 0;
    for (const [index, target] of this.#targets.entries()) {
      const found = this.#recoverOrders(target, orders, nowNs);
      this.#logFound(target.state.index, before[index], positions, found, nowNs);
      localOrders += found.localOrders;
      orphans += found.orphans.length;
      if (found.toCancel.length > 0) target.orderOps.cancel(found.toCancel, nowNs);
    }
    this.#stop();
    this.#orders = null;
    this.#positions = null;
    this.#metrics.add(METRIC.recoveries, 1);
    this.#metrics.add(METRIC.orphanOrders, orphans);
    this.#syncHealth.record(true, localOrders, orders.orders.length, orphans, nowNs);
  }

  #recoverOrders(target: RecoveryTarget, reply: OrdersReply, nowNs: number): FoundOrders {
    const { orders, index } = target.state;
    const open = reply.orders.filter(order => order.instrument === index);
    const localOrders = orders.activeOrders().filter(order => order.state !== 'Placed').length;
    const orphans: TrackedOrder[] = [];
    const stuck: TrackedOrder[] = [];
    const seen = new Set<number>();
    for (const exchangeOrder of open) {
      const known = orders.find(exchangeOrder.oid, exchangeOrder.cloid);
      // Ended, as we learnt after the picture was taken.
      if (known !== null && !isLive(known.state) && known.lastChangeNs >= reply.exchNs) continue;
      if (known !== null && !isLive(known.state)) orders.removeStale(known.cloid, nowNs);
      const order = orders.adopt(exchangeOrder, nowNs);
      seen.add(order.cloid);
      if (known === null || order !== known) orphans.push(order);
      else if (this.#isUnanswered(order, reply.exchNs)) stuck.push(order);
    }
    const stale = orders
      .activeOrders()
      .filter(order => !seen.has(order.cloid) && this.#shouldBeSeen(order, reply.exchNs));
    for (const order of stale) orders.removeStale(order.cloid, nowNs);
    return {
      localOrders,
      exchangeOrders: open.length,
      orphans,
      toCancel: [...orphans, ...stuck],
      staleRemoved: stale.length,
    };
  }

  /** Whether the exchange would have it, were it alive: it was heard of before the picture, and nothing is under way. */
  #shouldBeSeen(order: TrackedOrder, exchNs: number): boolean {
    if (order.state === 'Placed' || order.lastChangeNs >= exchNs) return false;
    // No answer comes any more to a cancel that was sent over an earlier connection: what is not there was cancelled.
    return (
      order.state !== 'CancelPending' || order.cancelSentNs < this.#openedNs || this.#isUnanswered(order, exchNs)
    );
  }

  /** A cancel that has had all the time it may take, and was still not carried out when the picture was taken. */
  #isUnanswered(order: TrackedOrder, exchNs: number): boolean {
    return order.state === 'CancelPending' && exchNs - order.cancelSentNs > this.#postTimeoutNs;
  }

  #logFound(
    instrument: number,
    localPositionLots: number,
    { positions }: PositionsPicture,
    found: FoundOrders,
    nowNs: number,
  ): void {
    this.#log({
      type: 'recovery',
      atNs: nowNs,
      localPositionLots,
      exchangePositionLots: positions.find(position => position.instrument === instrument)?.positionLots ?? 0,
      localOrders: found.localOrders,
      exchangeOrders: found.exchangeOrders,
      orphansCancelled: found.orphans.length,
      staleLocalRemoved: found.staleRemoved,
    });
  }

  snapshot(): unknown {
    return {
      ordersId: this.#ordersId,
      positionsId: this.#positionsId,
      fillsId: this.#fillsId,
      orders: this.#orders,
      positions: this.#positions,
      isRunning: this.#isRunning,
      isWanted: this.#isWanted,
      begunNs: this.#begunNs,
      openedNs: this.#openedNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      ordersId: number;
      positionsId: number;
      fillsId: number;
      orders: OrdersReply | null;
      positions: PositionsPicture | null;
      isRunning: boolean;
      isWanted: boolean;
      begunNs: number;
      openedNs: number;
    };
    this.#ordersId = from.ordersId;
    this.#positionsId = from.positionsId;
    this.#fillsId = from.fillsId;
    this.#orders = from.orders;
    this.#positions = from.positions;
    this.#isRunning = from.isRunning;
    this.#isWanted = from.isWanted;
    this.#begunNs = from.begunNs;
    this.#openedNs = from.openedNs;
  }
}
