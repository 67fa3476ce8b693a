/**
 * What each kind of message does to the state (playbook 4.3): books and trades, connections, own orders and fills, replies and
 * the check of every second. No handler waits for anything, and none runs a quote cycle in the ordinary way: they tell the
 * event accumulator what happened, and the event loop asks it afterwards. The exceptions pull quotes, which cannot wait.
 */
import type { CycleStopReason, LogEntry } from '../evidence.ts';
import { isLive, type TrackedOrder } from '../execution/order-lifecycle.ts';
import type { ConnectionSupervisor, SupervisorAction } from '../infra/connection-supervisor.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { SentPost, WsExecutor } from '../infra/ws-executor.ts';
import type { Feed } from '../market.ts';
import type {
  BookMessage,
  ConnectionMessage,
  CoreHost,
  Fill,
  FillsMessage,
  OrderUpdatesMessage,
  PostReplyMessage,
  RestReplyMessage,
  SubscribedMessage,
  TradesMessage,
} from '../port.ts';
import { NS_PER_MS } from '../scale.ts';
import type { CoreState, InstrumentState } from '../state.ts';
import type { OrderOps } from './order-ops.ts';
import type { QuoteEngine } from './quote-engine.ts';
import type { Recovery } from './recovery.ts';

/** What the core subscribes on each connection. */
export const MARKET_SUBSCRIPTIONS = ['l2Book', 'bbo', 'trades'] as const satisfies readonly Feed[];
export const USER_SUBSCRIPTIONS = ['orderUpdates', 'userFills'] as const satisfies readonly Feed[];

/** Reasons for pulled quotes that new data can end. */
const BACK_WITH_DATA: readonly CycleStopReason[] = ['DataQualityGate', 'RiskPulledQuotes', 'NoBook'];

/** One instrument with the parts that act on it. */
export interface Desk {
  readonly state: InstrumentState;
  readonly orderOps: OrderOps;
  readonly quoteEngine: QuoteEngine;
}

/** What the handlers work with. */
export interface HandlerParts {
  readonly host: CoreHost;
  readonly log: (entry: LogEntry) => void;
  readonly state: CoreState;
  readonly desks: readonly Desk[];
  readonly supervisor: ConnectionSupervisor;
  readonly executor: WsExecutor;
  readonly recovery: Recovery;
  readonly metrics: Metrics;
  /** Shortest time between two requests for a snapshot. */
  readonly snapshotIntervalNs: number;
}

export class Handlers {
  readonly #parts: HandlerParts;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
  }

  /** The run begins. */
  start(nowNs: number): void {
    const { host, state } = this.#parts;
    state.session.startNs = nowNs;
    for (const instrument of state.instruments) instrument.warmUp.start(nowNs);
    host.send({ kind: 'connect', connection: 'market' });
    host.send({ kind: 'connect', connection: 'user' });
  }

  // --------------------------------------------------------------------------------------------- market data

  book(message: BookMessage): void {
    const { host, desks, supervisor } = this.#parts;
    const { nowNs, feed, count } = message;
    const desk = desks[message.instrument];
    const { market, dataQuality, warmUp } = desk.state;
    host.charge('decode', count);
    host.charge('data-quality', 1);
    supervisor.onMarketData(feed, nowNs);
    const midBefore = market.midTicks;
    if (!dataQuality.checkBook(message, midBefore)) {
      // The feed that was refused may be another one than the feed that is out of step.
      const { feedOutOfStep } = dataQuality;
      if (feedOutOfStep !== null) this.#askForSnapshot(desk.state, feedOutOfStep, nowNs);
      this.#guard(desk, nowNs);
      return;
    }
    if (!market.apply(message)) return;
    host.charge('book', count);
    const { bestBidTicks, bestAskTicks } = market.book;
    dataQuality.bookApplied(feed, nowNs, bestBidTicks, bestAskTicks);
    warmUp.onBookUpdate();
    const midTicks = market.midTicks;
    const isCrossed = midTicks > 0 && bestBidTicks >= bestAskTicks;
    // A crossed book says nothing of the price.
    if (midTicks > 0 && !isCrossed) this.#takeMid(desk.state, midTicks, nowNs);
    if (midTicks !== midBefore || isCrossed || desk.state.pulledFor !== null) this.#guard(desk, nowNs);
  }

  #takeMid(state: InstrumentState, midTicks: number, nowNs: number): void {
    const { volatility, regime, kappa, accumulator, market } = state;
    accumulator.onMid(midTicks, nowNs);
    if (!volatility.onMid(midTicks, nowNs)) return;
    this.#parts.host.charge('estimate', 1);
    regime.onRatio(volatility.shortOverLong, nowNs);
    kappa.onBook(market.book, midTicks);
  }

  /** Pulls quotes at once where they may not stand any longer, and asks for new ones where they may again. */
  #guard(desk: Desk, nowNs: number): void {
    if (!this.#parts.state.session.ready) return;
    const { pulledFor } = desk.state;
    const mustPull = desk.quoteEngine.mustPull(nowNs);
    if (mustPull && pulledFor === null) desk.quoteEngine.run(nowNs);
    else if (!mustPull && pulledFor !== null && BACK_WITH_DATA.includes(pulledFor)) {
      desk.state.accumulator.onFeedRestored(nowNs);
    }
  }

  trades(message: TradesMessage): void {
    const { host, desks, supervisor } = this.#parts;
    const { nowNs, trades, first, count } = message;
    const { state } = desks[message.instrument];
    host.charge('decode', count);
    host.charge('data-quality', 1);
    supervisor.onMarketData('trades', nowNs);
    // The first frame of a subscription repeats what was traded before it, and is not marked.
    const isBacklog = state.tradesBacklogNext;
    state.tradesBacklogNext = false;
    const midTicks = state.market.midTicks;
    if (!state.dataQuality.checkTrades(message, midTicks) || isBacklog) return;
    host.charge('trades', count);
    for (let row = first; row < first + count; row++) {
      if (trades.exchNs[row] < state.tradesSubscribedNs) continue;
      state.warmUp.onTrade();
      if (midTicks > 0) state.kappa.onTrade(trades.priceTicks[row], midTicks);
    }
    state.accumulator.onTrade(nowNs);
  }

  // --------------------------------------------------------------------------------------------- connections

  connection(message: ConnectionMessage): void {
    const { supervisor } = this.#parts;
    supervisor.onConnection(message.connection, message.status, message.nowNs);
    if (message.connection === 'market') this.#marketConnection(message);
    else this.#userConnection(message);
    // The first attempt after a loss goes out at once.
    if (message.status !== 'open') this.#act(supervisor.attemptsDue(message.nowNs), message.nowNs);
  }

  #marketConnection({ status, nowNs }: ConnectionMessage): void {
    const { session, instruments } = this.#parts.state;
    session.marketOpen = status === 'open';
    if (!session.marketOpen) return;
    session.marketOpens++;
    if (session.marketOpens > 1) this.#parts.metrics.add(METRIC.wsReconnections, 1);
    for (const state of instruments) {
      for (const feed of MARKET_SUBSCRIPTIONS) this.#subscribe(state, feed, nowNs);
    }
  }

  #userConnection({ status, nowNs }: ConnectionMessage): void {
    const { executor, host, metrics, recovery, state } = this.#parts;
    const { session } = state;
    session.userOpen = status === 'open';
    session.ready = false;
    if (session.userOpen) {
      session.userOpens++;
      if (session.userOpens > 1) metrics.add(METRIC.wsReconnections, 1);
      // These streams are the account's and hold all instruments.
      for (const feed of USER_SUBSCRIPTIONS) host.send({ kind: 'subscribe', feed, instrument: 0 });
      for (const instrument of state.instruments) instrument.rejections.reset();
      recovery.connectionOpened(nowNs);
    } else {
      recovery.connectionClosed();
      for (const post of executor.connectionClosed()) this.#timedOut(post, nowNs);
    }
  }

  #subscribe(state: InstrumentState, feed: Feed, nowNs: number): void {
    state.dataQuality.resetFeed(feed);
    if (feed === 'trades') {
      state.tradesBacklogNext = true;
      state.tradesSubscribedNs = nowNs;
    }
    this.#parts.host.send({ kind: 'subscribe', feed, instrument: state.index });
  }

  /** Deltas have lost their base: only a new subscription brings a snapshot. Not more often than a reconnect is tried. */
  #askForSnapshot(state: InstrumentState, feed: Feed, nowNs: number): void {
    if (nowNs - state.snapshotAskedNs < this.#parts.snapshotIntervalNs) return;
    state.snapshotAskedNs = nowNs;
    this.#resubscribe(state, feed, nowNs);
  }

  #resubscribe(state: InstrumentState, feed: Feed, nowNs: number): void {
    this.#parts.metrics.add(METRIC.resubscriptions, 1);
    // The exchange refuses a second subscription beside the first (hyperliquid, section 1.2).
    this.#parts.host.send({ kind: 'unsubscribe', feed, instrument: state.index });
    this.#subscribe(state, feed, nowNs);
  }

  subscribed(message: SubscribedMessage): void {
    this.#parts.supervisor.onSubscribed(message.feed, message.nowNs);
  }

  #act(actions: readonly SupervisorAction[], nowNs: number): void {
    for (const action of actions) {
      if (action.do === 'reconnect') this.#parts.host.send({ kind: 'connect', connection: action.connection });
      else for (const state of this.#parts.state.instruments) this.#resubscribe(state, action.feed, nowNs);
    }
  }

  // --------------------------------------------------------------------------------------- own orders and fills

  orderUpdates(message: OrderUpdatesMessage): void {
    const { host, desks, recovery, supervisor } = this.#parts;
    const { nowNs, updates } = message;
    host.charge('user-event', updates.length);
    supervisor.onUserEvent(nowNs);
    for (const update of updates) {
      const { state } = desks[update.instrument];
      const known = state.orders.find(update.oid, update.cloid);
      const wasLive = known !== null && isLive(known.state);
      const order = state.orders.orderUpdate(update, nowNs);
      // An order that is not ours, or that was given up, rests under our name: the exchange has to tell.
      if (update.status === 'open' && (order === null || !isLive(order.state))) recovery.request(nowNs);
      // A refusal is no news: at the same moment the same order would be refused again.
      const isGone = order !== null && wasLive && !isLive(order.state) && order.state !== 'Rejected';
      if (isGone && !isReplaced(state, order)) state.accumulator.onOrderGone(nowNs);
    }
  }

  fills(message: FillsMessage): void {
    const { host, desks, state, supervisor } = this.#parts;
    const { nowNs, fills } = message;
    host.charge('user-event', fills.length);
    supervisor.onUserEvent(nowNs);
    for (const fill of fills) {
      // A snapshot goes back to before this run; the position that recovery finds at the start holds those fills.
      if (fill.exchNs >= state.session.startNs) this.#fill(desks[fill.instrument], fill, nowNs);
    }
  }

  #fill({ state }: Desk, fill: Fill, nowNs: number): void {
    const { metrics } = this.#parts;
    const positionBefore = state.positionLots;
    const outcome = state.fills.consume(fill, nowNs);
    if (outcome.kind === 'duplicate') {
      metrics.add(METRIC.duplicateFills, 1);
      return;
    }
    metrics.add(METRIC.fills, 1);
    if (outcome.kind === 'orphan') metrics.add(METRIC.orphanFills, 1);
    // What the exchange said of the position was later than this fill, and held it.
    if (fill.exchNs <= state.positionAsOfNs && state.adjustPosition(positionBefore, nowNs)) {
      metrics.add(METRIC.positionAdjustments, 1);
    }
    const isFull = outcome.kind === 'orphan' || outcome.full;
    if (outcome.kind === 'applied' && outcome.full) metrics.add(METRIC.ordersFilled, 1);
    state.accumulator.onFill(isFull, nowNs);
  }

  // ------------------------------------------------------------------------------------------------- replies

  postReply(message: PostReplyMessage): void {
    const { executor, host, desks, metrics } = this.#parts;
    host.charge('user-event', Math.max(1, message.items.length));
    let post = executor.takeInFlight(message.id);
    if (post === null) {
      post = executor.takeLate(message.id);
      if (post === null) return;
      metrics.add(METRIC.lateReplies, 1);
    }
    const desk = desks[post.instrument];
    desk.orderOps.applyReply(post, message);
    // A cancel that was refused is not repeated at once, which would be as often as it is answered, but by the next check.
    if (post.type === 'order' || post.type === 'batchModify') desk.quoteEngine.keepPulled(message.nowNs);
  }

  restReply(message: RestReplyMessage): void {
    const { host, recovery, state } = this.#parts;
    host.charge('user-event', 1);
    if (!recovery.reply(message) || !state.session.userOpen) return;
    state.session.ready = true;
    // Quotes may be sent again, or what was set right, a position or an order that is not there, calls for others.
    for (const instrument of state.instruments) instrument.accumulator.onFeedRestored(message.nowNs);
  }

  #timedOut(post: SentPost, nowNs: number): void {
    const { log, metrics, recovery } = this.#parts;
    metrics.add(METRIC.requestTimeouts, 1);
    log({ type: 'request-timeout', atNs: nowNs, id: post.id, ageNs: nowNs - post.sentNs });
    recovery.request(nowNs);
  }

  // ------------------------------------------------------------------------------------------------- timers

  postTimeout(nowNs: number): void {
    const { executor } = this.#parts;
    for (const post of executor.expire(nowNs)) this.#timedOut(post, nowNs);
  }

  reconnect(nowNs: number): void {
    const { supervisor } = this.#parts;
    this.#act(supervisor.attemptsDue(nowNs), nowNs);
  }

  /** What is looked at once a second, whatever else happens. */
  check(nowNs: number): void {
    const { desks, metrics, recovery, supervisor } = this.#parts;
    let openOrders = 0;
    let stuck = 0;
    for (const { state } of desks) {
      state.dataQuality.check(nowNs);
      const { stalePending, stuckCancels } = state.orders.sweep(nowNs);
      metrics.add(METRIC.stalePending, stalePending.length);
      stuck += stuckCancels.length;
      if (stalePending.length > 0 || stuckCancels.length > 0) recovery.request(nowNs);
      openOrders += state.orders.activeOrders().length;
    }
    metrics.set(METRIC.stuckCancels, stuck);
    this.#act(supervisor.check(nowNs, openOrders), nowNs);
    recovery.check(nowNs);
    for (const { state, quoteEngine } of desks) {
      if (state.rejections.takeEnded(nowNs)) state.accumulator.onFeedRestored(nowNs);
      quoteEngine.keepPulled(nowNs);
      if (quoteEngine.wantsCycle(nowNs)) quoteEngine.run(nowNs);
    }
    this.#updateGauges(nowNs);
  }

  #updateGauges(nowNs: number): void {
    const { desks, metrics, supervisor } = this.#parts;
    const stats = supervisor.stats(nowNs);
    metrics.set(METRIC.supervisorStaleCount, stats.consecutiveStaleCount);
    metrics.set(METRIC.supervisorReconnectSignals, stats.reconnectSignals);
    const { state } = desks[0];
    const ageNs = state.dataQuality.bookAgeNs(nowNs);
    metrics.set(METRIC.lastBookAgeMs, ageNs === Infinity ? -1 : ageNs / NS_PER_MS);
    metrics.set(METRIC.kappaRaw, state.kappa.raw);
    metrics.set(METRIC.kappaEffective, state.kappa.effective);
    metrics.set(METRIC.sigma, state.volatility.sigma);
    metrics.set(METRIC.regime, state.regime.index);
    metrics.set(METRIC.warmUpState, state.warmUp.index);
  }

  /** What follows all that may have changed the account, so that a reader never sees it late. Of the first instrument. */
  accountTouched(): void {
    const { desks, metrics } = this.#parts;
    const { state } = desks[0];
    metrics.set(METRIC.positionLots, state.positionLots);
    metrics.set(METRIC.openOrders, state.orders.activeOrders().length);
  }
}

/** Whether a modification has another order take this one's place: then its end is no news. */
function isReplaced(state: InstrumentState, order: TrackedOrder): boolean {
  return state.orders.activeOrders(order.side).some(other => other.replacesCloid === order.cloid);
}
