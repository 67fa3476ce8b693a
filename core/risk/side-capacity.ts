/**
 * What may rest on each side, once all that bounds it is put together: the graduated control of the position, the limits, the
 * margin, the ladder-sweep rule, and what the monitors ask for.
 *
 * A side's room has two parts: what reduces the position, and what makes one grow. Everything that is asked here bounds the
 * second part alone. So no combination of limits can block the reducing side (incidents I-16, I-37), and where nothing may grow
 * it holds exactly the position and cannot flip it (incident I-36).
 */
import { ASK, BID, type BySide, SIDES, type Side } from '../market.ts';
import { growthLots, isCleared, type PositionControlConfig } from './position-control.ts';

/** By side, what bounds the growth of a position. */
export interface CapacityBounds {
  /** Signed. */
  positionLots: number;
  /** Largest position. */
  maxLots: number;
  /** A monitor asks for reduce-only, the quota for sparing, or the operator. */
  reduceOnly: boolean;
  /** A monitor has pulled the side (`AggregatedRisk.pulledSides`). */
  pulledSides: Readonly<BySide<boolean>>;
  /** The ladder-sweep rule has cut the side (`LadderSweepGuard.isCut`). */
  sweptSides: Readonly<BySide<boolean>>;
  /** Most by which margin lets a position grow on a side (`MarginTracker.growthUsd`), lots. */
  marginLots: Readonly<BySide<number>>;
  /** Most by which the limits let the present position grow (`RiskChecker.growthUsd`), lots. */
  limitLots: number;
}

export interface SideCapacity {
  /** Most that may rest on each side, whole lots. */
  capacityLots: BySide<number>;
  /** Nothing may grow on either side: orders only close, and may be smaller than the minimum. */
  closing: boolean;
}

/** Computes the room of both sides into `into`. */
export function sideCapacity(config: PositionControlConfig, bounds: CapacityBounds, into: SideCapacity): void {
  const { positionLots } = bounds;
  let growth = 0;
  for (const side of SIDES) {
    const reducingLots = Math.max(0, side === BID ? -positionLots : positionLots);
    const lots = growthOf(config, bounds, side, reducingLots > 0);
    into.capacityLots[side] = reducingLots + lots;
    growth += lots;
  }
  into.closing = growth === 0;
}

function growthOf(config: PositionControlConfig, bounds: CapacityBounds, side: Side, isReducing: boolean): number {
  const { positionLots, maxLots, limitLots } = bounds;
  if (bounds.reduceOnly || bounds.pulledSides[side] || bounds.sweptSides[side]) return 0;
  if (isCleared(config, positionLots, maxLots)) return 0;
  const byMargin = bounds.marginLots[side];
  // Beyond zero a position begins anew, with all the room there is.
  const bound = isReducing ? maxLots : Math.min(growthLots(config, positionLots, maxLots), limitLots);
  return Math.max(0, Math.floor(Math.min(bound, byMargin)));
}

/** The side on which orders make the position grow; null where there is none and both do. */
export function growingSide(positionLots: number): Side | null {
  if (positionLots === 0) return null;
  return positionLots > 0 ? BID : ASK;
}
