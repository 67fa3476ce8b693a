/**
 * What faults of own fills have in common: each waits for own fills of its sides and does something to their notifications, to
 * so many of them. Where the market brings none in the first half of its time, the marked aggressor does.
 */

import type { Fill } from '../../../core/port.ts';
import { NS_PER_MS } from '../../../core/scale.ts';
import { DAY_NS } from '../duration-limits.ts';
import { type FaultParameter, numberOf } from '../fault-kind.ts';
import type { OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import {
  AGGRESSOR_SHARE,
  Aggressor,
  type AggressorState,
  ORDER_SCOPE,
  OrderScope,
  orderToHit,
  shareOf,
} from './aggressor.ts';

/** The same of every kind. */
export const FILL_FAULT = {
  group: 'orders',
  hasProbability: true,
  forNs: { min: 10 * NS_PER_MS, max: DAY_NS },
} as const;

export const FILL_PARAMETERS: readonly FaultParameter[] = [
  ...ORDER_SCOPE,
  {
    name: 'count',
    type: 'integer',
    unit: '',
    min: 1,
    max: 10_000,
    default: 1,
    description: 'So many fills are hit, the first ones in its time.',
  },
  AGGRESSOR_SHARE,
];

export interface ArmedFillsState {
  left: number;
  aggressor: AggressorState;
}

export class ArmedFills {
  readonly scope: OrderScope;
  readonly #world: OverlayWorld;
  readonly #forNs: number;
  readonly #aggressor: Aggressor;
  readonly #share: number;
  /** Fills that it may still hit. */
  #left: number;
  /** Only while the aggressor's fill is being told. */
  #isHitting = false;

  constructor(fault: Fault, world: OverlayWorld) {
    this.scope = new OrderScope(fault);
    this.#world = world;
    this.#forNs = fault.forNs;
    this.#aggressor = new Aggressor(world);
    this.#share = numberOf(fault, 'share');
    this.#left = numberOf(fault, 'count');
  }

  begin(): void {
    this.#aggressor.arm(this.#forNs);
  }

  end(): void {
    this.#aggressor.disarm();
  }

  /** Whether a fill that is about to be told is one that the fault hits. Call it once for each. */
  takes(fill: Fill): boolean {
    if (this.#left === 0 || !this.scope.has(fill)) return false;
    // What the aggressor made is there to be hit.
    if (!this.#isHitting && !this.#world.hits()) return false;
    this.#left--;
    this.#aggressor.disarm();
    return true;
  }

  /** Where the market brought no fill in time, the aggressor fills a part of the best order. To be called when the fault is woken up. */
  due(): void {
    if (!this.#aggressor.isDue) return;
    const { connections, market, nowNs } = this.#world;
    if (!connections.isSubscribed('userFills', 0)) return this.#aggressor.later();
    const order = orderToHit(this.#world, this.scope);
    // The fill itself is no effect: what the fault does to its notification is.
    this.#isHitting = true;
    const filledLots = order === null ? 0 : market.fillOutOfTurn(nowNs, order.oid, shareOf(order, this.#share));
    this.#isHitting = false;
    if (filledLots > 0) this.#aggressor.disarm();
    else this.#aggressor.later();
  }

  /** To be added to what is said of a fill that is being told: who made it, where that was the aggressor. */
  get maker(): string {
    return this.#isHitting ? ', which a marked aggressor made' : '';
  }

  snapshot(): ArmedFillsState {
    return { left: this.#left, aggressor: this.#aggressor.snapshot() };
  }

  restore(state: ArmedFillsState): void {
    this.#left = state.left;
    this.#aggressor.restore(state.aggressor);
  }
}
