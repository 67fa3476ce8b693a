/**
 * Puts the monitors' answers together to what the quote engine obeys (playbook 1.3): the worst severity, the widest spread, the
 * smallest size, the sum of the shifts, and every flag that any monitor raised.
 *
 * Whatever it says is to be done, and not only logged (core-facts, list L, L1): `pullQuotes` leaves no order resting, `kill`
 * goes to the kill switch.
 */
import { type LogEntry, SEVERITIES, type Severity } from '../evidence.ts';
import type { BySide } from '../market.ts';
import {
  ACTION_EFFECTS,
  type KillReason,
  NO_RISK,
  type RiskActionType,
  type RiskAssessment,
  type RiskInput,
  type RiskMonitor,
} from './monitor.ts';

export interface AggregatedRisk {
  /** No quotes at all. */
  readonly pullQuotes: boolean;
  /** Only orders that bring the position towards zero. */
  readonly reduceOnly: boolean;
  /** True: nothing on this side may make the position grow. */
  readonly pulledSides: Readonly<BySide<boolean>>;
  /** What spreads are multiplied by, 1 or more. */
  readonly spreadFactor: number;
  /** How far both sides are to be shifted, bps: downwards where positive. */
  readonly skewBps: number;
  /** What sizes are multiplied by, 0 to 1. */
  readonly sizeFactor: number;
  /** A monitor wants the kill switch thrown, for these reasons. Quotes are pulled with it. */
  readonly kill: boolean;
  readonly killReasons: readonly KillReason[];
  readonly maxSeverity: Severity;
  /** The gravest: Kill before PullQuotes before ReduceOnly before what the first monitor with an answer says. */
  readonly primaryAction: RiskActionType;
  /** Monitors that did more than nothing, in order of priority. */
  readonly triggered: readonly string[];
  /** Those of them that want no quotes at all. */
  readonly pulledBy: readonly string[];
}

/** Actions that come first, whichever monitor asks for them (core-facts 1.3). */
const GRAVEST: readonly RiskActionType[] = ['Kill', 'PullQuotes', 'ReduceOnly'];

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

  /** What the monitors said when they were last asked. */
  get current(): AggregatedRisk {
    return this.#risk;
  }

  /** Asks every monitor. The answer is one and the same object while nothing changes by more than is worth a word. */
  aggregate(input: RiskInput): AggregatedRisk {
    const monitors = this.#monitors;
    let changed = false;
    for (let i = 0; i < monitors.length; i++) {
      const now = monitors[i].evaluate(input);
      if (isSame(now, this.#assessments[i])) continue;
      changed = true;
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
    let skewBps = 0;
    const pulledSides: BySide<boolean> = [false, false];
    const actions: RiskActionType[] = [];
    const killReasons: KillReason[] = [];
    const triggered: string[] = [];
    const pulledBy: string[] = [];
    for (let i = 0; i < this.#monitors.length; i++) {
      const now = this.#assessments[i];
      if (now.action === 'None') continue;
      triggered.push(this.#monitors[i].name);
      if (now.action === 'PullQuotes' || now.action === 'Kill') pulledBy.push(this.#monitors[i].name);
      actions.push(now.action);
      severity = Math.max(severity, SEVERITIES.indexOf(now.severity));
      spreadFactor = Math.max(spreadFactor, now.spreadFactor);
      sizeFactor = Math.min(sizeFactor, ACTION_EFFECTS[now.action].sizeFactor);
      skewBps += now.skewBps;
      if (now.side !== null) pulledSides[now.side] = true;
      if (now.killReason !== null && !killReasons.includes(now.killReason)) killReasons.push(now.killReason);
    }
    const isKilled = actions.includes('Kill');
    return {
      pullQuotes: isKilled || actions.includes('PullQuotes'),
      reduceOnly: actions.includes('ReduceOnly'),
      pulledSides,
      spreadFactor,
      skewBps,
      sizeFactor,
      kill: isKilled,
      killReasons,
      maxSeverity: SEVERITIES[severity],
      primaryAction: GRAVEST.find(action => actions.includes(action)) ?? actions[0] ?? 'None',
      triggered,
      pulledBy,
    };
  }

  #logRisk(nowNs: number): void {
    const { pullQuotes, spreadFactor, reduceOnly, maxSeverity, triggered, pulledBy } = this.#risk;
    const common = { pullQuotes, spreadFactor, reduceOnly, maxSeverity };
    this.#log({ type: 'risk', atNs: nowNs, ...common, monitors: triggered, pulledBy });
  }

  snapshot(): unknown {
    return {
      monitors: this.#monitors.map(monitor => monitor.snapshot()),
      assessments: this.#assessments.map(one => ({ ...one })),
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

/** Another spread by less than this is the same answer: else one that moves with the mid would be another with every frame. */
const SAME_FACTOR = 0.05;

function isSame(a: RiskAssessment, b: RiskAssessment): boolean {
  if (a === b) return true;
  return (
    a.action === b.action &&
    a.severity === b.severity &&
    Math.abs(a.spreadFactor - b.spreadFactor) < SAME_FACTOR &&
    a.skewBps === b.skewBps &&
    a.side === b.side &&
    a.killReason === b.killReason
  );
}
