/**
 * One quote cycle (playbook 2.5): seven stages in a row, each of which may stop it.
 *
 *   warm-up → estimators → risk → strategy → ladder → reconcile → execute
 *
 * Before them stands the data-quality gate. A cycle that stops has exactly one reason; it is counted each time and logged
 * when it changes. Where the reason means that no quote may stand, what rests is cancelled with it: a stop that leaves
 * orders on the book is how stale quotes are made.
 */
import type { CycleStage, CycleStopReason, LogEntry } from '../evidence.ts';
import { METRIC, stopMetric } from '../infra/metrics/fields.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import { ASK, BID, type BySide, SIDES } from '../market.ts';
import type { CoreHost } from '../port.ts';
import type { AggregatedRisk } from '../risk/aggregator.ts';
import { NS_PER_S, NS_PER_US } from '../scale.ts';
import type { CoreSettings } from '../settings.ts';
import type { InstrumentState, Session } from '../state.ts';
import { cappedWideningBps, halfSpreadBps, inventorySkewBps } from '../strategy/glft.ts';
import { Ladder, type LadderInput } from '../strategy/ladder.ts';
import type { OrderOps } from './order-ops.ts';
import type { ReconcileInput, Reconciler } from './reconcile.ts';

export interface QuoteEngineSettings {
  /** A kappa above this is not believed. It is held against the effective one (incident I-7). */
  maxKappa: number;
}

export const DEFAULT_QUOTE_ENGINE: QuoteEngineSettings = {
  // Between what can be effective and what the book alone shows on a tight market (playbook 2.5, its key gotcha).
  maxKappa: 5_000,
};

const STAGE_OF: Readonly<Record<CycleStopReason, CycleStage>> = {
  DataQualityGate: 'warmup',
  WarmingUp: 'warmup',
  KappaInvalid: 'estimator',
  SigmaInvalid: 'estimator',
  RegimeInvalid: 'estimator',
  RiskPulledQuotes: 'risk',
  NoBook: 'strategy',
  EmptyLadder: 'ladder',
  NothingToChange: 'reconcile',
  NotConnected: 'execute',
};

/** What stops a cycle and leaves the resting orders as they are: they are right, or out of reach. */
const LEAVES_ORDERS: readonly CycleStopReason[] = ['NothingToChange', 'NotConnected'];

export class QuoteEngine {
  readonly #host: CoreHost;
  readonly #log: (entry: LogEntry) => void;
  readonly #settings: CoreSettings;
  readonly #session: Session;
  readonly #state: InstrumentState;
  readonly #orderOps: OrderOps;
  readonly #reconciler: Reconciler;
  readonly #metrics: Metrics;
  readonly #ladder: Ladder;
  readonly #horizonS: number;
  /** What one stage hands to the next; overwritten by each cycle. */
  readonly #input: LadderInput & ReconcileInput;
  #risk: AggregatedRisk | null = null;

  constructor(
    host: CoreHost,
    settings: CoreSettings,
    session: Session,
    state: InstrumentState,
    orderOps: OrderOps,
    reconciler: Reconciler,
    metrics: Metrics,
    log: (entry: LogEntry) => void,
  ) {
    this.#host = host;
    this.#log = log;
    this.#settings = settings;
    this.#session = session;
    this.#state = state;
    this.#orderOps = orderOps;
    this.#reconciler = reconciler;
    this.#metrics = metrics;
    this.#ladder = new Ladder(state.instrument, settings.strategy.ladder);
    this.#horizonS = settings.strategy.glft.horizonNs / NS_PER_S;
    this.#input = {
      midTicks: 0,
      bestBidTicks: 0,
      bestAskTicks: 0,
      halfSpreadBps: 0,
      skewBps: 0,
      capacityLots: [0, 0],
      sizeFactor: 1,
      closing: false,
      heldBack: [false, false],
    };
  }

  /** Runs one cycle. */
  run(nowNs: number): void {
    const begunNs = this.#host.chargedNs();
    const metrics = this.#metrics;
    metrics.add(METRIC.quoteCycles, 1);
    const stop = this.#stages(nowNs);
    if (stop !== null) metrics.add(stopMetric(stop), 1);
    if (stop === null || stop === 'NothingToChange') this.#ranThrough(nowNs);
    else this.#stopped(stop, nowNs);
    metrics.set(METRIC.quoteCycleUs, (this.#host.chargedNs() - begunNs) / NS_PER_US);
  }

  /** The stages in their order; the reason of the one that stopped the cycle, or null where orders were sent. */
  #stages(nowNs: number): CycleStopReason | null {
    return (
      this.#gate(nowNs) ??
      this.#warmUp(nowNs) ??
      this.#estimators() ??
      this.#checkRisk(nowNs) ??
      this.#strategy() ??
      this.#makeLadder() ??
      this.#reconcile(nowNs) ??
      this.#execute(nowNs)
    );
  }

  #gate(nowNs: number): CycleStopReason | null {
    this.#host.charge('data-quality', 1);
    return this.#state.dataQuality.gateReason(nowNs) === null ? null : 'DataQualityGate';
  }

  #warmUp(nowNs: number): CycleStopReason | null {
    this.#host.charge('estimate', 1);
    const { warmUp, volatility } = this.#state;
    return warmUp.check(nowNs, volatility.ready) ? null : 'WarmingUp';
  }

  #estimators(): CycleStopReason | null {
    this.#host.charge('estimate', 1);
    const { kappa, volatility, regime } = this.#state;
    const effective = kappa.effective;
    if (!(effective > 0 && effective <= this.#settings.orchestrator.quoteEngine.maxKappa)) return 'KappaInvalid';
    if (!(volatility.sigma > 0)) return 'SigmaInvalid';
    return regime.valid ? null : 'RegimeInvalid';
  }

  #checkRisk(nowNs: number): CycleStopReason | null {
    this.#host.charge('risk', 1);
    this.#risk = this.#state.assessRisk(nowNs);
    return this.#risk.pullQuotes ? 'RiskPulledQuotes' : null;
  }

  /** How far from the mid, how far against the position, and how much on each side. */
  #strategy(): CycleStopReason | null {
    this.#host.charge('strategy', 1);
    const { market, kappa, volatility, regime, warmUp, positionLots } = this.#state;
    const midTicks = market.midTicks;
    const risk = this.#risk;
    if (midTicks === 0 || risk === null) return 'NoBook';
    const glft = this.#settings.strategy.glft;
    const sigma = volatility.sigma;
    const half = halfSpreadBps(glft, kappa.effective, sigma, this.#horizonS);
    const widening = half * (risk.spreadFactor - 1 + warmUp.wideningShare) + regime.premiumBps;
    const maxLots = this.#state.maxInventoryLots(midTicks);

    const input = this.#input;
    input.midTicks = midTicks;
    input.bestBidTicks = market.book.bestBidTicks;
    input.bestAskTicks = market.book.bestAskTicks;
    input.halfSpreadBps = half + cappedWideningBps(glft, widening);
    input.skewBps = inventorySkewBps(glft, half, sigma, this.#horizonS, positionLots / Math.max(1, maxLots));
    input.sizeFactor = risk.sizeFactor;
    input.closing = risk.reduceOnly;
    setCapacity(input.capacityLots, maxLots, positionLots, risk.reduceOnly);
    return null;
  }

  #makeLadder(): CycleStopReason | null {
    const { levels } = this.#settings.strategy.ladder;
    this.#host.charge('ladder', 2 * levels);
    this.#ladder.generate(this.#input);
    this.#metrics.set(METRIC.halfSpreadBps, this.#input.halfSpreadBps);
    this.#metrics.set(METRIC.inventorySkewBps, this.#input.skewBps);
    return this.#ladder.count === 0 ? 'EmptyLadder' : null;
  }

  #reconcile(nowNs: number): CycleStopReason | null {
    for (const side of SIDES) this.#input.heldBack[side] = this.#state.rejections.holdsBack(side, nowNs);
    const bids = this.#state.orders.activeOrders(BID);
    const asks = this.#state.orders.activeOrders(ASK);
    this.#host.charge('reconcile', this.#ladder.count + bids.length + asks.length);
    this.#metrics.add(METRIC.reconciles, 1);
    this.#reconciler.reconcile(this.#ladder, bids, asks, this.#input);
    return this.#reconciler.plan.count === 0 ? 'NothingToChange' : null;
  }

  #execute(nowNs: number): CycleStopReason | null {
    if (!this.#session.ready) return 'NotConnected';
    this.#orderOps.send(this.#reconciler.plan, this.#input.closing, nowNs);
    this.#reconciler.sent(this.#input.midTicks);
    return null;
  }

  #ranThrough(nowNs: number): void {
    const state = this.#state;
    state.pulledFor = null;
    state.quotedSpreadFactor = this.#risk?.spreadFactor ?? 1;
    state.quotedReduceOnly = this.#risk?.reduceOnly ?? false;
    const { midTicks } = this.#input;
    const low = this.#reconciler.quotedLowTicks(midTicks);
    const high = this.#reconciler.quotedHighTicks(midTicks);
    state.accumulator.reconciled(nowNs, midTicks, low, high);
    if (state.stoppedFor === null) return;
    state.stoppedFor = null;
    this.#log({ type: 'cycle-resumed', atNs: nowNs });
  }

  #stopped(reason: CycleStopReason, nowNs: number): void {
    const state = this.#state;
    if (state.stoppedFor !== reason) {
      state.stoppedFor = reason;
      this.#log({ type: 'cycle-stopped', atNs: nowNs, stage: STAGE_OF[reason], reason });
    }
    if (!LEAVES_ORDERS.includes(reason)) this.#pull(reason, nowNs);
  }

  /** Cancels what rests. What a reply brings back afterwards is cancelled then, see `keepPulled`. */
  #pull(reason: CycleStopReason, nowNs: number): void {
    if (!this.#session.ready) return;
    const cancelled = this.#orderOps.cancelAll(nowNs);
    if (this.#state.pulledFor === null && cancelled > 0) {
      this.#log({ type: 'quotes-pulled', atNs: nowNs, reason, orders: cancelled });
    }
    this.#state.pulledFor = reason;
  }

  /**
   * Cancels what rests while quotes are pulled: orders that a reply has brought to rest just now, and those whose cancel was
   * refused.
   */
  keepPulled(nowNs: number): void {
    if (this.#state.pulledFor !== null && this.#session.ready) this.#orderOps.cancelAll(nowNs);
  }

  /** Whether no quote may stand now, by what data and risk say. */
  mustPull(nowNs: number): boolean {
    const state = this.#state;
    const risk = state.assessRisk(nowNs);
    return risk.pullQuotes || state.market.midTicks === 0 || state.dataQuality.gateReason(nowNs) !== null;
  }

  /**
   * Whether quotes that stand should not, those that are pulled could come back, or all should be other ones. Looked at by time,
   * because the age of a book, the calm after a jump and the end of warm-up come without a message.
   */
  wantsCycle(nowNs: number): boolean {
    const state = this.#state;
    if (this.mustPull(nowNs) !== (state.pulledFor !== null)) return true;
    const { spreadFactor, reduceOnly } = state.assessRisk(nowNs);
    return spreadFactor !== state.quotedSpreadFactor || reduceOnly !== state.quotedReduceOnly;
  }
}

/**
 * Most that may rest on each side. The growing side ends at the maximum; the reducing side is never blocked by it. While
 * only reducing is allowed the other side is empty, and the reducing one holds no more than the position.
 */
function setCapacity(capacityLots: BySide<number>, maxLots: number, positionLots: number, reduceOnly: boolean): void {
  capacityLots[BID] = Math.max(0, reduceOnly ? -positionLots : maxLots - positionLots);
  capacityLots[ASK] = Math.max(0, reduceOnly ? positionLots : maxLots + positionLots);
}
