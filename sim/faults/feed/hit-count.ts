/** Which messages a fault hits: each by its probability, and no more than it may. */
import type { NumberParameter } from '../fault-kind.ts';
import { numberOf } from '../fault-kind.ts';
import type { OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

/** For kinds that act on single messages. */
export const MESSAGES_PARAMETER: NumberParameter = {
  name: 'messages',
  type: 'integer',
  unit: '',
  min: 0,
  max: 1_000_000,
  default: 0,
  description: 'How many messages it hits at most; 0: all of them.',
};

export class HitCount {
  readonly #world: OverlayWorld;
  readonly #most: number;
  #hits = 0;

  /** `fault` has `MESSAGES_PARAMETER`. */
  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    const messages = numberOf(fault, MESSAGES_PARAMETER.name);
    this.#most = messages === 0 ? Number.POSITIVE_INFINITY : messages;
  }

  /** Draws whether this message is hit. To be asked once for each that could be. */
  isHit(): boolean {
    if (!this.#world.hits() || this.#hits >= this.#most) return false;
    this.#hits++;
    return true;
  }

  snapshot(): number {
    return this.#hits;
  }

  restore(state: number): void {
    this.#hits = state;
  }
}
