/**
 * The one local book of own orders (playbook 1.4).
 *
 *   Placed ──ack──▶ Resting ──fill──▶ PartiallyFilled ──▶ Filled
 *      └────────────────┴─────────────────┴──cancel sent──▶ CancelPending ──ack──▶ CancelConfirmed ──5 s──▶ Cancelled
 *                                                                  └──"already filled"──▶ FilledDuringCancel ──▶ Filled
 *
 * Filled, Cancelled, Expired and Rejected are final: an order in one of them never leaves it, and a transition that is not legal
 * is refused and logged. A partial fill while a cancel is under way ends nothing: if the cancel then fails, the rest lives on.
 * After a confirmed cancel the order is kept for a window in which its last fills may still come; a closed order is remembered
 * as a tombstone for long after that, so that any late fill finds its order.
 *
 * Fills are counted twice over: what came by the fill stream, and what the exchange is known to have filled (from the stream, an
 * ack or an order update, whichever says most). An ack that speaks of filled lots thus changes the order and not the position,
 * which follows the fill stream alone.
 */
import type { LogEntry } from '../evidence.ts';
import type { Side } from '../market.ts';
import type { Fill, OpenOrder, OrderUpdate, PlaceOrder } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import { ClosedOrders } from './closed-orders.ts';
import { endOfCancelFailure, endOfStatus } from './exchange-texts.ts';
import { OpenOrders } from './open-orders.ts';
import { isFinal, isLive, type OrderState, openState, type TrackedOrder } from './tracked-order.ts';

export { isFinal, isLive, type OrderState, type TrackedOrder } from './tracked-order.ts';

export interface OrderLifecycleConfig {
  /** An order older than this without an acknowledgement is given up. */
  pendingTimeoutNs: number;
  /** After a confirmed cancel, fills are waited for so long. */
  fillWindowNs: number;
  /** A cancel older than this is stuck. */
  stuckCancelNs: number;
  /** So many closed orders are remembered. */
  closedKept: number;
}

/** Playbook 1.4 (5 s); core-facts 1.4 (windows, stuck cancels, closed orders). */
export const DEFAULT_ORDER_LIFECYCLE: OrderLifecycleConfig = {
  pendingTimeoutNs: 5 * NS_PER_S,
  fillWindowNs: 5 * NS_PER_S,
  stuckCancelNs: 30 * NS_PER_S,
  closedKept: 1_000,
};

/** What a sweep found. */
export interface Sweep {
  /** Orders given up because nobody acknowledged them. They may yet turn up at the exchange. */
  readonly stalePending: readonly TrackedOrder[];
  /** Orders whose window for last fills is over. */
  readonly closedWindows: number;
  /** Orders whose cancel has been under way for too long. They stay. */
  readonly stuckCancels: readonly TrackedOrder[];
}

const NONE: readonly TrackedOrder[] = [];

export class OrderLifecycleTracker {
  readonly #config: OrderLifecycleConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #open = new OpenOrders();
  readonly #closed: ClosedOrders;

  constructor(config: OrderLifecycleConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
    this.#closed = new ClosedOrders(config.closedKept);
  }

  // ------------------------------------------------------------------------------------------------- reading

  /**
   * Orders that are or may be live, in the order in which they were placed; of one side or of both. It is the tracker's own
   * array: do not call anything that ends an order while walking it.
   */
  activeOrders(side?: Side): readonly TrackedOrder[] {
    return side === undefined ? this.#open.live : this.#open.liveBySide[side];
  }

  /** An order that is not closed. */
  byCloid(cloid: number): TrackedOrder | null {
    return this.#open.byCloid(cloid);
  }

  /** A closed order that is still remembered, by the exchange's id, else by ours. */
  closedOrder(oid: number, cloid: number): TrackedOrder | null {
    return this.#closed.find(oid, cloid);
  }

  /** By oid, then by cloid, then among the closed. An order whose oid is another one is not meant, whatever the cloid says. */
  find(oid: number, cloid: number): TrackedOrder | null {
    const byOid = oid === 0 ? null : this.#open.byOid(oid);
    if (byOid !== null) return byOid;
    const byCloid = this.#open.byCloid(cloid);
    if (byCloid !== null && (byCloid.oid === 0 || oid === 0 || byCloid.oid === oid)) return byCloid;
    return this.#closed.find(oid, cloid);
  }

  /** Whether its cancel has been under way for too long. */
  isStuck(order: TrackedOrder, nowNs: number): boolean {
    return order.state === 'CancelPending' && nowNs - order.cancelSentNs > this.#config.stuckCancelNs;
  }

  // --------------------------------------------------------------------------------------- what the core sends

  /** An order is sent. False: its cloid is taken, and nothing changes. */
  place(order: PlaceOrder, nowNs: number): boolean {
    if (!this.#isFree(order.cloid, nowNs)) return false;
    this.#place(order, 0, nowNs);
    return true;
  }

  #isFree(cloid: number, nowNs: number): boolean {
    const known = this.#open.byCloid(cloid) ?? this.#closed.find(0, cloid);
    return known === null ? true : this.#refuse(cloid, known.state, 'Placed', nowNs);
  }

  #place(order: PlaceOrder, replacesCloid: number, nowNs: number): void {
    this.#open.add({
      cloid: order.cloid,
      oid: 0,
      instrument: order.instrument,
      side: order.side,
      priceTicks: order.priceTicks,
      originalLots: order.sizeLots,
      tif: order.tif,
      reduceOnly: order.reduceOnly,
      replacesCloid,
      filledLots: 0,
      streamLots: 0,
      state: 'Placed',
      placedNs: nowNs,
      lastChangeNs: nowNs,
      cancelSentNs: 0,
    });
  }

  /** A cancel is sent; also again, for one that is not answered. False: there is nothing to cancel. */
  cancelSent(cloid: number, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null || !isLive(order.state)) return this.#refuseFor(order, cloid, 'CancelPending', nowNs);
    if (order.state === 'CancelPending') return true;
    order.cancelSentNs = nowNs;
    this.#enter(order, 'CancelPending', nowNs);
    return true;
  }

  /**
   * A modification is sent: the old order is on its way out, and the new one on its way in. When it was carried out, the cancel of
   * the old one is acknowledged, and the new one under its own oid.
   */
  modifySent(oldCloid: number, order: PlaceOrder, nowNs: number): boolean {
    if (!this.#isFree(order.cloid, nowNs) || !this.cancelSent(oldCloid, nowNs)) return false;
    this.#place(order, oldCloid, nowNs);
    return true;
  }

  // ------------------------------------------------------------------------------------- what comes of requests

  /** The exchange acknowledged the order. False: it is not tracked (any more), and lives at the exchange all the same. */
  acked(cloid: number, oid: number, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null) return this.#lateAck(cloid, oid, nowNs);
    if (order.oid !== 0 && order.oid !== oid) return this.#refuse(cloid, order.state, 'Resting', nowNs);
    this.#learnOid(order, oid);
    if (order.state === 'Placed') this.#enter(order, openState(order), nowNs);
    return true;
  }

  /** Acknowledged and filled in part or in full at once. The position does not change by it: the fills themselves will come. */
  ackFilled(cloid: number, oid: number, filledLots: number, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null) return this.#lateAck(cloid, oid, nowNs);
    if (order.oid !== 0 && order.oid !== oid) return this.#refuse(cloid, order.state, 'Filled', nowNs);
    this.#learnOid(order, oid);
    this.#knowFilled(order, filledLots);
    if (order.filledLots >= order.originalLots) this.#close(order, 'Filled', nowNs);
    else if (order.tif === 'Ioc') this.#leave(order, 'CancelConfirmed', nowNs);
    else if (order.state === 'Placed') this.#enter(order, openState(order), nowNs);
    return true;
  }

  /** The exchange refused the order. */
  rejected(cloid: number, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null) return this.#refuseFor(order, cloid, 'Rejected', nowNs);
    // A cancel may have been sent before the refusal was known; an order that has an oid was taken.
    if (order.oid !== 0 || !isLive(order.state)) return this.#refuse(cloid, order.state, 'Rejected', nowNs);
    this.#close(order, 'Rejected', nowNs);
    return true;
  }

  /** The exchange confirmed a cancel: nothing of the order is left on the book, but fills may be on their way. */
  cancelAcked(cloid: number, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null) return this.#refuseFor(order, cloid, 'CancelConfirmed', nowNs);
    if (isLive(order.state)) this.#leave(order, 'CancelConfirmed', nowNs);
    return true;
  }

  /** A cancel was refused, by the exchange's text or a reason of ours. What that makes of the order depends on the text. */
  cancelFailed(cloid: number, reason: string, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null) return this.#refuseFor(order, cloid, 'Resting', nowNs);
    if (order.state !== 'CancelPending') return true;
    order.cancelSentNs = 0;
    const end = endOfCancelFailure(reason);
    // An order that nobody has acknowledged may be on its way still: its cancel overtook it.
    if (end === 'none' || order.oid === 0) this.#enter(order, openState(order), nowNs);
    else if (end === 'gone') this.#leave(order, 'CancelConfirmed', nowNs);
    else {
      this.#knowFilled(order, order.originalLots);
      this.#leave(order, 'FilledDuringCancel', nowNs);
    }
    return true;
  }

  /** A modification was refused: the new order never came to be; of the old one the text tells. */
  modifyFailed(oldCloid: number, newCloid: number, reason: string, nowNs: number): boolean {
    const old = this.#open.byCloid(oldCloid);
    if (old !== null) this.cancelFailed(oldCloid, reason, nowNs);
    return this.rejected(newCloid, nowNs);
  }

  // -------------------------------------------------------------------------------- what the exchange pushes

  /** An item of `orderUpdates`. Returns its order, null where it is none of ours. */
  orderUpdate(update: OrderUpdate, nowNs: number): TrackedOrder | null {
    const order = this.find(update.oid, update.cloid);
    if (order === null) return null;
    this.#noteTurnedUp(order, update.oid, nowNs);
    if (isFinal(order.state)) return order;
    const end = endOfStatus(update.status);
    if (end === 'unknown') return order;
    if (end === 'rejected') {
      if (order.oid !== 0 || order.filledLots > 0) this.#refuse(order.cloid, order.state, 'Rejected', nowNs);
      else {
        this.#learnOid(order, update.oid);
        this.#close(order, 'Rejected', nowNs);
      }
      return order;
    }
    this.#learnOid(order, update.oid);
    this.#knowFilled(order, end === 'filled' ? order.originalLots : update.originalLots - update.remainingLots);
    if (end === 'filled') this.#close(order, 'Filled', nowNs);
    else if (end === 'open') {
      if (order.state === 'Placed') this.#enter(order, openState(order), nowNs);
    } else if (order.streamLots < order.filledLots) this.#leave(order, 'CancelConfirmed', nowNs);
    else this.#close(order, end === 'cancelled' ? 'Cancelled' : 'Expired', nowNs);
    return order;
  }

  /**
   * The exchange ended an order on its own account: margin, self-trade, liquidation. Its last fills may come. Returns the order, null
   * where it is none of ours.
   */
  endedByExchange(oid: number, nowNs: number): TrackedOrder | null {
    const order = this.find(oid, 0);
    if (order !== null && isLive(order.state)) this.#leave(order, 'CancelConfirmed', nowNs);
    return order;
  }

  /**
   * A fill that was not seen before. Returns its order, live or closed; null where it is none of ours. A closed order counts the
   * fill and stays as it is.
   */
  fill(fill: Fill, nowNs: number): TrackedOrder | null {
    const order = this.find(fill.oid, fill.cloid);
    if (order === null) return null;
    this.#noteTurnedUp(order, fill.oid, nowNs);
    if (!isFinal(order.state)) this.#learnOid(order, fill.oid);
    const streamLots = order.streamLots + fill.sizeLots;
    if (streamLots > order.originalLots) this.#refuse(order.cloid, order.state, 'Overfilled', nowNs);
    order.streamLots = Math.min(streamLots, order.originalLots);
    this.#knowFilled(order, order.streamLots);
    if (isFinal(order.state)) return order;
    if (order.streamLots >= order.originalLots) this.#close(order, 'Filled', nowNs);
    else if (order.state === 'Placed' || order.state === 'Resting') this.#enter(order, 'PartiallyFilled', nowNs);
    return order;
  }

  // ------------------------------------------------------------------------------------------------ clearing up

  /** Ends what has waited long enough. To be called about once a second. */
  sweep(nowNs: number): Sweep {
    const { pendingTimeoutNs, fillWindowNs } = this.#config;
    let stalePending: TrackedOrder[] | null = null;
    let stuckCancels: TrackedOrder[] | null = null;
    for (const order of this.#open.live) {
      if (order.state === 'Placed' && nowNs - order.placedNs > pendingTimeoutNs) {
        stalePending ??= [];
        stalePending.push(order);
      } else if (this.isStuck(order, nowNs)) {
        stuckCancels ??= [];
        stuckCancels.push(order);
      }
    }
    for (const order of stalePending ?? NONE) this.#close(order, 'Expired', nowNs);
    let closedWindows = 0;
    const { leaving } = this.#open;
    while (leaving.length > 0 && nowNs - leaving[0].lastChangeNs >= fillWindowNs) {
      const order = leaving[0];
      this.#close(order, order.state === 'FilledDuringCancel' ? 'Filled' : 'Cancelled', nowNs);
      closedWindows++;
    }
    return { stalePending: stalePending ?? NONE, closedWindows, stuckCancels: stuckCancels ?? NONE };
  }

  /** The exchange does not have it (playbook 3.4). Its last fills find it among the closed. */
  removeStale(cloid: number, nowNs: number): boolean {
    const order = this.#open.byCloid(cloid);
    if (order === null) return false;
    this.#close(order, 'Cancelled', nowNs);
    return true;
  }

  /** The exchange's picture shows an order that is known: what was filled of it may be news, where its fills were lost. */
  seenOpen(order: TrackedOrder, open: OpenOrder, nowNs: number): void {
    this.#knowFilled(order, open.originalLots - open.remainingLots);
    if (order.state === 'Resting') {
      const state = openState(order);
      if (state !== 'Resting') this.#enter(order, state, nowNs);
    }
  }

  /**
   * Takes an order over that the exchange has and this book does not. One without a cloid is known by minus its oid from then
   * on. An order that is known already comes back as it is, and has learnt its oid.
   */
  adopt(open: OpenOrder, nowNs: number): TrackedOrder {
    const known = this.find(open.oid, open.cloid);
    if (known !== null && !isFinal(known.state)) {
      this.acked(known.cloid, open.oid, nowNs);
      this.seenOpen(known, open, nowNs);
      return known;
    }
    if (known !== null) this.#noteTurnedUp(known, open.oid, nowNs);
    // The picture may be older than what is known of an order that was given up.
    const filledLots = Math.max(open.originalLots - open.remainingLots, known?.filledLots ?? 0);
    const isCloidFree = open.cloid !== 0 && known === null && this.#open.byCloid(open.cloid) === null;
    const order: TrackedOrder = {
      cloid: isCloidFree ? open.cloid : -open.oid,
      oid: open.oid,
      instrument: open.instrument,
      side: open.side,
      priceTicks: open.limitTicks,
      originalLots: open.originalLots,
      tif: 'Gtc',
      reduceOnly: false,
      replacesCloid: 0,
      filledLots,
      // Which of its fills have come is known only of an order that was given up before.
      streamLots: known?.streamLots ?? 0,
      state: filledLots > 0 ? 'PartiallyFilled' : 'Resting',
      placedNs: nowNs,
      lastChangeNs: nowNs,
      cancelSentNs: 0,
    };
    this.#open.add(order);
    return order;
  }

  // ------------------------------------------------------------------------------------------------- transitions

  #learnOid(order: TrackedOrder, oid: number): void {
    if (order.oid === 0 && oid !== 0) this.#open.learnOid(order, oid);
  }

  #knowFilled(order: TrackedOrder, lots: number): void {
    order.filledLots = Math.max(order.filledLots, Math.min(lots, order.originalLots));
  }

  #enter(order: TrackedOrder, state: OrderState, nowNs: number): void {
    order.state = state;
    order.lastChangeNs = nowNs;
  }

  /** Off the book, but not closed: its last fills may come. */
  #leave(order: TrackedOrder, state: 'CancelConfirmed' | 'FilledDuringCancel', nowNs: number): void {
    if (!isLive(order.state)) return;
    this.#open.leave(order);
    this.#enter(order, state, nowNs);
  }

  #close(order: TrackedOrder, state: 'Filled' | 'Cancelled' | 'Expired' | 'Rejected', nowNs: number): void {
    this.#open.remove(order);
    this.#enter(order, state, nowNs);
    this.#closed.add(order);
  }

  /** An ack for an order that is not tracked: given up already, or never ours. */
  #lateAck(cloid: number, oid: number, nowNs: number): boolean {
    const closed = this.#closed.find(oid, cloid);
    if (closed === null) return false;
    if (closed.oid === 0) this.#closed.learnOid(closed, oid);
    // An order given up, or taken for refused, turns out to be alive; one that came to its end before its ack is in order.
    const isAlive = closed.state === 'Expired' || closed.state === 'Rejected';
    return isAlive ? this.#refuse(cloid, closed.state, 'Resting', nowNs) : true;
  }

  /** Word of an order that was given up because nobody had acknowledged it: it had arrived. */
  #noteTurnedUp(order: TrackedOrder, oid: number, nowNs: number): void {
    if (order.state !== 'Expired' || order.oid !== 0) return;
    this.#closed.learnOid(order, oid);
    this.#log({ type: 'order-turned-up', atNs: nowNs, cloid: order.cloid, oid, sentNs: order.placedNs });
  }

  /** For an order that is not tracked: quiet about one that is closed, since word of it may come late. */
  #refuseFor(order: TrackedOrder | null, cloid: number, to: string, nowNs: number): boolean {
    if (order !== null) return this.#refuse(cloid, order.state, to, nowNs);
    return this.#closed.find(0, cloid) === null ? this.#refuse(cloid, 'Unknown', to, nowNs) : false;
  }

  #refuse(cloid: number, from: string, to: string, nowNs: number): boolean {
    this.#log({ type: 'illegal-transition', atNs: nowNs, cloid, from, to });
    return false;
  }

  // ---------------------------------------------------------------------------------------------------- state

  snapshot(): unknown {
    return { open: this.#open.snapshot(), closed: this.#closed.snapshot() };
  }

  restore(state: unknown): void {
    const from = state as { open: unknown; closed: unknown };
    this.#open.restore(from.open);
    this.#closed.restore(from.closed);
  }
}
