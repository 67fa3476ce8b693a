/**
 * All settings of the core, in one typed tree. Each part declares its own, with the source of every default beside it; here
 * they are put together. The names carry their units.
 */
import { DEFAULT_KAPPA, type KappaSettings } from './estimator/kappa.ts';
import { DEFAULT_REGIME, type RegimeSettings } from './estimator/regime.ts';
import { DEFAULT_VOLATILITY, type VolatilitySettings } from './estimator/volatility.ts';
import { DEFAULT_WARM_UP, type WarmUpSettings } from './estimator/warm-up.ts';
import { DEFAULT_FILL_TRACKER, type FillTrackerSettings } from './execution/fill-tracker.ts';
import { DEFAULT_ORDER_LIFECYCLE, type OrderLifecycleConfig } from './execution/order-lifecycle.ts';
import { DEFAULT_DEDUP_CAPACITY } from './fills/dedup.ts';
import type { ArenaSettings } from './infra/arena.ts';
import { DEFAULT_ARENA_CAPACITY } from './infra/capacity.ts';
import { DEFAULT_SUPERVISOR, type SupervisorConfig } from './infra/connection-supervisor.ts';
import { type DataQualityConfig, DEFAULT_DATA_QUALITY } from './infra/data-quality.ts';
import { DEFAULT_EXECUTION_BUDGET, type ExecutionBudgetConfig } from './infra/execution-budget.ts';
import { DEFAULT_LOGGING, type LoggingSettings } from './infra/logging.ts';
import { DEFAULT_MARGIN, type MarginConfig } from './infra/margin.ts';
import { DEFAULT_PROACTIVE, type ProactiveConfig } from './infra/rate-limit/proactive.ts';
import { DEFAULT_QUOTA, type QuotaConfig } from './infra/rate-limit/quota.ts';
import { DEFAULT_REJECTION, type RejectionConfig } from './infra/rate-limit/rejection.ts';
import { DEFAULT_RECONCILIATION, type ReconciliationConfig } from './infra/reconciliation.ts';
import { DEFAULT_SYNC_HEALTH, type SyncHealthConfig } from './infra/sync-health.ts';
import { DEFAULT_WS_POST, type WsPostConfig } from './infra/ws-executor.ts';
import { DEFAULT_EVENT_ACCUMULATOR, type EventAccumulatorConfig } from './orchestrator/event-accumulator.ts';
import { DEFAULT_QUEUE_WATCH, type QueueWatchSettings } from './orchestrator/queue-watch.ts';
import { DEFAULT_QUOTE_ENGINE, type QuoteEngineSettings } from './orchestrator/quote-engine.ts';
import { DEFAULT_RECONCILE, type ReconcileSettings } from './orchestrator/reconcile.ts';
import { DEFAULT_RECOVERY, type RecoverySettings } from './orchestrator/recovery.ts';
import { type CircuitBreakerConfig, DEFAULT_CIRCUIT_BREAKER } from './risk/circuit-breaker.ts';
import { DEFAULT_LADDER_SWEEP, type LadderSweepConfig } from './risk/ladder-sweep.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimitsConfig } from './risk/limits.ts';
import { type CascadeConfig, DEFAULT_CASCADE } from './risk/monitors/cascade.ts';
import { type DataStalenessConfig, DEFAULT_DATA_STALENESS } from './risk/monitors/data-staleness.ts';
import { DEFAULT_DRAWDOWN, type DrawdownConfig } from './risk/monitors/drawdown.ts';
import { DEFAULT_LOSS, type LossConfig } from './risk/monitors/loss.ts';
import { DEFAULT_POSITION, type PositionConfig } from './risk/monitors/position.ts';
import { DEFAULT_POSITION_VELOCITY, type PositionVelocityConfig } from './risk/monitors/position-velocity.ts';
import { DEFAULT_PRICE_VELOCITY, type PriceVelocityConfig } from './risk/monitors/price-velocity.ts';
import { DEFAULT_RATE_LIMIT_MONITOR, type RateLimitMonitorConfig } from './risk/monitors/rate-limit.ts';
import { DEFAULT_POSITION_CONTROL, type PositionControlConfig } from './risk/position-control.ts';
import { DEFAULT_SAFETY_AUDITOR, type SafetyAuditorConfig } from './safety/auditor.ts';
import { type BeliefsSettings, DEFAULT_BELIEFS } from './stochastic/beliefs.ts';
import { DEFAULT_HJB, type HjbSettings } from './stochastic/hjb-solver.ts';
import { DEFAULT_GLFT, type GlftSettings } from './strategy/glft.ts';
import { DEFAULT_LADDER, type LadderSettings } from './strategy/ladder.ts';
import { DEFAULT_SIGNALS, type SignalSettings } from './strategy/signal-integration.ts';

export interface RiskSettings {
  /** Largest position, USD at the mid, of either sign. */
  maxInventoryUsd: number;
  dataStaleness: DataStalenessConfig;
  position: PositionConfig;
  priceVelocity: PriceVelocityConfig;
  loss: LossConfig;
  drawdown: DrawdownConfig;
  positionVelocity: PositionVelocityConfig;
  rateLimit: RateLimitMonitorConfig;
  cascade: CascadeConfig;
  circuitBreaker: CircuitBreakerConfig;
  positionControl: PositionControlConfig;
  ladderSweep: LadderSweepConfig;
  limits: RiskLimitsConfig;
}

export interface AccountSettings {
  equityUsd: number;
  /** No position is worth more than so many times the equity. */
  leverage: number;
}

export interface CoreSettings {
  infra: {
    dataQuality: DataQualityConfig;
    supervisor: SupervisorConfig;
    wsPost: WsPostConfig;
    syncHealth: SyncHealthConfig;
    reconciliation: ReconciliationConfig;
    rejection: RejectionConfig;
    proactive: ProactiveConfig;
    quota: QuotaConfig;
    executionBudget: ExecutionBudgetConfig;
    margin: MarginConfig;
    arena: ArenaSettings;
    logging: LoggingSettings;
  };
  risk: RiskSettings;
  orchestrator: {
    eventAccumulator: EventAccumulatorConfig;
    quoteEngine: QuoteEngineSettings;
    reconcile: ReconcileSettings;
    recovery: RecoverySettings;
    queueWatch: QueueWatchSettings;
  };
  strategy: { glft: GlftSettings; ladder: LadderSettings; signals: SignalSettings };
  stochastic: { beliefs: BeliefsSettings; hjbSolver: HjbSettings };
  estimator: { volatility: VolatilitySettings; kappa: KappaSettings; regime: RegimeSettings; warmUp: WarmUpSettings };
  account: AccountSettings;
  execution: { orderLifecycle: OrderLifecycleConfig; fillTracker: FillTrackerSettings };
  fills: { dedupCapacity: number };
  safety: { auditor: SafetyAuditorConfig };
}

/** What a core runs with unless it is told otherwise. Account, inventory and leverage: the playbook matrix' last section. */
export const DEFAULT_SETTINGS: CoreSettings = {
  infra: {
    dataQuality: DEFAULT_DATA_QUALITY,
    supervisor: DEFAULT_SUPERVISOR,
    wsPost: DEFAULT_WS_POST,
    syncHealth: DEFAULT_SYNC_HEALTH,
    reconciliation: DEFAULT_RECONCILIATION,
    rejection: DEFAULT_REJECTION,
    proactive: DEFAULT_PROACTIVE,
    quota: DEFAULT_QUOTA,
    executionBudget: DEFAULT_EXECUTION_BUDGET,
    margin: DEFAULT_MARGIN,
    // Playbook 4.2.
    arena: { capacityBytes: DEFAULT_ARENA_CAPACITY },
    logging: DEFAULT_LOGGING,
  },
  risk: {
    maxInventoryUsd: 1_000,
    dataStaleness: DEFAULT_DATA_STALENESS,
    position: DEFAULT_POSITION,
    priceVelocity: DEFAULT_PRICE_VELOCITY,
    loss: DEFAULT_LOSS,
    drawdown: DEFAULT_DRAWDOWN,
    positionVelocity: DEFAULT_POSITION_VELOCITY,
    rateLimit: DEFAULT_RATE_LIMIT_MONITOR,
    cascade: DEFAULT_CASCADE,
    circuitBreaker: DEFAULT_CIRCUIT_BREAKER,
    positionControl: DEFAULT_POSITION_CONTROL,
    ladderSweep: DEFAULT_LADDER_SWEEP,
    limits: DEFAULT_RISK_LIMITS,
  },
  orchestrator: {
    eventAccumulator: DEFAULT_EVENT_ACCUMULATOR,
    quoteEngine: DEFAULT_QUOTE_ENGINE,
    reconcile: DEFAULT_RECONCILE,
    recovery: DEFAULT_RECOVERY,
    queueWatch: DEFAULT_QUEUE_WATCH,
  },
  strategy: { glft: DEFAULT_GLFT, ladder: DEFAULT_LADDER, signals: DEFAULT_SIGNALS },
  stochastic: { beliefs: DEFAULT_BELIEFS, hjbSolver: DEFAULT_HJB },
  estimator: {
    volatility: DEFAULT_VOLATILITY,
    kappa: DEFAULT_KAPPA,
    regime: DEFAULT_REGIME,
    warmUp: DEFAULT_WARM_UP,
  },
  account: { equityUsd: 1_000, leverage: 3 },
  execution: { orderLifecycle: DEFAULT_ORDER_LIFECYCLE, fillTracker: DEFAULT_FILL_TRACKER },
  fills: { dedupCapacity: DEFAULT_DEDUP_CAPACITY },
  safety: { auditor: DEFAULT_SAFETY_AUDITOR },
};
