/**
 * Puts the monitors' answers together to what the quote engine obeys (playbook 1.3): the worst severity, the widest spread, the
 * smallest size, and every flag that any monitor raised.
 */
import { type LogEntry, SEVERITIES, type Severity } from '../evidence.ts';
import { ACTION_EFFECTS, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from './monitor.ts';

export interface AggregatedRisk {
  /** No quotes at all. */
  readonly pullQuotes: boolean;
  /** Only orders that bring the position towards zero. */
  readonly reduceOnly: boolean;
  /** What spreads are multiplied by, 1 or more. */
  readonly spreadFactor: number;
  /** What sizes are multiplied by, 0 to 1. */
  readonly sizeFactor: number;
  readonly maxSeverity: Severity;
  /** Monitors that did more than nothing, in order of priority. */
  readonly triggered: readonly string[];
}

export class RiskAggregator {
  readonly #monitors: readonly RiskMonitor[];
  readonly #log: (entry: LogEntry) => void;
  readonly #assessments: RiskAssessment[];
  #risk: AggregatedRisk;

  /** Monitors of equal priority keep the order in which they are given. */
  constructor(monitors: readonly RiskMonitor[], log: (entry: LogEntry) => void) {
    this.#monitors = monitors.slice().sort((a, b) => a.priority - b.priority);
    this.#log = log;
    this.#assessments = this.#monitors.map(() => NO_RISK);
    this.#risk = this.#combine();
  }

  /** Asks every monitor. The answer is one and the same object while nothing changes. */
  aggregate(input: RiskInput): AggregatedRisk {
    const monitors = this.#monitors;
    let changed = false;
    for (let i = 0; i < monitors.length; i++) {
      const now = monitors[i].evaluate(input);
      changed ||= !isSame(now, this.#assessments[i]);
      this.#assessments[i] = now;
    }
    if (changed) {
      this.#risk = this.#combine();
      this.#logRisk(input.nowNs);
    }
    return this.#risk;
  }

  #combine(): AggregatedRisk {
    let severity = 0;
    let spreadFactor = 1;
    let sizeFactor = 1;
    let pullQuotes = false;
    let reduceOnly = false;
    const triggered: string[] = [];
    for (let i = 0; i < this.#monitors.length; i++) {
      const { action, severity: ofMonitor, spreadFactor: widening } = this.#assessments[i];
      if (action === 'None') continue;
      triggered.push(this.#monitors[i].name);
      severity = Math.max(severity, SEVERITIES.indexOf(ofMonitor));
      spreadFactor = Math.max(spreadFactor, widening);
      sizeFactor = Math.min(sizeFactor, ACTION_EFFECTS[action].sizeFactor);
      pullQuotes ||= action === 'PullQuotes';
      reduceOnly ||= action === 'ReduceOnly';
    }
    return {
      pullQuotes,
      reduceOnly,
      spreadFactor,
      sizeFactor,
      maxSeverity: SEVERITIES[severity],
      triggered,
    };
  }

  #logRisk(nowNs: number): void {
    const { pullQuotes, spreadFactor, reduceOnly, maxSeverity, triggered } = this.#risk;
    this.#log({ type: 'risk', atNs: nowNs, pullQuotes, spreadFactor, reduceOnly, maxSeverity, monitors: triggered });
  }

  snapshot(): unknown {
    return {
      monitors: this.#monitors.map(monitor => monitor.snapshot()),
      assessments: this.#assessments.map(({ severity, action, spreadFactor }) => ({ severity, action, spreadFactor })),
    };
  }

  restore(state: unknown): void {
    const from = state as { monitors: readonly unknown[]; assessments: readonly RiskAssessment[] };
    for (let i = 0; i < this.#monitors.length; i++) {
      this.#monitors[i].restore(from.monitors[i]);
      this.#assessments[i] = from.assessments[i];
    }
    this.#risk = this.#combine();
  }
}

function isSame(a: RiskAssessment, b: RiskAssessment): boolean {
  return a === b || (a.action === b.action && a.severity === b.severity && a.spreadFactor === b.spreadFactor);
}
