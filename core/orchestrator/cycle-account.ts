/**
 * What quote cycles cost: their time by stage (playbook 4.1), and what they took from their arena (playbook 4.2). Each cycle is counted;
 * of slow ones, and of those that outgrow the arena, one a second is told of.
 */
import { CYCLE_STAGES, type CycleStage, type LogEntry } from '../evidence.ts';
import type { QuoteCycleArena } from '../infra/arena.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { MetricsSummary } from '../infra/metrics/summary.ts';
import { TrailingCounts } from '../infra/metrics/trailing-counts.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { CoreHost } from '../port.ts';
import { NS_PER_S, NS_PER_US } from '../scale.ts';
import type { CoreSettings } from '../settings.ts';

/** Slow cycles are over when there was none for so long. */
const CALM_NS = 10 * NS_PER_S;
/** Of slow cycles, and of those that outgrow their arena, one in this time is told of. */
const TOLD_EVERY_NS = NS_PER_S;

/** What is counted of cycles. */
const CYCLES = 0;
const SLOW = 1;
const OVERFLOWED = 2;

type SlowLevel = 'normal' | 'warning' | 'critical';

export interface CycleAccountParts {
  readonly host: CoreHost;
  readonly settings: CoreSettings;
  readonly metrics: Metrics;
  readonly summary: MetricsSummary;
  readonly log: (entry: LogEntry) => void;
}

interface CycleAccountState {
  slowLevel: SlowLevel;
  slowNs: number;
  slowToldNs: number;
  overflowNs: number;
  recent: unknown;
}

export class CycleAccount {
  readonly #parts: CycleAccountParts;
  readonly #arena: QuoteCycleArena;
  readonly #recent = new TrailingCounts(3);
  /** How bad the last slow cycle was, when there was one last, and when one was told of. */
  #slowLevel: SlowLevel = 'normal';
  #slowNs = Number.NEGATIVE_INFINITY;
  #slowToldNs = Number.NEGATIVE_INFINITY;
  #overflowNs = Number.NEGATIVE_INFINITY;
  // Of the cycle under way, in charged time: when it began, when each stage ended, how long models and log took.
  #begunNs = 0;
  readonly #stageEndsNs = new Float64Array(CYCLE_STAGES.length);
  #modelUs = 0;
  #logBeforeUs = 0;

  constructor(parts: CycleAccountParts, arena: QuoteCycleArena) {
    this.#parts = parts;
    this.#arena = arena;
  }

  /** A cycle begins, with an empty arena. */
  begin(nowNs: number): void {
    const { host, metrics } = this.#parts;
    this.#begunNs = host.chargedNs();
    metrics.add(METRIC.quoteCycles, 1);
    this.#arena.reset(host.arenaTakenBytes());
    this.#recent.add(CYCLES, nowNs);
    this.#stageEndsNs.fill(this.#begunNs);
    this.#modelUs = 0;
    this.#logBeforeUs = metrics.values[METRIC.logUsTotal];
  }

  /** A stage is over; the stages after it are over too, unless they come to run. */
  stageEnded(stage: CycleStage): void {
    this.#stageEndsNs.fill(this.#parts.host.chargedNs(), CYCLE_STAGES.indexOf(stage));
  }

  /** The model has run since `fromNs`, in charged time. */
  modelEnded(fromNs: number): void {
    this.#modelUs = (this.#parts.host.chargedNs() - fromNs) / NS_PER_US;
    this.#parts.metrics.set(METRIC.modelUs, this.#modelUs);
  }

  /** What the cycle took from its arena is paid for; what did not fit is told of. `orderSpecs`: how many orders it wanted. */
  chargeArena(orderSpecs: number, nowNs: number): void {
    const { host, metrics } = this.#parts;
    const { allocations, capacityBytes, overflowChunks, takenBytes, usedBytes } = this.#arena;
    host.charge('arena', allocations);
    metrics.set(METRIC.arenaBytes, usedBytes);
    if (overflowChunks === 0) return;
    host.charge('arena-spill', overflowChunks);
    metrics.add(METRIC.arenaOverflows, 1);
    metrics.add(METRIC.arenaOverflowChunks, overflowChunks);
    this.#recent.add(OVERFLOWED, nowNs);
    if (nowNs - this.#overflowNs < TOLD_EVERY_NS) return;
    this.#overflowNs = nowNs;
    this.#parts.log({
      type: 'arena-overflow',
      atNs: nowNs,
      usedBytes,
      takenBytes,
      capacityBytes,
      chunks: overflowChunks,
      orderSpecs,
      levels: this.#levels,
      overflows: this.#recent.total(OVERFLOWED, nowNs),
      cycles: this.#recent.total(CYCLES, nowNs),
    });
  }

  /** The cycle is over, whatever stopped it. */
  end(nowNs: number): void {
    const { host, metrics, settings, summary } = this.#parts;
    const us = (host.chargedNs() - this.#begunNs) / NS_PER_US;
    metrics.add(METRIC.quoteCycleUsTotal, us);
    summary.sample('quoteCycle', us);
    const { criticalUs, warningUs } = settings.orchestrator.quoteEngine;
    if (us > warningUs) {
      this.#slowNs = nowNs;
      metrics.add(METRIC.slowQuoteCycles, 1);
      this.#recent.add(SLOW, nowNs);
      const isWorse = us > criticalUs ? this.#slowLevel !== 'critical' : this.#slowLevel === 'normal';
      if (!isWorse && nowNs - this.#slowToldNs < TOLD_EVERY_NS) return;
      this.#tell(us > criticalUs || this.#slowLevel === 'critical' ? 'critical' : 'warning', us, nowNs);
    } else if (this.#slowLevel !== 'normal' && nowNs - this.#slowNs >= CALM_NS) {
      this.#tell('normal', us, nowNs);
    }
  }

  #tell(level: SlowLevel, us: number, nowNs: number): void {
    this.#slowLevel = level;
    this.#slowToldNs = nowNs;
    this.#parts.log({
      type: 'quote-cycle-slow',
      atNs: nowNs,
      level,
      us,
      slowCycles: this.#recent.total(SLOW, nowNs),
      cycles: this.#recent.total(CYCLES, nowNs),
      stagesUs: this.#stagesUs(),
      modelUs: this.#modelUs,
      levels: this.#levels,
      logUs: this.#parts.metrics.values[METRIC.logUsTotal] - this.#logBeforeUs,
    });
  }

  /** Of both sides. */
  get #levels(): number {
    return 2 * this.#parts.settings.strategy.ladder.levels;
  }

  #stagesUs(): Record<CycleStage, number> {
    const us: Record<CycleStage, number> = {
      warmup: 0,
      estimator: 0,
      risk: 0,
      strategy: 0,
      ladder: 0,
      reconcile: 0,
      execute: 0,
    };
    let fromNs = this.#begunNs;
    for (let stage = 0; stage < CYCLE_STAGES.length; stage++) {
      us[CYCLE_STAGES[stage]] = (this.#stageEndsNs[stage] - fromNs) / NS_PER_US;
      fromNs = this.#stageEndsNs[stage];
    }
    return us;
  }

  /** Between two cycles. */
  snapshot(): unknown {
    return {
      slowLevel: this.#slowLevel,
      slowNs: this.#slowNs,
      slowToldNs: this.#slowToldNs,
      overflowNs: this.#overflowNs,
      recent: this.#recent.snapshot(),
    } satisfies CycleAccountState;
  }

  restore(state: unknown): void {
    const from = state as CycleAccountState;
    this.#slowLevel = from.slowLevel;
    this.#slowNs = from.slowNs;
    this.#slowToldNs = from.slowToldNs;
    this.#overflowNs = from.overflowNs;
    this.#recent.restore(from.recent);
  }
}
