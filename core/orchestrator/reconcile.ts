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
 * How much is looked at is the scope's to say (playbook 2.1): a side that nothing has touched is left as it is, and where single orders
 * are named, only those are modified or cancelled.
 *
 * What may rest on a side in the worst case, all of what is being cancelled included, never grows beyond the side's capacity:
 * a new order waits until the cancel that makes room for it is confirmed.
 */
import { remainingLots, type TrackedOrder } from '../execution/tracked-order.ts';
import type { QuoteCycleArena } from '../infra/arena.ts';
import { BID, type BySide, type Instrument, SIDES, type Side } from '../market.ts';
import { BPS } from '../scale.ts';
import { type Ladder, type LadderSide, minimumLots } from '../strategy/ladder.ts';
import { FULL_SCOPE, type ReconcileScope } from './affected-tracker.ts';
import { ReconcilePlan } from './reconcile-plan.ts';
import { WorkLists } from './work-lists.ts';

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

export class Reconciler {
  readonly plan = new ReconcilePlan();
  readonly #instrument: Instrument;
  readonly #settings: ReconcileSettings;
  readonly #arena: QuoteCycleArena;
  /** Orders of the side at hand, and which of them stand for a quote, and what found no partner. */
  #orders: readonly TrackedOrder[] = [];
  readonly #lists = new WorkLists();
  /** What the side's capacity leaves for orders to grow by and for new ones; negative where it is exceeded. */
  #roomLots = 0;
  #closing = false;
  #heldBack = false;
  /** Orders that may be touched, by oid; null: all. */
  #named: readonly number[] | null = null;
  /** Nothing is placed. */
  #levelsOnly = false;
  /** The best order that is left though its quote has another price, and that price and size; null: there is none. */
  #left: TrackedOrder | null = null;
  #leftPriceTicks = 0;
  #leftLots = 0;
  /** Smallest and largest distance of the side's orders from the quotes that they are left for, bps, upwards where positive. */
  #lowestOffsetBps = 0;
  #highestOffsetBps = 0;
  /** By side: the lowest and the highest mid for which its orders would be right, as of when it was last looked at; 0: never. */
  readonly #lowTicks: BySide<number> = [0, 0];
  readonly #highTicks: BySide<number> = [0, 0];
  /** By side: the mid at the last change that was sent; 0 while nothing of it stands. */
  readonly #pricedMidTicks: BySide<number> = [0, 0];
  readonly #changed: BySide<boolean> = [false, false];

  /** `arena`: what the plan and the lists are made in. Whoever owns it resets it before each cycle. */
  constructor(instrument: Instrument, settings: ReconcileSettings, arena: QuoteCycleArena) {
    this.#instrument = instrument;
    this.#settings = settings;
    this.#arena = arena;
  }

  /** Compares the ladder with the own orders; the result is in `plan`. */
  reconcile(
    ladder: Ladder,
    bids: readonly TrackedOrder[],
    asks: readonly TrackedOrder[],
    input: ReconcileInput,
    scope: ReconcileScope = FULL_SCOPE,
  ): void {
    this.plan.begin(this.#arena);
    this.#lists.moveTo(this.#arena, Math.max(bids.length, asks.length, ladder.bids.count, ladder.asks.count));
    this.#levelsOnly = scope.type === 'LevelsOnly';
    this.#named = scope.type === 'Full' || scope.type === 'SideOnly' ? null : scope.oids;
    for (const side of SIDES) {
      this.#changed[side] = false;
      if ((scope.type === 'SideOnly' || scope.type === 'SideAndLevels') && scope.side !== side) continue;
      this.#reconcileSide(side, ladder.side(side), side === BID ? bids : asks, input);
    }
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
    let lowest = midTicks;
    for (const side of SIDES) {
      if (this.#pricedMidTicks[side] !== 0) lowest = Math.min(lowest, this.#pricedMidTicks[side]);
      if (this.#lowTicks[side] !== 0) lowest = Math.min(lowest, this.#lowTicks[side]);
    }
    return lowest;
  }

  /** The highest mid that quotes are made for, likewise. */
  quotedHighTicks(midTicks: number): number {
    let highest = midTicks;
    for (const side of SIDES) highest = Math.max(highest, this.#pricedMidTicks[side], this.#highTicks[side]);
    return highest;
  }

  #reconcileSide(side: Side, quotes: LadderSide, orders: readonly TrackedOrder[], input: ReconcileInput): void {
    this.#roomLots = input.capacityLots[side];
    for (const order of orders) this.#roomLots -= lotsOnTop(order, orders);
    this.#closing = input.closing;
    this.#heldBack = input.heldBack[side];
    if (this.#heldBack) this.#roomLots = Math.min(0, this.#roomLots);
    this.#lowestOffsetBps = 0;
    this.#highestOffsetBps = 0;
    const before = this.plan.count;
    this.#collect(side, orders, side === BID ? input.bestAskTicks : input.bestBidTicks);
    this.#pairNear(side, quotes);
    this.#pairRest(side, quotes);
    if (this.plan.count === before) this.#refresh(side, input.midTicks);
    this.#lowTicks[side] = input.midTicks * (1 + this.#lowestOffsetBps / BPS);
    this.#highTicks[side] = input.midTicks * (1 + this.#highestOffsetBps / BPS);
    this.#changed[side] = this.plan.count !== before;
    if (quotes.count === 0 && orders.length === 0) {
      this.#pricedMidTicks[side] = 0;
      this.#lowTicks[side] = 0;
      this.#highTicks[side] = 0;
    }
  }

  /** Re-prices one order of a side that would be left as it is although the mid has moved away from it. */
  #refresh(side: Side, midTicks: number): void {
    if (this.#left === null || this.#heldBack) return;
    if (distanceBps(midTicks, this.#pricedMidTicks[side]) < this.#settings.refreshMoveBps) return;
    this.#modify(this.#left, this.#leftPriceTicks, this.#leftLots);
  }

  /** Sorts out what stands for a quote, best first; cancels what the touch has reached. */
  #collect(side: Side, orders: readonly TrackedOrder[], touchTicks: number): void {
    const lists = this.#lists;
    this.#orders = orders;
    lists.clear();
    for (let index = 0; index < orders.length; index++) {
      const order = orders[index];
      if (order.state === 'CancelPending') continue;
      const reached = side === BID ? order.priceTicks >= touchTicks : order.priceTicks <= touchTicks;
      if (reached && order.state !== 'Placed') {
        this.plan.cancel(order);
        continue;
      }
      // Insertion sort: there are few, and they come nearly in order. Equal prices keep their order.
      let at = lists.ownCount;
      while (at > 0 && isBetter(side, order.priceTicks, orders[lists.own[at - 1]].priceTicks)) {
        lists.own[at] = lists.own[at - 1];
        at--;
      }
      lists.own[at] = index;
      lists.ownCount++;
    }
  }

  /** Pairs orders and quotes that are near enough in price; of those a wrong size is the only thing to change. */
  #pairNear(side: Side, quotes: LadderSide): void {
    const lists = this.#lists;
    const orders = this.#orders;
    this.#left = null;
    let quote = 0;
    let index = 0;
    while (quote < quotes.count && index < lists.ownCount) {
      const order = orders[lists.own[index]];
      const priceTicks = quotes.priceTicks[quote];
      if (distanceBps(order.priceTicks, priceTicks) <= this.#settings.leaveBps) {
        const lots = quotes.sizeLots[quote];
        // An order that is named alone has lost its place in the queue: it has nothing to stay for.
        const isLost = this.#levelsOnly && order.priceTicks !== priceTicks && this.#mayTouch(order);
        if (isLost || this.#isWrongSize(order, lots)) {
          this.#modify(order, priceTicks, lots);
        } else {
          this.#leave(order, priceTicks);
        }
        quote++;
        index++;
      } else if (isBetter(side, order.priceTicks, priceTicks)) {
        lists.freeOrder(lists.own[index]);
        index++;
      } else {
        lists.freeQuote(quote);
        quote++;
      }
    }
    for (; quote < quotes.count; quote++) lists.freeQuote(quote);
    for (; index < lists.ownCount; index++) lists.freeOrder(lists.own[index]);
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

  #mayTouch(order: TrackedOrder): boolean {
    return this.#named === null || this.#named.includes(order.oid);
  }

  /** Whether the size is off by more than is left alone, and can be put right with the room there is. */
  #isWrongSize(order: TrackedOrder, wantedLots: number): boolean {
    const missingLots = wantedLots - remainingLots(order);
    const changeLots = missingLots > 0 ? Math.min(missingLots, this.#roomLots) : -missingLots;
    return changeLots > this.#settings.leaveSizeShare * wantedLots;
  }

  /** Pairs what is left in order, then cancels orders and places quotes that have no partner. */
  #pairRest(side: Side, quotes: LadderSide): void {
    const { freeOrders, freeOrderCount, freeQuotes, freeQuoteCount } = this.#lists;
    const pairs = Math.min(freeOrderCount, freeQuoteCount);
    for (let index = 0; index < pairs; index++) {
      const order = this.#orders[freeOrders[index]];
      const priceTicks = quotes.priceTicks[freeQuotes[index]];
      const lots = quotes.sizeLots[freeQuotes[index]];
      if (order.state === 'Placed') {
        this.#leave(order, priceTicks);
      } else if (distanceBps(order.priceTicks, priceTicks) <= this.#settings.modifyBps) {
        this.#modify(order, priceTicks, lots);
      } else if (this.#mayTouch(order)) {
        this.plan.cancel(order);
        this.#place(side, priceTicks, lots);
      }
    }
    for (let index = pairs; index < freeOrderCount; index++) {
      const order = this.#orders[freeOrders[index]];
      if (order.state !== 'Placed' && this.#mayTouch(order)) this.plan.cancel(order);
    }
    for (let index = pairs; index < freeQuoteCount; index++) {
      this.#place(side, quotes.priceTicks[freeQuotes[index]], quotes.sizeLots[freeQuotes[index]]);
    }
  }

  #modify(order: TrackedOrder, priceTicks: number, wantedLots: number): void {
    if (order.state === 'Placed' || !this.#mayTouch(order)) {
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
    if (this.#mayPlace(priceTicks, lots)) this.plan.modify(order, priceTicks, lots);
    else this.plan.cancel(order);
  }

  #place(side: Side, priceTicks: number, wantedLots: number): void {
    const lots = Math.min(wantedLots, this.#roomLots);
    if (this.#levelsOnly || !this.#mayPlace(priceTicks, lots)) return;
    this.#roomLots -= lots;
    this.plan.place(side, priceTicks, lots);
  }

  #mayPlace(priceTicks: number, lots: number): boolean {
    return !this.#heldBack && lots >= (this.#closing ? 1 : minimumLots(this.#instrument, priceTicks));
  }

  snapshot(): unknown {
    return {
      pricedMidTicks: [...this.#pricedMidTicks],
      lowTicks: [...this.#lowTicks],
      highTicks: [...this.#highTicks],
    };
  }

  restore(state: unknown): void {
    const from = state as { pricedMidTicks: BySide<number>; lowTicks: BySide<number>; highTicks: BySide<number> };
    for (const side of SIDES) {
      this.#pricedMidTicks[side] = from.pricedMidTicks[side];
      this.#lowTicks[side] = from.lowTicks[side];
      this.#highTicks[side] = from.highTicks[side];
    }
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
