/**
 * The parts a core is put together from. Each is made by one function, so that a scenario can hand in another one in its place,
 * a planted defect for example, and the core itself needs no switch for it.
 */
import { Kappa } from './estimator/kappa.ts';
import { RegimeClassifier } from './estimator/regime.ts';
import { Volatility } from './estimator/volatility.ts';
import { WarmUp } from './estimator/warm-up.ts';
import type { LogEntry } from './evidence.ts';
import { FillLearning } from './execution/fill-learning.ts';
import { FillTracker } from './execution/fill-tracker.ts';
import { OrderLifecycleTracker } from './execution/order-lifecycle.ts';
import type { PlacementLog } from './execution/placement-log.ts';
import { FillConsumer } from './fills/consumer.ts';
import { FillDeduplicator } from './fills/dedup.ts';
import { QuoteCycleArena } from './infra/arena.ts';
import { ConnectionSupervisor } from './infra/connection-supervisor.ts';
import { DataQuality } from './infra/data-quality.ts';
import { ExecutionBudget } from './infra/execution-budget.ts';
import { Logger } from './infra/logging.ts';
import { MarginTracker } from './infra/margin.ts';
import { MetricsSummary } from './infra/metrics/summary.ts';
import type { Metrics } from './infra/metrics/updates.ts';
import { ProactiveRateLimiter } from './infra/rate-limit/proactive.ts';
import { QuotaTracker } from './infra/rate-limit/quota.ts';
import { RejectionRateLimiter } from './infra/rate-limit/rejection.ts';
import { type PositionTarget, Reconciliation } from './infra/reconciliation.ts';
import type { RestRequests } from './infra/rest-requests.ts';
import type { SyncHealth } from './infra/sync-health.ts';
import { WsExecutor } from './infra/ws-executor.ts';
import type { Feed, Instrument } from './market.ts';
import { EventAccumulator } from './orchestrator/event-accumulator.ts';
import type { OrderOps } from './orchestrator/order-ops.ts';
import { type EngineParts, QuoteEngine } from './orchestrator/quote-engine.ts';
import { Reconciler } from './orchestrator/reconcile.ts';
import type { CoreHost, Fill } from './port.ts';
import { RiskAggregator } from './risk/aggregator.ts';
import { CircuitBreaker } from './risk/circuit-breaker.ts';
import { KillSwitch } from './risk/kill-switch.ts';
import { LadderSweepGuard } from './risk/ladder-sweep.ts';
import { RiskChecker } from './risk/limits.ts';
import type { RiskMonitor } from './risk/monitor.ts';
import { CascadeMonitor } from './risk/monitors/cascade.ts';
import { DataStalenessMonitor } from './risk/monitors/data-staleness.ts';
import { DrawdownMonitor } from './risk/monitors/drawdown.ts';
import { LossMonitor } from './risk/monitors/loss.ts';
import { PositionMonitor } from './risk/monitors/position.ts';
import { PositionVelocityMonitor } from './risk/monitors/position-velocity.ts';
import { PriceVelocityMonitor } from './risk/monitors/price-velocity.ts';
import { RateLimitMonitor } from './risk/monitors/rate-limit.ts';
import { PositionControl } from './risk/position-control.ts';
import { ProfitTracker } from './risk/profit.ts';
import { sideCapacity } from './risk/side-capacity.ts';
import { type AuditTarget, SafetyAuditor } from './safety/auditor.ts';
import type { CoreSettings } from './settings.ts';
import type { InstrumentState } from './state.ts';
import { MarketBeliefs } from './stochastic/beliefs.ts';
import { HjbSolver } from './stochastic/hjb-solver.ts';
import { QuoteModel } from './strategy/quote-model.ts';
import { SignalIntegration } from './strategy/signal-integration.ts';

type Log = (entry: LogEntry) => void;

export interface CoreParts {
  /** What the core sees of the world. The usual is the world itself. */
  host(given: CoreHost): CoreHost;
  logger(settings: CoreSettings, host: CoreHost, metrics: Metrics): Logger;
  metricsSummary(metrics: Metrics): MetricsSummary;
  arena(settings: CoreSettings): QuoteCycleArena;
  supervisor(
    settings: CoreSettings,
    feeds: readonly Feed[],
    draw: (stream: string) => number,
    log: Log,
    instruments: number,
  ): ConnectionSupervisor;
  executor(settings: CoreSettings): WsExecutor;
  dataQuality(settings: CoreSettings, log: Log): DataQuality;
  volatility(settings: CoreSettings): Volatility;
  kappa(settings: CoreSettings): Kappa;
  regime(settings: CoreSettings): RegimeClassifier;
  warmUp(settings: CoreSettings, log: Log): WarmUp;
  accumulator(settings: CoreSettings, log: Log): EventAccumulator;
  risk(settings: CoreSettings, log: Log): RiskAggregator;
  orders(settings: CoreSettings, log: Log): OrderLifecycleTracker;
  dedup(settings: CoreSettings): FillDeduplicator;
  fills(
    dedup: FillDeduplicator,
    orders: OrderLifecycleTracker,
    applyToPosition: (fill: Fill) => void,
    log: Log,
  ): FillConsumer;
  rejections(settings: CoreSettings, log: Log): RejectionRateLimiter;
  rateLimiter(settings: CoreSettings, instruments: number, draw: () => number, log: Log): ProactiveRateLimiter;
  quota(settings: CoreSettings, log: Log): QuotaTracker;
  executionBudget(settings: CoreSettings, log: Log): ExecutionBudget;
  margin(settings: CoreSettings, instruments: readonly Instrument[], log: Log): MarginTracker;
  profit(settings: CoreSettings, instruments: readonly Instrument[]): ProfitTracker;
  killSwitch(log: Log): KillSwitch;
  limits(settings: CoreSettings, log: Log): RiskChecker;
  ladderSweep(settings: CoreSettings, log: Log): LadderSweepGuard;
  reconciler(instrument: Instrument, settings: CoreSettings, arena: QuoteCycleArena): Reconciler;
  quoteEngine(
    parts: EngineParts,
    state: InstrumentState,
    orderOps: OrderOps,
    reconciler: Reconciler,
    arena: QuoteCycleArena,
  ): QuoteEngine;
  reconciliation(
    settings: CoreSettings,
    targets: readonly PositionTarget[],
    rest: RestRequests,
    metrics: Metrics,
    log: Log,
  ): Reconciliation;
  auditor(
    settings: CoreSettings,
    targets: readonly AuditTarget[],
    rest: RestRequests,
    reduceOnlyReason: () => string | null,
    syncHealth: SyncHealth,
    metrics: Metrics,
    log: Log,
  ): SafetyAuditor;
  beliefs(settings: CoreSettings, log: Log): MarketBeliefs;
  signals(settings: CoreSettings, log: Log): SignalIntegration;
  hjbSolver(settings: CoreSettings): HjbSolver;
  quoteModel(instrument: Instrument, settings: CoreSettings, hjb: HjbSolver, signals: SignalIntegration): QuoteModel;
  /** Puts together what may rest on each side. */
  sideCapacity: typeof sideCapacity;
  fillTracker(settings: CoreSettings): FillTracker;
  fillLearning(placements: PlacementLog, kappa: Kappa, beliefs: MarketBeliefs, tracker: FillTracker): FillLearning;
}

/** The risk monitors of a core (playbook 1.3). */
export function defaultMonitors({ risk }: CoreSettings, log: Log): RiskMonitor[] {
  return [
    new LossMonitor(risk.loss),
    new DrawdownMonitor(risk.drawdown),
    new PriceVelocityMonitor(risk.priceVelocity),
    new PositionMonitor(risk.position),
    new PositionControl(risk.positionControl, log),
    new PositionVelocityMonitor(risk.positionVelocity),
    new RateLimitMonitor(risk.rateLimit),
    new DataStalenessMonitor(risk.dataStaleness),
    new CircuitBreaker(risk.circuitBreaker),
    new CascadeMonitor(risk.cascade),
  ];
}

export const DEFAULT_PARTS: CoreParts = {
  host: given => given,
  logger: ({ infra }, host, metrics) => new Logger(infra.logging, host, metrics),
  arena: ({ infra }) => new QuoteCycleArena(infra.arena),
  metricsSummary: metrics => new MetricsSummary(metrics),
  supervisor: ({ infra }, ...given) => new ConnectionSupervisor(infra.supervisor, ...given),
  executor: ({ infra }) => new WsExecutor(infra.wsPost),
  dataQuality: ({ infra }, log) => new DataQuality(infra.dataQuality, log),
  volatility: ({ estimator }) => new Volatility(estimator.volatility),
  kappa: ({ estimator }) => new Kappa(estimator.kappa),
  regime: ({ estimator }) => new RegimeClassifier(estimator.regime),
  warmUp: ({ estimator }, log) => new WarmUp(estimator.warmUp, log),
  accumulator: ({ orchestrator }, log) => new EventAccumulator(orchestrator.eventAccumulator, log),
  risk: (settings, log) => new RiskAggregator(defaultMonitors(settings, log), log),
  orders: ({ execution }, log) => new OrderLifecycleTracker(execution.orderLifecycle, log),
  dedup: ({ fills }) => new FillDeduplicator(fills.dedupCapacity),
  fills: (dedup, orders, applyToPosition, log) => new FillConsumer(dedup, orders, applyToPosition, log),
  rejections: ({ infra }, log) => new RejectionRateLimiter(infra.rejection, log),
  rateLimiter: ({ infra }, instruments, draw, log) => new ProactiveRateLimiter(infra.proactive, instruments, draw, log),
  quota: ({ infra }, log) => new QuotaTracker(infra.quota, log),
  executionBudget: ({ infra }, log) => new ExecutionBudget(infra.executionBudget, log),
  margin: ({ infra, account, risk }, instruments, log) =>
    new MarginTracker(infra.margin, { ...account, maxInventoryUsd: risk.maxInventoryUsd }, instruments, log),
  profit: ({ account }, instruments) => new ProfitTracker(instruments, account.equityUsd),
  killSwitch: log => new KillSwitch(log),
  limits: ({ risk }, log) => new RiskChecker(risk.limits, log),
  ladderSweep: ({ risk }, log) => new LadderSweepGuard(risk.ladderSweep, log),
  reconciliation: ({ infra }, targets, rest, metrics, log) =>
    new Reconciliation(infra.reconciliation, targets, rest, metrics, log),
  auditor: ({ safety }, targets, rest, reduceOnlyReason, syncHealth, metrics, log) =>
    new SafetyAuditor(safety.auditor, targets, rest, reduceOnlyReason, syncHealth, metrics, log),
  quoteEngine: (parts, state, orderOps, reconciler, arena) =>
    new QuoteEngine(parts, state, orderOps, reconciler, arena),
  reconciler: (instrument, { orchestrator }, arena) => new Reconciler(instrument, orchestrator.reconcile, arena),
  beliefs: ({ stochastic }, log) => new MarketBeliefs(stochastic.beliefs, log),
  signals: ({ strategy }, log) => new SignalIntegration(strategy.signals, log),
  hjbSolver: ({ stochastic, strategy }) => new HjbSolver(stochastic.hjbSolver, strategy.glft, strategy.ladder.levels),
  quoteModel: (instrument, settings, hjb, signals) =>
    new QuoteModel(instrument, settings.strategy, settings.estimator.regime, hjb, signals),
  sideCapacity,
  fillTracker: ({ execution }) => new FillTracker(execution.fillTracker),
  fillLearning: (placements, kappa, beliefs, tracker) => new FillLearning(placements, kappa, beliefs, tracker),
};
