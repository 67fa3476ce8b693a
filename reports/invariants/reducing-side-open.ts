/**
 * The reducing side is never blocked by inventory: with the position at the limit, fresh data and nothing that forbids
 * quoting altogether, an order that reduces it rests, or comes within 10 s.
 */

import type { CycleStopReason, LogEntry } from '../../core/evidence.ts';
import { ASK, BID, BOOK_FEEDS, type Feed, type Instrument } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import { NS_PER_S } from '../../core/scale.ts';
import type { OrderTruth } from '../../sim/truth.ts';
import { OwnOrders } from '../own-orders.ts';
import { type Invariant, ViolationList } from './invariant.ts';
import { notionalUsd } from './usd.ts';

/** How long the reducing side may be bare, ns. */
export const BLOCKED_NS = 10 * NS_PER_S;
/** Data is fresh up to this age (playbook 1.3: cautious from 5 s on). */
const FRESH_NS = 5 * NS_PER_S;
/** Reasons that stop both sides, and rightly so. */
const STOPS_ALL: readonly CycleStopReason[] = [
  'DataQualityGate',
  'WarmingUp',
  'NoBook',
  'RiskPulledQuotes',
  'KillSwitchActive',
  'NotConnected',
  'RateLimited',
];

interface ReducingState {
  violations: unknown;
  orders: unknown;
  positionLots: Float64Array;
  mid: Float64Array;
  deliveredNs: Float64Array;
  bareSinceNs: Float64Array;
  isStopped: Uint8Array;
}

export class ReducingSideOpen implements Invariant {
  readonly invariant = 'reducing-side-open';
  readonly name = 'invariant:reducing-side-open';
  readonly #violations = new ViolationList(this.invariant);
  readonly #instruments: readonly Instrument[];
  readonly #maxUsd: number;
  readonly #orders = new OwnOrders();
  // By instrument:
  readonly #positionLots: Float64Array;
  readonly #mid: Float64Array;
  readonly #deliveredNs: Float64Array;
  /** Since when all of it holds and no reducing order rests; Infinity: it does not; -Infinity: already told. */
  readonly #bareSinceNs: Float64Array;
  readonly #isStopped: Uint8Array;

  constructor(instruments: readonly Instrument[], maxInventoryUsd: number) {
    const count = instruments.length;
    this.#instruments = instruments;
    this.#maxUsd = maxInventoryUsd;
    this.#positionLots = new Float64Array(count);
    this.#mid = new Float64Array(count);
    this.#deliveredNs = new Float64Array(count);
    this.#bareSinceNs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.#isStopped = new Uint8Array(count);
  }

  onMarket(_atNs: number, _event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    if (bestBidTicks === 0 || bestAskTicks === 0) return;
    this.#mid[instrument] = (bestBidTicks + bestAskTicks) / 2;
  }

  onAccepted(atNs: number, _event: number, order: OrderTruth): void {
    this.#orders.accepted(atNs, order);
  }

  onRemoved(_atNs: number, _event: number, order: OrderTruth): void {
    this.#orders.removed(order.oid);
  }

  onFill(_atNs: number, _event: number, fill: Fill, positionLots: number): void {
    this.#orders.filled(fill);
    this.#positionLots[fill.instrument] = positionLots;
  }

  onEvidence(entry: LogEntry): void {
    if (entry.type === 'cycle-stopped')
      this.#isStopped[entry.instrument ?? 0] = STOPS_ALL.includes(entry.reason) ? 1 : 0;
    else if (entry.type === 'cycle-resumed') this.#isStopped[entry.instrument ?? 0] = 0;
  }

  onDelivered(atNs: number, event: number, feed: Feed, instrument: number): void {
    if (!BOOK_FEEDS.some(bookFeed => bookFeed === feed)) return;
    const isFresh = atNs - this.#deliveredNs[instrument] <= FRESH_NS;
    this.#deliveredNs[instrument] = atNs;
    if (this.#positionLots[instrument] === 0) return;
    if (!isFresh || !this.#isBare(instrument)) {
      this.#bareSinceNs[instrument] = Number.POSITIVE_INFINITY;
    } else if (this.#bareSinceNs[instrument] === Number.POSITIVE_INFINITY) {
      this.#bareSinceNs[instrument] = atNs;
    } else if (atNs - this.#bareSinceNs[instrument] > BLOCKED_NS && this.#bareSinceNs[instrument] >= 0) {
      this.#bareSinceNs[instrument] = Number.NEGATIVE_INFINITY;
      const message = `no order reduces the position of ${this.#positionLots[instrument]} lots for more than 10 s`;
      this.#violations.add(atNs, event, message);
    }
  }

  #isBare(instrument: number): boolean {
    const position = this.#positionLots[instrument];
    const { minNotionalUsd } = this.#instruments[instrument];
    const heldUsd = notionalUsd(this.#instruments[instrument], this.#mid[instrument], Math.abs(position));
    // At the limit: not even the smallest order fits on the growing side any more.
    const isAtLimit = heldUsd > this.#maxUsd - minNotionalUsd;
    const isStopped = this.#isStopped[instrument] === 1;
    return isAtLimit && !isStopped && this.#orders.count(instrument, position > 0 ? ASK : BID) === 0;
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      orders: this.#orders.snapshot(),
      positionLots: this.#positionLots.slice(),
      mid: this.#mid.slice(),
      deliveredNs: this.#deliveredNs.slice(),
      bareSinceNs: this.#bareSinceNs.slice(),
      isStopped: this.#isStopped.slice(),
    } satisfies ReducingState;
  }

  restore(state: unknown): void {
    const from = state as ReducingState;
    this.#violations.restore(from.violations);
    this.#orders.restore(from.orders);
    this.#positionLots.set(from.positionLots);
    this.#mid.set(from.mid);
    this.#deliveredNs.set(from.deliveredNs);
    this.#bareSinceNs.set(from.bareSinceNs);
    this.#isStopped.set(from.isStopped);
  }
}
