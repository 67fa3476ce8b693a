/**
 * The symptom `orders-not-sending` (playbook 1, playbook matrix): on a side, more than 10 s without an acceptance by the exchange,
 * while in the twin there were at least 2 in that span, 1 s or more apart, and our best order there is absent or its distance to
 * the true mid differs from the twin's by 2.5 bps or more. What the twin has over the run must have been so for longer than an
 * order takes to follow (`reactionNs`): a run to which news came a moment later sends a moment later. Cold at the next acceptance
 * there.
 *
 * An acceptance is of a placement or modification. The span begins at the last one, or with the run. Distances are compared,
 * not prices: where own orders have impact, the twin's market is another one than the run's. Where the twin has no order to
 * compare ours with, ours is as good. Where run and twin hold other positions their quotes lean otherwise, and a difference says nothing by
 * itself: the mid must also have moved as far since the last acceptance, so that our order has not followed it.
 *
 * When enough has happened in the twin follows from its series alone: until then nothing is due, and a market event costs a few
 * comparisons.
 *
 * Without a twin (the twin is judged itself) nothing can be hot: there is nothing that should have been sent.
 */
import type { LogEntry } from '../../core/evidence.ts';
import { BID, type Instrument, SIDE_NAMES, SIDES, type Side } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import { BPS, NS_PER_S } from '../../core/scale.ts';
import type { OrderTruth, RunContext } from '../../sim/truth.ts';
import { OwnOrders, slotOf } from '../own-orders.ts';
import { HotList } from './hot-list.ts';
import { MomentJudge, type MomentState, NEVER } from './moment-judge.ts';
import { PullReason } from './pull-reason.ts';
import { type QuoteSeries, signedLots } from './quote-series.ts';
import { ORDERS_NOT_SENDING, type OrdersNotSendingThresholds } from './thresholds.ts';

interface OrdersNotSendingState extends MomentState {
  orders: unknown;
  pull: unknown;
  mid2: Float64Array;
  acceptedNs: Float64Array;
  dueNs: Float64Array;
  watched: Uint8Array;
  wrongSinceNs: Float64Array;
  filledLots: Float64Array;
  acceptedMid2: Float64Array;
}

export class OrdersNotSending extends MomentJudge {
  readonly symptom = 'orders-not-sending';
  readonly #instruments: readonly Instrument[];
  readonly #twin: QuoteSeries | null;
  readonly #thresholds: OrdersNotSendingThresholds;
  readonly #orders = new OwnOrders();
  readonly #pull = new PullReason();
  /** By instrument: best bid plus best ask; 0 until both were seen. */
  readonly #mid2: Float64Array;
  /** By instrument: what was bought less what was sold since the run began. */
  readonly #filledLots: Float64Array;
  // By slot (instrument and side):
  /** When the exchange last accepted something there, or the run began; -1: the run has not begun. */
  readonly #acceptedNs: Float64Array;
  /** Best bid plus best ask at that time, or the first after it; 0: not seen yet. */
  readonly #acceptedMid2: Float64Array;
  /** From when on, without a further acceptance, it matters where our best order is. */
  readonly #dueNs: Float64Array;
  /** 1: that time has come, and it is not hot yet. */
  readonly #watched: Uint8Array;
  /** Since when our best order has been wrong in that time; -1: it is not. */
  readonly #wrongSinceNs: Float64Array;

  constructor(
    instruments: readonly Instrument[],
    twin: QuoteSeries | null,
    thresholds: OrdersNotSendingThresholds = ORDERS_NOT_SENDING,
  ) {
    super(new HotList(instruments, instruments.length * 2));
    const slots = instruments.length * 2;
    this.#instruments = instruments;
    this.#twin = twin;
    this.#thresholds = thresholds;
    this.#mid2 = new Float64Array(instruments.length);
    this.#filledLots = new Float64Array(instruments.length);
    this.#acceptedNs = new Float64Array(slots).fill(-1);
    this.#acceptedMid2 = new Float64Array(slots);
    this.#dueNs = new Float64Array(slots).fill(NEVER);
    this.#watched = new Uint8Array(slots);
    this.#wrongSinceNs = new Float64Array(slots).fill(-1);
  }

  onStart({ fromNs }: Pick<RunContext, 'fromNs'>): void {
    for (let slot = 0; slot < this.#acceptedNs.length; slot++) this.#accept(slot, fromNs);
    this.wakeNs = fromNs;
  }

  onMarket(atNs: number, event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    this.pass(atNs, event);
    if (bestBidTicks === 0 || bestAskTicks === 0) return;
    const bid = instrument * 2;
    const mid2 = bestBidTicks + bestAskTicks;
    if (this.#mid2[instrument] === 0) this.#acceptedMid2.fill(mid2, bid, bid + 2);
    this.#mid2[instrument] = mid2;
    if (this.#watched[bid] === 1 || this.#watched[bid + 1] === 1) this.wakeNs = atNs;
  }

  onAccepted(atNs: number, event: number, order: OrderTruth, _replaces: number): void {
    this.begin(atNs, event);
    this.#orders.accepted(atNs, order);
    this.#accept(slotOf(order.instrument, order.side), atNs);
  }

  onRemoved(atNs: number, event: number, order: OrderTruth): void {
    this.begin(atNs, event);
    this.#orders.removed(order.oid);
  }

  onFill(atNs: number, event: number, fill: Fill): void {
    this.begin(atNs, event);
    this.#filledLots[fill.instrument] += signedLots(fill);
    this.#orders.filled(fill);
  }

  onEvidence(entry: LogEntry): void {
    this.#pull.onEvidence(entry);
  }

  #accept(slot: number, atNs: number): void {
    const { quietNs, twinAcceptances, twinApartNs, reactionNs } = this.#thresholds;
    this.#acceptedNs[slot] = atNs;
    this.#acceptedMid2[slot] = this.#mid2[slot >> 1];
    const enoughNs = this.#twin?.acceptedEnoughNs(slot, atNs, twinAcceptances, twinApartNs) ?? NEVER;
    // So that it can be hot at the first whole nanosecond at which "more than" holds.
    this.#dueNs[slot] = Math.max(atNs + quietNs + 1 - reactionNs, enoughNs);
    this.#wrongSinceNs[slot] = -1;
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
    this.#watched[slot] = 0;
    const hotSinceNs = this.hot.hotSinceNs(slot);
    if (hotSinceNs >= 0) {
      if (this.#acceptedNs[slot] <= hotSinceNs) return NEVER;
      this.hot.close(slot, ns, this.lastEvent, `order accepted on ${SIDE_NAMES[side]}`);
    }
    const dueNs = this.#dueNs[slot];
    if (this.#twin === null || ns < dueNs) return dueNs;
    const words = this.#wrong(ns, instrument, side);
    const wrongSinceNs = this.#wrongSinceNs[slot] >= 0 ? this.#wrongSinceNs[slot] : ns;
    const { reactionNs } = this.#thresholds;
    if (words === null || ns < wrongSinceNs + reactionNs) {
      this.#watched[slot] = 1;
      this.#wrongSinceNs[slot] = words === null ? -1 : wrongSinceNs;
      const hotNs = words === null ? NEVER : wrongSinceNs + reactionNs;
      return Math.min(hotNs, this.#twin.nextDistanceNs(slot, ns));
    }
    const quietS = ((ns - this.#acceptedNs[slot]) / NS_PER_S).toFixed(1);
    const why = `nothing was accepted for ${quietS} s, ${words} (${this.#pull.words ?? 'no deliberate pull'})`;
    this.hot.open(slot, ns, this.lastEvent, instrument, SIDE_NAMES[side], why);
    return NEVER;
  }

  /** What is wrong with our best order on a side, in words; null: nothing. */
  #wrong(ns: number, instrument: number, side: Side): string | null {
    const ownTicks = this.#orders.bestTicks(instrument, side);
    if (ownTicks === 0) return 'and nothing of ours rests';
    const twinTicks = this.#twin?.bestTicksAt(slotOf(instrument, side), ns) ?? 0;
    const twinMid2 = this.#twin?.mid2At(instrument, ns) ?? 0;
    const mid2 = this.#mid2[instrument];
    if (twinTicks === 0 || twinMid2 === 0 || mid2 === 0) return null;
    // The difference of two shares of the mid, without a division: times both mids, and with prices doubled as the mids are.
    const apart = 2 * Math.abs(twinTicks * mid2 - ownTicks * twinMid2);
    const { distanceBps: limitBps } = this.#thresholds;
    if (apart * BPS < limitBps * mid2 * twinMid2) return null;
    if (this.#twin?.filledLotsAt(instrument, ns) !== this.#filledLots[instrument]) {
      const acceptedMid2 = this.#acceptedMid2[slotOf(instrument, side)];
      if (Math.abs(mid2 - acceptedMid2) * BPS < limitBps * acceptedMid2) return null;
    }
    const own = distanceBps(ownTicks, mid2, side).toFixed(1);
    return `and our best order is ${own} bps from the mid, the twin’s ${distanceBps(twinTicks, twinMid2, side).toFixed(1)}`;
  }

  snapshot(): unknown {
    return {
      ...this.moment(),
      orders: this.#orders.snapshot(),
      pull: this.#pull.snapshot(),
      mid2: this.#mid2.slice(),
      acceptedNs: this.#acceptedNs.slice(),
      dueNs: this.#dueNs.slice(),
      watched: this.#watched.slice(),
      wrongSinceNs: this.#wrongSinceNs.slice(),
      filledLots: this.#filledLots.slice(),
      acceptedMid2: this.#acceptedMid2.slice(),
    } satisfies OrdersNotSendingState;
  }

  restore(state: unknown): void {
    const from = state as OrdersNotSendingState;
    this.restoreMoment(from);
    this.#orders.restore(from.orders);
    this.#pull.restore(from.pull);
    this.#mid2.set(from.mid2);
    this.#acceptedNs.set(from.acceptedNs);
    this.#dueNs.set(from.dueNs);
    this.#watched.set(from.watched);
    this.#wrongSinceNs.set(from.wrongSinceNs);
    this.#filledLots.set(from.filledLots);
    this.#acceptedMid2.set(from.acceptedMid2);
  }
}

/** How far outside the mid a price is, bps; below zero beyond it. */
function distanceBps(priceTicks: number, mid2: number, side: Side): number {
  const outside = (mid2 - 2 * priceTicks) / mid2;
  return BPS * (side === BID ? outside : -outside);
}
