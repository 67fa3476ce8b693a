/**
 * What a core says of itself: log entries and metrics, by the playbook's names. The diagnosis sees these and nothing else,
 * so an entry holds what a person debugging a live system would find in the logs, and never what only the world knows.
 */
import type { Feed, Side } from './market.ts';
import type { Connection } from './port.ts';

/** Playbook 1.2 and 2.3: what the connection supervisor makes of a check. */
export const SUPERVISOR_EVENTS = [
  'Healthy',
  'MarketDataStale',
  'UserEventStale',
  'ReconnectRecommended',
  'Critical',
] as const;
export type SupervisorEvent = (typeof SUPERVISOR_EVENTS)[number];

/** Playbook 1.2 and 2.3: state of one feed or connection. */
export type ConnectionState = 'Connected' | 'Disconnected' | 'Reconnecting';

/** Playbook 2.2. */
export const ANOMALY_TYPES = [
  'SequenceGap',
  'TimestampRegression',
  'StaleData',
  'CrossedBook',
  'InvalidPrice',
  'InvalidSize',
] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** Playbook 2.2: why the data-quality gate is shut. */
export type QuoteGateReason =
  | { type: 'NoDataReceived' }
  | { type: 'StaleData'; ageMs: number; thresholdMs: number }
  | { type: 'CrossedBook'; bestBid: number; bestAsk: number };

/** Playbook 2.5: the seven stages of a quote cycle, in order. Each may end the cycle. */
export const CYCLE_STAGES = ['warmup', 'estimator', 'risk', 'strategy', 'ladder', 'reconcile', 'execute'] as const;
export type CycleStage = (typeof CYCLE_STAGES)[number];

/** Why a cycle ended before its last stage. Every such cycle has exactly one. */
export type CycleStopReason =
  | 'DataQualityGate'
  | 'WarmingUp'
  | 'NoBook'
  | 'KappaInvalid'
  | 'SigmaInvalid'
  | 'RegimeInvalid'
  | 'RiskPulledQuotes'
  | 'EmptyLadder'
  | 'NothingToChange'
  | 'NotConnected';

/** Playbook 1.3. */
export const SEVERITIES = ['None', 'Low', 'Medium', 'High', 'Critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type LogEntry =
  /** The supervisor's verdict changed. */
  | {
      type: 'supervisor';
      atNs: number;
      event: SupervisorEvent;
      timeSinceMarketDataNs: number;
      timeSinceUserEventNs: number;
      consecutiveStaleCount: number;
      isReconnecting: boolean;
    }
  /** A feed or a connection changed its state; `attempt` counts reconnects since it was last connected. */
  | {
      type: 'reconnection';
      atNs: number;
      target: Feed | Connection;
      state: ConnectionState;
      attempt: number;
      reason: string;
      backoffNs: number;
    }
  /** One feed of a live connection is older than it may be. Logged when it turns stale and when it is fresh again. */
  | { type: 'feed-staleness'; atNs: number; feed: Feed; stale: boolean; ageNs: number; thresholdNs: number }
  /** Sync health changed its level (playbook 2.3). */
  | { type: 'sync-health'; atNs: number; level: 'Healthy' | 'Degraded' | 'Desync'; score: number }
  | { type: 'anomaly'; atNs: number; feed: Feed; anomaly: AnomalyType; value: number; limit: number }
  /** The data-quality gate shut (`reason`) or opened again (null). */
  | { type: 'quote-gate'; atNs: number; reason: QuoteGateReason | null }
  /** The aggregated risk changed (playbook 1.3). `monitors` are those that did more than nothing. */
  | {
      type: 'risk';
      atNs: number;
      pullQuotes: boolean;
      spreadFactor: number;
      reduceOnly: boolean;
      maxSeverity: Severity;
      monitors: readonly string[];
    }
  /** Warm-up (playbook 2.4): warming, quoting wide because the wait is bounded, or warm. */
  | {
      type: 'warm-up';
      atNs: number;
      state: 'warming' | 'wide' | 'warm';
      bookUpdates: number;
      trades: number;
      sigmaReady: boolean;
      kappaReady: boolean;
    }
  /** A run of cycles ends early with one reason: logged when the reason changes, counted in the metrics each time. */
  | { type: 'cycle-stopped'; atNs: number; stage: CycleStage; reason: CycleStopReason }
  /** Cycles run through again after having been stopped. */
  | { type: 'cycle-resumed'; atNs: number }
  /** All quotes are cancelled on purpose. */
  | { type: 'quotes-pulled'; atNs: number; reason: string; orders: number }
  /**
   * Events pile up and nobody asks for a reconciliation (playbook 2.1). Logged when that has lasted for over 5 s. Events that wait
   * because cycles stop, which is logged by itself, are none of these.
   */
  | { type: 'events-pending'; atNs: number; events: number; oldestAgeNs: number; debounceNs: number }
  | { type: 'request-timeout'; atNs: number; id: number; ageNs: number }
  | { type: 'request-rejected'; atNs: number; id: number; error: string }
  | { type: 'order-rejected'; atNs: number; cloid: number; side: Side; error: string }
  /** Refusals in a row: no new order goes out on this side before `untilNs` (playbook 1.1). */
  | { type: 'rejection-backoff'; atNs: number; side: Side; refusals: number; untilNs: number }
  /** The order lifecycle refused a transition that is not legal (playbook 1.4). */
  | { type: 'illegal-transition'; atNs: number; cloid: number; from: string; to: string }
  | { type: 'duplicate-fill'; atNs: number; tid: number }
  /** A fill for an order that is not tracked (playbook 3.2). The position takes it all the same. */
  | { type: 'orphan-fill'; atNs: number; tid: number; oid: number; sizeLots: number }
  | { type: 'fill'; atNs: number; tid: number; oid: number; side: Side; priceTicks: number; sizeLots: number }
  /** Recovery after a reconnect (playbook 3.4): what was found and changed. */
  | {
      type: 'recovery';
      atNs: number;
      localPositionLots: number;
      exchangePositionLots: number;
      localOrders: number;
      exchangeOrders: number;
      orphansCancelled: number;
      staleLocalRemoved: number;
    }
  /** The local position was set to the exchange's (playbook 3.4). */
  | { type: 'position-adjusted'; atNs: number; fromLots: number; toLots: number };

export type LogType = LogEntry['type'];

export interface MetricField {
  /** Prometheus name, unit at its end. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}
