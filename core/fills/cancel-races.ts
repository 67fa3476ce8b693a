/**
 * Fills that came across a cancel (playbook 3.2): an order filled while its cancel was on its way, or so soon after the
 * confirmation that the fill had happened before. The position takes such a fill at once and is never wrong by it, but it does
 * swing: how far, from the first of such fills until none has come for a while, is the whipsaw.
 */
import type { LogEntry } from '../evidence.ts';
import { BID } from '../market.ts';
import type { Fill } from '../port.ts';
import { NS_PER_MS, NS_PER_S } from '../scale.ts';

/** core-facts 3.2: a fill this long after its order's cancel was confirmed still counts as a race, the end included. */
const RACE_WINDOW_NS = 500 * NS_PER_MS;
/** As long as fills of a cancelled order are waited for (core-facts 1.4). */
const WHIPSAW_WINDOW_NS = 5 * NS_PER_S;

/** What was known of the order before its fill. */
export interface FilledOrder {
  readonly cloid: number;
  readonly isCancelPending: boolean;
  readonly cancelSentNs: number;
  readonly lastChangeNs: number;
}

export class CancelRaces {
  readonly #log: (entry: LogEntry) => void;
  #count = 0;
  /** The swing at hand: until when it is looked at, where the position stands since its begin, and how far it has been. */
  #untilNs = Number.NEGATIVE_INFINITY;
  #nowLots = 0;
  #lowLots = 0;
  #highLots = 0;

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /** Races so far. */
  get count(): number {
    return this.#count;
  }

  /** How far the position has swung around the last races, lots. */
  get whipsawLots(): number {
    return this.#highLots - this.#lowLots;
  }

  /** Takes any fill. `raced`: the order that it came across the cancel of; null: it is an ordinary one. True: it was a race. */
  onFill(fill: Fill, raced: FilledOrder | null, nowNs: number): boolean {
    const isRace = raced !== null && (raced.isCancelPending || nowNs - raced.lastChangeNs <= RACE_WINDOW_NS);
    if (isRace && nowNs > this.#untilNs) {
      this.#nowLots = 0;
      this.#lowLots = 0;
      this.#highLots = 0;
    }
    if (isRace) this.#untilNs = nowNs + WHIPSAW_WINDOW_NS;
    if (nowNs <= this.#untilNs) {
      this.#nowLots += fill.side === BID ? fill.sizeLots : -fill.sizeLots;
      this.#lowLots = Math.min(this.#lowLots, this.#nowLots);
      this.#highLots = Math.max(this.#highLots, this.#nowLots);
    }
    if (!isRace) return false;
    this.#count++;
    this.#log({
      type: 'cancel-fill-race',
      atNs: nowNs,
      cloid: raced.cloid,
      oid: fill.oid,
      tid: fill.tid,
      sizeLots: fill.sizeLots,
      // One that ended without a cancel of ours was cancelled when it ended.
      sinceCancelNs: nowNs - (raced.cancelSentNs > 0 ? raced.cancelSentNs : raced.lastChangeNs),
      whipsawLots: this.whipsawLots,
    });
    return true;
  }

  snapshot(): unknown {
    return [this.#count, this.#untilNs, this.#nowLots, this.#lowLots, this.#highLots];
  }

  restore(state: unknown): void {
    [this.#count, this.#untilNs, this.#nowLots, this.#lowLots, this.#highLots] = state as number[];
  }
}
