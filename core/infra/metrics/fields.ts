/**
 * The metrics that a core exposes, by their Prometheus names (playbook 4.1). The position in `METRICS` is the index into
 * `QuotingCore.metrics`; the code writes them by `METRIC.<key>`.
 *
 * All times are virtual: sums of charged work, or differences of the times that messages carried.
 */
import { QUOTE_UPDATE_TRIGGERS, type QuoteUpdateTrigger } from '../../events/quote-trigger.ts';
import { ANOMALY_TYPES, type AnomalyType, type CycleStopReason, type MetricField } from '../../evidence.ts';

/** Every reason for which a cycle may stop, in the order of their counters. */
export const CYCLE_STOP_REASONS = [
  'DataQualityGate',
  'WarmingUp',
  'NoBook',
  'KappaInvalid',
  'SigmaInvalid',
  'RegimeInvalid',
  'RiskPulledQuotes',
  'KillSwitchActive',
  'EmptyLadder',
  'NothingToChange',
  'NotConnected',
  'RateLimited',
] as const satisfies readonly CycleStopReason[];

const PLAIN = {
  events: counter('mm_events_total', 'Messages taken up.'),
  quoteCycles: counter('mm_quote_cycles_total', 'Quote cycles begun.'),
  quoteCycleUsTotal: counter('mm_quote_cycle_us_total', 'Charged time of all quote cycles, µs.'),
  slowQuoteCycles: counter('mm_slow_quote_cycles_total', 'Quote cycles that took over 1 ms.'),
  modelUs: gauge('mm_model_us', 'Charged time of the models in the last quote cycle that came to them, µs.'),
  logUsTotal: counter('mm_log_us_total', 'Charged time of all log entries, µs.'),
  expectedDriftBps: gauge(
    'mm_expected_drift_bps',
    'Drift that the last quotes were made with, bps; positive: the price rises.',
  ),
  predictiveSkewBps: gauge('mm_predictive_skew_bps', 'What it shifted them by, bps; positive: down.'),
  lateMessages: counter('mm_late_messages_total', 'Messages that waited for over 5 ms before they were taken up.'),
  eventLoopLagMaxUs: gauge('mm_event_loop_lag_max_us', 'Longest that a message waited before it was taken up, µs.'),
  quoteCycleUs: gauge('mm_quote_cycle_us', 'Charged time of the last quote cycle, µs.'),
  reconciles: counter('mm_reconciles_total', 'Cycles that came as far as comparing targets with own orders.'),
  wsRoundtripUs: gauge('mm_ws_roundtrip_us', 'Time from the last answered post to its reply, µs.'),
  orderAckUs: gauge('mm_order_ack_us', 'Time from the last acknowledged order batch to its reply, µs.'),
  requests: counter('mm_requests_total', 'Posts sent.'),
  requestTimeouts: counter(
    'mm_request_timeouts_total',
    'Posts without a reply in time, or lost with their connection.',
  ),
  requestsRejected: counter('mm_requests_rejected_total', 'Posts refused as a whole.'),
  callsSuppressed: counter('mm_calls_suppressed_total', 'Order calls held back because a limit was foreseen.'),
  rateLimitErrors: counter('mm_rate_limit_errors_total', 'Steps of back-off after too many requests.'),
  rateLimitWeight: gauge('mm_rate_limit_weight', 'Weight of the requests of the trailing minute.'),
  quotaHeadroom: gauge('mm_quota_headroom', 'Share of the address’s requests that is left, 0 to 1.'),
  executionBudgetTokens: gauge('mm_execution_budget_tokens', 'Tokens of the execution budget.'),
  executionBudgetSkipped: counter('mm_execution_budget_skipped_total', 'Batches that the execution budget refused.'),
  killSwitchTriggered: gauge('mm_kill_switch_triggered', 'Kill switch: 0 not thrown, 1 thrown.'),
  dayProfitUsd: gauge('mm_day_profit_usd', 'Made since the day began, USD.'),
  drawdownUsd: gauge('mm_drawdown_usd', 'Lost since profit was highest, USD.'),
  marginAvailableUsd: gauge('mm_margin_available_usd', 'Margin that no position binds, USD.'),
  lateReplies: counter('mm_late_replies_total', 'Replies that came after their post had timed out.'),
  ordersPlaced: counter('mm_orders_placed_total', 'Orders that the exchange took, modified ones not counted.'),
  ordersModified: counter('mm_orders_modified_total', 'Modifications that the exchange took.'),
  ordersCancelled: counter('mm_orders_cancelled_total', 'Cancels that the exchange confirmed.'),
  ordersRejected: counter('mm_orders_rejected_total', 'Orders and modifications that the exchange refused.'),
  ordersFilled: counter('mm_orders_filled_total', 'Own orders filled in full.'),
  openOrders: gauge('mm_open_orders', 'Own orders that are live or may be.'),
  stalePending: counter('mm_stale_pending_removed_total', 'Orders dropped because nothing was heard of them.'),
  stuckCancels: gauge('mm_stuck_cancels', 'Cancels that have been unanswered for too long.'),
  fills: counter('mm_fills_total', 'Fills processed, each trade id once.'),
  duplicateFills: counter('mm_duplicate_fills_total', 'Fills ignored because their trade id was known.'),
  orphanFills: counter('mm_orphan_fills_total', 'Fills of orders that are not tracked.'),
  positionLots: gauge('mm_position_lots', 'Signed local position, lots; of several instruments their sum.'),
  positionAdjustments: counter('mm_position_adjustments_total', 'Times the local position was set to the exchange’s.'),
  restFallbacks: counter('mm_rest_fallbacks_total', 'Posts sent again beside the websocket.'),
  illegalTransitions: counter('mm_illegal_transitions_total', 'Transitions that the order lifecycle refused.'),
  cancelFillRaces: counter('mm_cancel_fill_races_total', 'Fills that came across the cancel of their order.'),
  whipsawLots: gauge('mm_whipsaw_lots', 'How far the position swung around the last such fills, lots.'),
  safetyAudits: counter('mm_safety_audits_total', 'Safety audits completed.'),
  orphanOrders: counter('mm_orphan_orders_total', 'Orders at the exchange that nobody here tracked, cancelled.'),
  staleLocalRemoved: counter('mm_stale_local_removed_total', 'Local orders that the exchange did not have, removed.'),
  reconciliations: counter('mm_reconciliations_total', 'Comparisons of the position with the exchange’s.'),
  positionDiscrepancies: counter('mm_position_discrepancies_total', 'Comparisons after which the position was wrong.'),
  recoveries: counter('mm_recoveries_total', 'Comparisons with the exchange’s own account of orders and position.'),
  supervisorStaleCount: gauge('mm_supervisor_stale_count', 'Consecutive stale readings of the supervisor.'),
  supervisorReconnectSignals: counter(
    'mm_supervisor_reconnect_signals_total',
    'Reconnects that the supervisor recommended.',
  ),
  wsReconnections: counter('mm_ws_reconnection_total', 'Connections opened again after a loss.'),
  resubscriptions: counter('mm_resubscriptions_total', 'Feeds subscribed again on a live connection.'),
  lastBookAgeMs: gauge('mm_last_book_age_ms', 'Age of the book at the last check, ms; -1 before any.'),
  kappaRaw: gauge('mm_kappa_raw', 'Kappa as the book and the trades alone show it.'),
  kappaEffective: gauge('mm_kappa_effective', 'Kappa blended with its prior; what quotes are computed from.'),
  sigma: gauge('mm_sigma', 'Volatility per square root of a second, a fraction of the price.'),
  regime: gauge('mm_regime', 'Regime: 0 quiet, 1 normal, 2 bursty, 3 cascade.'),
  halfSpreadBps: gauge('mm_half_spread_bps', 'Half-spread of the last ladder at its touch, widening included, bps.'),
  inventorySkewBps: gauge('mm_inventory_skew_bps', 'Shift of the last ladder against the position, bps.'),
  warmUpState: gauge('mm_warm_up_state', 'Warm-up: 0 warming, 1 wide, 2 warm.'),
  quoteCycleP50Us: gauge('mm_quote_cycle_p50_us', 'Median of the quote cycles so far, µs.'),
  quoteCycleP99Us: gauge('mm_quote_cycle_p99_us', '99th percentile of the quote cycles so far, µs.'),
  quoteCycleMaxUs: gauge('mm_quote_cycle_max_us', 'Longest quote cycle so far, µs.'),
  wsRoundtripP50Us: gauge('mm_ws_roundtrip_p50_us', 'Median of the round trips so far, µs.'),
  wsRoundtripP99Us: gauge('mm_ws_roundtrip_p99_us', '99th percentile of the round trips so far, µs.'),
  wsRoundtripMaxUs: gauge('mm_ws_roundtrip_max_us', 'Longest round trip so far, µs.'),
  orderAckP50Us: gauge('mm_order_ack_p50_us', 'Median of the order acknowledgements so far, µs.'),
  orderAckP99Us: gauge('mm_order_ack_p99_us', '99th percentile of the order acknowledgements so far, µs.'),
  orderAckMaxUs: gauge('mm_order_ack_max_us', 'Longest order acknowledgement so far, µs.'),
  fillRate: gauge('mm_fill_rate', 'Own fills for each quote placed; NaN before the first quote.'),
  adverseSelectionRate: gauge(
    'mm_adverse_selection_rate',
    'Share of own fills after which the price stood against them; NaN while none is known.',
  ),
  fillQueueLots: gauge(
    'mm_fill_queue_lots',
    'Mean size before filled orders when they were placed; NaN while unknown.',
  ),
  fillLatencyP50Ms: gauge('mm_fill_latency_p50_ms', 'Median of the time from match to news of own fills, ms.'),
  fillLatencyP99Ms: gauge('mm_fill_latency_p99_ms', '99th percentile of the time from match to news, ms.'),
  fillsRecorded: gauge('mm_fill_tracker_fills', 'Fills that the fill tracker has taken down.'),
  fillOutcomes: gauge('mm_fill_tracker_outcomes', 'Fills of which it knows the price after them.'),
  kappaOwnFills: gauge('mm_kappa_own_fills', 'Own fills that kappa has learnt from.'),
  beliefConfidence: gauge('mm_belief_confidence', 'Confidence in the market beliefs, 0 to 1.'),
  fillPosteriorWarm: gauge('mm_fill_posterior_warm', 'Fill posterior: 0 not warm, 1 warm.'),
  signalMoveBps: gauge('mm_signal_move_bps', 'Move that the signals together expect, bps.'),
  signalWideningBps: gauge('mm_signal_widening_bps', 'What the signals add to the half-spread, bps.'),
  channelErrors: counter('mm_channel_errors_total', 'Error frames of the sockets.'),
  arenaBytes: gauge('mm_arena_bytes', 'Bytes of the arena that the last quote cycle used.'),
  arenaOverflows: counter('mm_arena_overflows_total', 'Quote cycles that did not fit into the arena.'),
  arenaOverflowChunks: counter('mm_arena_overflow_chunks_total', 'Further chunks that quote cycles had to open.'),
  logEntriesDropped: counter(
    'mm_log_entries_dropped_total',
    'Log entries dropped because the writer’s queue was full.',
  ),
} as const satisfies Record<string, MetricField>;

/** Kinds of messages, each with a handler of its own, whose time is counted apart (playbook 4.3). */
export const HANDLERS = [
  'book',
  'trades',
  'timer',
  'orderUpdates',
  'fills',
  'postReply',
  'restReply',
  'connection',
  'market',
  'account',
  'operator',
] as const;
export type Handler = (typeof HANDLERS)[number];

type PlainKey = keyof typeof PLAIN;
const plainKeys = Object.keys(PLAIN) as PlainKey[];

/** All metrics, by index. */
export const METRICS: readonly MetricField[] = [
  ...plainKeys.map(key => PLAIN[key]),
  ...CYCLE_STOP_REASONS.map(reason =>
    counter(`mm_cycles_stopped_total{reason="${reason}"}`, 'Quote cycles that ended early, by reason.'),
  ),
  ...ANOMALY_TYPES.map(type =>
    counter(`mm_data_quality_issues_total{type="${type}"}`, 'Anomalies of the market data, by type.'),
  ),
  ...QUOTE_UPDATE_TRIGGERS.map(trigger =>
    counter(`mm_quote_triggers_total{trigger="${trigger}"}`, 'Quote cycles that were asked for, by what asked.'),
  ),
  ...HANDLERS.map(handler =>
    counter(
      `mm_handler_us_total{handler="${handler}"}`,
      'Charged time of all messages, quote cycles left out, by what took them up, µs.',
    ),
  ),
  ...HANDLERS.map(handler =>
    gauge(
      `mm_handler_max_us{handler="${handler}"}`,
      'Longest charged time of one message, quote cycles left out, by what took it up, µs.',
    ),
  ),
];

/** Index of each metric that has no label. */
export const METRIC = Object.fromEntries(plainKeys.map((key, index) => [key, index])) as Readonly<
  Record<PlainKey, number>
>;

const FIRST_STOP = plainKeys.length;
const FIRST_ANOMALY = FIRST_STOP + CYCLE_STOP_REASONS.length;
const FIRST_TRIGGER = FIRST_ANOMALY + ANOMALY_TYPES.length;
const FIRST_HANDLER = FIRST_TRIGGER + QUOTE_UPDATE_TRIGGERS.length;

/** Index of the counter of cycles that stopped for `reason`. */
export function stopMetric(reason: CycleStopReason): number {
  return FIRST_STOP + CYCLE_STOP_REASONS.indexOf(reason);
}

/** Index of the counter of anomalies of `type`. */
export function anomalyMetric(type: AnomalyType): number {
  return FIRST_ANOMALY + ANOMALY_TYPES.indexOf(type);
}

/** Index of the counter of quote cycles that `trigger` asked for (playbook 2.1). */
export function triggerMetric(trigger: QuoteUpdateTrigger): number {
  return FIRST_TRIGGER + QUOTE_UPDATE_TRIGGERS.indexOf(trigger);
}

/** Index of the time that a handler, by its place in `HANDLERS`, has taken in all. */
export function handlerMetric(handler: number): number {
  return FIRST_HANDLER + handler;
}

/** Index of the longest time that it has taken for one message. */
export function handlerMaxMetric(handler: number): number {
  return FIRST_HANDLER + HANDLERS.length + handler;
}

/** The playbook's three latencies, of which percentiles are kept (playbook 4.1). */
export const LATENCIES = ['quoteCycle', 'wsRoundtrip', 'orderAck'] as const;
export type Latency = (typeof LATENCIES)[number];

interface LatencyMetrics {
  readonly last: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const LATENCY_METRICS: Readonly<Record<Latency, LatencyMetrics>> = {
  quoteCycle: {
    last: METRIC.quoteCycleUs,
    p50: METRIC.quoteCycleP50Us,
    p99: METRIC.quoteCycleP99Us,
    max: METRIC.quoteCycleMaxUs,
  },
  wsRoundtrip: {
    last: METRIC.wsRoundtripUs,
    p50: METRIC.wsRoundtripP50Us,
    p99: METRIC.wsRoundtripP99Us,
    max: METRIC.wsRoundtripMaxUs,
  },
  orderAck: {
    last: METRIC.orderAckUs,
    p50: METRIC.orderAckP50Us,
    p99: METRIC.orderAckP99Us,
    max: METRIC.orderAckMaxUs,
  },
};

/** Indices of a latency's newest value and of its percentiles. */
export function latencyMetrics(latency: Latency): LatencyMetrics {
  return LATENCY_METRICS[latency];
}

function counter(name: string, help: string): MetricField {
  return { name, type: 'counter', help };
}

function gauge(name: string, help: string): MetricField {
  return { name, type: 'gauge', help };
}
