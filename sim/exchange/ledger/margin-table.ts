/**
 * Margin of a position by its size, from the tiers of an instrument (hyperliquid, section 6.3).
 *
 * Maintenance is half of what the highest leverage asks for: `notional · rate − deduction`. It is computed as what
 * the tiers below ask for at the bound plus this tier's rate on what lies above it. That is the same amount, and never
 * rounds where the whole does not.
 */
import { ReplaybookError } from '../../../core/errors.ts';
import type { MarginTier } from '../perps.ts';
import { Money, ZERO } from './money.ts';

interface Step {
  readonly lowerBound: Money;
  readonly maxLeverage: number;
  /** Maintenance margin of a position that just reaches the bound. */
  readonly maintenanceAtBound: Money;
  /** The same in whole micro-USD, rounded up. */
  readonly maintenanceAtBoundMicros: number;
}

const MICROS_PER_USD = 1_000_000;

export class MarginTable {
  readonly tiers: readonly MarginTier[];
  readonly #steps: readonly Step[];

  /** Throws `scenario` for tiers that do not ascend from 0, or whose leverages do not fall. */
  constructor(tiers: readonly MarginTier[]) {
    const steps: Step[] = [];
    for (const [index, { lowerBoundUsd, maxLeverage }] of tiers.entries()) {
      const below = steps[index - 1];
      const ascends = below === undefined ? lowerBoundUsd === 0 : below.lowerBound.lt(lowerBoundUsd);
      const falls = below === undefined || maxLeverage < below.maxLeverage;
      if (!ascends || !falls || !Number.isInteger(maxLeverage) || maxLeverage < 1) {
        throw new ReplaybookError(
          'scenario',
          'margin tiers must begin at 0 USD and ascend, with whole leverages of at least 1 that fall from tier to tier',
        );
      }
      const lowerBound = new Money(lowerBoundUsd);
      const maintenanceAtBound =
        below === undefined
          ? ZERO
          : lowerBound
              .minus(below.lowerBound)
              .div(2 * below.maxLeverage)
              .plus(below.maintenanceAtBound);
      const maintenanceAtBoundMicros = maintenanceAtBound.times(MICROS_PER_USD).ceil().toNumber();
      steps.push({ lowerBound, maxLeverage, maintenanceAtBound, maintenanceAtBoundMicros });
    }
    if (steps.length === 0) throw new ReplaybookError('scenario', 'a margin table needs at least one tier');
    this.tiers = tiers;
    this.#steps = steps;
  }

  /** The leverage that a position of any size may have at most. */
  get maxLeverage(): number {
    return this.#steps[0].maxLeverage;
  }

  /** A notional that just reaches a bound still belongs to the tier below it. */
  #stepOf(notionalUsd: Money): Step {
    let index = this.#steps.length - 1;
    while (index > 0 && notionalUsd.lte(this.#steps[index].lowerBound)) index--;
    return this.#steps[index];
  }

  /** The leverage that a position of this notional (not negative) may have at most. */
  maxLeverageAt(notionalUsd: Money): number {
    return this.#stepOf(notionalUsd).maxLeverage;
  }

  /** The largest notional that may have a leverage of at most `maxLeverage`; Infinity: any. */
  limitUsd(leverage: number): number {
    const steps = this.#steps;
    let index = 0;
    while (index < steps.length && steps[index].maxLeverage >= leverage) index++;
    return index === steps.length ? Number.POSITIVE_INFINITY : this.tiers[index].lowerBoundUsd;
  }

  /** Below this equity a position of this notional (not negative) is liquidated. */
  maintenance(notionalUsd: Money): Money {
    const step = this.#stepOf(notionalUsd);
    return notionalUsd
      .minus(step.lowerBound)
      .div(2 * step.maxLeverage)
      .plus(step.maintenanceAtBound);
  }

  /** `maintenance` in whole micro-USD, at most two too high and never too low. For notionals that are safe integers. */
  maintenanceMicrosHigh(notionalMicros: number): number {
    let index = this.#steps.length - 1;
    while (index > 0 && notionalMicros <= this.tiers[index].lowerBoundUsd * MICROS_PER_USD) index--;
    const { maxLeverage, maintenanceAtBoundMicros } = this.#steps[index];
    const above = notionalMicros - this.tiers[index].lowerBoundUsd * MICROS_PER_USD;
    return Math.ceil(above / (2 * maxLeverage)) + maintenanceAtBoundMicros;
  }

  /**
   * The notional at which an equity of `restUsd` ± notional meets the maintenance margin; `side` is 1 for a long position
   * and −1 for a short one. Null: no price does. With falling leverages there is at most one (hyperliquid, 6.3).
   */
  liquidationNotional(restUsd: Money, side: 1 | -1): Money | null {
    for (const [index, step] of this.#steps.entries()) {
      // rest + side·n = (n − bound)·rate + maintenanceAtBound
      const rate = new Money(1).div(2 * step.maxLeverage);
      const constant = step.maintenanceAtBound.minus(step.lowerBound.times(rate));
      const notional = constant.minus(restUsd).div(new Money(side).minus(rate));
      const next = this.#steps[index + 1];
      if (notional.gt(step.lowerBound) && (next === undefined || notional.lte(next.lowerBound))) return notional;
    }
    return null;
  }
}
