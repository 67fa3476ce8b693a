/**
 * What each kind of message does to the state (playbook 4.3): market data, connections, an operator and the check of every second;
 * what concerns the account's own orders and fills is `account-handlers.ts`. No handler waits for anything, and none runs a quote cycle in the ordinary way: they tell the
 * event accumulator what happened, and the event loop asks it afterwards. The exceptions pull quotes, which cannot wait.
 */
import type { CycleStopReason } from '../evidence.ts';
import type { SupervisorAction } from '../infra/connection-supervisor.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import { rateLimitError, refusalType } from '../infra/rate-limit/error-type.ts';
import type { Feed, Side } from '../market.ts';
import type {
  AllMidsMessage,
  AssetContextMessage,
  BookMessage,
  ChannelErrorMessage,
  ConnectionMessage,
  OperatorMessage,
  SubscribedMessage,
  TradesMessage,
} from '../port.ts';
import type { InstrumentState } from '../state.ts';
import type { AccountHandlers } from './account-handlers.ts';
import type { Desk, HandlerParts } from './handler-parts.ts';

/** What the core subscribes on each connection: of each instrument, and once for all of them. */
export const MARKET_SUBSCRIPTIONS = ['l2Book', 'bbo', 'trades', 'activeAssetCtx'] as const satisfies readonly Feed[];
export const COMMON_SUBSCRIPTIONS = ['allMids'] as const satisfies readonly Feed[];
export const USER_SUBSCRIPTIONS = ['orderUpdates', 'userFills', 'userEvents'] as const satisfies readonly Feed[];

/** Reasons for pulled quotes that new data can end. */
const BACK_WITH_DATA: readonly CycleStopReason[] = ['DataQualityGate', 'RiskPulledQuotes', 'NoBook'];
/** The market that the others follow, where it is among those that are quoted (playbook 4.5, lead-lag). */
const LEADER = 'BTC';

export class Handlers {
  readonly #parts: HandlerParts;
  readonly #account: AccountHandlers;
  /** Number of the leading market; -1: there is none. */
  readonly #leader: number;

  constructor(parts: HandlerParts, account: AccountHandlers) {
    this.#parts = parts;
    this.#account = account;
    const { instruments } = parts.state;
    this.#leader = instruments.findIndex(({ instrument }) => instrument.symbol === LEADER);
  }

  /** The run begins. */
  start(nowNs: number): void {
    const { host, log, settings, state } = this.#parts;
    state.session.startNs = nowNs;
    for (const instrument of state.instruments) instrument.warmUp.start(nowNs);
    const { checkpointExposureNs, checkpointFills } = settings.stochastic.beliefs.fillIntensity;
    if (checkpointFills > 0)
      log({ type: 'checkpoint', atNs: nowNs, fills: checkpointFills, exposureNs: checkpointExposureNs });
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
    supervisor.onMarketData(feed, nowNs, message.instrument);
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
    state.accumulator.onMid(midTicks, nowNs);
    state.fillTracker.updatePriceAfter(midTicks, nowNs);
    if (state.volatility.onMid(midTicks, nowNs)) this.#takeSample(state, midTicks, nowNs);
  }

  /** What learns from the mid at the pace of the volatility's samples. */
  #takeSample(state: InstrumentState, midTicks: number, nowNs: number): void {
    const { accumulator, beliefs, kappa, market, quoteModel, regime, signals, volatility } = state;
    const { sigma } = volatility;
    regime.onRatio(volatility.shortOverLong, nowNs);
    kappa.onBook(market.book, midTicks);
    const units = 1 + beliefs.onMid(midTicks, sigma, nowNs);
    signals.onMid(midTicks, nowNs);
    this.#parts.host.charge('estimate', units + signals.integrate(quoteModel.halfSpreadBps, nowNs));
    accumulator.onSigma(sigma, nowNs);
    accumulator.onRegime(regime.index, nowNs);
    accumulator.onSignal(signals.expectedMoveBps, nowNs);
  }

  /** Pulls quotes at once where they may not stand any longer, and asks for new ones where they may again. */
  #guard(desk: Desk, nowNs: number): void {
    if (!desk.quoteEngine.mayPull) return;
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
    supervisor.onMarketData('trades', nowNs, message.instrument);
    // The first frame of a subscription repeats what was traded before it, and is not marked.
    const isBacklog = state.tradesBacklogNext;
    state.tradesBacklogNext = false;
    const midTicks = state.market.midTicks;
    if (!state.dataQuality.checkTrades(message, midTicks) || isBacklog) return;
    host.charge('trades', count);
    for (let row = first; row < first + count; row++) {
      if (trades.exchNs[row] < state.tradesSubscribedNs) continue;
      const aggressor = trades.aggressor[row] as Side;
      state.warmUp.onTrade();
      state.signals.onTrade(aggressor, trades.sizeLots[row], nowNs);
      state.queueWatch.onTrade(aggressor, trades.sizeLots[row], nowNs);
      if (midTicks > 0) state.kappa.onTrade(trades.priceTicks[row], midTicks);
    }
    state.accumulator.onTrade(nowNs);
  }

  allMids(message: AllMidsMessage): void {
    const { desks, host, supervisor } = this.#parts;
    const { midTicks, nowNs } = message;
    host.charge('decode', midTicks.length);
    supervisor.onMarketData('allMids', nowNs);
    // One message for all instruments: the first one's data quality follows the channel.
    if (!desks[0].state.dataQuality.checkMids(message) || !(midTicks[this.#leader] > 0)) return;
    for (const { state } of desks) {
      if (state.index !== this.#leader) state.signals.onLeader(midTicks[this.#leader], nowNs);
    }
  }

  assetContext(message: AssetContextMessage): void {
    const { desks, host, settings, supervisor } = this.#parts;
    const { context, nowNs } = message;
    const desk = desks[message.instrument];
    const { dataQuality, market, openInterest, signals } = desk.state;
    host.charge('decode', 1);
    supervisor.onMarketData('activeAssetCtx', nowNs);
    if (!dataQuality.checkContext(message)) return;
    openInterest.observe(context.openInterestLots, nowNs);
    desk.state.openInterestLots = context.openInterestLots;
    desk.state.fundingPerHour = context.fundingPerHour;
    signals.onContext(context, market.midTicks, nowNs);
    // The second half of the way to a severe drop: the first is how open interest always breathes.
    const share = openInterest.drop(nowNs) / settings.risk.cascade.severeDrop;
    signals.onCascade(Math.min(1, Math.max(0, 2 * share - 1)), nowNs);
    this.#guard(desk, nowNs);
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
    const { host, metrics } = this.#parts;
    const { session, instruments } = this.#parts.state;
    session.marketOpen = status === 'open';
    if (!session.marketOpen) return;
    session.marketOpens++;
    if (session.marketOpens > 1) metrics.add(METRIC.wsReconnections, 1);
    for (const state of instruments) {
      for (const feed of MARKET_SUBSCRIPTIONS) this.#subscribe(state, feed, nowNs);
    }
    for (const feed of COMMON_SUBSCRIPTIONS) {
      instruments[0].dataQuality.resetFeed(feed);
      host.send({ kind: 'subscribe', feed, instrument: 0 });
    }
  }

  #userConnection({ status, nowNs }: ConnectionMessage): void {
    const { checks, executor, host, metrics, recovery, state } = this.#parts;
    const { session } = state;
    session.userOpen = status === 'open';
    if (session.userOpen) {
      session.ready = false;
      session.userOpens++;
      if (session.userOpens > 1) metrics.add(METRIC.wsReconnections, 1);
      // These streams are the account's and hold all instruments.
      for (const feed of USER_SUBSCRIPTIONS) host.send({ kind: 'subscribe', feed, instrument: 0 });
      for (const instrument of state.instruments) instrument.rejections.reset();
      recovery.connectionOpened(nowNs);
      checks.askedByRecovery(nowNs);
    } else {
      // Without the socket posts go beside it, and fills are found by asking; without that way as well nothing goes.
      if (!executor.fallbackToRest) session.ready = false;
      recovery.connectionClosed();
      for (const post of executor.connectionClosed()) this.#account.timedOut(post, nowNs);
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
    const { initialBackoffNs } = this.#parts.settings.infra.supervisor.reconnection;
    if (nowNs - state.snapshotAskedNs < initialBackoffNs) return;
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
    const { feed, instrument, nowNs } = message;
    this.#parts.supervisor.onSubscribed(feed, nowNs, instrument);
  }

  /** An error frame names no request: what it answers times out by itself. Too much was asked, however, is news for all. */
  channelError({ connection, error, nowNs }: ChannelErrorMessage): void {
    const { log, metrics, state } = this.#parts;
    metrics.add(METRIC.channelErrors, 1);
    log({ type: 'channel-error', atNs: nowNs, connection, error });
    const limit = rateLimitError(refusalType(error));
    if (limit !== null) state.account.rateLimiter.refused(limit, nowNs);
  }

  #act(actions: readonly SupervisorAction[], nowNs: number): void {
    for (const action of actions) {
      if (action.do === 'reconnect') this.#parts.host.send({ kind: 'connect', connection: action.connection });
      else this.#resubscribe(this.#parts.state.instruments[action.instrument], action.feed, nowNs);
    }
  }

  // ------------------------------------------------------------------------------------------------- timers

  reconnect(nowNs: number): void {
    const { supervisor } = this.#parts;
    this.#act(supervisor.attemptsDue(nowNs), nowNs);
  }

  /** What is looked at once a second, whatever else happens. */
  check(nowNs: number): void {
    const { auditor, checks, desks, host, reconciliation, recovery, state, supervisor } = this.#parts;
    let openOrders = 0;
    for (const desk of desks) {
      desk.state.dataQuality.check(nowNs);
      openOrders += desk.state.orders.activeOrders().length;
    }
    this.#act(supervisor.check(nowNs, openOrders), nowNs);
    recovery.check(nowNs);
    // Before the first recovery there is nothing to compare.
    if (state.session.userOpens > 0) {
      host.charge('safety', openOrders);
      auditor.check(nowNs);
      reconciliation.check(nowNs);
      checks.askForLimits(nowNs);
    }
    for (const desk of desks) {
      checks.instrument(desk.state, nowNs);
      desk.quoteEngine.keepPulled(nowNs);
      if (desk.quoteEngine.wantsCycle(nowNs)) desk.quoteEngine.run(nowNs);
    }
    checks.updateGauges(nowNs);
  }

  /** Work that has no hurry, and would make messages wait: one fit of a model at a time (playbook 4.5). */
  idle(nowNs: number): void {
    const { desks, host } = this.#parts;
    for (const { state } of desks) {
      const { beliefs, signals } = state;
      if (beliefs.recalibrationDue) return host.charge('recalibrate', beliefs.recalibrate(nowNs));
      if (signals.recalibrationDue) return host.charge('mutual-information', signals.recalibrate(nowNs));
    }
  }

  // ----------------------------------------------------------------------------------------------- an operator

  operator({ action, nowNs }: OperatorMessage): void {
    const { auditor, editor, log, state } = this.#parts;
    const { killSwitch, profit } = state.account;
    let detail = '';
    if (action.type === 'reset-kill-switch') {
      detail = killSwitch.reasons.join(', ');
      if (killSwitch.reset(nowNs)) profit.rebase(nowNs);
      this.#account.askForQuotes(nowNs);
    } else if (action.type === 'run-safety-audit') {
      auditor.run('operator', nowNs);
    } else {
      const problem = editor.set(action.path, action.value);
      detail = problem === null ? `${action.path}=${action.value}` : `${action.path}: ${problem}`;
      this.#account.askForQuotes(nowNs);
    }
    log({ type: 'operator', atNs: nowNs, action: action.type, detail });
  }

  /** What follows all that may have changed the account, so that a reader never sees it late. Sums over the instruments. */
  accountTouched(): void {
    const { desks, metrics } = this.#parts;
    let positionLots = 0;
    let openOrders = 0;
    for (let index = 0; index < desks.length; index++) {
      positionLots += desks[index].state.positionLots;
      openOrders += desks[index].state.orders.activeOrders().length;
    }
    metrics.set(METRIC.positionLots, positionLots);
    metrics.set(METRIC.openOrders, openOrders);
  }
}
