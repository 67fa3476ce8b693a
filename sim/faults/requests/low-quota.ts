/**
 * The address has few requests left (playbook 1.1): its budget is lowered to a share of what it was given. What it trades in the
 * meantime adds to it as always; at the end it gets back what was taken.
 */
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

class LowQuota implements Overlay {
  readonly #share: number;
  readonly #world: OverlayWorld;
  /** Requests that were taken away. */
  #taken = 0;

  constructor(share: number, world: OverlayWorld) {
    this.#share = share;
    this.#world = world;
  }

  begin(): void {
    const { address } = this.#world.exchange.limits;
    const before = address.requestsUsed;
    // Where no more is left than that there is nothing to take.
    if (this.#share * address.requestsCap >= address.requestsCap - before) return;
    address.leave(this.#share);
    this.#taken = address.requestsUsed - before;
    if (this.#taken > 0) this.#world.tookEffect(`left ${address.requestsCap - address.requestsUsed} requests`);
  }

  end(): void {
    if (this.#taken === 0) return;
    const { address } = this.#world.exchange.limits;
    const { requestsCap, requestsUsed } = address;
    address.leave((requestsCap - requestsUsed + this.#taken) / requestsCap);
    this.#taken = 0;
  }

  snapshot(): unknown {
    return this.#taken;
  }

  restore(state: unknown): void {
    this.#taken = state as number;
  }
}

export const lowQuota: FaultKind = {
  info: faultInfo({
    kind: 'low-quota',
    group: 'requests',
    description: "The address's budget of requests is lowered to a share of it, and given back at the end.",
    parameters: [
      {
        name: 'share',
        type: 'number',
        unit: 'of all requests',
        description: 'What is left at the beginning.',
        min: 0,
        max: 1,
        default: 0.03,
      },
    ],
    primary: '1.1',
    allowed: ['2.5'],
    symptoms: ['orders-not-sending', 'stale-quotes'],
  }),
  create: (fault, world) => new LowQuota(numberOf(fault, 'share'), world),
};
