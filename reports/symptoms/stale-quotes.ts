/**
 * The symptom `stale-quotes` (playbook 2, playbook matrix): on a side where the run has quoted before and the twin has an
 * order resting,
 *
 * (a) an own order rests, the last accepted placement or modification there is more than 5 s ago, and the true mid is 5 bps
 *     or more away from where it was then, and has been for longer than a quote takes to follow (`reactionNs`); or
 * (b) nothing of ours has rested there for more than 5 s, and the twin's quote is not younger than `reactionNs`: after a
 *     fault the run's fills differ, and what its inventory forbids it quotes a moment before or after the twin.
 *
 * Once hot it stays so until a quote rests there that was placed or modified after it began.
 *
 * Between events only deadlines pass and the twin's quotes come and go. A market event on which nothing is due costs a few
 * comparisons.
 *
 * Without a twin (the twin is judged itself) its own quotes stand for the twin's: then (b) cannot be.
 */

import type { LogEntry } from '../../core/evidence.ts';
import { type Instrument, SIDE_NAMES, SIDES, type Side } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import { BPS, NS_PER_S } from '../../core/scale.ts';
import type { OrderTruth } from '../../sim/truth.ts';
import { OwnOrders, slotOf } from '../own-orders.ts';
import { HotList } from './hot-list.ts';
import { MomentJudge, type MomentState, NEVER } from './moment-judge.ts';
import { PullReason } from './pull-reason.ts';
import type { QuoteSeries } from './quote-series.ts';
import { STALE_QUOTES, type StaleQuotesThresholds } from './thresholds.ts';

interface StaleQuotesState extends MomentState {
  orders: unknown;
  pull: unknown;
  mid2: Float64Array;
  quoted: Uint8Array;
  acceptedNs: Float64Array;
  acceptedMid2: Float64Array;
  restingSinceNs: Float64Array;
  bareSinceNs: Float64Array;
  armed: Uint8Array;
  movedSinceNs: Float64Array;
}

export class StaleQuotes extends MomentJudge {
  readonly symptom = 'stale-quotes';
  readonly #instruments: readonly Instrument[];
  readonly #twin: QuoteSeries | null;
  readonly #thresholds: StaleQuotesThresholds;
  readonly #orders = new OwnOrders();
  readonly #pull = new PullReason();
  /** By instrument: best bid plus best ask; 0 until both were seen. */
  readonly #mid2: Float64Array;
  // By slot (instrument and side):
  readonly #quoted: Uint8Array;
  readonly #acceptedNs: Float64Array;
  /** `#mid2` at the last acceptance; 0 until known. */
  readonly #acceptedMid2: Float64Array;
  readonly #restingSinceNs: Float64Array;
  readonly #bareSinceNs: Float64Array;
  /** 1: all of (a) holds but perhaps the move of the mid. */
  readonly #armed: Uint8Array;
  /** Since when all of (a) holds, the move included; -1: it does not. */
  readonly #movedSinceNs: Float64Array;

  constructor(
    instruments: readonly Instrument[],
    twin: QuoteSeries | null,
    thresholds: StaleQuotesThresholds = STALE_QUOTES,
  ) {
    super(new HotList(instruments, instruments.length * 2));
    const slots = instruments.length * 2;
    this.#instruments = instruments;
    this.#twin = twin;
    this.#thresholds = thresholds;
    this.#mid2 = new Float64Array(instruments.length);
    this.#quoted = new Uint8Array(slots);
    this.#acceptedNs = new Float64Array(slots);
    this.#acceptedMid2 = new Float64Array(slots);
    this.#restingSinceNs = new Float64Array(slots).fill(-1);
    this.#bareSinceNs = new Float64Array(slots);
    this.#armed = new Uint8Array(slots);
    this.#movedSinceNs = new Float64Array(slots).fill(-1);
  }

  onMarket(atNs: number, event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    this.pass(atNs, event);
    if (bestBidTicks === 0 || bestAskTicks === 0) return;
    const mid2 = bestBidTicks + bestAskTicks;
    const before = this.#mid2[instrument];
    if (mid2 === before) return;
    this.#mid2[instrument] = mid2;
    const bid = instrument * 2;
    if (before === 0) {
      this.#acceptedMid2[bid] ||= mid2;
      this.#acceptedMid2[bid + 1] ||= mid2;
    }
    if (this.#turned(bid) || this.#turned(bid + 1)) this.wakeNs = atNs;
  }

  /** The mid has just gone far away from an old quote, or come back to it. */
  #turned(slot: number): boolean {
    return this.#armed[slot] === 1 && this.#moved(slot) !== this.#movedSinceNs[slot] >= 0;
  }

  onAccepted(atNs: number, event: number, order: OrderTruth, _replaces: number): void {
    this.begin(atNs, event);
    const slot = slotOf(order.instrument, order.side);
    if (this.#quoted[slot] === 0) this.#bareSinceNs[slot] = atNs;
    this.#quoted[slot] = 1;
    this.#acceptedNs[slot] = atNs;
    this.#acceptedMid2[slot] = this.#mid2[order.instrument];
    this.#orders.accepted(atNs, order);
    this.#countChanged(atNs, order);
  }

  onRemoved(atNs: number, event: number, order: OrderTruth): void {
    this.begin(atNs, event);
    this.#orders.removed(order.oid);
    this.#countChanged(atNs, order);
  }

  onFill(atNs: number, event: number, fill: Fill): void {
    this.begin(atNs, event);
    if (this.#orders.filled(fill) !== undefined) this.#countChanged(atNs, fill);
  }

  onEvidence(entry: LogEntry): void {
    this.#pull.onEvidence(entry);
  }

  #countChanged(atNs: number, of: { instrument: number; side: Side }): void {
    const slot = slotOf(of.instrument, of.side);
    const rests = this.#orders.count(of.instrument, of.side) > 0;
    const rested = this.#restingSinceNs[slot] >= 0;
    if (rests && !rested) {
      this.#restingSinceNs[slot] = atNs;
    } else if (!rests && rested) {
      // What came and went within this nanosecond never rested: the side is bare since before.
      if (this.#restingSinceNs[slot] < atNs) this.#bareSinceNs[slot] = atNs;
      this.#restingSinceNs[slot] = -1;
    }
  }

  protected judge(ns: number): number {
    let wakeNs = NEVER;
    for (let instrument = 0; instrument < this.#instruments.length; instrument++) {
      for (const side of SIDES) wakeNs = Math.min(wakeNs, this.#judgeSide(ns, instrument, side));
    }
    return wakeNs;
  }

  /** Judges one side at `ns` and returns when it has to be judged next if no event comes before. */
  #judgeSide(ns: number, instrument: number, side: Side): number {
    const slot = slotOf(instrument, side);
    this.#armed[slot] = 0;
    const movedSinceNs = this.#movedSinceNs[slot];
    this.#movedSinceNs[slot] = -1;
    if (this.#quoted[slot] === 0) return NEVER;
    const rests = this.#restingSinceNs[slot] >= 0;
    const hotSinceNs = this.hot.hotSinceNs(slot);
    if (hotSinceNs >= 0) {
      if (!rests || this.#orders.newestAcceptedNs(instrument, side) <= hotSinceNs) return NEVER;
      this.hot.close(slot, ns, this.lastEvent, `order accepted on ${SIDE_NAMES[side]}`);
    }
    // The first whole nanosecond at which "more than" holds.
    const dueNs = rests
      ? this.#acceptedNs[slot] + this.#thresholds.quoteAgeNs + 1
      : Math.max(this.#bareSinceNs[slot] + this.#thresholds.bareNs + 1, this.#twinQuotedNs(slot, ns));
    const twinRests = this.#twin === null ? rests : this.#twin.restsAt(slot, ns);
    let wakeNs = dueNs > ns ? dueNs : NEVER;
    if (twinRests && ns >= dueNs) {
      if (!rests) {
        this.hot.open(slot, ns, this.lastEvent, instrument, SIDE_NAMES[side], this.#bareWords(ns, slot));
        return NEVER;
      }
      this.#armed[slot] = 1;
      if (this.#moved(slot)) {
        const sinceNs = movedSinceNs >= 0 ? movedSinceNs : ns;
        wakeNs = sinceNs + this.#thresholds.reactionNs;
        if (ns >= wakeNs) {
          this.#armed[slot] = 0;
          this.hot.open(slot, ns, this.lastEvent, instrument, SIDE_NAMES[side], this.#oldWords(ns, slot));
          return NEVER;
        }
        this.#movedSinceNs[slot] = sinceNs;
      }
    }
    return this.#twin === null ? wakeNs : Math.min(wakeNs, this.#twin.nextChangeNs(slot, ns));
  }

  /** From when on the twin's quote there is held against the run: it may come a reaction later. */
  #twinQuotedNs(slot: number, ns: number): number {
    return this.#twin === null ? NEVER : this.#twin.restingSinceNs(slot, ns) + this.#thresholds.reactionNs;
  }

  #moved(slot: number): boolean {
    const from2 = this.#acceptedMid2[slot];
    const move2 = Math.abs(this.#mid2[slot >> 1] - from2);
    return from2 > 0 && move2 * BPS >= this.#thresholds.midMoveBps * from2;
  }

  #oldWords(ns: number, slot: number): string {
    const ageS = ((ns - this.#acceptedNs[slot]) / NS_PER_S).toFixed(1);
    const from2 = this.#acceptedMid2[slot];
    const bps = ((Math.abs(this.#mid2[slot >> 1] - from2) * BPS) / from2).toFixed(1);
    return `an order rests unchanged for ${ageS} s while the mid moved ${bps} bps`;
  }

  #bareWords(ns: number, slot: number): string {
    const bareS = ((ns - this.#bareSinceNs[slot]) / NS_PER_S).toFixed(1);
    const pull = this.#pull.words;
    return `nothing of ours rests for ${bareS} s (${pull ?? 'no deliberate pull'})`;
  }

  snapshot(): unknown {
    return {
      ...this.moment(),
      orders: this.#orders.snapshot(),
      pull: this.#pull.snapshot(),
      mid2: this.#mid2.slice(),
      quoted: this.#quoted.slice(),
      acceptedNs: this.#acceptedNs.slice(),
      acceptedMid2: this.#acceptedMid2.slice(),
      restingSinceNs: this.#restingSinceNs.slice(),
      bareSinceNs: this.#bareSinceNs.slice(),
      armed: this.#armed.slice(),
      movedSinceNs: this.#movedSinceNs.slice(),
    } satisfies StaleQuotesState;
  }

  restore(state: unknown): void {
    const from = state as StaleQuotesState;
    this.restoreMoment(from);
    this.#orders.restore(from.orders);
    this.#pull.restore(from.pull);
    this.#mid2.set(from.mid2);
    this.#quoted.set(from.quoted);
    this.#acceptedNs.set(from.acceptedNs);
    this.#acceptedMid2.set(from.acceptedMid2);
    this.#restingSinceNs.set(from.restingSinceNs);
    this.#bareSinceNs.set(from.bareSinceNs);
    this.#armed.set(from.armed);
    this.#movedSinceNs.set(from.movedSinceNs);
  }
}
