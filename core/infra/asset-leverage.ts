/**
 * Leverage and margin mode of one asset (playbook 1.5), derived from the exchange's own rules and never fixed here.
 *
 * Leverage is tiered: the larger a position, the less of it is allowed. A position and its leverage belong together: at the
 * leverage that is set, no position may be larger than the tier that still allows it. So the leverage is chosen for
 * the largest position that is meant to be held.
 *
 * A builder's asset (HIP-3), and any that knows no cross margin, is isolated.
 */
import type { MarginMode } from '../evidence.ts';
import type { MarginRules } from '../port.ts';

type Tier = MarginRules['tiers'][number];

export class AssetLeverageConfig {
  readonly instrument: number;
  readonly #wantedLeverage: number;
  readonly #maxInventoryUsd: number;
  #mode: MarginMode;
  /** Ascending, the first from 0. Empty while the rules are unknown: then the wanted leverage is taken. */
  #tiers: Tier[] = [];
  #leverage: number;
  /** What the exchange has: its own default until it says otherwise. */
  #exchangeLeverage: number;
  #isExchangeCross = true;
  /** What it had before the last update, which it may refuse. */
  #formerLeverage: number;
  #wasExchangeCross = true;

  /** `leverage`: wanted, as far as it is allowed for a position of `maxInventoryUsd`. */
  constructor(instrument: number, symbol: string, leverage: number, maxInventoryUsd: number) {
    this.instrument = instrument;
    this.#wantedLeverage = leverage;
    this.#maxInventoryUsd = maxInventoryUsd;
    this.#mode = symbol.includes(':') ? 'Isolated' : 'Cross';
    this.#leverage = leverage;
    this.#exchangeLeverage = leverage;
    this.#formerLeverage = leverage;
  }

  get mode(): MarginMode {
    return this.#mode;
  }

  /** In use, from 1. */
  get leverage(): number {
    return this.#leverage;
  }

  /** Most that the rules allow any position. */
  get maxLeverage(): number {
    return this.leverageAt(0);
  }

  /** Most leverage that a position of this worth may have: that of the highest tier whose bound lies below it. */
  leverageAt(notionalUsd: number): number {
    let leverage = this.#tiers.length > 0 ? this.#tiers[0].maxLeverage : this.#wantedLeverage;
    for (const tier of this.#tiers) {
      if (tier.lowerBoundUsd >= notionalUsd && tier.lowerBoundUsd > 0) break;
      leverage = tier.maxLeverage;
    }
    return leverage;
  }

  /**
   * No position may be worth more than this at the leverage in use, or at the one that the exchange still has where that is higher;
   * Infinity: any may.
   */
  get limitUsd(): number {
    const leverage = Math.max(this.#leverage, this.#exchangeLeverage);
    const tier = this.#tiers.find(one => one.maxLeverage < leverage);
    return tier === undefined ? Number.POSITIVE_INFINITY : tier.lowerBoundUsd;
  }

  /** Takes the exchange's rules. True where mode or leverage are others now. */
  setRules(rules: MarginRules): boolean {
    const { mode, leverage, maxLeverage } = this;
    this.#tiers = rules.tiers.map(tier => ({ ...tier }));
    if (rules.onlyIsolated) this.#mode = 'Isolated';
    this.#leverage = Math.max(1, Math.min(this.#wantedLeverage, this.leverageAt(this.#maxInventoryUsd)));
    return mode !== this.#mode || leverage !== this.#leverage || maxLeverage !== this.maxLeverage;
  }

  /** What the exchange says that a position has. */
  seen(leverage: number, isCross: boolean): void {
    this.#exchangeLeverage = leverage;
    this.#isExchangeCross = isCross;
  }

  /** The exchange refused the update: it is to be sent again. */
  updateRefused(): void {
    this.seen(this.#formerLeverage, this.#wasExchangeCross);
  }

  /** True where the exchange has another leverage or mode than is wanted; once, until it is seen to be otherwise again. */
  takeUpdate(): boolean {
    const isCross = this.#mode === 'Cross';
    if (this.#exchangeLeverage === this.#leverage && this.#isExchangeCross === isCross) return false;
    this.#formerLeverage = this.#exchangeLeverage;
    this.#wasExchangeCross = this.#isExchangeCross;
    this.seen(this.#leverage, isCross);
    return true;
  }

  snapshot(): unknown {
    return {
      mode: this.#mode,
      tiers: this.#tiers.map(tier => ({ ...tier })),
      leverage: this.#leverage,
      exchangeLeverage: this.#exchangeLeverage,
      isExchangeCross: this.#isExchangeCross,
      formerLeverage: this.#formerLeverage,
      wasExchangeCross: this.#wasExchangeCross,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      mode: MarginMode;
      tiers: readonly Tier[];
      leverage: number;
      exchangeLeverage: number;
      isExchangeCross: boolean;
      formerLeverage: number;
      wasExchangeCross: boolean;
    };
    this.#mode = from.mode;
    this.#tiers = from.tiers.map(tier => ({ ...tier }));
    this.#leverage = from.leverage;
    this.#exchangeLeverage = from.exchangeLeverage;
    this.#isExchangeCross = from.isExchangeCross;
    this.#formerLeverage = from.formerLeverage;
    this.#wasExchangeCross = from.wasExchangeCross;
  }
}
