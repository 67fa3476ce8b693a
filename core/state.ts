/**
 * `CoreState`: all that the core knows, in one place (playbook 4.3): the session with the exchange, the account, and for each
 * instrument its book, estimators, models, risk, orders and position. Handlers write it, the quote engine reads it. There is one thread and
 * nothing waits, so there is nothing to lock.
 */
import { Account } from './account.ts';
import type { Kappa } from './estimator/kappa.ts';
import type { RegimeClassifier } from './estimator/regime.ts';
import type { Volatility } from './estimator/volatility.ts';
import type { WarmUp } from './estimator/warm-up.ts';
import type { CycleStopReason, LogEntry } from './evidence.ts';
import type { FillLearning } from './execution/fill-learning.ts';
import type { FillTracker } from './execution/fill-tracker.ts';
import type { OrderLifecycleTracker } from './execution/order-lifecycle.ts';
import { PlacementLog } from './execution/placement-log.ts';
import type { FillConsumer } from './fills/consumer.ts';
import type { FillDeduplicator } from './fills/dedup.ts';
import type { DataQuality } from './infra/data-quality.ts';
import { logOf } from './infra/instrument-log.ts';
import { MarketBook } from './infra/market-book.ts';
import type { RejectionRateLimiter } from './infra/rate-limit/rejection.ts';
import { BID, type Instrument } from './market.ts';
import type { EventAccumulator } from './orchestrator/event-accumulator.ts';
import { QueueWatch } from './orchestrator/queue-watch.ts';
import { SideWatch } from './orchestrator/side-watch.ts';
import type { CoreParts } from './parts.ts';
import type { Fill } from './port.ts';
import type { AggregatedRisk, RiskAggregator } from './risk/aggregator.ts';
import type { LadderSweepGuard } from './risk/ladder-sweep.ts';
import type { RiskChecker } from './risk/limits.ts';
import { newRiskInput, type RiskInput } from './risk/monitor.ts';
import { OpenInterestWindow } from './risk/open-interest.ts';
import { BPS } from './scale.ts';
import type { CoreSettings } from './settings.ts';
import type { MarketBeliefs } from './stochastic/beliefs.ts';
import { lotUsd } from './strategy/ladder.ts';
import type { QuoteModel } from './strategy/quote-model.ts';
import type { SignalIntegration } from './strategy/signal-integration.ts';

/** Where the core stands with the exchange. */
export class Session {
  startNs = 0;
  /** Time of the message at hand. */
  nowNs = 0;
  marketOpen = false;
  userOpen = false;
  /** Connections opened so far: the first is no reconnection. */
  marketOpens = 0;
  userOpens = 0;
  /** The user connection is open and recovery has run since it opened: orders may be sent. */
  ready = false;
  /** Client order id of the last order made. */
  lastCloid = 0;

  nextCloid(): number {
    this.lastCloid++;
    return this.lastCloid;
  }

  snapshot(): unknown {
    return { ...this };
  }

  restore(state: unknown): void {
    Object.assign(this, state);
  }
}

/** What the last full comparison of quotes and orders was made with. Later ones that look at less are measured by it. */
export interface QuotedLadder {
  halfSpreadBps: number;
  skewBps: number;
  midTicks: number;
  bids: number;
  asks: number;
}

/** All parts of one instrument. */
export class InstrumentState {
  readonly index: number;
  readonly instrument: Instrument;
  readonly account: Account;
  readonly market = new MarketBook();
  readonly dataQuality: DataQuality;
  readonly volatility: Volatility;
  readonly kappa: Kappa;
  readonly regime: RegimeClassifier;
  readonly warmUp: WarmUp;
  readonly beliefs: MarketBeliefs;
  readonly signals: SignalIntegration;
  readonly quoteModel: QuoteModel;
  readonly accumulator: EventAccumulator;
  readonly queueWatch: QueueWatch;
  readonly sideWatch: SideWatch;
  readonly risk: RiskAggregator;
  readonly limits: RiskChecker;
  readonly ladderSweep: LadderSweepGuard;
  readonly openInterest = new OpenInterestWindow();
  readonly orders: OrderLifecycleTracker;
  readonly fills: FillConsumer;
  readonly placements = new PlacementLog();
  readonly fillTracker: FillTracker;
  readonly fillLearning: FillLearning;
  readonly rejections: RejectionRateLimiter;
  readonly #dedup: FillDeduplicator;
  readonly #log: (entry: LogEntry) => void;
  readonly #riskInput: RiskInput;

  /** Signed: below zero is short. Moved by fills, and by what the exchange says of it. */
  positionLots = 0;
  /** What the exchange said of the position holds every fill up to this exchange time. */
  positionAsOfNs = Number.NEGATIVE_INFINITY;
  /** The next trades frame repeats old trades, and every trade before this time is old. */
  tradesBacklogNext = true;
  tradesSubscribedNs = 0;
  /** Of the last asset context: what longs pay shorts each hour, a share of the notional; and open interest, lots. */
  fundingPerHour = 0;
  openInterestLots = 0;
  /** Why all quotes are cancelled; null while they are not. */
  pulledFor: CycleStopReason | null = null;
  /** What risk asked of the quotes that stand. */
  quotedSpreadFactor = 1;
  /** What bounded the quotes that stand, as a number to compare with (`QuoteEngine`). */
  quotedConstraints = 0;
  readonly quoted: QuotedLadder = { halfSpreadBps: 0, skewBps: 0, midTicks: 0, bids: 0, asks: 0 };
  /** When a snapshot was last asked for. */
  snapshotAskedNs = Number.NEGATIVE_INFINITY;
  /** Why the last cycle stopped; null where it did not. */
  stoppedFor: CycleStopReason | null = null;
  /** Share of own fills that were adverse, as of the last check; undefined: not known. */
  adverseSelectionRate: number | undefined = undefined;

  constructor(
    index: number,
    instrument: Instrument,
    settings: CoreSettings,
    account: Account,
    parts: CoreParts,
    log: (entry: LogEntry) => void,
  ) {
    this.index = index;
    this.instrument = instrument;
    this.account = account;
    this.#log = log;
    this.dataQuality = parts.dataQuality(settings, log);
    this.volatility = parts.volatility(settings);
    this.kappa = parts.kappa(settings);
    this.regime = parts.regime(settings);
    this.warmUp = parts.warmUp(settings, log);
    this.beliefs = parts.beliefs(settings, log);
    this.signals = parts.signals(settings, log);
    this.quoteModel = parts.quoteModel(instrument, settings, parts.hjbSolver(settings), this.signals);
    this.accumulator = parts.accumulator(settings, log);
    this.queueWatch = new QueueWatch(settings.orchestrator.queueWatch);
    this.sideWatch = new SideWatch(log);
    this.risk = parts.risk(settings, log);
    this.limits = parts.limits(settings, log);
    this.ladderSweep = parts.ladderSweep(settings, log);
    this.orders = parts.orders(settings, log);
    this.#dedup = parts.dedup(settings);
    this.fills = parts.fills(this.#dedup, this.orders, fill => this.#applyFill(fill), log);
    this.fillTracker = parts.fillTracker(settings);
    this.fillLearning = parts.fillLearning(this.placements, this.kappa, this.beliefs, this.fillTracker);
    this.rejections = parts.rejections(settings, log);
    this.#riskInput = newRiskInput(account.maxInventoryUsd);
  }

  /** USD value of one lot at the mid; 0 while there is none. */
  get lotUsd(): number {
    const { midTicks } = this.market;
    return midTicks > 0 ? lotUsd(this.instrument, midTicks) : 0;
  }

  /** Largest position, lots, at a mid. */
  maxInventoryLots(midTicks: number): number {
    return Math.floor(this.account.maxInventoryUsd / lotUsd(this.instrument, midTicks));
  }

  #applyFill(fill: Fill): void {
    this.positionLots += fill.side === BID ? fill.sizeLots : -fill.sizeLots;
    this.account.profit.onFill(fill);
  }

  /** Sets the position to what the exchange says it is (playbook 3.4). True where that was something else. */
  adjustPosition(positionLots: number, nowNs: number): boolean {
    const fromLots = this.positionLots;
    if (fromLots === positionLots) return false;
    this.positionLots = positionLots;
    this.account.profit.onPositionAdjusted(this.index, positionLots - fromLots);
    this.#log({ type: 'position-adjusted', atNs: nowNs, fromLots, toLots: positionLots });
    // What is wrong with the position was wrong with the quotes.
    this.accumulator.onFeedRestored(nowNs);
    return true;
  }

  /** Asks the risk monitors how things stand now; where one says kill, the switch is thrown. */
  assessRisk(nowNs: number): AggregatedRisk {
    const input = this.#riskInput;
    const { account, market } = this;
    const { killSwitch, profit, rateLimiter } = account;
    const { midTicks } = market;
    const { bestAskTicks, bestBidTicks } = market.book;
    input.nowNs = nowNs;
    input.bookAgeNs = this.dataQuality.bookAgeNs(nowNs);
    input.bookCadenceNs = this.dataQuality.bookCadenceNs;
    input.midTicks = midTicks;
    input.marketSpreadBps = midTicks > 0 ? (BPS * (bestAskTicks - bestBidTicks)) / midTicks : 0;
    input.positionLots = this.positionLots;
    input.positionUsd = this.positionLots * this.lotUsd;
    input.maxInventoryUsd = account.maxInventoryUsd;
    account.setPosition(this.index, input.positionUsd);
    profit.onMid(this.index, midTicks);
    profit.update(nowNs);
    input.accountValueUsd = profit.accountValueUsd;
    input.dayProfitUsd = profit.dayProfitUsd;
    input.profitUsd = profit.profitUsd;
    input.peakProfitUsd = profit.peakProfitUsd;
    input.openInterestDrop = this.openInterest.drop(nowNs);
    input.fundingPerHour = this.fundingPerHour;
    input.rateLimitErrors = rateLimiter.rateLimitErrors(nowNs);
    input.isQuotaExhausted = rateLimiter.isExhausted(nowNs);
    const risk = this.risk.aggregate(input);
    if (risk.kill) killSwitch.trigger(risk.killReasons, nowNs);
    return risk;
  }

  snapshot(): InstrumentSnapshot {
    return {
      market: this.market.snapshot(),
      dataQuality: this.dataQuality.snapshot(),
      volatility: this.volatility.snapshot(),
      kappa: this.kappa.snapshot(),
      regime: this.regime.snapshot(),
      warmUp: this.warmUp.snapshot(),
      beliefs: this.beliefs.snapshot(),
      signals: this.signals.snapshot(),
      quoteModel: this.quoteModel.snapshot(),
      accumulator: this.accumulator.snapshot(),
      queueWatch: this.queueWatch.snapshot(),
      sideWatch: this.sideWatch.snapshot(),
      risk: this.risk.snapshot(),
      limits: this.limits.snapshot(),
      ladderSweep: this.ladderSweep.snapshot(),
      openInterest: this.openInterest.snapshot(),
      orders: this.orders.snapshot(),
      dedup: this.#dedup.snapshot(),
      fills: this.fills.snapshot(),
      placements: this.placements.snapshot(),
      fillTracker: this.fillTracker.snapshot(),
      rejections: this.rejections.snapshot(),
      positionLots: this.positionLots,
      positionAsOfNs: this.positionAsOfNs,
      tradesBacklogNext: this.tradesBacklogNext,
      tradesSubscribedNs: this.tradesSubscribedNs,
      fundingPerHour: this.fundingPerHour,
      openInterestLots: this.openInterestLots,
      pulledFor: this.pulledFor,
      stoppedFor: this.stoppedFor,
      quotedSpreadFactor: this.quotedSpreadFactor,
      quotedConstraints: this.quotedConstraints,
      quoted: { ...this.quoted },
      snapshotAskedNs: this.snapshotAskedNs,
      adverseSelectionRate: this.adverseSelectionRate ?? null,
    };
  }

  restore(state: unknown): void {
    const from = state as InstrumentSnapshot;
    this.market.restore(from.market);
    this.dataQuality.restore(from.dataQuality);
    this.volatility.restore(from.volatility);
    this.kappa.restore(from.kappa);
    this.regime.restore(from.regime);
    this.warmUp.restore(from.warmUp);
    this.beliefs.restore(from.beliefs);
    this.signals.restore(from.signals);
    this.quoteModel.restore(from.quoteModel);
    this.accumulator.restore(from.accumulator);
    this.queueWatch.restore(from.queueWatch);
    this.sideWatch.restore(from.sideWatch);
    this.risk.restore(from.risk);
    this.limits.restore(from.limits);
    this.ladderSweep.restore(from.ladderSweep);
    this.openInterest.restore(from.openInterest);
    this.orders.restore(from.orders);
    this.#dedup.restore(from.dedup);
    this.fills.restore(from.fills);
    this.placements.restore(from.placements);
    this.fillTracker.restore(from.fillTracker);
    this.rejections.restore(from.rejections);
    this.positionLots = from.positionLots;
    this.positionAsOfNs = from.positionAsOfNs;
    this.tradesBacklogNext = from.tradesBacklogNext;
    this.tradesSubscribedNs = from.tradesSubscribedNs;
    this.fundingPerHour = from.fundingPerHour;
    this.openInterestLots = from.openInterestLots;
    this.pulledFor = from.pulledFor;
    this.stoppedFor = from.stoppedFor;
    this.quotedSpreadFactor = from.quotedSpreadFactor;
    this.quotedConstraints = from.quotedConstraints;
    Object.assign(this.quoted, from.quoted);
    this.snapshotAskedNs = from.snapshotAskedNs;
    this.adverseSelectionRate = from.adverseSelectionRate ?? undefined;
  }
}

/** The parts' own states, and what the instrument keeps itself. */
type InstrumentSnapshot = Record<
  | 'market'
  | 'dataQuality'
  | 'volatility'
  | 'kappa'
  | 'regime'
  | 'warmUp'
  | 'beliefs'
  | 'signals'
  | 'quoteModel'
  | 'accumulator'
  | 'queueWatch'
  | 'sideWatch'
  | 'risk'
  | 'limits'
  | 'ladderSweep'
  | 'openInterest'
  | 'orders'
  | 'dedup'
  | 'fills'
  | 'placements'
  | 'fillTracker'
  | 'rejections',
  unknown
> & {
  positionLots: number;
  positionAsOfNs: number;
  tradesBacklogNext: boolean;
  tradesSubscribedNs: number;
  fundingPerHour: number;
  openInterestLots: number;
  pulledFor: CycleStopReason | null;
  stoppedFor: CycleStopReason | null;
  quotedSpreadFactor: number;
  quotedConstraints: number;
  quoted: QuotedLadder;
  snapshotAskedNs: number;
  adverseSelectionRate: number | null;
};

export class CoreState {
  readonly session = new Session();
  readonly account: Account;
  readonly instruments: readonly InstrumentState[];

  constructor(
    instruments: readonly Instrument[],
    settings: CoreSettings,
    parts: CoreParts,
    draw: (stream: string) => number,
    log: (entry: LogEntry) => void,
  ) {
    this.account = new Account(settings, instruments, parts, draw, log);
    this.instruments = instruments.map(
      (instrument, index) =>
        new InstrumentState(index, instrument, settings, this.account, parts, logOf(index, instruments.length, log)),
    );
  }

  snapshot(): unknown {
    return {
      session: this.session.snapshot(),
      account: this.account.snapshot(),
      instruments: this.instruments.map(instrument => instrument.snapshot()),
    };
  }

  restore(state: unknown): void {
    const from = state as { session: unknown; account: unknown; instruments: readonly unknown[] };
    this.session.restore(from.session);
    this.account.restore(from.account);
    this.instruments.forEach((instrument, index) => {
      instrument.restore(from.instruments[index]);
    });
  }
}
