/**
 * The gate on quoting that hangs on the book's freshness (playbook 2.2): shut before any data, while the book is too old, and
 * while it is crossed; open again with the next good book.
 */
import type { LogEntry, QuoteGateReason } from '../evidence.ts';
import { NS_PER_MS } from '../scale.ts';
import { Cadence } from './cadence.ts';

/** What the log last said of the gate: open, or a reason's type. */
type LoggedGate = 'Open' | QuoteGateReason['type'];

export class QuoteGate {
  readonly #gateAgeNs: number;
  readonly #log: (entry: LogEntry) => void;
  /** Of the frames that were applied, whatever book feed they came by. */
  readonly #book: Cadence;
  #crossed = false;
  #crossedBidTicks = 0;
  #crossedAskTicks = 0;
  #loggedGate: LoggedGate = 'Open';

  /** `gateAgeNs`: a book older than this shuts it; `cadenceMultiple`: but never under so many of the book's own average gaps. */
  constructor(gateAgeNs: number, cadenceMultiple: number, log: (entry: LogEntry) => void) {
    this.#gateAgeNs = gateAgeNs;
    this.#log = log;
    this.#book = new Cadence(gateAgeNs, cadenceMultiple);
  }

  get isCrossed(): boolean {
    return this.#crossed;
  }

  /** A good book was applied. */
  fresh(nowNs: number): void {
    this.#crossed = false;
    this.#book.observe(nowNs);
    if (this.#loggedGate !== 'Open') this.note(nowNs);
  }

  /** A crossed book came: it is no fresh one, and shuts the gate until an uncrossed one comes. */
  cross(nowNs: number, bidTicks: number, askTicks: number): void {
    this.#crossed = true;
    this.#crossedBidTicks = bidTicks;
    this.#crossedAskTicks = askTicks;
    this.note(nowNs);
  }

  /** Age of the newest good book frame, of whatever feed, ns; Infinity before any. */
  ageNs(nowNs: number): number {
    const { lastNs } = this.#book;
    return lastNs < 0 ? Number.POSITIVE_INFINITY : nowNs - lastNs;
  }

  /** The book's average gap between frames, ns; 0 before the second. */
  get cadenceNs(): number {
    return this.#book.averageNs;
  }

  /** The larger of a configured age and the book's own, ns. */
  limitNs(configuredNs: number): number {
    return this.#book.limitNs(configuredNs);
  }

  /** Why quotes may not stand, null where they may: no data, then data too old, then a crossed book. */
  reason(nowNs: number): QuoteGateReason | null {
    const ageNs = this.ageNs(nowNs);
    if (ageNs === Number.POSITIVE_INFINITY) return { type: 'NoDataReceived' };
    const thresholdNs = this.#book.limitNs(this.#gateAgeNs);
    if (ageNs > thresholdNs) {
      return { type: 'StaleData', ageMs: ageNs / NS_PER_MS, thresholdMs: thresholdNs / NS_PER_MS };
    }
    if (this.#crossed) return { type: 'CrossedBook', bestBid: this.#crossedBidTicks, bestAsk: this.#crossedAskTicks };
    return null;
  }

  /** Logs where the gate stands when that has changed. */
  note(nowNs: number): void {
    const reason = this.reason(nowNs);
    const gate: LoggedGate = reason === null ? 'Open' : reason.type;
    if (gate === this.#loggedGate) return;
    this.#loggedGate = gate;
    this.#log({ type: 'quote-gate', atNs: nowNs, reason });
  }

  snapshot(): unknown {
    return {
      book: this.#book.snapshot(),
      crossed: this.#crossed,
      crossedBidTicks: this.#crossedBidTicks,
      crossedAskTicks: this.#crossedAskTicks,
      loggedGate: this.#loggedGate,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      book: unknown;
      crossed: boolean;
      crossedBidTicks: number;
      crossedAskTicks: number;
      loggedGate: LoggedGate;
    };
    this.#book.restore(from.book);
    this.#crossed = from.crossed;
    this.#crossedBidTicks = from.crossedBidTicks;
    this.#crossedAskTicks = from.crossedAskTicks;
    this.#loggedGate = from.loggedGate;
  }
}
