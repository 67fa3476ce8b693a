/**
 * All settings of the core, in one typed tree. Each part declares its own, with the source of every default beside it; here
 * they are put together. The names carry their units.
 */
import { DEFAULT_KAPPA, type KappaSettings } from './estimator/kappa.ts';
import { DEFAULT_REGIME, type RegimeSettings } from './estimator/regime.ts';
import { DEFAULT_VOLATILITY, type VolatilitySettings } from './estimator/volatility.ts';
import { DEFAULT_WARM_UP, type WarmUpSettings } from './estimator/warm-up.ts';
import { DEFAULT_ORDER_LIFECYCLE, type OrderLifecycleConfig } from './execution/order-lifecycle.ts';
import { DEFAULT_DEDUP_CAPACITY } from './fills/dedup.ts';
import { DEFAULT_SUPERVISOR, type SupervisorConfig } from './infra/connection-supervisor.ts';
import { type DataQualityConfig, DEFAULT_DATA_QUALITY } from './infra/data-quality.ts';
import { DEFAULT_REJECTION, type RejectionConfig } from './infra/rate-limit/rejection.ts';
import { DEFAULT_SYNC_HEALTH, type SyncHealthConfig } from './infra/sync-health.ts';
import { DEFAULT_WS_POST, type WsPostSettings } from './infra/ws-executor.ts';
import { DEFAULT_EVENT_ACCUMULATOR, type EventAccumulatorConfig } from './orchestrator/event-accumulator.ts';
import { DEFAULT_QUOTE_ENGINE, type QuoteEngineSettings } from './orchestrator/quote-engine.ts';
import { DEFAULT_RECONCILE, type ReconcileSettings } from './orchestrator/reconcile.ts';
import { DEFAULT_RECOVERY, type RecoverySettings } from './orchestrator/recovery.ts';
import { type DataStalenessConfig, DEFAULT_DATA_STALENESS } from './risk/monitors/data-staleness.ts';
import { DEFAULT_POSITION, type PositionConfig } from './risk/monitors/position.ts';
import { DEFAULT_PRICE_VELOCITY, type PriceVelocityConfig } from './risk/monitors/price-velocity.ts';
import { DEFAULT_GLFT, type GlftSettings } from './strategy/glft.ts';
import { DEFAULT_LADDER, type LadderSettings } from './strategy/ladder.ts';

export interface RiskSettings {
  /** Largest position, USD at the mid, of either sign. */
  maxInventoryUsd: number;
  dataStaleness: DataStalenessConfig;
  position: PositionConfig;
  priceVelocity: PriceVelocityConfig;
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
    wsPost: WsPostSettings;
    syncHealth: SyncHealthConfig;
    rejection: RejectionConfig;
  };
  risk: RiskSettings;
  orchestrator: {
    eventAccumulator: EventAccumulatorConfig;
    quoteEngine: QuoteEngineSettings;
    reconcile: ReconcileSettings;
    recovery: RecoverySettings;
  };
  strategy: { glft: GlftSettings; ladder: LadderSettings };
  estimator: { volatility: VolatilitySettings; kappa: KappaSettings; regime: RegimeSettings; warmUp: WarmUpSettings };
  account: AccountSettings;
  execution: { orderLifecycle: OrderLifecycleConfig };
  fills: { dedupCapacity: number };
}

/** What a core runs with unless it is told otherwise. Account, inventory and leverage: the playbook matrix' last section. */
export const DEFAULT_SETTINGS: CoreSettings = {
  infra: {
    dataQuality: DEFAULT_DATA_QUALITY,
    supervisor: DEFAULT_SUPERVISOR,
    wsPost: DEFAULT_WS_POST,
    syncHealth: DEFAULT_SYNC_HEALTH,
    rejection: DEFAULT_REJECTION,
  },
  risk: {
    maxInventoryUsd: 1_000,
    dataStaleness: DEFAULT_DATA_STALENESS,
    position: DEFAULT_POSITION,
    priceVelocity: DEFAULT_PRICE_VELOCITY,
  },
  orchestrator: {
    eventAccumulator: DEFAULT_EVENT_ACCUMULATOR,
    quoteEngine: DEFAULT_QUOTE_ENGINE,
    reconcile: DEFAULT_RECONCILE,
    recovery: DEFAULT_RECOVERY,
  },
  strategy: { glft: DEFAULT_GLFT, ladder: DEFAULT_LADDER },
  estimator: {
    volatility: DEFAULT_VOLATILITY,
    kappa: DEFAULT_KAPPA,
    regime: DEFAULT_REGIME,
    warmUp: DEFAULT_WARM_UP,
  },
  account: { equityUsd: 1_000, leverage: 3 },
  execution: { orderLifecycle: DEFAULT_ORDER_LIFECYCLE },
  fills: { dedupCapacity: DEFAULT_DEDUP_CAPACITY },
};
