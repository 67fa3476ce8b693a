/**
 * What a core says of itself: log entries and metrics, by the playbook's names. The diagnosis sees these and nothing else,
 * so an entry holds what a person debugging a live system would find in the logs, and never what only the world knows.
 */

import type { OrderState } from './execution/tracked-order.ts';
import type { Feed, Side } from './market.ts';
import type { Connection, RestRequest } from './port.ts';

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
  | 'KillSwitchActive'
  | 'EmptyLadder'
  | 'NothingToChange'
  | 'NotConnected'
  | 'RateLimited';

/** What asks for a comparison of the position with the exchange's (playbook 3.4, core-facts 3.4). */
export const RECONCILE_TRIGGERS = [
  'Timer',
  'OrderRejection',
  'UnmatchedFill',
  'LargePositionChange',
  'Manual',
  'Reconnect',
] as const;
export type ReconcileTrigger = (typeof RECONCILE_TRIGGERS)[number];

/** What told of a fill: the stream, the snapshot that a subscription begins with, or a query (playbook 3.4). */
export const FILL_SOURCES = ['stream', 'snapshot', 'query'] as const;
export type FillSource = (typeof FILL_SOURCES)[number];

/** Playbook 1.3. */
export const SEVERITIES = ['None', 'Low', 'Medium', 'High', 'Critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Playbook 1.1: HTTP status 429, or the address has no requests left. */
export type RateLimitErrorType = 'TooManyRequests' | 'CumulativeRequests';

/** Playbook 1.1: why an order call is held back before it is sent. */
export const SUPPRESSION_REASONS = [
  'TooManyRequestsBackoff',
  'CumulativeRequestsBackoff',
  'WeightWindow',
  'RequoteInterval',
  'ModifyInterval',
] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** Playbook 1.1: how much may be sent of what the exchange still allows. */
export const QUOTA_TIERS = ['full', 'minimal', 'conservation'] as const;
export type QuotaTier = (typeof QUOTA_TIERS)[number];

/** Playbook 1.3: how far the position has grown towards its maximum. */
export const POSITION_ZONES = ['green', 'yellow', 'red', 'kill'] as const;
export type PositionZone = (typeof POSITION_ZONES)[number];

/** Playbook 1.5. */
export type MarginMode = 'Cross' | 'Isolated';

/** Playbook 1.5: what a limit is of: one position, one order, or all positions together. */
export type RiskLimitType = 'Position' | 'Order' | 'Notional';

/** Which instrument it is about, where the core has several. */
export interface OfInstrument {
  instrument?: number | undefined;
}

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
  | (OfInstrument & {
      type: 'reconnection';
      atNs: number;
      target: Feed | Connection;
      state: ConnectionState;
      attempt: number;
      reason: string;
      backoffNs: number;
    })
  /** One feed of a live connection is older than it may be. Logged when it turns stale and when it is fresh again. */
  | (OfInstrument & {
      type: 'feed-staleness';
      atNs: number;
      feed: Feed;
      stale: boolean;
      ageNs: number;
      thresholdNs: number;
    })
  /** Sync health changed its level (playbook 2.3). */
  | { type: 'sync-health'; atNs: number; level: 'Healthy' | 'Degraded' | 'Desync'; score: number }
  | (OfInstrument & { type: 'anomaly'; atNs: number; feed: Feed; anomaly: AnomalyType; value: number; limit: number })
  /** The data-quality gate shut (`reason`) or opened again (null). */
  | (OfInstrument & { type: 'quote-gate'; atNs: number; reason: QuoteGateReason | null })
  /**
   * The aggregated risk changed (playbook 1.3). `monitors` are those that did more than nothing, `pulledBy` those of them for which
   * no quote may stand.
   */
  | (OfInstrument & {
      type: 'risk';
      atNs: number;
      pullQuotes: boolean;
      spreadFactor: number;
      reduceOnly: boolean;
      maxSeverity: Severity;
      monitors: readonly string[];
      pulledBy: readonly string[];
    })
  /** Warm-up (playbook 2.4): warming, quoting wide because the wait is bounded, or warm. */
  | (OfInstrument & {
      type: 'warm-up';
      atNs: number;
      state: 'warming' | 'wide' | 'warm';
      bookUpdates: number;
      trades: number;
      sigmaReady: boolean;
      kappaReady: boolean;
    })
  /** The market has become another one, and beliefs were let go in part (playbook 2.4). `changes`: how many times so far. */
  | { type: 'change-point'; atNs: number; changes: number }
  /** A model was fitted anew (playbook 4.5). `units`: what it went over. */
  | { type: 'recalibration'; atNs: number; model: 'hmm' | 'mutual-information'; units: number }
  /** A signal counts (`fresh`), is too old to lean on (`stale`), or is left out of account (`absent`) (playbook 4.5). */
  | { type: 'signal'; atNs: number; source: string; state: 'fresh' | 'stale' | 'absent'; ageNs: number }
  /** A run of cycles ends early with one reason: logged when the reason changes, counted in the metrics each time. */
  | (OfInstrument & { type: 'cycle-stopped'; atNs: number; stage: CycleStage; reason: CycleStopReason })
  /** Cycles run through again after having been stopped. */
  | (OfInstrument & { type: 'cycle-resumed'; atNs: number })
  /** All quotes are cancelled on purpose. */
  | (OfInstrument & { type: 'quotes-pulled'; atNs: number; reason: string; orders: number })
  /** Quotes were pulled so long ago, and orders still stand (playbook 2.5). Logged once for each pull. */
  | (OfInstrument & { type: 'quotes-left'; atNs: number; reason: CycleStopReason; orders: number; sinceNs: number })
  /** The mid moved within a moment by as much as asks for new quotes by itself (playbook 2.1). Logged once in ten seconds. */
  | { type: 'mid-jump'; atNs: number; moveBps: number; spanNs: number }
  /** Far more events than a market brings about came within a second (playbook 2.1). Logged once in ten seconds. */
  | { type: 'event-storm'; atNs: number; events: number; spanNs: number }
  /** What an earlier session left is taken over (playbook 2.4): its fills, and how long its quotes stood. */
  | { type: 'checkpoint'; atNs: number; fills: number; exposureNs: number }
  /** A side has had no live order for 10 s although cycles run, or has one again (playbook 1.1, 1.3). */
  | (OfInstrument & { type: 'side-empty'; atNs: number; side: Side; isEmpty: boolean })
  /**
   * Events pile up and nobody asks for a reconciliation (playbook 2.1). Logged when that has lasted for over 5 s. Events that wait
   * because cycles stop, which is logged by itself, are none of these.
   */
  | (OfInstrument & { type: 'events-pending'; atNs: number; events: number; oldestAgeNs: number; debounceNs: number })
  /**
   * Quote cycles take too long (playbook 4.1: over 1 ms a warning, over 5 ms critical), or no longer do (`normal`). Logged when that
   * changes and once a second while it lasts, with where the time of this cycle went (playbook 2.5, 4.5).
   */
  | {
      type: 'quote-cycle-slow';
      atNs: number;
      level: 'normal' | 'warning' | 'critical';
      us: number;
      /** Of the last ten seconds: cycles over 1 ms, and all. */
      slowCycles: number;
      cycles: number;
      stagesUs: Readonly<Record<CycleStage, number>>;
      /** Of the stage `strategy`: the models, for so many levels of both sides. */
      modelUs: number;
      levels: number;
      /** Of the cycle: what its log entries took. */
      logUs: number;
    }
  /** A line for whoever follows the core step by step; there is none in an ordinary run. */
  | { type: 'trace'; atNs: number; text: string }
  /**
   * A quote cycle did not fit into its arena (playbook 4.2). Logged once a second, counted in the metrics each time.
   * `takenBytes`: what others had taken of it. `overflows`: cycles of the last ten seconds that did not fit, of so many.
   */
  | {
      type: 'arena-overflow';
      atNs: number;
      usedBytes: number;
      takenBytes: number;
      capacityBytes: number;
      chunks: number;
      orderSpecs: number;
      levels: number;
      overflows: number;
      cycles: number;
    }
  /** A message kept its handler busy for over 5 ms, quote cycles left out (playbook 4.3). Logged once a second for each handler. */
  | { type: 'handler-slow'; atNs: number; handler: string; us: number }
  /**
   * Messages waited for over 5 ms before they were taken up (playbook 4.3). Of the last second the longest wait, what the loop did in
   * that time, and the longest piece of it: a handler or `quoteCycle`. Of the last ten seconds the late messages, and all.
   */
  | {
      type: 'event-loop-lag';
      atNs: number;
      waitedUs: number;
      late: number;
      messages: number;
      workUs: number;
      busiest: string;
      busiestUs: number;
    }
  /** The median of the round trips on the websocket is over 200 ms, or no longer is (playbook 4.4). The samples of ten seconds. */
  | { type: 'ws-roundtrip'; atNs: number; isSlow: boolean; medianUs: number; samples: number }
  /** A socket's error frame. */
  | { type: 'channel-error'; atNs: number; connection: Connection; error: string }
  /** The exchange ended an order by itself (playbook 1.4). */
  | { type: 'non-user-cancel'; atNs: number; oid: number }
  /** The account was liquidated, in part or whole. */
  | { type: 'liquidation'; atNs: number; notionalUsd: number; accountValueUsd: number }
  /** An operator acted. `detail`: what of, and how it ended. */
  | { type: 'operator'; atNs: number; action: string; detail: string }
  | { type: 'request-timeout'; atNs: number; id: number; ageNs: number }
  | { type: 'request-rejected'; atNs: number; id: number; error: string }
  | (OfInstrument & { type: 'order-rejected'; atNs: number; cloid: number; side: Side; error: string })
  /** Refusals in a row: no new order goes out on this side before `untilNs` (playbook 1.1). */
  | (OfInstrument & { type: 'rejection-backoff'; atNs: number; side: Side; refusals: number; untilNs: number })
  /** The exchange says that too much was asked (playbook 1.1): no order goes out before `untilNs`. `errors`: steps of the back-off. */
  | { type: 'rate-limit-error'; atNs: number; error: RateLimitErrorType; errors: number; untilNs: number }
  /** The weight of the trailing minute has come near its limit, or left it behind (playbook 1.1). */
  | { type: 'rate-limit-warning'; atNs: number; isNear: boolean; usedWeight: number; maxWeight: number }
  /** Order calls begin to be held back, before they are sent (`reason`), or go out again (null). `calls`: how many were, in all. */
  | { type: 'calls-suppressed'; atNs: number; reason: SuppressionReason | null; calls: number; usedWeight: number }
  /** The execution budget has run out, or pays again (playbook 1.1). `skipped`: spendings that it refused so far. */
  | { type: 'execution-budget'; atNs: number; isExhausted: boolean; tokens: number; skipped: number }
  /** What is left of the address's requests has come into another tier (playbook 1.1). */
  | { type: 'quota-tier'; atNs: number; tier: QuotaTier; headroom: number }
  /** The kill switch was thrown, or reset by an operator (playbook 1.3). */
  | { type: 'kill-switch'; atNs: number; isKilled: boolean; reasons: readonly string[] }
  /** The position came into another zone of its control (playbook 1.3). `usedShare`: of the maximum. */
  | (OfInstrument & { type: 'position-zone'; atNs: number; zone: PositionZone; usedShare: number })
  /** So many orders of one side filled within a moment that nothing grows there before `untilNs` (playbook 1.3). */
  | { type: 'ladder-sweep'; atNs: number; side: Side; orders: number; untilNs: number }
  /** What the account can carry has changed by more than a twentieth since this was last told (`former…`) (playbook 1.5), USD. */
  | {
      type: 'margin';
      atNs: number;
      equityUsd: number;
      usedUsd: number;
      availableUsd: number;
      formerAvailableUsd: number;
    }
  /** An instrument's leverage or its margin mode is another one than before (playbook 1.5). */
  | { type: 'leverage'; atNs: number; instrument: number; mode: MarginMode; leverage: number; maxLeverage: number }
  /** A soft or hard limit was exceeded, or is kept again (null) (playbook 1.5). */
  | {
      type: 'risk-limit';
      atNs: number;
      limit: RiskLimitType;
      violation: 'Soft' | 'Hard' | null;
      valueUsd: number;
      limitUsd: number;
    }
  /** The order lifecycle refused a transition that is not legal (playbook 1.4). */
  | { type: 'illegal-transition'; atNs: number; cloid: number; from: string; to: string }
  | { type: 'duplicate-fill'; atNs: number; tid: number; via: FillSource }
  /** A fill for an order that is not tracked (playbook 3.2). The position takes it all the same. */
  | (OfInstrument & { type: 'orphan-fill'; atNs: number; tid: number; oid: number; sizeLots: number })
  /**
   * A fill was processed. `ageNs`: from the match to here; `via`: what told of it; `order`: what its order was until then
   * (playbook 3.2, 3.4).
   */
  | (OfInstrument & {
      type: 'fill';
      atNs: number;
      tid: number;
      oid: number;
      side: Side;
      priceTicks: number;
      sizeLots: number;
      ageNs: number;
      via: FillSource;
      order: OrderState | 'Unknown';
    })
  /**
   * A fill began at another position than the one before it had ended at: one is missing between them, or they came in another
   * order than they were matched in (playbook 3.4).
   */
  | { type: 'fill-out-of-order'; atNs: number; tid: number; startPositionLots: number; expectedLots: number }
  /** Answers to a query show the account as it was a while ago, or no longer do (playbook 3.1, 3.4). */
  | { type: 'snapshot-lag'; atNs: number; request: RestRequest; isLagging: boolean; lagNs: number }
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
  /** A post was sent again beside the websocket, with the same nonce (playbook 1.2). `restId`: its second id. */
  | { type: 'rest-fallback'; atNs: number; id: number; restId: number; ageNs: number }
  /** A reply came after its post had timed out (playbook 1.2). */
  | { type: 'late-reply'; atNs: number; id: number; ageNs: number }
  /** What became of a request is not known, and the exchange is asked for the order by its CLOID (playbook 1.2). */
  | { type: 'order-status-asked'; atNs: number; cloid: number; because: string }
  /** The exchange told of the order by its CLOID. `oid` 0: it knows none. */
  | { type: 'order-status'; atNs: number; cloid: number; oid: number; status: string }
  /** A position that differs from the exchange's, after the time in which fills may be on their way (playbook 3.4). */
  | {
      type: 'position-discrepancy';
      atNs: number;
      instrument: number;
      trigger: ReconcileTrigger;
      localLots: number;
      exchangeLots: number;
      diffLots: number;
      inFlightFills: number;
    }
  /** The position is compared with the exchange's out of turn (playbook 3.4). */
  | { type: 'reconciliation'; atNs: number; trigger: ReconcileTrigger }
  /**
   * A safety audit has found something, or the last one had (playbook 1.4, 3.1). The counts are those since the audit before.
   * `trigger`: who asked for it.
   */
  | {
      type: 'safety-audit';
      atNs: number;
      trigger: 'timer' | 'operator' | 'stuck';
      ordersCleaned: number;
      stalePendingRemoved: number;
      stuckCancels: number;
      orphanOrders: number;
      staleLocalRemoved: number;
      /** Local orders that the exchange did not have at the audit before either, and that are still here. */
      staleLocalKept: number;
      isSynced: boolean;
      reduceOnlyActive: boolean;
      reduceOnlyReason: string | null;
    }
  /**
   * An order of the exchange that is not tracked here: at first sight, when it is cancelled, and where the exchange has it no more
   * (playbook 1.4, 3.1). `cloid` 0: it has none.
   */
  | {
      type: 'orphan-order';
      atNs: number;
      oid: number;
      cloid: number;
      state: 'candidate' | 'cancelled' | 'gone';
      /** What was known of it here; null: nothing. */
      known: OrderState | null;
    }
  /**
   * An order that was given up without an answer is at the exchange, or was: a fill, an update or the exchange's list of orders
   * tells (playbook 1.4). `sentNs`: when it was sent.
   */
  | { type: 'order-turned-up'; atNs: number; cloid: number; oid: number; sentNs: number }
  /** A fill came across the cancel of its order (playbook 3.2). `whipsawLots`: how far the position has swung by it so far. */
  | {
      type: 'cancel-fill-race';
      atNs: number;
      cloid: number;
      oid: number;
      tid: number;
      sizeLots: number;
      sinceCancelNs: number;
      whipsawLots: number;
    }
  /** The local position was set to the exchange's (playbook 3.4). */
  | (OfInstrument & { type: 'position-adjusted'; atNs: number; fromLots: number; toLots: number });

export type LogType = LogEntry['type'];

export interface MetricField {
  /** Prometheus name, unit at its end. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}
