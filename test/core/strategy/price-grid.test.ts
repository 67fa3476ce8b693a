import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../../core/market.ts';
import { roundDown, roundUp, stepTicks } from '../../../core/strategy/price-grid.ts';
import { draws } from '../../support/draws.ts';

function perp(sizeDecimals: number, significantFigures = 5): Instrument {
  return { symbol: 'X', priceDecimals: 6 - sizeDecimals, sizeDecimals, significantFigures, minNotionalUsd: 10 };
}

/** The venue's rule, by decimal digits. */
function isValid(instrument: Instrument, ticks: number): boolean {
  const price = new Decimal(ticks).div(new Decimal(10).pow(instrument.priceDecimals));
  return price.isInteger() || price.precision() <= instrument.significantFigures;
}

describe('price grid', () => {
  it.each([
    // BTC, tick 0.1: five figures below 100,000, whole numbers above.
    [5, 1_234, 1],
    [5, 99_999, 1],
    [5, 500_000, 10],
    [5, 1_234_560, 10],
    // DOGE, tick 0.000001.
    [0, 99_999, 1],
    [0, 100_000, 10],
    [0, 400_000, 10],
  ])('steps rightly with %d size decimals at %d ticks', (sizeDecimals, ticks, step) => {
    expect(stepTicks(perp(sizeDecimals), ticks)).toBe(step);
  });

  it('has every tick where the venue limits no figures', () => {
    expect(stepTicks(perp(2, 0), 123_456_789)).toBe(1);
  });

  it('rounds to the nearest valid price on its side, never past it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 200_000_000 }), (sizeDecimals, ticks) => {
        const instrument = perp(sizeDecimals);
        const down = roundDown(instrument, ticks);
        const up = roundUp(instrument, ticks);
        expect(down).toBeLessThanOrEqual(ticks);
        expect(up).toBeGreaterThanOrEqual(ticks);
        expect(isValid(instrument, down)).toBe(true);
        expect(isValid(instrument, up)).toBe(true);
        expect(isValid(instrument, ticks)).toBe(down === ticks);
        expect(down === ticks).toBe(up === ticks);
      }),
      draws(1, 2_000),
    );
  });

  it('rounds across a decade', () => {
    expect(roundUp(perp(0), 99_999.5)).toBe(100_000);
    expect(roundDown(perp(0), 100_009)).toBe(100_000);
  });
});
