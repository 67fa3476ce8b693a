/**
 * Recovery (playbook 3.4): sets the local account of orders and position right by the exchange's, after the user connection was
 * opened, and whenever the fate of a request is unknown.
 *
 * The exchange is the truth, as of the moment at which its picture was taken. What was learnt locally after that moment is newer
 * and stays: no order that was heard of since is removed, and no position that has taken a later fill is set (incident I-26).
 * Fills that come after the position was set, but were matched before, are held in it already and do not move it again.
 *
 * It runs then and at no other time: there is no comparison by the clock, so that a position that went wrong on an open
 * connection, with every request answered, stays wrong until the next reconnect or timeout.
 *
 * Orders that the exchange has and this core does not know are cancelled, all in one batch; those that are on their way are
 * known by their client id.
 */
import type { LogEntry } from '../evidence.ts';
import { isLive, type TrackedOrder } from '../execution/order-lifecycle.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { SyncHealth } from '../infra/sync-health.ts';
import type { CoreHost, OpenOrder, RestReplyMessage, RestRequest } from '../port.ts';
import type { InstrumentState, Session } from '../state.ts';
import type { OrderOps } from './order-ops.ts';

export interface RecoverySettings {
  /** Shortest time from one recovery to the next. */
  minIntervalNs: number;
  /** Without both replies after this long it has failed, and is begun anew. */
  replyTimeoutNs: number;
}

export const DEFAULT_RECOVERY: RecoverySettings = {
  // The reference system's reconciler.
  minIntervalNs: 2_000_000_000,
  // Ten times what a REST call may take when all is well (playbook 4.1 expects 500 ms and more).
  replyTimeoutNs: 5_000_000_000,
};

/** What one instrument's parts bring to a recovery. */
export interface RecoveryTarget {
  readonly state: InstrumentState;
  readonly orderOps: OrderOps;
}

interface OrdersReply {
  readonly exchNs: number;
  readonly orders: readonly OpenOrder[];
}

interface PositionsReply {
  readonly exchNs: number;
  readonly positions: readonly { readonly instrument: number; readonly positionLots: number }[];
}

/** What a comparison of one instrument's orders has found. */
interface FoundOrders {
  readonly localOrders: number;
  readonly exchangeOrders: number;
  /** Orders of the exchange that were not known here, taken over. */
  readonly orphans: readonly TrackedOrder[];
  /** Orphans, and orders whose cancel was not carried out. */
  readonly toCancel: readonly TrackedOrder[];
  readonly staleRemoved: number;
}

export class Recovery {
  readonly #settings: RecoverySettings;
  readonly #postTimeoutNs: number;
  readonly #host: CoreHost;
  readonly #session: Session;
  readonly #targets: readonly RecoveryTarget[];
  readonly #syncHealth: SyncHealth;
  readonly #metrics: Metrics;
  readonly #log: (entry: LogEntry) => void;

  #lastId = 0;
  /** Ids of the requests under way; 0 once answered, or where none is. */
  #ordersId = 0;
  #positionsId = 0;
  #orders: OrdersReply | null = null;
  #positions: PositionsReply | null = null;
  #isRunning = false;
  #isWanted = false;
  #begunNs = Number.NEGATIVE_INFINITY;

  /** `postTimeoutNs`: a cancel unanswered for longer may be repeated. */
  constructor(
    settings: RecoverySettings,
    postTimeoutNs: number,
    host: CoreHost,
    session: Session,
    targets: readonly RecoveryTarget[],
    syncHealth: SyncHealth,
    metrics: Metrics,
    log: (entry: LogEntry) => void,
  ) {
    this.#settings = settings;
    this.#postTimeoutNs = postTimeoutNs;
    this.#host = host;
    this.#session = session;
    this.#targets = targets;
    this.#syncHealth = syncHealth;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** The user connection has opened: nothing that was known of orders can be relied on. */
  connectionOpened(nowNs: number): void {
    this.#begin(nowNs);
  }

  /** The user connection is gone; recovery begins anew when it is back. */
  connectionClosed(): void {
    this.#isRunning = false;
    this.#isWanted = false;
    this.#ordersId = 0;
    this.#positionsId = 0;
  }

  /** The fate of something is unknown: look, as soon as the shortest interval allows. */
  request(nowNs: number): void {
    this.#isWanted = true;
    this.#beginIfDue(nowNs);
  }

  /** The check of every second. */
  check(nowNs: number): void {
    if (this.#isRunning && nowNs - this.#begunNs > this.#settings.replyTimeoutNs) {
      this.#isRunning = false;
      this.#isWanted = true;
      this.#syncHealth.record(false, 0, 0, 0, nowNs);
    }
    this.#beginIfDue(nowNs);
  }

  #beginIfDue(nowNs: number): void {
    if (!this.#isWanted || this.#isRunning || !this.#session.userOpen) return;
    if (nowNs - this.#begunNs >= this.#settings.minIntervalNs) this.#begin(nowNs);
  }

  #begin(nowNs: number): void {
    this.#isRunning = true;
    this.#isWanted = false;
    this.#begunNs = nowNs;
    this.#orders = null;
    this.#positions = null;
    this.#ordersId = this.#ask('openOrders');
    this.#positionsId = this.#ask('clearinghouseState');
  }

  #ask(request: RestRequest): number {
    this.#lastId++;
    this.#host.send({ kind: 'rest', id: this.#lastId, request });
    return this.#lastId;
  }

  /** Takes a reply; true where it was the last one and the local account is right now. */
  reply(message: RestReplyMessage): boolean {
    const { id, exchNs, body, nowNs } = message;
    if (id === this.#ordersId && body.request === 'openOrders') {
      this.#ordersId = 0;
      this.#orders = { exchNs, orders: body.orders.slice() };
    } else if (id === this.#positionsId && body.request === 'clearinghouseState') {
      this.#positionsId = 0;
      this.#positions = { exchNs, positions: body.positions.slice() };
    } else {
      return false;
    }
    if (this.#orders === null || this.#positions === null) return false;
    this.#finish(this.#orders, this.#positions, nowNs);
    return true;
  }

  #finish(orders: OrdersReply, positions: PositionsReply, nowNs: number): void {
    let localOrders = 0;
    let orphans = 0;
    for (const target of this.#targets) {
      const found = this.#recoverOrders(target, orders, nowNs);
      this.#recoverPosition(target, positions, found, nowNs);
      localOrders += found.localOrders;
      orphans += found.orphans.length;
      if (found.toCancel.length > 0) target.orderOps.cancel(found.toCancel, nowNs);
    }
    this.#isRunning = false;
    this.#metrics.add(METRIC.recoveries, 1);
    this.#syncHealth.record(true, localOrders, orders.orders.length, orphans, nowNs);
  }

  #recoverOrders(target: RecoveryTarget, reply: OrdersReply, nowNs: number): FoundOrders {
    const { orders, index } = target.state;
    const open = reply.orders.filter(order => order.instrument === index);
    const localOrders = orders.activeOrders().filter(order => order.state !== 'Placed').length;
    const orphans: TrackedOrder[] = [];
    const stuck: TrackedOrder[] = [];
    const seen = new Set<number>();
    for (const exchangeOrder of open) {
      const known = orders.find(exchangeOrder.oid, exchangeOrder.cloid);
      // Ended, as we learnt after the picture was taken.
      if (known !== null && !isLive(known.state) && known.lastChangeNs >= reply.exchNs) continue;
      if (known !== null && !isLive(known.state)) orders.removeStale(known.cloid, nowNs);
      const order = orders.adopt(exchangeOrder, nowNs);
      seen.add(order.cloid);
      if (known === null || order !== known) orphans.push(order);
      else if (this.#isUnanswered(order, reply.exchNs)) stuck.push(order);
    }
    const stale = orders
      .activeOrders()
      .filter(order => !seen.has(order.cloid) && this.#shouldBeSeen(order, reply.exchNs));
    for (const order of stale) orders.removeStale(order.cloid, nowNs);
    return {
      localOrders,
      exchangeOrders: open.length,
      orphans,
      toCancel: [...orphans, ...stuck],
      staleRemoved: stale.length,
    };
  }

  /** Whether the exchange would have it, were it alive: it was heard of before the picture, and nothing is under way. */
  #shouldBeSeen(order: TrackedOrder, exchNs: number): boolean {
    if (order.state === 'Placed' || order.lastChangeNs >= exchNs) return false;
    return order.state !== 'CancelPending' || this.#isUnanswered(order, exchNs);
  }

  /** A cancel that has had all the time it may take, and was still not carried out when the picture was taken. */
  #isUnanswered(order: TrackedOrder, exchNs: number): boolean {
    return order.state === 'CancelPending' && exchNs - order.cancelSentNs > this.#postTimeoutNs;
  }

  #recoverPosition(target: RecoveryTarget, reply: PositionsReply, found: FoundOrders, nowNs: number): void {
    const { state } = target;
    const localPositionLots = state.positionLots;
    const exchangePosition = reply.positions.find(position => position.instrument === state.index);
    const exchangePositionLots = exchangePosition?.positionLots ?? 0;
    if (state.newestFillNs > reply.exchNs) {
      // The picture is older than what is known here: another one has to tell.
      this.#isWanted = true;
    } else {
      state.positionAsOfNs = reply.exchNs;
      if (state.adjustPosition(exchangePositionLots, nowNs)) this.#metrics.add(METRIC.positionAdjustments, 1);
    }
    this.#log({
      type: 'recovery',
      atNs: nowNs,
      localPositionLots,
      exchangePositionLots,
      localOrders: found.localOrders,
      exchangeOrders: found.exchangeOrders,
      orphansCancelled: found.orphans.length,
      staleLocalRemoved: found.staleRemoved,
    });
  }

  snapshot(): unknown {
    return {
      lastId: this.#lastId,
      ordersId: this.#ordersId,
      positionsId: this.#positionsId,
      orders: this.#orders,
      positions: this.#positions,
      isRunning: this.#isRunning,
      isWanted: this.#isWanted,
      begunNs: this.#begunNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      lastId: number;
      ordersId: number;
      positionsId: number;
      orders: OrdersReply | null;
      positions: PositionsReply | null;
      isRunning: boolean;
      isWanted: boolean;
      begunNs: number;
    };
    this.#lastId = from.lastId;
    this.#ordersId = from.ordersId;
    this.#positionsId = from.positionsId;
    this.#orders = from.orders;
    this.#positions = from.positions;
    this.#isRunning = from.isRunning;
    this.#isWanted = from.isWanted;
    this.#begunNs = from.begunNs;
  }
}
