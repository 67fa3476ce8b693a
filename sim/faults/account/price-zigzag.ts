/**
 * The fair price jumps away and back again and again (playbook 1.3). Each leg is one jump, which book, mids and trades follow within
 * a block, so that the largest change within any second is exactly the declared one as long as a leg is no longer than that.
 */
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { CHANGE, changesNothing, INSTRUMENT, instrumentsOf, PERCENT } from './price-shares.ts';

class PriceZigzag implements Overlay {
  readonly #world: OverlayWorld;
  readonly #instruments: readonly number[];
  readonly #change: number;
  readonly #legNs: number;
  #isAway = false;
  #isOver = false;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#instruments = instrumentsOf(fault, world);
    this.#change = numberOf(fault, 'change');
    this.#legNs = numberOf(fault, 'leg');
  }

  begin(): void {
    this.#turn();
  }

  due(): void {
    if (!this.#isOver) this.#turn();
  }

  end(): void {
    this.#isOver = true;
    if (this.#isAway) this.#put(false);
  }

  #turn(): void {
    this.#put(!this.#isAway);
    this.#world.tookEffect(this.#isAway ? `moved the fair price by ${this.#change} %` : 'moved the fair price back');
    this.#world.wakeAt(this.#world.nowNs + this.#legNs);
  }

  #put(isAway: boolean): void {
    this.#isAway = isAway;
    const share = isAway ? this.#change / PERCENT : 0;
    const { index, market } = this.#world;
    for (const instrument of this.#instruments) market.displacePrice(instrument, index, share);
  }

  snapshot(): unknown {
    return { isAway: this.#isAway, isOver: this.#isOver };
  }

  restore(state: unknown): void {
    const from = state as { isAway: boolean; isOver: boolean };
    this.#isAway = from.isAway;
    this.#isOver = from.isOver;
  }
}

export const priceZigzag: FaultKind = {
  info: faultInfo({
    kind: 'price-zigzag',
    group: 'account and market',
    description:
      'The fair price jumps away and back, leg by leg, and is back where it belongs at the end. With legs of a second or less ' +
      'the change within any second is the declared one.',
    parameters: [
      CHANGE,
      {
        name: 'leg',
        description: 'Time from one jump to the next.',
        type: 'time',
        min: 100 * NS_PER_MS,
        max: 30 * NS_PER_S,
        default: 300 * NS_PER_MS,
      },
      INSTRUMENT,
    ],
    forNs: { min: NS_PER_S, max: 300 * NS_PER_S },
    markets: 'synthetic',
    primary: '1.3',
    allowed: ['2.5'],
    symptoms: ['orders-not-sending', 'stale-quotes'],
  }),
  contradiction: changesNothing,
  create: (fault, world) => new PriceZigzag(fault, world),
};
