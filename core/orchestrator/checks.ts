/**
 * The part of the check of every second that looks after single things and moves no order: asks for limits and margins when that is
 * due, notes what quotes stand and how they do in their queues, and writes the gauges (playbook 1.1, 1.5, 2.1, 2.4, 4.1).
 */

import type { ConnectionSupervisor } from '../infra/connection-supervisor.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { MetricsSummary } from '../infra/metrics/summary.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { RestRequests } from '../infra/rest-requests.ts';
import type { RoundTripWatch } from '../infra/round-trip-watch.ts';
import { NS_PER_MS } from '../scale.ts';
import type { CoreState, InstrumentState } from '../state.ts';

/** Percentiles of the fills' latency that are shown. */
const SHOWN_PERCENTILES = [0.5, 0.99];

export class Checks {
  readonly #state: CoreState;
  readonly #supervisor: ConnectionSupervisor;
  readonly #rest: RestRequests;
  readonly #metrics: Metrics;
  readonly #summary: MetricsSummary;
  readonly #roundTrips: RoundTripWatch;
  /** Fills and outcomes of fills that the figures of the fill tracker were last drawn up from. */
  #fillsShown = -1;

  constructor(
    state: CoreState,
    supervisor: ConnectionSupervisor,
    rest: RestRequests,
    metrics: Metrics,
    summary: MetricsSummary,
    roundTrips: RoundTripWatch,
  ) {
    this.#state = state;
    this.#supervisor = supervisor;
    this.#rest = rest;
    this.#metrics = metrics;
    this.#summary = summary;
    this.#roundTrips = roundTrips;
  }

  /** A recovery has begun, which asks for all of this itself. */
  askedByRecovery(nowNs: number): void {
    this.#state.account.margin.takeDue(nowNs);
    this.#state.account.quota.asked(nowNs);
  }

  /** Asks for what is due of account, margin rules and requests left. */
  askForLimits(nowNs: number): void {
    const { margin, quota } = this.#state.account;
    for (const request of margin.takeDue(nowNs)) this.#rest.ask(request);
    if (!quota.refreshDue(nowNs)) return;
    quota.asked(nowNs);
    this.#rest.ask('userRateLimit');
  }

  /** Looks after one instrument. */
  instrument(state: InstrumentState, nowNs: number): void {
    const { account, accumulator, beliefs, fillTracker, limits, market, orders, quoteModel, queueWatch } = state;
    const active = orders.activeOrders();
    state.sideWatch.check(side => orders.activeOrders(side), state.stoppedFor !== null, nowNs);
    beliefs.onQuoting(active.length > 0 && state.pulledFor === null, quoteModel.halfSpreadBps, nowNs);
    if (market.midTicks > 0) {
      fillTracker.updatePriceAfter(market.midTicks, nowNs);
      for (const order of queueWatch.check(market.book, active, nowNs)) {
        accumulator.onQueueDepletion(order.side, order.oid, nowNs);
      }
      limits.checkPosition(state.positionLots * state.lotUsd, nowNs);
      limits.checkNotional(account.notionalUsd, nowNs);
    }
    state.adverseSelectionRate = fillTracker.adverseSelectionRate;
    if (state.rejections.takeEnded(nowNs)) accumulator.onFeedRestored(nowNs);
  }

  /** Gauges; those of an instrument are the first one's. */
  updateGauges(nowNs: number): void {
    const { instruments } = this.#state;
    const [state] = instruments;
    this.#summary.update();
    this.#roundTrips.check(nowNs);
    this.#ofConnections(state, nowNs);
    this.#ofAccount(nowNs);
    this.#ofModels(state);
    this.#metrics.set(METRIC.fillRate, state.fillTracker.fillRate ?? Number.NaN);
    const { fills, lostOutcomes, quotes, resolvedOutcomes } = state.fillTracker;
    this.#metrics.set(METRIC.fillsRecorded, fills);
    this.#metrics.set(METRIC.fillOutcomes, resolvedOutcomes);
    this.#metrics.set(METRIC.kappaOwnFills, state.kappa.ownFills);
    const known = fills + lostOutcomes + quotes + resolvedOutcomes;
    if (known === this.#fillsShown) return;
    this.#fillsShown = known;
    this.#ofFills(state);
  }

  #ofConnections(state: InstrumentState, nowNs: number): void {
    const metrics = this.#metrics;
    const stats = this.#supervisor.stats(nowNs);
    metrics.set(METRIC.supervisorStaleCount, stats.consecutiveStaleCount);
    metrics.set(METRIC.supervisorReconnectSignals, stats.reconnectSignals);
    const ageNs = state.dataQuality.bookAgeNs(nowNs);
    metrics.set(METRIC.lastBookAgeMs, ageNs === Number.POSITIVE_INFINITY ? -1 : ageNs / NS_PER_MS);
  }

  #ofAccount(nowNs: number): void {
    const metrics = this.#metrics;
    const { budget, killSwitch, margin, profit, quota, rateLimiter } = this.#state.account;
    metrics.set(METRIC.callsSuppressed, rateLimiter.suppressedCalls);
    metrics.set(METRIC.rateLimitWeight, rateLimiter.usedWeight(nowNs));
    metrics.set(METRIC.quotaHeadroom, quota.headroom);
    metrics.set(METRIC.executionBudgetTokens, budget.tokens(nowNs));
    metrics.set(METRIC.executionBudgetSkipped, budget.skipped);
    metrics.set(METRIC.killSwitchTriggered, killSwitch.isKilled ? 1 : 0);
    metrics.set(METRIC.dayProfitUsd, profit.dayProfitUsd);
    metrics.set(METRIC.drawdownUsd, profit.peakProfitUsd - profit.profitUsd);
    metrics.set(METRIC.marginAvailableUsd, margin.availableUsd);
  }

  #ofModels({ beliefs, kappa, regime, signals, volatility, warmUp }: InstrumentState): void {
    const metrics = this.#metrics;
    metrics.set(METRIC.kappaRaw, kappa.raw);
    metrics.set(METRIC.kappaEffective, kappa.effective);
    metrics.set(METRIC.sigma, volatility.sigma);
    metrics.set(METRIC.regime, regime.index);
    metrics.set(METRIC.warmUpState, warmUp.index);
    metrics.set(METRIC.beliefConfidence, beliefs.confidence);
    metrics.set(METRIC.fillPosteriorWarm, beliefs.fillIntensity.isWarmedUp ? 1 : 0);
    metrics.set(METRIC.signalMoveBps, signals.expectedMoveBps);
    metrics.set(METRIC.signalWideningBps, signals.wideningBps);
  }

  #ofFills({ fillTracker }: InstrumentState): void {
    const metrics = this.#metrics;
    metrics.set(METRIC.adverseSelectionRate, fillTracker.adverseSelectionRate ?? Number.NaN);
    metrics.set(METRIC.fillQueueLots, fillTracker.queuePosition ?? Number.NaN);
    const [p50Ms, p99Ms] = fillTracker.latencyMs(SHOWN_PERCENTILES) ?? [Number.NaN, Number.NaN];
    metrics.set(METRIC.fillLatencyP50Ms, p50Ms);
    metrics.set(METRIC.fillLatencyP99Ms, p99Ms);
  }

  snapshot(): unknown {
    return this.#fillsShown;
  }

  restore(state: unknown): void {
    this.#fillsShown = state as number;
  }
}
