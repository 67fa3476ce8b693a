/**
 * An account once more, slow and obvious: it remembers every fill and payment and works everything out anew when it is
 * asked, with exact fractions. It knows one cross account or isolated positions, tiers and leverages, and nothing of ticks.
 */
import type { Side } from '../../../../core/market.ts';

/** An exact fraction. */
export class Fraction {
  readonly over: bigint;
  readonly under: bigint;

  constructor(over: bigint, under = 1n) {
    const sign = under < 0n ? -1n : 1n;
    let [a, b] = [over < 0n ? -over : over, under * sign];
    while (b !== 0n) [a, b] = [b, a % b];
    this.over = a === 0n ? 0n : (over * sign) / a;
    this.under = a === 0n ? 1n : (under * sign) / a;
  }

  /** Of a finite decimal as it is printed. */
  static of(value: number | string): Fraction {
    const text = String(value);
    const [digits, exponent = '0'] = text.split('e');
    const [whole, decimals = ''] = digits.split('.');
    const scaled = new Fraction(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
    const power = 10n ** BigInt(Math.abs(Number(exponent)));
    return Number(exponent) < 0 ? scaled.over_(power) : scaled.times(new Fraction(power));
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.over * other.under + other.over * this.under, this.under * other.under);
  }

  minus(other: Fraction): Fraction {
    return this.plus(other.times(new Fraction(-1n)));
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.over * other.over, this.under * other.under);
  }

  over_(divisor: bigint): Fraction {
    return new Fraction(this.over, this.under * divisor);
  }

  abs(): Fraction {
    return this.over < 0n ? new Fraction(-this.over, this.under) : this;
  }

  /** −1, 0 or 1. */
  get sign(): number {
    return this.over === 0n ? 0 : this.over < 0n ? -1 : 1;
  }

  /** To so many decimals, cut. */
  fixed(decimals: number): string {
    const scaled = (this.over * 10n ** BigInt(decimals)) / this.under;
    const digits = String(scaled < 0n ? -scaled : scaled).padStart(decimals + 1, '0');
    const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    return scaled < 0n ? `-${text}` : text;
  }
}

const NOTHING = new Fraction(0n);

export interface RefInstrument {
  /** 10^priceDecimals · 10^sizeDecimals. */
  unitsPerUsd: bigint;
  tiers: readonly { lowerBoundUsd: number; maxLeverage: number }[];
}

interface RefPosition {
  lots: number;
  cost: Fraction;
  pot: Fraction;
  leverage: number;
  isCross: boolean;
}

export class ReferenceAccount {
  readonly #instruments: readonly RefInstrument[];
  readonly positions: RefPosition[];
  marks: number[];
  cash: Fraction;
  realized = NOTHING;
  fees = NOTHING;
  funding = NOTHING;
  covered = NOTHING;

  constructor(instruments: readonly RefInstrument[], equityUsd: number, leverage: number, isCross: readonly boolean[]) {
    this.#instruments = instruments;
    this.cash = Fraction.of(equityUsd);
    this.marks = instruments.map(() => 0);
    this.positions = isCross.map(cross => ({ lots: 0, cost: NOTHING, pot: NOTHING, leverage, isCross: cross }));
  }

  usd(instrument: number, ticks: number, lots: number): Fraction {
    return new Fraction(BigInt(ticks) * BigInt(lots), this.#instruments[instrument].unitsPerUsd);
  }

  /** One lot after the other. */
  fill(instrument: number, side: Side, ticks: number, lots: number, feeUsd: number): void {
    const position = this.positions[instrument];
    const fee = Fraction.of(feeUsd);
    this.fees = this.fees.plus(fee);
    if (position.isCross) this.cash = this.cash.minus(fee);
    else position.pot = position.pot.minus(fee);
    const step = side === 0 ? 1 : -1;
    const closing = position.lots * step < 0 ? Math.min(lots, Math.abs(position.lots)) : 0;
    if (closing > 0) {
      const before = position.lots;
      const share = position.cost.times(new Fraction(BigInt(closing), BigInt(Math.abs(before))));
      const proceeds = this.usd(instrument, ticks, -step * closing);
      const equity = position.pot.plus(this.usd(instrument, ticks, before));
      this.realized = this.realized.plus(proceeds).minus(share);
      position.cost = position.cost.minus(share);
      position.lots += step * closing;
      if (position.isCross) {
        this.cash = this.cash.plus(proceeds);
      } else {
        position.pot = position.pot.plus(proceeds);
        let back = equity.times(new Fraction(BigInt(closing), BigInt(Math.abs(before))));
        if (equity.sign < 0) back = NOTHING;
        position.pot = position.pot.minus(back);
        this.cash = this.cash.plus(back);
        if (position.lots === 0 && equity.sign < 0) {
          this.covered = this.covered.minus(position.pot);
          position.pot = NOTHING;
        }
      }
    }
    const opening = lots - closing;
    if (opening > 0) {
      const cost = this.usd(instrument, ticks, step * opening);
      position.lots += step * opening;
      position.cost = position.cost.plus(cost);
      if (position.isCross) {
        this.cash = this.cash.minus(cost);
      } else {
        const margin = cost.abs().over_(BigInt(position.leverage));
        this.cash = this.cash.minus(margin);
        position.pot = position.pot.plus(margin).minus(cost);
      }
    }
  }

  fund(instrument: number, oracleTicks: number, rate: number): void {
    const position = this.positions[instrument];
    const paid = this.usd(instrument, oracleTicks, position.lots).times(Fraction.of(rate));
    this.funding = this.funding.minus(paid);
    if (position.isCross) this.cash = this.cash.minus(paid);
    else position.pot = position.pot.minus(paid);
  }

  worth(instrument: number): Fraction {
    return this.usd(instrument, this.marks[instrument], this.positions[instrument].lots);
  }

  value(): Fraction {
    return this.positions.reduce((sum, { pot }, index) => sum.plus(pot).plus(this.worth(index)), this.cash);
  }

  crossValue(): Fraction {
    return this.positions.reduce((sum, { isCross }, i) => (isCross ? sum.plus(this.worth(i)) : sum), this.cash);
  }

  /** Dollar by dollar through the tiers. */
  maintenance(instrument: number): Fraction {
    const notional = this.worth(instrument).abs();
    const { tiers } = this.#instruments[instrument];
    return tiers.reduce((sum, { lowerBoundUsd, maxLeverage }, index) => {
      const from = Fraction.of(lowerBoundUsd);
      if (notional.minus(from).sign <= 0) return sum;
      const next = tiers[index + 1];
      const to =
        next === undefined || notional.minus(Fraction.of(next.lowerBoundUsd)).sign < 0
          ? notional
          : Fraction.of(next.lowerBoundUsd);
      return sum.plus(to.minus(from).over_(BigInt(2 * maxLeverage)));
    }, NOTHING);
  }

  crossSurplusOverMaintenance(): Fraction {
    return this.positions.reduce(
      (rest, { isCross }, i) => (isCross ? rest.minus(this.maintenance(i)) : rest),
      this.crossValue(),
    );
  }

  isolatedSurplusOverMaintenance(instrument: number): Fraction {
    return this.positions[instrument].pot.plus(this.worth(instrument)).minus(this.maintenance(instrument));
  }

  /** True where an order that takes the position to `lots` has the margin. */
  hasMarginFor(instrument: number, lots: number): boolean {
    const margin = (index: number, held: number) =>
      this.usd(index, this.marks[index], Math.abs(held)).over_(BigInt(this.positions[index].leverage));
    const crossInitial = this.positions.reduce(
      (sum, { isCross, lots: held }, index) =>
        isCross ? sum.plus(margin(index, index === instrument ? lots : held)) : sum,
      NOTHING,
    );
    let free = this.crossValue().minus(crossInitial);
    const position = this.positions[instrument];
    if (position.isCross) return free.sign >= 0;
    const flips = position.lots * lots < 0;
    if (flips) {
      const equity = position.pot.plus(this.worth(instrument));
      if (equity.sign > 0) free = free.plus(equity);
      return free.minus(margin(instrument, lots)).sign >= 0;
    }
    return free.plus(margin(instrument, position.lots)).minus(margin(instrument, lots)).sign >= 0;
  }
}
