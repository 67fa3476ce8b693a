/**
 * Placing, cancelling and modifying orders (playbook 1.4): turns a plan into posts and their replies into the orders' fates.
 *
 * One cycle sends at most one batch of each kind: cancels first, then modifications, then new orders. Every order gets a
 * client id of its own, also the one that takes a modified order's place, so that no id is ever on two live orders.
 *
 * A post without an answer is sent again beside the websocket (playbook 1.2). Where that is refused, or not answered either, the
 * exchange is asked for each order by its client id: what it says is the order's fate. Only what it was asked about after the fact
 * counts, so an answer older than its question is asked for again.
 */
import type { LogEntry } from '../evidence.ts';
import { endOfStatus } from '../execution/exchange-texts.ts';
import { isLive, type TrackedOrder } from '../execution/order-lifecycle.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { MetricsSummary } from '../infra/metrics/summary.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import { countsAgainstSide, type RefusalType, rateLimitError } from '../infra/rate-limit/error-type.ts';
import type { OrderCall } from '../infra/rate-limit/proactive.ts';
import type { RestRequests } from '../infra/rest-requests.ts';
import type { RoundTripWatch } from '../infra/round-trip-watch.ts';
import type { PostRoute, SentPost, StatusQuery, WsExecutor } from '../infra/ws-executor.ts';
import { ASK, BID, type BySide, SIDES, type Side } from '../market.ts';
import type {
  Action,
  CoreHost,
  OrderUpdate,
  PlaceOrder,
  PostItem,
  PostReplyMessage,
  RestReplyMessage,
} from '../port.ts';
import { NS_PER_US } from '../scale.ts';
import type { InstrumentState, Session } from '../state.ts';
import type { ReconcilePlan } from './reconcile-plan.ts';
import type { SendGate } from './send-gate.ts';

/** A question about an order is put so many times, if its answers are older than itself or fail. */
const MAX_STATUS_TRIES = 5;

export class OrderOps {
  readonly #host: CoreHost;
  readonly #log: (entry: LogEntry) => void;
  readonly #session: Session;
  readonly #state: InstrumentState;
  readonly #executor: WsExecutor;
  readonly #rest: RestRequests;
  readonly #gate: SendGate;
  readonly #metrics: Metrics;
  readonly #summary: MetricsSummary;
  readonly #roundTrips: RoundTripWatch;
  /** Orders that a reply has left standing and nobody wants; cancelled in one batch once it is read. */
  readonly #unwanted: TrackedOrder[] = [];
  /** Of the reply at hand, by side: whether an order was taken, and how many were refused for a reason that is the side's. */
  readonly #taken: BySide<boolean> = [false, false];
  readonly #refused: BySide<number> = [0, 0];

  constructor(
    host: CoreHost,
    session: Session,
    state: InstrumentState,
    executor: WsExecutor,
    rest: RestRequests,
    gate: SendGate,
    metrics: Metrics,
    summary: MetricsSummary,
    roundTrips: RoundTripWatch,
    log: (entry: LogEntry) => void,
  ) {
    this.#roundTrips = roundTrips;
    this.#host = host;
    this.#session = session;
    this.#state = state;
    this.#executor = executor;
    this.#rest = rest;
    this.#gate = gate;
    this.#metrics = metrics;
    this.#summary = summary;
    this.#log = log;
  }

  // ------------------------------------------------------------------------------------------------- sending

  /** Whether there is a way for a post: the websocket, or the one beside it. */
  get canPost(): boolean {
    return this.#executor.route(this.#session.userOpen) !== null;
  }

  /**
   * Sends a plan. `reduceOnly`: its orders may only close the position. Nothing happens where there is no way to the exchange. Returns
   * when what the rate limits have held back may go out; Infinity where nothing was.
   */
  send(plan: ReconcilePlan, reduceOnly: boolean, nowNs: number): number {
    if (!this.canPost) return Infinity;
    this.cancel(plan.cancels, nowNs);
    const modifyNs = this.#modify(plan, reduceOnly, nowNs);
    return Math.min(modifyNs, this.#place(plan, reduceOnly, nowNs));
  }

  /** Whether new orders have to wait for longer than a moment. */
  isHeldBack(nowNs: number): boolean {
    return this.#gate.isHeldBack(this.#state.index, this.#via, nowNs);
  }

  get #via(): PostRoute {
    return this.#executor.route(this.#session.userOpen) ?? 'websocket';
  }

  /** Infinity: a call of so many items may go out now, and is paid for; else when it may. */
  #waitNs(call: OrderCall, items: number, nowNs: number): number {
    const { index } = this.#state;
    if (this.#gate.mayCall(index, call, this.#via, items, nowNs)) return Infinity;
    return this.#gate.allowedNs(index, call, this.#via, items, nowNs);
  }

  /** Sends an action that is about no order: leverage, margin mode. */
  sendAction(action: Action, nowNs: number): void {
    this.#post(action, [], [], nowNs);
  }

  /**
   * Cancels orders that are or may be live, those that are being cancelled already included: that is how a lost cancel is
   * repeated. What has no oid yet is cancelled by its client id: the cancel goes the way of the order, behind it. Nothing happens
   * where there is no way to the exchange.
   */
  cancel(orders: readonly TrackedOrder[], nowNs: number): void {
    if (!this.canPost) return;
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

  #modify(plan: ReconcilePlan, reduceOnly: boolean, nowNs: number): number {
    if (plan.modifies.length === 0) return Infinity;
    const waitNs = this.#waitNs('modify', plan.modifies.length, nowNs);
    if (waitNs !== Infinity) return waitNs;
    const modifies: { oid: number; order: PlaceOrder }[] = [];
    const cloids: number[] = [];
    const newCloids: number[] = [];
    for (let index = 0; index < plan.modifies.length; index++) {
      const old = plan.modifies[index];
      const order = this.#newOrder(old.side, plan.modifyPriceTicks(index), plan.modifyLots(index), reduceOnly, nowNs);
      if (!this.#state.orders.modifySent(old.cloid, order, nowNs)) continue;
      modifies.push({ oid: old.oid, order });
      cloids.push(old.cloid);
      newCloids.push(order.cloid);
    }
    if (modifies.length > 0) this.#post({ type: 'batchModify', modifies }, cloids, newCloids, nowNs);
    return Infinity;
  }

  #place(plan: ReconcilePlan, reduceOnly: boolean, nowNs: number): number {
    if (plan.placeCount === 0) return Infinity;
    const waitNs = this.#waitNs('place', plan.placeCount, nowNs);
    if (waitNs !== Infinity) return waitNs;
    const orders: PlaceOrder[] = [];
    for (let index = 0; index < plan.placeCount; index++) {
      const side = plan.placeSide(index);
      const order = this.#newOrder(side, plan.placePriceTicks(index), plan.placeLots(index), reduceOnly, nowNs);
      this.#state.orders.place(order, nowNs);
      orders.push(order);
    }
    this.#post({ type: 'order', orders }, orders.map(cloidOf), [], nowNs);
    return Infinity;
  }

  /** A new order, with a note of the market that it is placed in: by that its fills are judged. */
  #newOrder(side: Side, priceTicks: number, sizeLots: number, reduceOnly: boolean, nowNs: number): PlaceOrder {
    const cloid = this.#session.nextCloid();
    const { fillTracker, market, placements } = this.#state;
    placements.placed(cloid, market.midTicks, market.book.sizeLots(side, priceTicks), nowNs);
    fillTracker.recordQuotes(1);
    return { cloid, instrument: this.#state.index, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly };
  }

  #post(action: Action, cloids: readonly number[], newCloids: readonly number[], nowNs: number): void {
    const route = this.#executor.route(this.#session.userOpen);
    if (route === null) return;
    this.#host.charge('execute', cloids.length);
    this.#sendPost(this.#executor.register(route, this.#state.index, action, cloids, newCloids, nowNs), nowNs);
  }

  #sendPost({ action, cloids, id, nonce, via }: SentPost, nowNs: number): void {
    this.#metrics.add(METRIC.requests, 1);
    this.#gate.sent(this.#state.index, action, via, cloids.length, nowNs);
    if (via === 'websocket') this.#roundTrips.sent(id, nowNs + this.#host.chargedNs());
    this.#host.send({ kind: 'post', via, id, nonce, action });
  }

  /**
   * A post has timed out. On the websocket it is sent again beside it; there the exchange is asked what has become of its orders.
   * Without the fallback its orders wait for a late reply, or for the safety audit.
   */
  timedOut(post: SentPost, nowNs: number): void {
    if (post.via === 'rest') this.#askForAll(post, 'no reply', nowNs);
    else if (this.#executor.fallbackToRest) {
      const again = this.#executor.retry(post, nowNs);
      this.#metrics.add(METRIC.restFallbacks, 1);
      this.#log({ type: 'rest-fallback', atNs: nowNs, id: post.id, restId: again.id, ageNs: nowNs - post.sentNs });
      this.#sendPost(again, nowNs);
    }
  }

  // ------------------------------------------------------------------------------------------------- replies

  /** Applies a reply, in time or late, to the orders that its post was about. */
  applyReply(post: SentPost, reply: PostReplyMessage): void {
    const { nowNs, error } = reply;
    if (post.via === 'websocket') this.#roundTrips.answered(post.id, nowNs - this.#host.queuedNs());
    // From the first attempt on: a request that needed two took as long as both (playbook 4.1).
    const roundtripUs = (nowNs - post.firstSentNs) / NS_PER_US;
    this.#summary.sample('wsRoundtrip', roundtripUs);
    if (error !== null && this.#executor.saysNothing(post, error)) {
      // Only the last attempt's refusal asks what became of the orders: that of an earlier one is still open.
      if (!post.isRetried) this.#askForAll(post, error, nowNs);
      return;
    }
    if (error !== null) {
      this.#metrics.add(METRIC.requestsRejected, 1);
      this.#log({ type: 'request-rejected', atNs: nowNs, id: post.id, error });
      this.#gate.refused(error, nowNs);
    } else if (post.action.type === 'order') {
      this.#summary.sample('orderAck', roundtripUs);
    }
    for (let index = 0; index < post.cloids.length; index++) {
      const item = itemOf(post, reply, index);
      if (item === null) continue;
      if (post.action.type === 'order') this.#placed(post.cloids[index], item, nowNs);
      else if (post.action.type === 'batchModify') {
        this.#modified(post.cloids[index], post.newCloids[index], item, nowNs);
      } else this.#cancelled(post.cloids[index], item, nowNs);
    }
    if (error === null) this.#gate.answered(this.#taken[BID] || this.#taken[ASK]);
    this.#endOfReply(nowNs);
  }

  #endOfReply(nowNs: number): void {
    this.#countRefusals(nowNs);
    if (this.#unwanted.length > 0) this.cancel(this.#unwanted.splice(0), nowNs);
  }

  #countRefusals(nowNs: number): void {
    for (const side of SIDES) {
      if (this.#taken[side]) this.#state.rejections.accepted(side);
      else if (this.#refused[side] > 0) this.#state.rejections.refused(side, nowNs, this.#refused[side]);
      this.#taken[side] = false;
      this.#refused[side] = 0;
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
      const isUnread = rateLimitError(this.#noteRefusal(newCloid, item.error, nowNs)) !== null;
      orders.modifyFailed(oldCloid, newCloid, item.error, nowNs);
      // A refused modification falls back to cancel and place: the cancel goes out now, and a later cycle places. Not where nobody
      // has looked at it, because too much was asked: what stands then stands as well as before.
      const old = isUnread ? null : orders.byCloid(oldCloid);
      if (old !== null && (old.state === 'Resting' || old.state === 'PartiallyFilled')) this.#unwanted.push(old);
    } else if (item.status !== 'success') {
      this.#metrics.add(METRIC.ordersModified, 1);
      orders.cancelAcked(oldCloid, nowNs);
      this.#acked(newCloid, item, nowNs);
    }
  }

  #acked(cloid: number, item: PostItem & { status: 'resting' | 'filled' }, nowNs: number): void {
    const { orders } = this.#state;
    // An answer that names another order says nothing of this one (playbook 1.4): what became of it, the audit finds out.
    if (item.cloid !== undefined && item.cloid !== cloid) return;
    const side = this.#sideOf(cloid);
    if (side !== undefined) this.#taken[side] = true;
    if (item.status === 'filled') this.#creditFill(cloid, item.oid, item.filledLots, nowNs);
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

  /** The position takes at once what an acknowledgement says was filled: its fills may come seconds later (incident I-28). */
  #creditFill(cloid: number, oid: number, filledLots: number, nowNs: number): void {
    const order = this.#state.orders.find(oid, cloid);
    if (order === null) return;
    const lots = this.#state.fills.credit(order, oid, filledLots);
    if (lots === 0) return;
    const { positionLots } = this.#state;
    this.#state.adjustPosition(order.side === BID ? positionLots + lots : positionLots - lots, nowNs);
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
    if (order !== null && !isLive(order.state)) accumulator.onOrderGone(order.side, nowNs);
  }

  #noteRefusal(cloid: number, error: string, nowNs: number): RefusalType {
    this.#metrics.add(METRIC.ordersRejected, 1);
    const type = this.#gate.refused(error, nowNs);
    const side = this.#sideOf(cloid);
    if (side === undefined) return type;
    if (countsAgainstSide(type)) this.#refused[side]++;
    this.#log({ type: 'order-rejected', atNs: nowNs, cloid, side, error });
    return type;
  }

  #sideOf(cloid: number): Side | undefined {
    return this.#state.orders.find(0, cloid)?.side;
  }

  // --------------------------------------------------------------------------------------- orders of unknown fate

  #askForAll(post: SentPost, because: string, nowNs: number): void {
    const { type } = post.action;
    for (let index = 0; index < post.cloids.length; index++) {
      const cloid = post.cloids[index];
      if (type === 'order') this.#ask('placed', cloid, 0, because, 0, nowNs);
      else if (type === 'batchModify') this.#ask('modified', post.newCloids[index], cloid, because, 0, nowNs);
      else this.#ask('cancelled', cloid, 0, because, 0, nowNs);
    }
  }

  #ask(
    about: StatusQuery['about'],
    cloid: number,
    oldCloid: number,
    because: string,
    tries: number,
    nowNs: number,
  ): void {
    if (tries >= MAX_STATUS_TRIES || !this.#isUnknown(about, cloid) || this.#executor.isAsked(cloid)) return;
    this.#log({ type: 'order-status-asked', atNs: nowNs, cloid, because });
    const restId = this.#rest.ask('orderStatus', { cloid });
    const { index: instrument } = this.#state;
    this.#executor.asked({ restId, instrument, cloid, about, oldCloid, askedNs: nowNs, tries });
  }

  /** Whether nothing has told in the meantime. */
  #isUnknown(about: StatusQuery['about'], cloid: number): boolean {
    const order = this.#state.orders.byCloid(cloid);
    if (order === null) return false;
    return about === 'cancelled' ? order.state === 'CancelPending' : order.oid === 0 && isLive(order.state);
  }

  /** The exchange tells of an order that it was asked about. */
  applyStatus(query: StatusQuery, { exchNs, body, nowNs }: RestReplyMessage): void {
    const { about, cloid, oldCloid, askedNs, tries } = query;
    if (body.request !== 'orderStatus' || exchNs < askedNs) {
      this.#ask(about, cloid, oldCloid, 'answer too old', tries + 1, nowNs);
      return;
    }
    const { order } = body;
    const status = order?.status ?? 'unknownOid';
    this.#log({ type: 'order-status', atNs: nowNs, cloid, oid: order?.oid ?? 0, status });
    if (!this.#isUnknown(about, cloid)) return;
    if (about === 'cancelled') this.#cancelTold(cloid, order, nowNs);
    else if (order !== null) this.#placementTold(about, cloid, oldCloid, order, nowNs);
    else {
      this.#state.orders.rejected(cloid, nowNs);
      // The modification was not carried out, or only in its first half.
      if (about === 'modified') this.#ask('cancelled', oldCloid, 0, 'modification refused', 0, nowNs);
    }
    this.#endOfReply(nowNs);
  }

  #placementTold(
    about: 'placed' | 'modified',
    cloid: number,
    oldCloid: number,
    order: OrderUpdate,
    nowNs: number,
  ): void {
    const { orders } = this.#state;
    const isRefused = endOfStatus(order.status) === 'rejected';
    if (!isRefused) {
      const item = { status: 'resting', oid: order.oid } as const;
      if (about === 'placed') this.#placed(cloid, item, nowNs);
      else this.#modified(oldCloid, cloid, item, nowNs);
    }
    orders.orderUpdate(order, nowNs);
    if (isRefused && about === 'modified') this.#ask('cancelled', oldCloid, 0, 'modification refused', 0, nowNs);
  }

  #cancelTold(cloid: number, order: OrderUpdate | null, nowNs: number): void {
    const { orders, accumulator } = this.#state;
    const tracked = orders.byCloid(cloid);
    if (order === null) orders.removeStale(cloid, nowNs);
    else if (endOfStatus(order.status) === 'open') orders.cancelFailed(cloid, 'still open', nowNs);
    else orders.orderUpdate(order, nowNs);
    if (tracked !== null && !isLive(tracked.state)) accumulator.onOrderGone(tracked.side, nowNs);
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
