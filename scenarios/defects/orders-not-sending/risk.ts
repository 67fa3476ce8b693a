/** Bugs of the risk system (playbook 1.3): monitors that see it wrongly or late, a kill that does not last, sides blocked for nothing. */

import type { LogEntry } from '../../../core/evidence.ts';
import { defaultMonitors } from '../../../core/parts.ts';
import { RiskAggregator } from '../../../core/risk/aggregator.ts';
import { KillSwitch } from '../../../core/risk/kill-switch.ts';
import type { KillReason, RiskAssessment, RiskInput, RiskMonitor } from '../../../core/risk/monitor.ts';
import { DrawdownMonitor } from '../../../core/risk/monitors/drawdown.ts';
import { PositionVelocityMonitor } from '../../../core/risk/monitors/position-velocity.ts';
import { isCleared } from '../../../core/risk/position-control.ts';
import { sideCapacity } from '../../../core/risk/side-capacity.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { CoreSettings } from '../../../core/settings.ts';
import type { Defect } from '../defect.ts';

/** A core's monitors with those in the place of the usual that `change` makes. */
function withMonitors(
  change: (monitor: RiskMonitor, settings: CoreSettings) => RiskMonitor,
): Pick<Parameters<Defect['parts']>[0], 'risk'> {
  return {
    risk: (settings: CoreSettings, log: (entry: LogEntry) => void) =>
      new RiskAggregator(
        defaultMonitors(settings, log).map(monitor => change(monitor, settings)),
        log,
      ),
  };
}

/** So little is taken for the peak where there was no profit yet, USD. */
const SMALLEST_PEAK_USD = 0.01;

/** The drawdown as a share of the peak, which after a first fill is a few cents. */
class DrawdownOfPeak extends DrawdownMonitor {
  override evaluate(input: RiskInput): RiskAssessment {
    return super.evaluate({ ...input, accountValueUsd: Math.max(SMALLEST_PEAK_USD, input.peakProfitUsd) });
  }
}

export const drawdownOfPeak: Defect = {
  name: 'drawdown-of-peak',
  description: 'The drawdown is held against the highest profit, however small, in place of the account’s value.',
  source: 'I-1',
  primary: '1.3',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    ...withMonitors((monitor, { risk }) =>
      monitor instanceof DrawdownMonitor ? new DrawdownOfPeak({ ...risk.drawdown, minPeakUsd: 0 }) : monitor,
    ),
  }),
};

/** It is reset with the first look at it so long after it was thrown. */
const RECOVERY_NS = 30 * NS_PER_S;

class ForgettingKillSwitch extends KillSwitch {
  #thrownNs = 0;
  #ignoredUntilNs = 0;

  override trigger(reasons: readonly KillReason[], nowNs: number): boolean {
    if (this.isKilled && nowNs - this.#thrownNs >= RECOVERY_NS) {
      this.reset(nowNs);
      this.#ignoredUntilNs = Number.POSITIVE_INFINITY;
    }
    if (nowNs < this.#ignoredUntilNs) return false;
    const isNew = super.trigger(reasons, nowNs);
    if (isNew) this.#thrownNs = nowNs;
    return isNew;
  }

  override snapshot(): unknown {
    return { reasons: super.snapshot(), thrownNs: this.#thrownNs, ignores: this.#ignoredUntilNs > 0 };
  }

  override restore(state: unknown): void {
    const from = state as { reasons: unknown; thrownNs: number; ignores: boolean };
    super.restore(from.reasons);
    this.#thrownNs = from.thrownNs;
    this.#ignoredUntilNs = from.ignores ? Number.POSITIVE_INFINITY : 0;
  }
}

export const killResetsItself: Defect = {
  name: 'kill-resets-itself',
  description: 'A thrown kill switch resets itself after 30 s, and is never thrown again.',
  source: 'L5',
  primary: '1.3',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({ ...usual, killSwitch: log => new ForgettingKillSwitch(log) }),
};

/** What looks at open interest always sees it unchanged. */
class Unheard implements RiskMonitor {
  readonly #monitor: RiskMonitor;

  constructor(monitor: RiskMonitor) {
    this.#monitor = monitor;
  }

  get name(): string {
    return this.#monitor.name;
  }

  get priority(): number {
    return this.#monitor.priority;
  }

  evaluate(input: RiskInput): RiskAssessment {
    return this.#monitor.evaluate({ ...input, openInterestDrop: 0 });
  }

  snapshot(): unknown {
    return this.#monitor.snapshot();
  }

  restore(state: unknown): void {
    this.#monitor.restore(state);
  }
}

export const cascadeUnheard: Defect = {
  name: 'cascade-unheard',
  description: 'Open interest is never handed to the cascade monitor and the circuit breaker.',
  source: 'L28, L29',
  primary: '1.3',
  allowed: [],
  symptoms: [],
  parts: usual => ({
    ...usual,
    ...withMonitors(monitor =>
      monitor.name === 'cascade' || monitor.name === 'circuit-breaker' ? new Unheard(monitor) : monitor,
    ),
  }),
};

/** The thresholds that the reference system's binary passes: half the maximum within a minute before anything is said. */
const LAX = { widenShare: 0.5, pullShare: 1, criticalShare: 2 };

export const positionVelocityLax: Defect = {
  name: 'position-velocity-lax',
  description: 'A position may grow by half its maximum within a minute before the monitor says a word.',
  source: 'L25, I-44',
  primary: '1.3',
  allowed: [],
  symptoms: [],
  parts: usual => ({
    ...usual,
    ...withMonitors((monitor, { risk }) =>
      monitor instanceof PositionVelocityMonitor
        ? new PositionVelocityMonitor({ ...risk.positionVelocity, ...LAX })
        : monitor,
    ),
  }),
};

export const overLimitBlocksBothSides: Defect = {
  name: 'over-limit-blocks-both-sides',
  description: 'A position at its limit takes the room of both sides, the reducing one too.',
  source: 'I-37',
  primary: '1.3',
  allowed: ['2.5'],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    sideCapacity: (config, bounds, into) => {
      sideCapacity(config, bounds, into);
      if (!isCleared(config, bounds.positionLots, bounds.maxLots)) return;
      into.capacityLots[0] = 0;
      into.capacityLots[1] = 0;
    },
  }),
};
