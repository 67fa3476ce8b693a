/**
 * The exchange lowers the leverage that positions may have, and raises it again at the end (playbook 1.5). It says so only to who
 * asks for the rules: others learn it from a refusal.
 */
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { INSTRUMENT, instrumentsOf } from './price-shares.ts';

interface Tiers {
  readonly instrument: number;
  readonly tiers: readonly { lowerBoundUsd: number; maxLeverage: number }[];
}

class LeverageTierCut implements Overlay {
  readonly #world: OverlayWorld;
  readonly #instruments: readonly number[];
  readonly #leverage: number;
  readonly #aboveUsd: number;
  /** What was, of those that were changed. */
  #former: readonly Tiers[] = [];

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#instruments = instrumentsOf(fault, world);
    this.#leverage = numberOf(fault, 'leverage');
    this.#aboveUsd = numberOf(fault, 'above');
  }

  begin(): void {
    const { exchange, nowNs } = this.#world;
    const { account } = exchange.clearing;
    this.#former = account.rules().filter(({ instrument }) => this.#instruments.includes(instrument));
    for (const { instrument, tiers } of this.#former) {
      const lowered = this.#lowered(tiers);
      if (isSame(lowered, tiers)) continue;
      account.setTiers(instrument, lowered);
      this.#world.tookEffect(`allows a leverage of ${this.#leverage} above $${this.#aboveUsd}`);
    }
    exchange.settle(nowNs);
    this.#world.links.accountChanged();
  }

  /** Up to the bound what was allowed before, and from there on no more than the fault allows. */
  #lowered(tiers: Tiers['tiers']): Tiers['tiers'] {
    const below = tiers.filter(({ lowerBoundUsd }) => lowerBoundUsd <= this.#aboveUsd);
    const above = [{ ...(below.at(-1) ?? tiers[0]), lowerBoundUsd: this.#aboveUsd }, ...tiers.slice(below.length)];
    const cut = [
      ...below.filter(({ lowerBoundUsd }) => lowerBoundUsd < this.#aboveUsd),
      ...above.map(tier => ({ ...tier, maxLeverage: Math.min(tier.maxLeverage, this.#leverage) })),
    ];
    return cut.filter(({ maxLeverage }, at) => at === 0 || maxLeverage !== cut[at - 1].maxLeverage);
  }

  end(): void {
    for (const { instrument, tiers } of this.#former) {
      this.#world.exchange.clearing.account.setTiers(instrument, tiers);
    }
    this.#world.links.accountChanged();
  }

  snapshot(): unknown {
    return this.#former.map(({ instrument, tiers }) => ({ instrument, tiers: tiers.map(tier => ({ ...tier })) }));
  }

  restore(state: unknown): void {
    this.#former = state as readonly Tiers[];
  }
}

function isSame(one: Tiers['tiers'], other: Tiers['tiers']): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ lowerBoundUsd, maxLeverage }, at) =>
        lowerBoundUsd === other[at].lowerBoundUsd && maxLeverage === other[at].maxLeverage,
    )
  );
}

export const leverageTierCut: FaultKind = {
  info: faultInfo({
    kind: 'leverage-tier-cut',
    group: 'account and market',
    description: 'The exchange allows less leverage above a notional, and the former one again at the end.',
    parameters: [
      {
        name: 'leverage',
        description: 'Largest leverage from now on.',
        type: 'integer',
        unit: '',
        min: 1,
        max: 50,
        default: 1,
      },
      {
        name: 'above',
        description: 'For positions worth more than this; 0: for all.',
        type: 'number',
        unit: 'USD',
        min: 0,
        max: 1_000_000,
        default: 0,
      },
      INSTRUMENT,
    ],
    primary: '1.5',
    allowed: ['1.1', '1.3'],
    symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch'],
  }),
  create: (fault, world) => new LeverageTierCut(fault, world),
};
