/**
 * Graduated control of the position (playbook 1.3; incidents I-16, I-22b, I-43): long before the maximum is reached the growing
 * side is given less room and both quotes lean away from the position; at nine tenths nothing grows any more.
 *
 *   green   under 50 %    all the room there is
 *   yellow  from 50 %     half of it; quotes lean away by up to 10 bps; from 70 % on ever less, down to none at 90 %
 *   red     from 80 %     quotes lean away by 15 bps
 *   kill    from 100 %    quotes lean away by 25 bps
 *
 * The reducing side is never touched: there is no level at which it is cleared (incident I-37). Once nothing may grow it holds
 * no more than the position, so that reducing does not end on the other side of zero (incident I-36).
 */
import type { LogEntry, PositionZone } from '../evidence.ts';
import { NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor, skewAway } from './monitor.ts';

export interface PositionControlConfig {
  /** Shares of the maximum at which the zones begin. */
  yellowShare: number;
  redShare: number;
  killShare: number;
  /** Share of the room that the growing side has from yellow on. */
  yellowRoomShare: number;
  /** From the first share on that room shrinks evenly, to none at the second. */
  warnShare: number;
  clearShare: number;
  /** From here on a fill does not wait for a cycle: what rests on the growing side is cancelled with it. */
  hardEntryShare: number;
  /** How far quotes lean away at the end of yellow, in red and in kill, bps. In yellow it rises evenly from 0. */
  yellowSkewBps: number;
  redSkewBps: number;
  killSkewBps: number;
}

/** core-facts 1.3, graduated position controls. Its zones widen one side more than the other; here both shift alike. */
export const DEFAULT_POSITION_CONTROL: PositionControlConfig = {
  yellowShare: 0.5,
  redShare: 0.8,
  killShare: 1,
  yellowRoomShare: 0.5,
  warnShare: 0.7,
  clearShare: 0.9,
  hardEntryShare: 0.95,
  yellowSkewBps: 10,
  redSkewBps: 15,
  killSkewBps: 25,
};

/** Share of the maximum that is used: Infinity where none is allowed and there is a position. */
export function usedShare(positionLots: number, maxLots: number): number {
  if (positionLots === 0) return 0;
  return maxLots > 0 ? Math.abs(positionLots) / maxLots : Number.POSITIVE_INFINITY;
}

/** Most lots by which a position may grow, of the room up to the maximum; a whole number. */
export function growthLots(config: PositionControlConfig, positionLots: number, maxLots: number): number {
  const roomLots = Math.max(0, maxLots - Math.abs(positionLots));
  return Math.floor(roomLots * roomShare(config, usedShare(positionLots, maxLots)));
}

function roomShare(config: PositionControlConfig, used: number): number {
  const { yellowShare, yellowRoomShare, warnShare, clearShare } = config;
  if (used >= clearShare) return 0;
  if (used >= warnShare) return (yellowRoomShare * (clearShare - used)) / (clearShare - warnShare);
  return used >= yellowShare ? yellowRoomShare : 1;
}

/** True: nothing may grow, and the reducing side holds no more than the position. */
export function isCleared(config: PositionControlConfig, positionLots: number, maxLots: number): boolean {
  return usedShare(positionLots, maxLots) >= config.clearShare;
}

/** True after a fill: what rests on the growing side is to be cancelled at once. */
export function mustCancelGrowing(config: PositionControlConfig, positionLots: number, maxLots: number): boolean {
  return usedShare(positionLots, maxLots) >= config.hardEntryShare;
}

/** The zones as a risk monitor: it leans the quotes away from the position, and says in evidence when the zone changes. */
export class PositionControl implements RiskMonitor {
  readonly name = 'position-control';
  /** Ours: after the position monitor. */
  readonly priority = 11;
  readonly #config: PositionControlConfig;
  readonly #log: (entry: LogEntry) => void;
  #zone: PositionZone = 'green';
  #lean: RiskAssessment = NO_RISK;

  constructor(config: PositionControlConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  get zone(): PositionZone {
    return this.#zone;
  }

  evaluate({ nowNs, positionUsd, positionLots, maxInventoryUsd }: RiskInput): RiskAssessment {
    const used = usedShare(positionUsd, maxInventoryUsd);
    this.#enter(this.#zoneOf(used), used, nowNs);
    const skewBps = Math.sign(positionLots) * this.#skewBps(used);
    if (skewBps === 0) return NO_RISK;
    if (this.#lean.skewBps !== skewBps) this.#lean = skewAway(this.#zone === 'yellow' ? 'Low' : 'Medium', skewBps);
    return this.#lean;
  }

  #zoneOf(used: number): PositionZone {
    const { yellowShare, redShare, killShare } = this.#config;
    if (used >= killShare) return 'kill';
    if (used >= redShare) return 'red';
    return used >= yellowShare ? 'yellow' : 'green';
  }

  /** Whole basis points, so that not every move of the mid makes another answer. */
  #skewBps(used: number): number {
    const { yellowShare, redShare, yellowSkewBps, redSkewBps, killSkewBps } = this.#config;
    if (this.#zone === 'kill') return killSkewBps;
    if (this.#zone === 'red') return redSkewBps;
    if (this.#zone === 'green') return 0;
    return Math.round((yellowSkewBps * (used - yellowShare)) / (redShare - yellowShare));
  }

  #enter(zone: PositionZone, used: number, nowNs: number): void {
    if (zone === this.#zone) return;
    this.#zone = zone;
    this.#log({ type: 'position-zone', atNs: nowNs, zone, usedShare: Number.isFinite(used) ? used : 1 });
  }

  snapshot(): unknown {
    return this.#zone;
  }

  restore(state: unknown): void {
    this.#zone = state as PositionZone;
  }
}
