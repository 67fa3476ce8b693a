/**
 * `smart_reconcile` (playbook 1.4, 2.5 stage 6): the smallest set of changes that brings the own orders to the ladder.
 *
 * Both are walked best to worst. An order near enough to a quote is left and keeps its place in the queue; what remains on
 * either side is paired in order: a pair that lies close enough becomes a modification, any other a cancel and a new order.
 * Orders that are under way, placed or modified but not yet acknowledged, keep the quote that they stand for and are not
 * touched; orders being cancelled stand for none. An order that the other side's touch has reached is cancelled.
 *
 * A side that would be left alone although the mid has moved on since its last change has one order re-priced, so that
 * standing quotes are never older than a small move of the market.
 *
 * On a side that the exchange refuses orders on, nothing is placed or modified: what should lie elsewhere is cancelled.
 *
 * What may rest on a side in the worst case, all of what is being cancelled included, never grows beyond the side's capacity:
 * a new order waits until the cancel that makes room for it is confirmed.
 */
import type { TrackedOrder } from '../execution/order-lifecycle.ts';
import { ASK, BID, type BySide, type Instrument, SIDES, type Side } from '../market.ts';
import { BPS } from '../scale.ts';
import { type Ladder, type LadderSide, minimumLots } from '../strategy/ladder.ts';

export interface ReconcileSettings {
  /** An order this near to its quote is left … */
  leaveBps: number;
  /** … if its size is within this share of the quote's. */
  leaveSizeShare: number;
  /** An order this near to its quote is modified; a farther one is cancelled and placed anew. */
  modifyBps: number;
  /** Once the mid is this far from where it was at a side's last change, the side is re-priced, if only by one order. */
  refreshMoveBps: number;
}

export const DEFAULT_RECONCILE: ReconcileSettings = {
  // The matrix' last section; the share of the size is the reference system's static rule.
  leaveBps: 2.5,
  leaveSizeShare: 0.1,
  modifyBps: 50,
  // A mid that moves while the spread changes can leave every order near its quote for minutes. From outside that is a
  // stale quote at 5 bps (playbook matrix, `stale-quotes`); under half of it leaves room for one jump.
  refreshMoveBps: 2,
};

/** What the touch and the limits are when a plan is made. */
export interface ReconcileInput {
  midTicks: number;
  bestBidTicks: number;
  bestAskTicks: number;
  capacityLots: BySide<number>;
  /** True: orders only close the position, and may be smaller than the minimum. */
  closing: boolean;
  /** True: nothing new goes out on this side for now (`infra/rate-limit/rejection.ts`). */
  heldBack: BySide<boolean>;
}

/** What of an order may still fill. */
export function remainingLots(order: TrackedOrder): number {
  return order.originalLots - order.filledLots;
}

/** Changes of one cycle. The lists are reused: read them before the next plan. */
export class ReconcilePlan {
  readonly cancels: TrackedOrder[] = [];
  readonly modifies: TrackedOrder[] = [];
  readonly modifyPriceTicks: number[] = [];
  readonly modifyLots: number[] = [];
  readonly placeSides: Side[] = [];
  readonly placePriceTicks: number[] = [];
  readonly placeLots: number[] = [];
  clear(): void {
    this.cancels.length = 0;
    this.modifies.length = 0;
    this.modifyPriceTicks.length = 0;
    this.modifyLots.length = 0;
    this.placeSides.length = 0;
    this.placePriceTicks.length = 0;
    this.placeLots.length = 0;
  }

  /** Number of changes. */
  get count(): number {
    return this.cancels.length + this.modifies.length + this.placeSides.length;
  }
}

export class Reconciler {
  readonly plan = new ReconcilePlan();
  readonly #instrument: Instrument;
  readonly #settings: ReconcileSettings;
  /** Own orders of the side at hand that stand for a quote, best first, and the quotes and orders that found no partner. */
  readonly #own: TrackedOrder[] = [];
  readonly #freeOrders: TrackedOrder[] = [];
  readonly #freeQuotes: number[] = [];
  /** What the side's capacity leaves for orders to grow by and for new ones; negative where it is exceeded. */
  #roomLots = 0;
  #closing = false;
  #heldBack = false;
  /** The best order that is left though its quote has another price, and that price and size; null: there is none. */
  #left: TrackedOrder | null = null;
  #leftPriceTicks = 0;
  #leftLots = 0;
  /** Smallest and largest distance of orders from the quotes that they are left for, bps, upwards where positive. */
  #lowestOffsetBps = 0;
  #highestOffsetBps = 0;
  /** By side: the mid at the last change that was sent; 0 while nothing of it stands. */
  #pricedMidTicks: BySide<number> = [0, 0];
  readonly #changed: BySide<boolean> = [false, false];

  constructor(instrument: Instrument, settings: ReconcileSettings) {
    this.#instrument = instrument;
    this.#settings = settings;
  }

  /** Compares the ladder with the own orders; the result is in `plan`. */
  reconcile(ladder: Ladder, bids: readonly TrackedOrder[], asks: readonly TrackedOrder[], input: ReconcileInput): void {
    this.plan.clear();
    this.#lowestOffsetBps = 0;
    this.#highestOffsetBps = 0;
    this.#reconcileSide(BID, ladder.bids, bids, input);
    this.#reconcileSide(ASK, ladder.asks, asks, input);
  }

  /** The plan was sent: its sides are priced off this mid now. */
  sent(midTicks: number): void {
    for (const side of SIDES) if (this.#changed[side]) this.#pricedMidTicks[side] = midTicks;
  }

  /**
   * The lowest mid that quotes are made for: that of a side's last change, or the one for which an order would be right that was
   * left a little behind.
   */
  quotedLowTicks(midTicks: number): number {
    let lowest = midTicks * (1 + this.#lowestOffsetBps / BPS);
    for (const priced of this.#pricedMidTicks) if (priced !== 0) lowest = Math.min(lowest, priced);
    return lowest;
  }

  /** The highest mid that quotes are made for, likewise. */
  quotedHighTicks(midTicks: number): number {
    return Math.max(midTicks * (1 + this.#highestOffsetBps / BPS), ...this.#pricedMidTicks);
  }

  #reconcileSide(side: Side, quotes: LadderSide, orders: readonly TrackedOrder[], input: ReconcileInput): void {
    this.#roomLots = input.capacityLots[side];
    for (const order of orders) this.#roomLots -= lotsOnTop(order, orders);
    this.#closing = input.closing;
    this.#heldBack = input.heldBack[side];
    if (this.#heldBack) this.#roomLots = Math.min(0, this.#roomLots);
    const before = this.plan.count;
    this.#collect(side, orders, side === BID ? input.bestAskTicks : input.bestBidTicks);
    this.#pairNear(side, quotes);
    this.#pairRest(side, quotes);
    if (this.plan.count === before) this.#refresh(side, input.midTicks);
    this.#changed[side] = this.plan.count !== before;
    if (quotes.count === 0 && orders.length === 0) this.#pricedMidTicks[side] = 0;
  }

  /** Re-prices one order of a side that would be left as it is although the mid has moved away from it. */
  #refresh(side: Side, midTicks: number): void {
    if (this.#left === null || this.#heldBack) return;
    if (distanceBps(midTicks, this.#pricedMidTicks[side]) < this.#settings.refreshMoveBps) return;
    this.#modify(this.#left, this.#leftPriceTicks, this.#leftLots);
  }

  /** Sorts out what stands for a quote, best first; cancels what the touch has reached. */
  #collect(side: Side, orders: readonly TrackedOrder[], touchTicks: number): void {
    const own = this.#own;
    own.length = 0;
    for (const order of orders) {
      if (order.state === 'CancelPending') continue;
      const reached = side === BID ? order.priceTicks >= touchTicks : order.priceTicks <= touchTicks;
      if (reached && order.state !== 'Placed') {
        this.plan.cancels.push(order);
        continue;
      }
      // Insertion sort: there are few, and they come nearly in order. Equal prices keep their order.
      let at = own.length;
      own.push(order);
      while (at > 0 && isBetter(side, order.priceTicks, own[at - 1].priceTicks)) {
        own[at] = own[at - 1];
        at--;
      }
      own[at] = order;
    }
  }

  /** Pairs orders and quotes that are near enough in price; of those a wrong size is the only thing to change. */
  #pairNear(side: Side, quotes: LadderSide): void {
    const own = this.#own;
    this.#freeOrders.length = 0;
    this.#freeQuotes.length = 0;
    this.#left = null;
    let quote = 0;
    let index = 0;
    while (quote < quotes.count && index < own.length) {
      const order = own[index];
      const priceTicks = quotes.priceTicks[quote];
      if (distanceBps(order.priceTicks, priceTicks) <= this.#settings.leaveBps) {
        const lots = quotes.sizeLots[quote];
        if (this.#isWrongSize(order, lots)) {
          this.#modify(order, priceTicks, lots);
        } else {
          this.#leave(order, priceTicks);
        }
        quote++;
        index++;
      } else if (isBetter(side, order.priceTicks, priceTicks)) {
        this.#freeOrders.push(order);
        index++;
      } else {
        this.#freeQuotes.push(quote);
        quote++;
      }
    }
    for (; quote < quotes.count; quote++) this.#freeQuotes.push(quote);
    for (; index < own.length; index++) this.#freeOrders.push(own[index]);
  }

  /** The order stays where it is, though its quote may lie elsewhere. */
  #leave(order: TrackedOrder, quoteTicks: number): void {
    const offsetBps = ((order.priceTicks - quoteTicks) * BPS) / quoteTicks;
    this.#lowestOffsetBps = Math.min(this.#lowestOffsetBps, offsetBps);
    this.#highestOffsetBps = Math.max(this.#highestOffsetBps, offsetBps);
    if (this.#left !== null || offsetBps === 0 || order.state === 'Placed') return;
    this.#left = order;
    this.#leftPriceTicks = quoteTicks;
    this.#leftLots = remainingLots(order);
  }

  /** Whether the size is off by more than is left alone, and can be put right with the room there is. */
  #isWrongSize(order: TrackedOrder, wantedLots: number): boolean {
    const missingLots = wantedLots - remainingLots(order);
    const changeLots = missingLots > 0 ? Math.min(missingLots, this.#roomLots) : -missingLots;
    return changeLots > this.#settings.leaveSizeShare * wantedLots;
  }

  /** Pairs what is left in order, then cancels orders and places quotes that have no partner. */
  #pairRest(side: Side, quotes: LadderSide): void {
    const orders = this.#freeOrders;
    const free = this.#freeQuotes;
    const pairs = Math.min(orders.length, free.length);
    for (let index = 0; index < pairs; index++) {
      const order = orders[index];
      const priceTicks = quotes.priceTicks[free[index]];
      const lots = quotes.sizeLots[free[index]];
      if (order.state === 'Placed') {
        this.#leave(order, priceTicks);
      } else if (distanceBps(order.priceTicks, priceTicks) <= this.#settings.modifyBps) {
        this.#modify(order, priceTicks, lots);
      } else {
        this.plan.cancels.push(order);
        this.#place(side, priceTicks, lots);
      }
    }
    for (let index = pairs; index < orders.length; index++) {
      if (orders[index].state !== 'Placed') this.plan.cancels.push(orders[index]);
    }
    for (let index = pairs; index < free.length; index++) {
      this.#place(side, quotes.priceTicks[free[index]], quotes.sizeLots[free[index]]);
    }
  }

  #modify(order: TrackedOrder, priceTicks: number, wantedLots: number): void {
    if (order.state === 'Placed') {
      this.#leave(order, priceTicks);
      return;
    }
    const nowLots = remainingLots(order);
    let lots = wantedLots;
    if (lots > nowLots) {
      const growthLots = Math.min(lots - nowLots, Math.max(0, this.#roomLots));
      lots = nowLots + growthLots;
      this.#roomLots -= growthLots;
    }
    // What could not be placed again, a remainder under the minimum for example, makes room instead.
    if (!this.#mayPlace(priceTicks, lots)) {
      this.plan.cancels.push(order);
      return;
    }
    this.plan.modifies.push(order);
    this.plan.modifyPriceTicks.push(priceTicks);
    this.plan.modifyLots.push(lots);
  }

  #place(side: Side, priceTicks: number, wantedLots: number): void {
    const lots = Math.min(wantedLots, this.#roomLots);
    if (!this.#mayPlace(priceTicks, lots)) return;
    this.#roomLots -= lots;
    this.plan.placeSides.push(side);
    this.plan.placePriceTicks.push(priceTicks);
    this.plan.placeLots.push(lots);
  }

  #mayPlace(priceTicks: number, lots: number): boolean {
    return !this.#heldBack && lots >= (this.#closing ? 1 : minimumLots(this.#instrument, priceTicks));
  }

  snapshot(): unknown {
    return { pricedMidTicks: [...this.#pricedMidTicks] };
  }

  restore(state: unknown): void {
    const [bid, ask] = (state as { pricedMidTicks: BySide<number> }).pricedMidTicks;
    this.#pricedMidTicks = [bid, ask];
  }
}

/** What an order may fill in the worst case. Of an order and the one that a modification replaces only one can. */
function lotsOnTop(order: TrackedOrder, orders: readonly TrackedOrder[]): number {
  const lots = remainingLots(order);
  if (order.state !== 'Placed' || order.replacesCloid === 0) return lots;
  const replaced = orders.find(other => other.cloid === order.replacesCloid);
  return replaced === undefined ? lots : Math.max(0, lots - remainingLots(replaced));
}

/** Whether a price of a side lies nearer to the other side than another. */
function isBetter(side: Side, priceTicks: number, thanTicks: number): boolean {
  return side === BID ? priceTicks > thanTicks : priceTicks < thanTicks;
}

function distanceBps(priceTicks: number, fromTicks: number): number {
  return (Math.abs(priceTicks - fromTicks) * BPS) / fromTicks;
}
