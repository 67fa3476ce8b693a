/**
 * Placing, cancelling and modifying orders (playbook 1.4): turns a plan into posts and their replies into the orders' fates.
 *
 * One cycle sends at most one batch of each kind: cancels first, then modifications, then new orders. Every order gets a
 * client id of its own, also the one that takes a modified order's place, so that no id is ever on two live orders.
 */
import type { LogEntry } from '../evidence.ts';
import { isOvertaken } from '../execution/exchange-texts.ts';
import { isLive, type TrackedOrder } from '../execution/order-lifecycle.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { SentPost, WsExecutor } from '../infra/ws-executor.ts';
import { type BySide, SIDES, type Side } from '../market.ts';
import type { Action, CoreHost, PlaceOrder, PostItem, PostReplyMessage } from '../port.ts';
import { NS_PER_US } from '../scale.ts';
import type { InstrumentState, Session } from '../state.ts';
import type { ReconcilePlan } from './reconcile.ts';

export class OrderOps {
  readonly #host: CoreHost;
  readonly #log: (entry: LogEntry) => void;
  readonly #session: Session;
  readonly #state: InstrumentState;
  readonly #executor: WsExecutor;
  readonly #metrics: Metrics;
  /** Orders that a reply has left standing and nobody wants; cancelled in one batch once it is read. */
  readonly #unwanted: TrackedOrder[] = [];
  /** Of the reply at hand, by side: whether an order was taken, and whether one was refused. */
  readonly #taken: BySide<boolean> = [false, false];
  readonly #refused: BySide<boolean> = [false, false];

  constructor(
    host: CoreHost,
    session: Session,
    state: InstrumentState,
    executor: WsExecutor,
    metrics: Metrics,
    log: (entry: LogEntry) => void,
  ) {
    this.#host = host;
    this.#session = session;
    this.#state = state;
    this.#executor = executor;
    this.#metrics = metrics;
    this.#log = log;
  }

  // ------------------------------------------------------------------------------------------------- sending

  /** Sends a plan. `reduceOnly`: its orders may only close the position. */
  send(plan: ReconcilePlan, reduceOnly: boolean, nowNs: number): void {
    this.cancel(plan.cancels, nowNs);
    this.#modify(plan, reduceOnly, nowNs);
    this.#place(plan, reduceOnly, nowNs);
  }

  /**
   * Cancels orders that are or may be live, those that are being cancelled already included: that is how a lost cancel is
   * repeated. What has no oid yet is cancelled by its client id: the cancel goes the way of the order, behind it.
   */
  cancel(orders: readonly TrackedOrder[], nowNs: number): void {
    const byOid: TrackedOrder[] = [];
    const byCloid: TrackedOrder[] = [];
    for (const order of orders) {
      if (!this.#state.orders.cancelSent(order.cloid, nowNs)) continue;
      if (order.oid !== 0) byOid.push(order);
      else byCloid.push(order);
    }
    const { index: instrument } = this.#state;
    if (byOid.length > 0) {
      const cancels = byOid.map(order => ({ instrument, oid: order.oid }));
      this.#post({ type: 'cancel', cancels }, byOid.map(cloidOf), [], nowNs);
    }
    if (byCloid.length > 0) {
      const cancels = byCloid.map(order => ({ instrument, cloid: order.cloid }));
      this.#post({ type: 'cancelByCloid', cancels }, byCloid.map(cloidOf), [], nowNs);
    }
  }

  /** Cancels every order that is not being cancelled already; returns how many. */
  cancelAll(nowNs: number): number {
    const standing = this.#state.orders.activeOrders().filter(order => order.state !== 'CancelPending');
    this.cancel(standing, nowNs);
    return standing.length;
  }

  #modify(plan: ReconcilePlan, reduceOnly: boolean, nowNs: number): void {
    const modifies: { oid: number; order: PlaceOrder }[] = [];
    const cloids: number[] = [];
    const newCloids: number[] = [];
    for (let index = 0; index < plan.modifies.length; index++) {
      const old = plan.modifies[index];
      const order = this.#newOrder(old.side, plan.modifyPriceTicks[index], plan.modifyLots[index], reduceOnly);
      if (!this.#state.orders.modifySent(old.cloid, order, nowNs)) continue;
      modifies.push({ oid: old.oid, order });
      cloids.push(old.cloid);
      newCloids.push(order.cloid);
    }
    if (modifies.length > 0) this.#post({ type: 'batchModify', modifies }, cloids, newCloids, nowNs);
  }

  #place(plan: ReconcilePlan, reduceOnly: boolean, nowNs: number): void {
    if (plan.placeSides.length === 0) return;
    const orders: PlaceOrder[] = [];
    for (let index = 0; index < plan.placeSides.length; index++) {
      const side = plan.placeSides[index];
      const order = this.#newOrder(side, plan.placePriceTicks[index], plan.placeLots[index], reduceOnly);
      this.#state.orders.place(order, nowNs);
      orders.push(order);
    }
    this.#post({ type: 'order', orders }, orders.map(cloidOf), [], nowNs);
  }

  #newOrder(side: Side, priceTicks: number, sizeLots: number, reduceOnly: boolean): PlaceOrder {
    const cloid = this.#session.nextCloid();
    return { cloid, instrument: this.#state.index, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly };
  }

  #post(action: Action, cloids: readonly number[], newCloids: readonly number[], nowNs: number): void {
    this.#host.charge('execute', cloids.length);
    const post = this.#executor.register(this.#state.index, action.type, cloids, newCloids, nowNs);
    this.#metrics.add(METRIC.requests, 1);
    this.#host.send({ kind: 'post', via: 'websocket', id: post.id, nonce: post.nonce, action });
  }

  // ------------------------------------------------------------------------------------------------- replies

  /** Applies a reply, in time or late, to the orders that its post was about. */
  applyReply(post: SentPost, reply: PostReplyMessage): void {
    const { nowNs, error } = reply;
    const roundtripUs = (nowNs - post.sentNs) / NS_PER_US;
    this.#metrics.set(METRIC.wsRoundtripUs, roundtripUs);
    if (error !== null) {
      this.#metrics.add(METRIC.requestsRejected, 1);
      this.#log({ type: 'request-rejected', atNs: nowNs, id: post.id, error });
    } else if (post.type === 'order') {
      this.#metrics.set(METRIC.orderAckUs, roundtripUs);
    }
    for (let index = 0; index < post.cloids.length; index++) {
      const item = itemOf(post, reply, index);
      if (item === null) continue;
      if (post.type === 'order') this.#placed(post.cloids[index], item, nowNs);
      else if (post.type === 'batchModify') this.#modified(post.cloids[index], post.newCloids[index], item, nowNs);
      else this.#cancelled(post.cloids[index], item, nowNs);
    }
    this.#countRefusals(nowNs);
    if (this.#unwanted.length > 0) this.cancel(this.#unwanted.splice(0), nowNs);
  }

  #countRefusals(nowNs: number): void {
    for (const side of SIDES) {
      if (this.#taken[side]) this.#state.rejections.accepted(side);
      else if (this.#refused[side]) this.#state.rejections.refused(side, nowNs);
      this.#taken[side] = false;
      this.#refused[side] = false;
    }
  }

  #placed(cloid: number, item: PostItem, nowNs: number): void {
    if (item.status === 'error') {
      this.#noteRefusal(cloid, item.error, nowNs);
      this.#state.orders.rejected(cloid, nowNs);
    } else if (item.status !== 'success') {
      this.#metrics.add(METRIC.ordersPlaced, 1);
      this.#acked(cloid, item, nowNs);
    }
  }

  #modified(oldCloid: number, newCloid: number, item: PostItem, nowNs: number): void {
    const { orders } = this.#state;
    if (item.status === 'error') {
      this.#noteRefusal(newCloid, item.error, nowNs);
      orders.modifyFailed(oldCloid, newCloid, item.error, nowNs);
      // A refused modification falls back to cancel and place: the cancel goes out now, and a later cycle places.
      const old = orders.byCloid(oldCloid);
      if (old !== null && (old.state === 'Resting' || old.state === 'PartiallyFilled')) this.#unwanted.push(old);
    } else if (item.status !== 'success') {
      this.#metrics.add(METRIC.ordersModified, 1);
      orders.cancelAcked(oldCloid, nowNs);
      this.#acked(newCloid, item, nowNs);
    }
  }

  #acked(cloid: number, item: PostItem & { status: 'resting' | 'filled' }, nowNs: number): void {
    const { orders } = this.#state;
    const side = this.#sideOf(cloid);
    if (side !== undefined) this.#taken[side] = true;
    const isTracked =
      item.status === 'filled'
        ? orders.ackFilled(cloid, item.oid, item.filledLots, nowNs)
        : orders.acked(cloid, item.oid, nowNs);
    if (isTracked) return;
    // It was given up, and lives all the same: it is taken over so that it can be cancelled.
    const given = orders.closedOrder(item.oid, cloid);
    if (given === null) return;
    const filledLots = Math.max(given.filledLots, item.status === 'filled' ? item.filledLots : 0);
    if (filledLots >= given.originalLots) return;
    this.#unwanted.push(
      orders.adopt(
        {
          oid: item.oid,
          cloid,
          instrument: given.instrument,
          side: given.side,
          limitTicks: given.priceTicks,
          remainingLots: given.originalLots - filledLots,
          originalLots: given.originalLots,
        },
        nowNs,
      ),
    );
  }

  #cancelled(cloid: number, item: PostItem, nowNs: number): void {
    const { orders, accumulator } = this.#state;
    const order = orders.byCloid(cloid);
    if (item.status === 'error') {
      orders.cancelFailed(cloid, item.error, nowNs);
    } else {
      this.#metrics.add(METRIC.ordersCancelled, 1);
      orders.cancelAcked(cloid, nowNs);
    }
    // Room on its side that a new order may have waited for.
    if (order !== null && !isLive(order.state)) accumulator.onOrderGone(nowNs);
  }

  #noteRefusal(cloid: number, error: string, nowNs: number): void {
    this.#metrics.add(METRIC.ordersRejected, 1);
    const side = this.#sideOf(cloid);
    if (side === undefined) return;
    if (!isOvertaken(error)) this.#refused[side] = true;
    this.#log({ type: 'order-rejected', atNs: nowNs, cloid, side, error });
  }

  #sideOf(cloid: number): Side | undefined {
    return this.#state.orders.find(0, cloid)?.side;
  }
}

function cloidOf(order: { readonly cloid: number }): number {
  return order.cloid;
}

/**
 * What a reply says of one item; null where it says nothing. A batch that is refused as a whole, or by one error for all, is
 * refused item by item.
 */
function itemOf(post: SentPost, reply: PostReplyMessage, index: number): PostItem | null {
  if (reply.error !== null) return { status: 'error', error: reply.error };
  const [first] = reply.items;
  if (reply.items.length === 1 && post.cloids.length > 1 && first.status === 'error') return first;
  return reply.items[index] ?? null;
}
