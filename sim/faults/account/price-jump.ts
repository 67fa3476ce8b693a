/**
 * The fair price moves away, evenly over the fault's length, and stays where it has come to (playbook 1.3): a jump where that is
 * short. The book follows at each of its steps within a block.
 */
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { CHANGE, changesNothing, INSTRUMENT, instrumentsOf, PERCENT } from './price-shares.ts';

/** The fair price's own step. */
const STEP_NS = 50 * NS_PER_MS;

class PriceJump implements Overlay {
  readonly #world: OverlayWorld;
  readonly #instruments: readonly number[];
  readonly #change: number;
  readonly #forNs: number;
  #fromNs = 0;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#instruments = instrumentsOf(fault, world);
    this.#change = numberOf(fault, 'change');
    this.#forNs = fault.forNs;
  }

  begin(): void {
    this.#fromNs = this.#world.nowNs;
    this.#world.wakeAt(this.#fromNs + Math.min(STEP_NS, this.#forNs));
  }

  due(): void {
    const { nowNs } = this.#world;
    const share = Math.min(1, (nowNs - this.#fromNs) / this.#forNs);
    const { index, market } = this.#world;
    for (const instrument of this.#instruments) {
      market.displacePrice(instrument, index, (share * this.#change) / PERCENT);
    }
    this.#world.tookEffect(`moved the fair price by ${(share * this.#change).toFixed(2)} %`);
    if (share < 1) this.#world.wakeAt(Math.min(nowNs + STEP_NS, this.#fromNs + this.#forNs));
  }

  snapshot(): unknown {
    return this.#fromNs;
  }

  restore(state: unknown): void {
    this.#fromNs = state as number;
  }
}

export const priceJump: FaultKind = {
  info: faultInfo({
    kind: 'price-jump',
    group: 'account and market',
    description:
      'The fair price moves by so much, evenly over the length of the fault, and stays there. Over 100 ms it is a jump.',
    parameters: [CHANGE, INSTRUMENT],
    forNs: { min: NS_PER_MS, max: 60 * NS_PER_S },
    markets: 'synthetic',
    primary: '1.3',
    allowed: ['2.5'],
    symptoms: ['orders-not-sending', 'stale-quotes'],
  }),
  contradiction: changesNothing,
  create: (fault, world) => new PriceJump(fault, world),
};
