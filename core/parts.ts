/**
 * The parts a core is put together from. Each is made by one function, so that a scenario can hand in another one in its place,
 * a planted defect for example, and the core itself needs no switch for it.
 */
import { Kappa } from './estimator/kappa.ts';
import { RegimeClassifier } from './estimator/regime.ts';
import { Volatility } from './estimator/volatility.ts';
import { WarmUp } from './estimator/warm-up.ts';
import type { LogEntry } from './evidence.ts';
import { OrderLifecycleTracker } from './execution/order-lifecycle.ts';
import { FillConsumer } from './fills/consumer.ts';
import { FillDeduplicator } from './fills/dedup.ts';
import { ConnectionSupervisor } from './infra/connection-supervisor.ts';
import { DataQuality } from './infra/data-quality.ts';
import { RejectionRateLimiter } from './infra/rate-limit/rejection.ts';
import { WsExecutor } from './infra/ws-executor.ts';
import type { Feed, Instrument } from './market.ts';
import { EventAccumulator } from './orchestrator/event-accumulator.ts';
import { Reconciler } from './orchestrator/reconcile.ts';
import type { Fill } from './port.ts';
import { RiskAggregator } from './risk/aggregator.ts';
import { DataStalenessMonitor } from './risk/monitors/data-staleness.ts';
import { PositionMonitor } from './risk/monitors/position.ts';
import { PriceVelocityMonitor } from './risk/monitors/price-velocity.ts';
import type { CoreSettings } from './settings.ts';

type Log = (entry: LogEntry) => void;

export interface CoreParts {
  supervisor(
    settings: CoreSettings,
    feeds: readonly Feed[],
    draw: (stream: string) => number,
    log: Log,
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
  reconciler(instrument: Instrument, settings: CoreSettings): Reconciler;
}

export const DEFAULT_PARTS: CoreParts = {
  supervisor: ({ infra }, feeds, draw, log) => new ConnectionSupervisor(infra.supervisor, feeds, draw, log),
  executor: ({ infra }) => new WsExecutor(infra.wsPost),
  dataQuality: ({ infra }, log) => new DataQuality(infra.dataQuality, log),
  volatility: ({ estimator }) => new Volatility(estimator.volatility),
  kappa: ({ estimator }) => new Kappa(estimator.kappa),
  regime: ({ estimator }) => new RegimeClassifier(estimator.regime),
  warmUp: ({ estimator }, log) => new WarmUp(estimator.warmUp, log),
  accumulator: ({ orchestrator }, log) => new EventAccumulator(orchestrator.eventAccumulator, log),
  risk: ({ risk }, log) =>
    new RiskAggregator(
      [
        new PriceVelocityMonitor(risk.priceVelocity),
        new PositionMonitor(risk.position),
        new DataStalenessMonitor(risk.dataStaleness),
      ],
      log,
    ),
  orders: ({ execution }, log) => new OrderLifecycleTracker(execution.orderLifecycle, log),
  dedup: ({ fills }) => new FillDeduplicator(fills.dedupCapacity),
  fills: (dedup, orders, applyToPosition, log) => new FillConsumer(dedup, orders, applyToPosition, log),
  rejections: ({ infra }, log) => new RejectionRateLimiter(infra.rejection, log),
  reconciler: (instrument, { orchestrator }) => new Reconciler(instrument, orchestrator.reconcile),
};
