/**
 * The parts that keep own orders and the position, put together as the handlers do, against a slow and obvious exchange: one list of
 * orders, one set of nonces, one list of fills. A test says what is lost, held back or doubled; the exchange itself never errs.
 */
import type { LogEntry, LogType } from '../../core/evidence.ts';
import { isLive } from '../../core/execution/order-lifecycle.ts';
import { METRIC } from '../../core/infra/metrics/fields.ts';
import { MetricsSummary } from '../../core/infra/metrics/summary.ts';
import { Metrics } from '../../core/infra/metrics/updates.ts';
import { type RefusalType, refusalType } from '../../core/infra/rate-limit/error-type.ts';
import { Reconciliation } from '../../core/infra/reconciliation.ts';
import { RestRequests } from '../../core/infra/rest-requests.ts';
import { RoundTripWatch } from '../../core/infra/round-trip-watch.ts';
import { SyncHealth } from '../../core/infra/sync-health.ts';
import { WsExecutor } from '../../core/infra/ws-executor.ts';
import { BID, type Side } from '../../core/market.ts';
import { OrderOps } from '../../core/orchestrator/order-ops.ts';
import { ReconcilePlan } from '../../core/orchestrator/reconcile-plan.ts';
import { Recovery } from '../../core/orchestrator/recovery.ts';
import { SendGate } from '../../core/orchestrator/send-gate.ts';
import { DEFAULT_PARTS } from '../../core/parts.ts';
import type {
  Action,
  Command,
  CoreHost,
  Fill,
  Inbound,
  OpenOrder,
  OrderUpdate,
  PlaceOrder,
  PostCommand,
  PostItem,
  RestBody,
  RestCommand,
} from '../../core/port.ts';
import { type AuditResult, SafetyAuditor } from '../../core/safety/auditor.ts';
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import { CoreState } from '../../core/state.ts';
import { BTC } from './script-host.ts';

const ONE_WAY_NS = 45 * NS_PER_MS;
/** Parts that keep state. */
const STATEFUL = [
  'metrics',
  'core',
  'executor',
  'rest',
  'syncHealth',
  'auditor',
  'reconciliation',
  'recovery',
] as const;

const TOO_MANY = 'Too many requests';
const NOT_THERE = 'Order was never placed, already canceled, or filled. asset=0';

/** Lets everything pass: how fast may be sent is not what is looked at here. */
class OpenGate extends SendGate {
  override mayCall(): boolean {
    return true;
  }
  override sent(): void {}
  override answered(): void {}
  override refused(error: string): RefusalType {
    return refusalType(error);
  }
}

interface Scheduled {
  readonly atNs: number;
  readonly order: number;
  readonly run: () => void;
}

/** What goes wrong with the next message of a kind, each time one of the list. */
export interface Losses {
  /** Posts on the websocket that never arrive, as `true`, or are refused; others go through. */
  posts: (boolean | 'refused')[];
  /** Replies on it that never come back, as `true`. */
  replies: boolean[];
  /** Items of order updates and fills: lost, or told twice. */
  updates: ('lost' | 'twice' | 'kept')[];
  fills: ('lost' | 'twice' | 'kept')[];
  /** Posts beside the websocket, and queries. */
  restPosts: ('lost' | 'unanswered' | 'refused' | 'kept')[];
  queries: ('lost' | 'refused' | 'kept')[];
  /** How much later than usual a message from the exchange comes, ns. */
  delayNs: number[];
}

export class OrderWorld implements CoreHost {
  nowNs = 0;
  readonly logs: LogEntry[] = [];
  readonly commands: Command[] = [];
  readonly losses: Losses = { posts: [], replies: [], updates: [], fills: [], restPosts: [], queries: [], delayNs: [] };
  /** REST pictures of orders and positions are so much older than their replies would let one think. */
  pictureLagNs = 0;
  metrics: Metrics;
  core: CoreState;
  executor: WsExecutor;
  rest: RestRequests;
  syncHealth: SyncHealth;
  orderOps: OrderOps;
  auditor: SafetyAuditor;
  reconciliation: Reconciliation;
  recovery: Recovery;
  readonly audits: AuditResult[] = [];
  /** By request id: how each ended. */
  readonly outcomes = new Map<number, ('reply' | 'timeout' | 'late')[]>();

  // The exchange.
  readonly open = new Map<number, OpenOrder>();
  readonly acceptedCloids: number[] = [];
  readonly allFills: Fill[] = [];
  positionLots = 0;
  isOpen = true;
  readonly #nonces = new Set<number>();
  readonly #last = new Map<number, OrderUpdate>();
  readonly #history: { atNs: number; orders: OpenOrder[]; positionLots: number }[] = [];
  #lastOid = 1_000;
  #lastTid = 0;
  #epoch = 0;
  #queue: Scheduled[] = [];
  #scheduled = 0;

  readonly #fallbackToRest: boolean;

  constructor(fallbackToRest = true) {
    this.#fallbackToRest = fallbackToRest;
    const made = this.#make();
    this.metrics = made.metrics;
    this.core = made.core;
    this.executor = made.executor;
    this.rest = made.rest;
    this.syncHealth = made.syncHealth;
    this.orderOps = made.orderOps;
    this.auditor = made.auditor;
    this.reconciliation = made.reconciliation;
    this.recovery = made.recovery;
    this.core.session.userOpen = true;
    this.core.session.ready = true;
    this.#remember();
    this.#everySecond();
  }

  #make() {
    const settings = structuredClone(DEFAULT_SETTINGS);
    settings.infra.wsPost.fallbackToRest = this.#fallbackToRest;
    const log = (entry: LogEntry) => {
      this.logs.push(entry);
    };
    const metrics = new Metrics();
    const core = new CoreState([BTC], settings, DEFAULT_PARTS, () => this.draw(), log);
    const { session, instruments } = core;
    const { infra, orchestrator, safety } = settings;
    const syncHealth = new SyncHealth(infra.syncHealth, log);
    const executor = new WsExecutor(infra.wsPost);
    const rest = new RestRequests(this);
    const orderOps = new OrderOps(
      this,
      session,
      instruments[0],
      executor,
      rest,
      new OpenGate(core.account, () => {}),
      metrics,
      new MetricsSummary(metrics),
      new RoundTripWatch(log),
      log,
    );
    const targets = [{ state: instruments[0], orderOps }];
    const auditor = new SafetyAuditor(safety.auditor, targets, rest, () => null, syncHealth, metrics, log);
    const reconciliation = new Reconciliation(infra.reconciliation, instruments, rest, metrics, log);
    const recovery = new Recovery(
      orchestrator.recovery,
      infra.wsPost.timeoutNs,
      rest,
      session,
      targets,
      reconciliation,
      syncHealth,
      metrics,
      log,
    );
    return { metrics, core, executor, rest, syncHealth, orderOps, auditor, reconciliation, recovery };
  }

  /** The core goes on as another one, restored from what it was. */
  restoreAnew(): void {
    const made = this.#make();
    for (const part of STATEFUL) made[part].restore(structuredClone(this[part].snapshot()));
    Object.assign(this, made);
  }

  get state() {
    return this.core.instruments[0];
  }

  // --------------------------------------------------------------------------------------------------- time

  /** Lets time pass. */
  run(ns: number): void {
    const untilNs = this.nowNs + ns;
    for (;;) {
      const dueNs = this.executor.nextTimeoutNs;
      let next: Scheduled | null = null;
      for (const entry of this.#queue) {
        if (next === null || entry.atNs < next.atNs || (entry.atNs === next.atNs && entry.order < next.order))
          next = entry;
      }
      const nextNs = Math.min(dueNs, next?.atNs ?? Infinity);
      if (nextNs > untilNs) break;
      this.nowNs = Math.max(this.nowNs, nextNs);
      if (next !== null && next.atNs <= dueNs) {
        this.#queue.splice(this.#queue.indexOf(next), 1);
        next.run();
      } else {
        for (const post of this.executor.expire(this.nowNs)) this.#timedOut(post);
      }
    }
    this.nowNs = untilNs;
  }

  #after(delayNs: number, run: () => void): void {
    this.#queue.push({ atNs: this.nowNs + delayNs, order: this.#scheduled++, run });
  }

  #everySecond(): void {
    this.#after(NS_PER_S, () => {
      this.auditor.check(this.nowNs);
      this.reconciliation.check(this.nowNs);
      this.recovery.check(this.nowNs);
      this.#everySecond();
    });
  }

  // ------------------------------------------------------------------------------------------------ the core's side

  charge(): void {}
  chargedNs(): number {
    return 0;
  }
  queuedNs(): number {
    return 0;
  }
  arenaTakenBytes(): number {
    return 0;
  }
  draw(): number {
    return 0;
  }
  log(entry: LogEntry): void {
    this.logs.push(entry);
  }

  logged<T extends LogType>(type: T): Extract<LogEntry, { type: T }>[] {
    return this.logs.filter((entry): entry is Extract<LogEntry, { type: T }> => entry.type === type);
  }

  /** Places orders of 10 lots, one for each side given, in one batch. */
  place(...sides: Side[]): void {
    const plan = new ReconcilePlan();
    for (const side of sides) plan.place(side, side === BID ? 9_000 : 11_000, 10);
    this.orderOps.send(plan, false, this.nowNs);
  }

  /** Moves the `index`-th order that can be moved. */
  modify(index: number): void {
    const movable = this.state.orders.activeOrders().filter(({ state }) => state === 'Resting');
    if (movable.length === 0) return;
    const plan = new ReconcilePlan();
    const order = movable[index % movable.length];
    plan.modify(order, order.priceTicks + 1, 10);
    this.orderOps.send(plan, false, this.nowNs);
  }

  /** Cancels the `index`-th live order. */
  cancel(index: number): void {
    const live = this.state.orders.activeOrders().filter(({ state }) => state !== 'CancelPending');
    if (live.length > 0) this.orderOps.cancel([live[index % live.length]], this.nowNs);
  }

  send(command: Command): void {
    this.commands.push(command);
    if (command.kind === 'post') this.#post(command);
    else if (command.kind === 'rest') this.#rest(command);
  }

  #timedOut(post: Parameters<OrderOps['timedOut']>[0]): void {
    this.#outcome(post.id, 'timeout');
    this.orderOps.timedOut(post, this.nowNs);
  }

  #outcome(id: number, outcome: 'reply' | 'timeout' | 'late'): void {
    this.outcomes.set(id, [...(this.outcomes.get(id) ?? []), outcome]);
  }

  #applyFill(fill: Fill): void {
    const { state } = this;
    const before = state.positionLots;
    const outcome = state.fills.consume(fill, this.nowNs);
    if (outcome.kind === 'duplicate') return;
    const signed = (lots: number) => (fill.side === BID ? lots : -lots);
    const creditedLots = outcome.kind === 'applied' ? outcome.creditedLots : 0;
    if (fill.exchNs <= state.positionAsOfNs) state.adjustPosition(before, this.nowNs);
    else if (creditedLots > 0) state.adjustPosition(state.positionLots - signed(creditedLots), this.nowNs);
    if (outcome.kind === 'orphan') this.reconciliation.request('UnmatchedFill', this.nowNs);
    this.reconciliation.onFill(fill, before, 1_000, this.nowNs);
  }

  #receive(message: Inbound): void {
    const { nowNs } = this;
    if (message.kind === 'post-reply') {
      const inFlight = this.executor.takeInFlight(message.id);
      const post = inFlight ?? this.executor.takeLate(message.id);
      if (post === null) return;
      this.#outcome(post.id, inFlight === null ? 'late' : 'reply');
      this.orderOps.applyReply(post, message);
    } else if (message.kind === 'rest-reply') {
      const query = this.executor.takeQuery(message.id);
      if (query !== null) return this.orderOps.applyStatus(query, message);
      const audit = this.auditor.reply(message);
      if (audit !== null) {
        this.audits.push(audit);
        if (!audit.isSynced) this.recovery.request(nowNs);
        return;
      }
      const applyFill = (fill: Fill) => this.#applyFill(fill);
      if (!this.reconciliation.reply(message, applyFill)) this.recovery.reply(message, applyFill);
    } else if (message.kind === 'order-updates') {
      for (const update of message.updates) {
        const order = this.state.orders.orderUpdate(update, nowNs);
        const isUnknown = order === null || !isLive(order.state);
        if (update.status === 'open' && isUnknown) this.auditor.sawUnknown(update.oid, update.cloid, order, nowNs);
      }
    } else if (message.kind === 'fills') {
      for (const fill of message.fills) this.#applyFill(fill);
    }
  }

  closeSocket(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#epoch++;
    this.core.session.userOpen = false;
    this.recovery.connectionClosed();
    for (const post of this.executor.connectionClosed()) this.#timedOut(post);
  }

  openSocket(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.core.session.userOpen = true;
    this.recovery.connectionOpened(this.nowNs);
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    for (const list of Object.values(this.losses)) list.length = 0;
    this.pictureLagNs = 0;
    this.openSocket();
  }

  // -------------------------------------------------------------------------------------------------- the exchange

  #backNs(): number {
    return ONE_WAY_NS + (this.losses.delayNs.shift() ?? 0);
  }

  #post({ via, id, nonce, action }: PostCommand): void {
    const isOnSocket = via === 'websocket';
    const epoch = this.#epoch;
    if (isOnSocket && !this.isOpen) return;
    const onSocket = this.losses.posts;
    const how = isOnSocket ? (onSocket.shift() ?? false) : (this.losses.restPosts.shift() ?? 'kept');
    if (how === 'lost' || how === true) return;
    this.#after(ONE_WAY_NS, () => {
      if (isOnSocket && epoch !== this.#epoch) return;
      const [error, items] = how === 'refused' ? [TOO_MANY, []] : this.#runOnce(nonce, action);
      if (how === 'unanswered' || (isOnSocket && this.losses.replies.shift())) return;
      this.#after(isOnSocket ? this.#backNs() : ONE_WAY_NS, () => {
        if (isOnSocket && epoch !== this.#epoch) return;
        this.#receive({ kind: 'post-reply', nowNs: this.nowNs, id, error, items });
      });
    });
  }

  /** What an action is answered. Its nonce counts once. */
  #runOnce(nonce: number, action: Action): [error: string | null, items: PostItem[]] {
    if (this.#nonces.has(nonce)) return [`Invalid nonce: duplicate nonce ${nonce}`, []];
    this.#nonces.add(nonce);
    return [null, this.#execute(action)];
  }

  #execute(action: Action): PostItem[] {
    if (action.type === 'order') return action.orders.map(order => this.#accept(order));
    if (action.type === 'cancel') return action.cancels.map(({ oid }) => this.#remove(oid));
    if (action.type === 'cancelByCloid') {
      return action.cancels.map(({ cloid }) =>
        this.#remove([...this.open.values()].find(open => open.cloid === cloid)?.oid ?? 0),
      );
    }
    if (action.type !== 'batchModify') throw new Error(action.type);
    return action.modifies.map(({ oid, order }) => {
      if (!this.open.has(oid)) return { status: 'error', error: 'Cannot modify canceled or filled order. asset=0' };
      this.#remove(oid);
      return this.#accept(order);
    });
  }

  #accept({ cloid, instrument, side, priceTicks, sizeLots }: PlaceOrder): PostItem {
    const oid = ++this.#lastOid;
    this.acceptedCloids.push(cloid);
    const open = {
      oid,
      cloid,
      instrument,
      side,
      limitTicks: priceTicks,
      remainingLots: sizeLots,
      originalLots: sizeLots,
    };
    this.open.set(oid, open);
    this.#tell(open, 'open');
    return { status: 'resting', oid };
  }

  #remove(oid: number): PostItem {
    const order = this.open.get(oid);
    if (order === undefined) return { status: 'error', error: NOT_THERE };
    this.open.delete(oid);
    this.#tell(order, 'canceled');
    return { status: 'success' };
  }

  /** The exchange takes the order off the book; nobody asked for it. */
  endByExchange(index: number): void {
    const orders = [...this.open.values()];
    if (orders.length === 0) return;
    const order = orders[index % orders.length];
    this.open.delete(order.oid);
    this.#tell(order, 'marginCanceled');
  }

  #tell(order: OpenOrder, status: string): void {
    const update: OrderUpdate = { ...order, status, statusNs: this.nowNs };
    this.#last.set(order.cloid, update);
    this.#remember();
    const message = (): Inbound => ({ kind: 'order-updates', nowNs: this.nowNs, updates: [update] });
    this.#push(message, this.losses.updates.shift() ?? 'kept');
  }

  #push(message: () => Inbound, how: 'lost' | 'twice' | 'kept'): void {
    if (how === 'lost' || !this.isOpen) return;
    const epoch = this.#epoch;
    for (let time = 0; time < (how === 'twice' ? 2 : 1); time++) {
      this.#after(this.#backNs(), () => {
        if (epoch === this.#epoch) this.#receive(message());
      });
    }
  }

  /** Somebody takes so many lots of the `index`-th order at the exchange. */
  fill(index: number, lots: number): void {
    const orders = [...this.open.values()];
    if (orders.length === 0) return;
    const order = orders[index % orders.length];
    const sizeLots = Math.min(lots, order.remainingLots);
    const fill: Fill = {
      tid: ++this.#lastTid,
      oid: order.oid,
      cloid: order.cloid,
      instrument: 0,
      side: order.side,
      priceTicks: order.limitTicks,
      sizeLots,
      exchNs: this.nowNs,
      startPositionLots: this.positionLots,
      crossed: false,
      feeUsd: 0,
    };
    this.allFills.push(fill);
    this.positionLots += order.side === BID ? sizeLots : -sizeLots;
    const after = { ...order, remainingLots: order.remainingLots - sizeLots };
    if (after.remainingLots > 0) this.open.set(order.oid, after);
    else this.open.delete(order.oid);
    this.#remember();
    const message = (): Inbound => ({ kind: 'fills', nowNs: this.nowNs, isSnapshot: false, fills: [fill] });
    this.#push(message, this.losses.fills.shift() ?? 'kept');
    if (after.remainingLots === 0) this.#tell(after, 'filled');
    else this.#last.set(order.cloid, { ...after, status: 'open', statusNs: this.nowNs });
  }

  /** Tells of a fill now, in the stream. */
  tellFill(fill: Fill): void {
    this.#push(() => ({ kind: 'fills', nowNs: this.nowNs, isSnapshot: false, fills: [fill] }), 'kept');
  }

  /** A fill of an order that nobody here knows, and that the exchange's position does not hold. */
  foreignFill(): Fill {
    const order = { oid: 1, cloid: 0, instrument: 0, priceTicks: 9_000 };
    const match = { tid: 900, sizeLots: 3, exchNs: this.nowNs, startPositionLots: 0, crossed: false, feeUsd: 0 };
    return { ...order, side: BID, ...match };
  }

  /** An order of the account that nobody here sent. */
  placeForeign(): number {
    const oid = ++this.#lastOid;
    const lots = { remainingLots: 5, originalLots: 5 };
    const order: OpenOrder = { oid, cloid: 0, instrument: 0, side: BID, limitTicks: 8_000, ...lots };
    this.open.set(oid, order);
    this.#tell(order, 'open');
    return oid;
  }

  #remember(): void {
    const orders = [...this.open.values()].map(order => ({ ...order }));
    this.#history.push({ atNs: this.nowNs, orders, positionLots: this.positionLots });
  }

  #rest(command: RestCommand): void {
    const how = this.losses.queries.shift() ?? 'kept';
    if (how === 'lost') return;
    this.#after(ONE_WAY_NS, () => {
      const exchNs = Math.max(0, this.nowNs - this.pictureLagNs);
      const refusal = { request: 'failed', httpStatus: 429, text: TOO_MANY } as const;
      const body = how === 'refused' ? refusal : this.#answer(command, exchNs);
      this.#after(ONE_WAY_NS, () => {
        this.#receive({ kind: 'rest-reply', nowNs: this.nowNs, id: command.id, exchNs, body });
      });
    });
  }

  #answer({ request, cloid = 0, fromNs = 0 }: RestCommand, exchNs: number): RestBody {
    const then = this.#history.filter(({ atNs }) => atNs <= exchNs).at(-1) ?? this.#history[0];
    if (request === 'openOrders') return { request, orders: then.orders };
    if (request === 'orderStatus') return { request, order: this.#last.get(cloid) ?? null };
    if (request === 'userFillsByTime') {
      return { request, fills: this.allFills.filter(fill => fill.exchNs >= fromNs && fill.exchNs <= exchNs) };
    }
    if (request !== 'clearinghouseState') return { request: 'failed', httpStatus: 422, text: request };
    const position = { instrument: 0, positionLots: then.positionLots, entryTicks: 0, leverage: 1, isCross: true };
    return {
      request,
      positions: [{ ...position, marginUsedUsd: 0, unrealizedUsd: 0, liquidationTicks: null }],
      account: { valueUsd: 1_000, marginUsedUsd: 0, withdrawableUsd: 1_000 },
    };
  }

  // ------------------------------------------------------------------------------------------------------ judging

  /** Everything that is told of an order: how many of its lots were filled. */
  filledLots(oid: number): number {
    return this.allFills.filter(fill => fill.oid === oid).reduce((sum, fill) => sum + fill.sizeLots, 0);
  }

  /** Counter or gauge by its key. */
  metric(key: keyof typeof METRIC): number {
    return this.metrics.values[METRIC[key]];
  }
}
