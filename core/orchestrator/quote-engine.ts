/**
 * One quote cycle (playbook 2.5): seven stages in a row, each of which may stop it.
 *
 *   warm-up → estimators → risk → strategy → ladder → reconcile → execute
 *
 * What the stages make, levels, quotes and order specs, lies in the cycle's arena (playbook 4.2).
 *
 * Before them stands the data-quality gate. A cycle that stops has exactly one reason; it is counted each time and logged
 * when it changes. Where the reason means that no quote may stand, what rests is cancelled with it: a stop that leaves
 * orders on the book is how stale quotes are made.
 */
import type { Account } from '../account.ts';
import type { Kappa } from '../estimator/kappa.ts';
import type { CycleStage, CycleStopReason, LogEntry } from '../evidence.ts';
import type { QuoteCycleArena } from '../infra/arena.ts';
import { METRIC, stopMetric } from '../infra/metrics/fields.ts';
import type { MetricsSummary } from '../infra/metrics/summary.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { SyncHealth } from '../infra/sync-health.ts';
import { ASK, BID, type BySide, SIDES } from '../market.ts';
import type { CoreHost } from '../port.ts';
import type { AggregatedRisk } from '../risk/aggregator.ts';
import type { CapacityBounds, SideCapacity, sideCapacity } from '../risk/side-capacity.ts';
import { BPS, NS_PER_S } from '../scale.ts';
import type { CoreSettings } from '../settings.ts';
import type { InstrumentState, Session } from '../state.ts';
import { boundedSkewBps } from '../strategy/glft.ts';
import { Ladder, type LadderInput } from '../strategy/ladder.ts';
import type { QuoteModelInput } from '../strategy/quote-model.ts';
import { FULL_SCOPE, type ReconcileScope } from './affected-tracker.ts';
import { CycleAccount } from './cycle-account.ts';
import type { OrderOps } from './order-ops.ts';
import type { ReconcileInput, Reconciler } from './reconcile.ts';

export interface QuoteEngineSettings {
  /** A kappa above this is not believed. It is held against the effective one (incident I-7). */
  maxKappa: number;
  /** A cycle longer than this is a warning, and longer than that critical. */
  warningUs: number;
  criticalUs: number;
}

export const DEFAULT_QUOTE_ENGINE: QuoteEngineSettings = {
  // Between what can be effective and what the book alone shows on a tight market (playbook 2.5, its key gotcha).
  maxKappa: 5_000,
  // Playbook 4.1.
  warningUs: 1_000,
  criticalUs: 5_000,
};

const STAGE_OF: Readonly<Record<CycleStopReason, CycleStage>> = {
  DataQualityGate: 'warmup',
  WarmingUp: 'warmup',
  KappaInvalid: 'estimator',
  SigmaInvalid: 'estimator',
  RegimeInvalid: 'estimator',
  KillSwitchActive: 'risk',
  RiskPulledQuotes: 'risk',
  NoBook: 'strategy',
  EmptyLadder: 'ladder',
  NothingToChange: 'reconcile',
  NotConnected: 'execute',
  RateLimited: 'execute',
};

/** What stops a cycle and leaves the resting orders as they are: they are right, or out of reach. */
const LEAVES_ORDERS: readonly CycleStopReason[] = ['NothingToChange', 'NotConnected', 'RateLimited'];

/**
 * Where the model's answer has moved by less than this since everything was last looked at, orders that no event has touched are as
 * right as they were. It is less than half of what is left alone anyway (`leaveBps`).
 */
const SCOPE_TOLERANCE_BPS = 1;
/** Cancels are through after two round trips: those of orders that were on their way wait for their acknowledgement first. */
const CANCELS_TAKE_NS = 2 * NS_PER_S;
/** What a cycle works with besides its own instrument. */
export interface EngineParts {
  readonly host: CoreHost;
  readonly settings: CoreSettings;
  readonly session: Session;
  readonly account: Account;
  readonly syncHealth: SyncHealth;
  readonly metrics: Metrics;
  readonly summary: MetricsSummary;
  readonly log: (entry: LogEntry) => void;
  readonly sideCapacity: typeof sideCapacity;
}

interface QuoteEngineState {
  pulledNs: number | null;
  cost: unknown;
}

export class QuoteEngine {
  readonly #parts: EngineParts;
  readonly #host: CoreHost;
  readonly #state: InstrumentState;
  readonly #orderOps: OrderOps;
  readonly #reconciler: Reconciler;
  readonly #metrics: Metrics;
  readonly #arena: QuoteCycleArena;
  readonly #cost: CycleAccount;
  readonly #ladder: Ladder;
  /** What one stage hands to the next; overwritten by each cycle. */
  readonly #input: LadderInput & ReconcileInput;
  readonly #model: QuoteModelInput;
  readonly #bounds: CapacityBounds;
  readonly #sweptSides: BySide<boolean> = [false, false];
  readonly #marginLots: BySide<number> = [0, 0];
  readonly #capacity: SideCapacity = { capacityLots: [0, 0], closing: false };
  #risk: AggregatedRisk | null = null;
  #scope: ReconcileScope = FULL_SCOPE;
  /** When the quotes were pulled, until it was looked whether they are gone. */
  #pulledNs = Number.POSITIVE_INFINITY;

  /** `arena`: the reconciler's too; each cycle resets it. */
  constructor(
    parts: EngineParts,
    state: InstrumentState,
    orderOps: OrderOps,
    reconciler: Reconciler,
    arena: QuoteCycleArena,
  ) {
    const { settings } = parts;
    this.#parts = parts;
    this.#host = parts.host;
    this.#state = state;
    this.#orderOps = orderOps;
    this.#reconciler = reconciler;
    this.#metrics = parts.metrics;
    this.#arena = arena;
    this.#cost = new CycleAccount(parts, arena);
    this.#ladder = new Ladder(state.instrument, settings.strategy.ladder);
    const { capacityLots } = this.#capacity;
    this.#input = {
      midTicks: 0,
      bestBidTicks: 0,
      bestAskTicks: 0,
      halfSpreadBps: 0,
      skewBps: 0,
      capacityLots,
      sizeFactor: 1,
      closing: false,
      heldBack: [false, false],
    };
    this.#model = {
      nowNs: 0,
      midTicks: 0,
      maxLots: 0,
      capacityLots,
      sizeFactor: 1,
      closing: false,
      wideningShare: 0,
      wideningBps: 0,
      kappa: 0,
      sigma: 0,
      gammaFactor: 1,
      regimeProbabilities: state.beliefs.regimeProbabilities,
      inventory: 0,
      drift: 0,
      driftTrust: 0,
    };
    this.#bounds = {
      positionLots: 0,
      maxLots: 0,
      reduceOnly: false,
      pulledSides: [false, false],
      sweptSides: this.#sweptSides,
      marginLots: this.#marginLots,
      limitLots: 0,
    };
  }

  /** Runs one cycle. `scope`: how much it has to look at. */
  run(nowNs: number, scope: ReconcileScope = FULL_SCOPE): void {
    this.#cost.begin(nowNs);
    this.#scope = scope;
    const stop = this.#stages(nowNs);
    this.#cost.chargeArena(this.#reconciler.plan.count, nowNs);
    if (stop !== null) this.#metrics.add(stopMetric(stop), 1);
    if (stop === null || stop === 'NothingToChange') this.#ranThrough(nowNs);
    else this.#stopped(stop, nowNs);
    this.#cost.end(nowNs);
  }

  /** The stages in their order; the reason of the one that stopped the cycle, or null where orders were sent. */
  #stages(nowNs: number): CycleStopReason | null {
    return (
      this.#gate(nowNs) ??
      this.#ended('warmup', this.#warmUp(nowNs)) ??
      this.#ended('estimator', this.#estimators()) ??
      this.#ended('risk', this.#checkRisk(nowNs)) ??
      this.#ended('strategy', this.#strategy(nowNs)) ??
      this.#ended('ladder', this.#makeLadder()) ??
      this.#ended('reconcile', this.#reconcile(nowNs)) ??
      this.#ended('execute', this.#execute(nowNs))
    );
  }

  #ended(stage: CycleStage, stop: CycleStopReason | null): CycleStopReason | null {
    this.#cost.stageEnded(stage);
    return stop;
  }

  #gate(nowNs: number): CycleStopReason | null {
    this.#host.charge('data-quality', 1);
    return this.#state.dataQuality.shouldGateQuotes(nowNs) === null ? null : 'DataQualityGate';
  }

  #warmUp(nowNs: number): CycleStopReason | null {
    this.#host.charge('estimate', 1);
    const { warmUp, volatility } = this.#state;
    return warmUp.check(nowNs, volatility.ready) ? null : 'WarmingUp';
  }

  #estimators(): CycleStopReason | null {
    this.#host.charge('estimate', 1);
    const { kappa, volatility, regime } = this.#state;
    const { maxKappa } = this.#parts.settings.orchestrator.quoteEngine;
    const compared = this.comparedKappa(kappa);
    if (!(compared > 0 && compared <= maxKappa)) return 'KappaInvalid';
    if (!(volatility.sigma > 0)) return 'SigmaInvalid';
    return regime.valid ? null : 'RegimeInvalid';
  }

  /** The kappa that is held against its limit: the blended one, which quotes are made from (incident I-7). */
  protected comparedKappa(kappa: Kappa): number {
    return kappa.effective;
  }

  #checkRisk(nowNs: number): CycleStopReason | null {
    this.#host.charge('risk', 1);
    this.#risk = this.#state.assessRisk(nowNs);
    if (this.#parts.account.killSwitch.isKilled) return 'KillSwitchActive';
    return this.#risk.pullQuotes ? 'RiskPulledQuotes' : null;
  }

  /** How far from the mid, how far against the position, and how much on each side. */
  #strategy(nowNs: number): CycleStopReason | null {
    this.#host.charge('strategy', 1);
    const { beliefs, kappa, market, positionLots, quoteModel, volatility, warmUp } = this.#state;
    const { midTicks } = market;
    const risk = this.#risk;
    if (midTicks === 0 || risk === null) return 'NoBook';
    const sync = this.#parts.syncHealth.effect(nowNs);
    const maxLots = this.#state.maxInventoryLots(midTicks);
    this.#limitSides(risk, sync.reduceOnly, maxLots, nowNs);
    const { closing } = this.#capacity;
    const { glft, ladder } = this.#parts.settings.strategy;
    const sizeFactor = risk.sizeFactor * sync.sizeFactor * beliefs.sizeFactor(this.#state.adverseSelectionRate);

    const model = this.#model;
    model.nowNs = nowNs;
    model.midTicks = midTicks;
    // What only closes may be as large as the position, however little the account could still carry.
    model.maxLots = closing ? Math.max(maxLots, Math.abs(positionLots) / ladder.maxOrderShare) : maxLots;
    model.sizeFactor = sizeFactor;
    model.closing = closing;
    model.wideningShare = this.#spreadFactor(risk, nowNs) - 1 + warmUp.wideningShare;
    model.kappa = kappa.effective;
    model.sigma = volatility.sigma;
    model.gammaFactor = kappa.ghostLiquidityFactor;
    model.regimeProbabilities = beliefs.regimeProbabilities;
    model.inventory = positionLots / Math.max(1, maxLots);
    model.drift = beliefs.drift;
    model.driftTrust = beliefs.driftTrust;
    const modelFromNs = this.#host.chargedNs();
    this.#host.charge('model', quoteModel.compute(model));
    this.#cost.modelEnded(modelFromNs);
    // A snapshot knows no negative zero.
    this.#metrics.set(METRIC.expectedDriftBps, BPS * model.drift + 0);
    this.#metrics.set(METRIC.predictiveSkewBps, quoteModel.hjb.predictiveSkewBps + 0);

    const input = this.#input;
    input.midTicks = midTicks;
    input.bestBidTicks = market.book.bestBidTicks;
    input.bestAskTicks = market.book.bestAskTicks;
    input.halfSpreadBps = quoteModel.halfSpreadBps;
    input.skewBps = boundedSkewBps(glft, input.halfSpreadBps, quoteModel.skewBps + risk.skewBps);
    input.sizeFactor = sizeFactor;
    input.closing = closing;
    return null;
  }

  /** Room of both sides: what reduces the position always, and what makes it grow as far as everything allows it. */
  #limitSides(risk: AggregatedRisk, isOutOfSync: boolean, maxLots: number, nowNs: number): void {
    const { account, settings } = this.#parts;
    const { index, instrument, ladderSweep, limits, lotUsd, openInterestLots, positionLots } = this.#state;
    const bounds = this.#bounds;
    bounds.positionLots = positionLots;
    bounds.maxLots = maxLots;
    bounds.reduceOnly = risk.reduceOnly || isOutOfSync || account.quota.isConserving;
    bounds.pulledSides = risk.pulledSides;
    for (const side of SIDES) {
      this.#sweptSides[side] = ladderSweep.isCut(side, nowNs);
      this.#marginLots[side] = Math.floor(account.margin.growthUsd(index, side) / lotUsd);
    }
    const { maxInventoryUsd, maxNotionalUsd, notionalUsd } = account;
    limits.update(maxInventoryUsd, openInterestLots * lotUsd, maxNotionalUsd, instrument.minNotionalUsd);
    bounds.limitLots = Math.floor(limits.growthUsd(positionLots * lotUsd, notionalUsd) / lotUsd);
    this.#parts.sideCapacity(settings.risk.positionControl, bounds, this.#capacity);
  }

  #makeLadder(): CycleStopReason | null {
    const { account, settings } = this.#parts;
    const { levels } = settings.strategy.ladder;
    this.#host.charge('ladder', 2 * levels);
    const ladder = this.#ladder;
    ladder.moveTo(this.#arena);
    ladder.generate(this.#input, this.#state.quoteModel);
    ladder.limit(account.quota.levels(levels));
    this.#metrics.set(METRIC.halfSpreadBps, this.#input.halfSpreadBps);
    this.#metrics.set(METRIC.inventorySkewBps, this.#input.skewBps);
    return ladder.count === 0 ? 'EmptyLadder' : null;
  }

  #reconcile(nowNs: number): CycleStopReason | null {
    const { orders, rejections } = this.#state;
    const isHeldBack = this.#orderOps.isHeldBack(nowNs);
    for (const side of SIDES) this.#input.heldBack[side] = isHeldBack || rejections.holdsBack(side, nowNs);
    const bids = orders.activeOrders(BID);
    const asks = orders.activeOrders(ASK);
    this.#host.charge('reconcile', this.#ladder.count + bids.length + asks.length);
    this.#metrics.add(METRIC.reconciles, 1);
    this.#scope = this.#isQuotedAlike() ? this.#scope : FULL_SCOPE;
    this.#reconciler.reconcile(this.#ladder, bids, asks, this.#input, this.#scope);
    if (this.#reconciler.plan.count > 0) return null;
    return isHeldBack ? this.#heldBack(nowNs) : 'NothingToChange';
  }

  /** Whether the other quotes are as they were when all were last looked at, so that what no event has touched may stay. */
  #isQuotedAlike(): boolean {
    const { bids, asks } = this.#ladder;
    const { halfSpreadBps, midTicks, skewBps } = this.#input;
    const before = this.#state.quoted;
    const movedBps = before.midTicks === 0 ? Infinity : (BPS * Math.abs(midTicks - before.midTicks)) / before.midTicks;
    const changedBps = Math.abs(halfSpreadBps - before.halfSpreadBps) + Math.abs(skewBps - before.skewBps);
    return movedBps + changedBps < SCOPE_TOLERANCE_BPS && bids.count === before.bids && asks.count === before.asks;
  }

  #execute(nowNs: number): CycleStopReason | null {
    if (!this.#parts.session.ready || !this.#orderOps.canPost) return 'NotConnected';
    const retryNs = this.#orderOps.send(this.#reconciler.plan, this.#input.closing, nowNs);
    if (this.#orderOps.isHeldBack(nowNs)) return this.#heldBack(nowNs);
    if (retryNs === Infinity) {
      this.#reconciler.sent(this.#input.midTicks);
      return null;
    }
    // A pause between two modifications, and no more: the rest of the plan is for the next cycle.
    this.#state.accumulator.retryAt(retryNs);
    return 'RateLimited';
  }

  /** Nothing goes out for a while: what rests and should not has been cancelled, and the next cycle is a second from now. */
  #heldBack(nowNs: number): CycleStopReason {
    this.#state.accumulator.retryAt(nowNs + NS_PER_S);
    return 'RateLimited';
  }

  #ranThrough(nowNs: number): void {
    const state = this.#state;
    const { accumulator, quoted } = state;
    state.pulledFor = null;
    if (this.#risk !== null) {
      state.quotedSpreadFactor = this.#spreadFactor(this.#risk, nowNs);
      state.quotedConstraints = this.#constraints(this.#risk, nowNs);
    }
    const { halfSpreadBps, midTicks, skewBps } = this.#input;
    const isFull = this.#scope.type === 'Full';
    if (isFull) {
      quoted.halfSpreadBps = halfSpreadBps;
      quoted.skewBps = skewBps;
      quoted.midTicks = midTicks;
      quoted.bids = this.#ladder.bids.count;
      quoted.asks = this.#ladder.asks.count;
    }
    const low = this.#reconciler.quotedLowTicks(midTicks);
    const high = this.#reconciler.quotedHighTicks(midTicks);
    accumulator.reconciled(nowNs, midTicks, low, high, isFull);
    this.#resumed(nowNs);
  }

  #resumed(nowNs: number): void {
    if (this.#state.stoppedFor === null) return;
    this.#state.stoppedFor = null;
    this.#parts.log({ type: 'cycle-resumed', atNs: nowNs });
  }

  #stopped(reason: CycleStopReason, nowNs: number): void {
    const state = this.#state;
    // A pause is how the rate limits always work; only a back-off is news.
    if (reason === 'RateLimited' && !this.#orderOps.isHeldBack(nowNs)) {
      this.#resumed(nowNs);
      return;
    }
    if (state.stoppedFor !== reason) {
      state.stoppedFor = reason;
      this.#parts.log({ type: 'cycle-stopped', atNs: nowNs, stage: STAGE_OF[reason], reason });
    }
    if (!LEAVES_ORDERS.includes(reason)) this.#pull(reason, nowNs);
  }

  /** Cancels what rests. What a reply brings back afterwards is cancelled then, see `keepPulled`. */
  #pull(reason: CycleStopReason, nowNs: number): void {
    if (!this.mayPull) return;
    const cancelled = this.cancelQuotes(reason, nowNs);
    if (this.#state.pulledFor === null) {
      this.#pulledNs = nowNs;
      if (cancelled > 0) this.#parts.log({ type: 'quotes-pulled', atNs: nowNs, reason, orders: cancelled });
    }
    this.#state.pulledFor = reason;
  }

  /** Cancels all that rests, because of a reason; returns how many orders that are. */
  protected cancelQuotes(_reason: CycleStopReason, nowNs: number): number {
    return this.#orderOps.cancelAll(nowNs);
  }

  /**
   * Cancels what rests while quotes are pulled: orders that a reply has brought to rest just now, and those whose cancel was
   * refused.
   */
  keepPulled(nowNs: number): void {
    const { orders, pulledFor } = this.#state;
    if (pulledFor === null || !this.mayPull) return;
    this.cancelQuotes(pulledFor, nowNs);
    const sinceNs = nowNs - this.#pulledNs;
    if (sinceNs <= CANCELS_TAKE_NS) return;
    const left = orders.activeOrders().length;
    // Told of once for each pull.
    this.#pulledNs = Number.POSITIVE_INFINITY;
    if (left > 0) this.#parts.log({ type: 'quotes-left', atNs: nowNs, reason: pulledFor, orders: left, sinceNs });
  }

  /**
   * Whether quotes can be pulled. After a reconnect that does not wait for recovery, which may take seconds: what rests meanwhile is
   * known well enough to be cancelled.
   */
  get mayPull(): boolean {
    if (this.#parts.session.ready) return true;
    return this.#orderOps.canPost && this.#state.orders.activeOrders().length > 0;
  }

  /** Whether no quote may stand now, by what data and risk say. */
  mustPull(nowNs: number): boolean {
    const state = this.#state;
    const risk = state.assessRisk(nowNs);
    if (this.#parts.account.killSwitch.isKilled || risk.pullQuotes || state.market.midTicks === 0) return true;
    return state.dataQuality.shouldGateQuotes(nowNs) !== null;
  }

  /**
   * Whether quotes that stand should not, those that are pulled could come back, or all should be other ones. Looked at by time,
   * because the age of a book, the calm after a jump and the end of warm-up come without a message.
   */
  wantsCycle(nowNs: number): boolean {
    const state = this.#state;
    if (this.mustPull(nowNs) !== (state.pulledFor !== null)) return true;
    const risk = state.assessRisk(nowNs);
    if (this.#spreadFactor(risk, nowNs) !== state.quotedSpreadFactor) return true;
    return this.#constraints(risk, nowNs) !== state.quotedConstraints;
  }

  #spreadFactor(risk: AggregatedRisk, nowNs: number): number {
    return Math.max(risk.spreadFactor, this.#parts.syncHealth.effect(nowNs).spreadFactor);
  }

  /** What bounds both sides, besides amounts: levels that the quota leaves, sides that are cut, and whether anything may grow. */
  #constraints(risk: AggregatedRisk, nowNs: number): number {
    const { account, settings, syncHealth } = this.#parts;
    const { ladderSweep } = this.#state;
    let bits = 2 * account.quota.levels(settings.strategy.ladder.levels);
    for (const side of SIDES) bits = 2 * bits + (risk.pulledSides[side] || ladderSweep.isCut(side, nowNs) ? 1 : 0);
    const isReducing = risk.reduceOnly || account.quota.isConserving || syncHealth.effect(nowNs).reduceOnly;
    return 2 * bits + (isReducing ? 1 : 0);
  }

  snapshot(): unknown {
    return {
      // Infinity is no plain number in every codec.
      pulledNs: this.#pulledNs === Number.POSITIVE_INFINITY ? null : this.#pulledNs,
      cost: this.#cost.snapshot(),
    } satisfies QuoteEngineState;
  }

  restore(state: unknown): void {
    const from = state as QuoteEngineState;
    this.#pulledNs = from.pulledNs ?? Number.POSITIVE_INFINITY;
    this.#cost.restore(from.cost);
  }
}
