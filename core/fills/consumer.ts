/**
 * The one way that every fill takes, from the stream, from a snapshot or from a query (playbook 3.2, 3.3): told apart by its trade
 * id, then taken into the position, then attributed to its order. A fill of an order that is not known is an orphan and is taken
 * into the position all the same: the exchange says that we traded.
 *
 * An acknowledgement may say that an order was filled at once, long before that fill comes. The position then takes the credit,
 * and the fills of that order use it up before they move the position themselves (incident I-28).
 */

import type { FillSource, LogEntry } from '../evidence.ts';
import type { OrderLifecycleTracker } from '../execution/order-lifecycle.ts';
import type { OrderState, TrackedOrder } from '../execution/tracked-order.ts';
import { BID } from '../market.ts';
import type { Fill } from '../port.ts';
import { CancelRaces, type FilledOrder } from './cancel-races.ts';
import type { FillDeduplicator } from './dedup.ts';
import { RecentFills } from './recent-fills.ts';

export type FillOutcome =
  /** Processed before; nothing changed. */
  | { kind: 'duplicate' }
  /** The position took it, and no order was found for it. */
  | { kind: 'orphan' }
  /**
   * The position and its order took it. `full`: the order is filled to its end. `raced`: it came while the order was being
   * cancelled, or after its end. `creditedLots`: how much of it an acknowledgement had told of, and the position already held.
   */
  | { kind: 'applied'; order: TrackedOrder; full: boolean; raced: boolean; creditedLots: number };

/** A fill in one of these came across a cancel, or after the order was given up. */
const RACED_STATES: readonly OrderState[] = [
  'CancelPending',
  'CancelConfirmed',
  'FilledDuringCancel',
  'Cancelled',
  'Expired',
  'Rejected',
];

const DUPLICATE: FillOutcome = { kind: 'duplicate' };
const ORPHAN: FillOutcome = { kind: 'orphan' };

/** What an acknowledgement told of an order's fills, and they have not used up. */
interface Credit {
  readonly oid: number;
  lots: number;
}

export class FillConsumer {
  readonly races: CancelRaces;
  readonly #dedup: FillDeduplicator;
  readonly #orders: OrderLifecycleTracker;
  readonly #applyToPosition: (fill: Fill) => void;
  readonly #log: (entry: LogEntry) => void;
  readonly #recent = new RecentFills();
  /** The position at which the last fill ended, as the exchange told it; NaN before the first. */
  #endLots = Number.NaN;
  /** Few: only orders that take liquidity are filled at once. */
  #credits: Credit[] = [];

  /** `applyToPosition` is called once for each fill that is new. */
  constructor(
    dedup: FillDeduplicator,
    orders: OrderLifecycleTracker,
    applyToPosition: (fill: Fill) => void,
    log: (entry: LogEntry) => void,
  ) {
    this.#dedup = dedup;
    this.#orders = orders;
    this.#applyToPosition = applyToPosition;
    this.#log = log;
    this.races = new CancelRaces(log);
  }

  /** `via`: what told of it. */
  consume(fill: Fill, nowNs: number, via: FillSource = 'stream'): FillOutcome {
    const { tid, oid, side, priceTicks, sizeLots } = fill;
    if (!this.#dedup.markProcessed(tid)) {
      this.#log({ type: 'duplicate-fill', atNs: nowNs, tid, via });
      return DUPLICATE;
    }
    this.#applyToPosition(fill);
    this.#recent.add(fill.exchNs, side === BID ? sizeLots : -sizeLots);
    const known = this.#orders.find(oid, fill.cloid);
    const order = known?.state ?? 'Unknown';
    const ageNs = nowNs - fill.exchNs;
    this.#log({ type: 'fill', atNs: nowNs, tid, oid, side, priceTicks, sizeLots, ageNs, via, order });
    this.#follow(fill, nowNs);
    const raced = known !== null && hasRaced(known) ? before(known) : null;
    this.races.onFill(fill, raced, nowNs);
    const filled = this.#orders.fill(fill, nowNs);
    if (filled === null) {
      this.#log({ type: 'orphan-fill', atNs: nowNs, tid, oid, sizeLots });
      return ORPHAN;
    }
    const full = filled.streamLots >= filled.originalLots;
    const creditedLots = this.#useCredit(oid, sizeLots);
    return { kind: 'applied', order: filled, full, raced: raced !== null, creditedLots };
  }

  /** Fills that follow each other begin where the one before has ended. What is told does not depend on it. */
  #follow({ side, sizeLots, startPositionLots, tid }: Fill, nowNs: number): void {
    const expectedLots = this.#endLots;
    this.#endLots = side === BID ? startPositionLots + sizeLots : startPositionLots - sizeLots;
    if (Number.isNaN(expectedLots) || startPositionLots === expectedLots) return;
    this.#log({ type: 'fill-out-of-order', atNs: nowNs, tid, startPositionLots, expectedLots });
  }

  /** Whether a fill went this way already. */
  isProcessed(tid: number): boolean {
    return this.#dedup.isDuplicate(tid);
  }

  /** Signed sum of the fills matched after an exchange time; null where that is too long ago to tell. */
  lotsAfter(exchNs: number): number | null {
    return this.#recent.lotsAfter(exchNs);
  }

  /**
   * An acknowledgement says that an order was filled at once. Returns what the position does not hold of it yet, lots: it is to be
   * taken into the position now.
   */
  credit(order: TrackedOrder, oid: number, filledLots: number): number {
    const credit = this.#credits.find(one => one.oid === oid);
    const newLots = filledLots - order.streamLots - (credit?.lots ?? 0);
    if (newLots <= 0) return 0;
    if (credit === undefined) this.#credits.push({ oid, lots: newLots });
    else credit.lots += newLots;
    return newLots;
  }

  /** The position was set to the exchange's, which holds what was credited. */
  voidCredits(): void {
    this.#credits = [];
  }

  #useCredit(oid: number, sizeLots: number): number {
    const credit = this.#credits.find(one => one.oid === oid);
    if (credit === undefined) return 0;
    const usedLots = Math.min(credit.lots, sizeLots);
    credit.lots -= usedLots;
    if (credit.lots === 0) this.#credits = this.#credits.filter(one => one !== credit);
    return usedLots;
  }

  snapshot(): unknown {
    return {
      races: this.races.snapshot(),
      recent: this.#recent.snapshot(),
      endLots: this.#endLots,
      credits: this.#credits.map(credit => ({ ...credit })),
    };
  }

  restore(state: unknown): void {
    const from = state as { races: unknown; recent: unknown; endLots: number; credits: readonly Credit[] };
    this.races.restore(from.races);
    this.#recent.restore(from.recent);
    this.#endLots = from.endLots;
    this.#credits = from.credits.map(credit => ({ ...credit }));
  }
}

/** Also where the order stream told of the fill first: then its order is filled, with its cancel under way. */
function hasRaced({ cancelSentNs, state }: TrackedOrder): boolean {
  return RACED_STATES.includes(state) || (state === 'Filled' && cancelSentNs > 0);
}

function before({ cloid, state, cancelSentNs, lastChangeNs }: TrackedOrder): FilledOrder {
  return { cloid, isCancelPending: state === 'CancelPending', cancelSentNs, lastChangeNs };
}
