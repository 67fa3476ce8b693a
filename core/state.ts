/**
 * `CoreState`: all that the core knows, in one place (playbook 4.3): the session with the exchange, and for each instrument
 * its book, estimators, risk, orders and position. Handlers write it, the quote engine reads it. There is one thread and
 * nothing waits, so there is nothing to lock.
 */
import type { Kappa } from './estimator/kappa.ts';
import type { RegimeClassifier } from './estimator/regime.ts';
import type { Volatility } from './estimator/volatility.ts';
import type { WarmUp } from './estimator/warm-up.ts';
import type { CycleStopReason, LogEntry } from './evidence.ts';
import type { OrderLifecycleTracker } from './execution/order-lifecycle.ts';
import type { FillConsumer } from './fills/consumer.ts';
import type { FillDeduplicator } from './fills/dedup.ts';
import type { DataQuality } from './infra/data-quality.ts';
import { MarketBook } from './infra/market-book.ts';
import type { RejectionRateLimiter } from './infra/rate-limit/rejection.ts';
import { BID, type Instrument } from './market.ts';
import type { EventAccumulator } from './orchestrator/event-accumulator.ts';
import type { CoreParts } from './parts.ts';
import type { Fill } from './port.ts';
import type { AggregatedRisk, RiskAggregator } from './risk/aggregator.ts';
import type { RiskInput } from './risk/monitor.ts';
import type { CoreSettings } from './settings.ts';
import { lotUsd } from './strategy/ladder.ts';

/** Where the core stands with the exchange. */
export class Session {
  startNs = 0;
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

/** All parts of one instrument. */
export class InstrumentState {
  readonly index: number;
  readonly instrument: Instrument;
  readonly market = new MarketBook();
  readonly dataQuality: DataQuality;
  readonly volatility: Volatility;
  readonly kappa: Kappa;
  readonly regime: RegimeClassifier;
  readonly warmUp: WarmUp;
  readonly accumulator: EventAccumulator;
  readonly risk: RiskAggregator;
  readonly orders: OrderLifecycleTracker;
  readonly fills: FillConsumer;
  readonly rejections: RejectionRateLimiter;
  readonly #dedup: FillDeduplicator;
  readonly #log: (entry: LogEntry) => void;
  readonly #maxInventoryUsd: number;
  readonly #riskInput: RiskInput;

  /** Signed: below zero is short. Moved by fills, and by what the exchange says of it. */
  positionLots = 0;
  /** What the exchange said of the position holds every fill up to this exchange time. */
  positionAsOfNs = Number.NEGATIVE_INFINITY;
  /** Exchange time of the newest fill. */
  newestFillNs = Number.NEGATIVE_INFINITY;
  /** The next trades frame repeats old trades, and every trade before this time is old. */
  tradesBacklogNext = true;
  tradesSubscribedNs = 0;
  /** Why all quotes are cancelled; null while they are not. */
  pulledFor: CycleStopReason | null = null;
  /** What risk asked of the quotes that stand. */
  quotedSpreadFactor = 1;
  quotedReduceOnly = false;
  /** When a snapshot was last asked for. */
  snapshotAskedNs = Number.NEGATIVE_INFINITY;
  /** Why the last cycle stopped; null where it did not. */
  stoppedFor: CycleStopReason | null = null;

  constructor(
    index: number,
    instrument: Instrument,
    settings: CoreSettings,
    parts: CoreParts,
    log: (entry: LogEntry) => void,
  ) {
    this.index = index;
    this.instrument = instrument;
    this.#log = log;
    this.dataQuality = parts.dataQuality(settings, log);
    this.volatility = parts.volatility(settings);
    this.kappa = parts.kappa(settings);
    this.regime = parts.regime(settings);
    this.warmUp = parts.warmUp(settings, log);
    this.accumulator = parts.accumulator(settings, log);
    this.risk = parts.risk(settings, log);
    this.orders = parts.orders(settings, log);
    this.#dedup = parts.dedup(settings);
    this.fills = parts.fills(this.#dedup, this.orders, fill => this.#applyFill(fill), log);
    this.rejections = parts.rejections(settings, log);
    // What the account can carry bounds what it is told to carry.
    this.#maxInventoryUsd = Math.min(
      settings.risk.maxInventoryUsd,
      settings.account.equityUsd * settings.account.leverage,
    );
    this.#riskInput = {
      nowNs: 0,
      bookAgeNs: 0,
      bookCadenceNs: 0,
      midTicks: 0,
      positionLots: 0,
      positionUsd: 0,
      maxInventoryUsd: this.#maxInventoryUsd,
    };
  }

  /** Largest position, lots, at a mid. */
  maxInventoryLots(midTicks: number): number {
    return Math.floor(this.#maxInventoryUsd / lotUsd(this.instrument, midTicks));
  }

  #applyFill(fill: Fill): void {
    this.positionLots += fill.side === BID ? fill.sizeLots : -fill.sizeLots;
    this.newestFillNs = Math.max(this.newestFillNs, fill.exchNs);
  }

  /** Sets the position to what the exchange says it is (playbook 3.4). True where that was something else. */
  adjustPosition(positionLots: number, nowNs: number): boolean {
    const fromLots = this.positionLots;
    if (fromLots === positionLots) return false;
    this.positionLots = positionLots;
    this.#log({ type: 'position-adjusted', atNs: nowNs, fromLots, toLots: positionLots });
    return true;
  }

  /** Asks the risk monitors how things stand now. */
  assessRisk(nowNs: number): AggregatedRisk {
    const input = this.#riskInput;
    const midTicks = this.market.midTicks;
    input.nowNs = nowNs;
    input.bookAgeNs = this.dataQuality.bookAgeNs(nowNs);
    input.bookCadenceNs = this.dataQuality.bookCadenceNs;
    input.midTicks = midTicks;
    input.positionLots = this.positionLots;
    input.positionUsd = midTicks > 0 ? this.positionLots * lotUsd(this.instrument, midTicks) : 0;
    return this.risk.aggregate(input);
  }

  snapshot(): InstrumentSnapshot {
    return {
      market: this.market.snapshot(),
      dataQuality: this.dataQuality.snapshot(),
      volatility: this.volatility.snapshot(),
      kappa: this.kappa.snapshot(),
      regime: this.regime.snapshot(),
      warmUp: this.warmUp.snapshot(),
      accumulator: this.accumulator.snapshot(),
      risk: this.risk.snapshot(),
      orders: this.orders.snapshot(),
      dedup: this.#dedup.snapshot(),
      rejections: this.rejections.snapshot(),
      positionLots: this.positionLots,
      positionAsOfNs: this.positionAsOfNs,
      newestFillNs: this.newestFillNs,
      tradesBacklogNext: this.tradesBacklogNext,
      tradesSubscribedNs: this.tradesSubscribedNs,
      pulledFor: this.pulledFor,
      stoppedFor: this.stoppedFor,
      quotedSpreadFactor: this.quotedSpreadFactor,
      quotedReduceOnly: this.quotedReduceOnly,
      snapshotAskedNs: this.snapshotAskedNs,
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
    this.accumulator.restore(from.accumulator);
    this.risk.restore(from.risk);
    this.orders.restore(from.orders);
    this.#dedup.restore(from.dedup);
    this.rejections.restore(from.rejections);
    this.positionLots = from.positionLots;
    this.positionAsOfNs = from.positionAsOfNs;
    this.newestFillNs = from.newestFillNs;
    this.tradesBacklogNext = from.tradesBacklogNext;
    this.tradesSubscribedNs = from.tradesSubscribedNs;
    this.pulledFor = from.pulledFor;
    this.stoppedFor = from.stoppedFor;
    this.quotedSpreadFactor = from.quotedSpreadFactor;
    this.quotedReduceOnly = from.quotedReduceOnly;
    this.snapshotAskedNs = from.snapshotAskedNs;
  }
}

interface InstrumentSnapshot {
  market: unknown;
  dataQuality: unknown;
  volatility: unknown;
  kappa: unknown;
  regime: unknown;
  warmUp: unknown;
  accumulator: unknown;
  risk: unknown;
  orders: unknown;
  dedup: unknown;
  rejections: unknown;
  positionLots: number;
  positionAsOfNs: number;
  newestFillNs: number;
  tradesBacklogNext: boolean;
  tradesSubscribedNs: number;
  pulledFor: CycleStopReason | null;
  stoppedFor: CycleStopReason | null;
  quotedSpreadFactor: number;
  quotedReduceOnly: boolean;
  snapshotAskedNs: number;
}

export class CoreState {
  readonly session = new Session();
  readonly instruments: readonly InstrumentState[];

  constructor(
    instruments: readonly Instrument[],
    settings: CoreSettings,
    parts: CoreParts,
    log: (entry: LogEntry) => void,
  ) {
    this.instruments = instruments.map(
      (instrument, index) => new InstrumentState(index, instrument, settings, parts, log),
    );
  }

  snapshot(): unknown {
    return {
      session: this.session.snapshot(),
      instruments: this.instruments.map(instrument => instrument.snapshot()),
    };
  }

  restore(state: unknown): void {
    const from = state as { session: unknown; instruments: readonly unknown[] };
    this.session.restore(from.session);
    this.instruments.forEach((instrument, index) => {
      instrument.restore(from.instruments[index]);
    });
  }
}
