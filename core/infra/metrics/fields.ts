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
  'EmptyLadder',
  'NothingToChange',
  'NotConnected',
] as const satisfies readonly CycleStopReason[];

const PLAIN = {
  events: counter('mm_events_total', 'Messages taken up.'),
  quoteCycles: counter('mm_quote_cycles_total', 'Quote cycles begun.'),
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
  positionLots: gauge('mm_position_lots', 'Signed local position, lots.'),
  positionAdjustments: counter('mm_position_adjustments_total', 'Times the local position was set to the exchange’s.'),
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
} as const satisfies Record<string, MetricField>;

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
];

/** Index of each metric that has no label. */
export const METRIC = Object.fromEntries(plainKeys.map((key, index) => [key, index])) as Readonly<
  Record<PlainKey, number>
>;

const FIRST_STOP = plainKeys.length;
const FIRST_ANOMALY = FIRST_STOP + CYCLE_STOP_REASONS.length;
const FIRST_TRIGGER = FIRST_ANOMALY + ANOMALY_TYPES.length;

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

function counter(name: string, help: string): MetricField {
  return { name, type: 'counter', help };
}

function gauge(name: string, help: string): MetricField {
  return { name, type: 'gauge', help };
}
