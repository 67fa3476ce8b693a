/** Random lives of accounts: against the reference, and for what must hold whatever happens. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID, type Instrument, type Side } from '../../../../core/market.ts';
import { Ledger } from '../../../../sim/exchange/ledger/ledger.ts';
import { Margin } from '../../../../sim/exchange/ledger/margin.ts';
import { MarginTable } from '../../../../sim/exchange/ledger/margin-table.ts';
import { isAtLeastZero, Money } from '../../../../sim/exchange/ledger/money.ts';
import {
  CLOSE_CALL,
  ENOUGH,
  type QuickAnswer,
  QuickMargin,
  TOO_LITTLE,
} from '../../../../sim/exchange/ledger/quick-margin.ts';
import { Fraction, ReferenceAccount } from './reference.ts';
import { listed, Marks } from './support.ts';

/** Two cross ones of the exchange's, one isolated, and one with as many decimals as there may be. */
const FINE: Instrument = { ...listed('BTC'), symbol: 'FINE', priceDecimals: 8, sizeDecimals: 8 };
const COARSE: Instrument = { ...listed('BTC'), symbol: 'COARSE', priceDecimals: 1, sizeDecimals: 0 };
const INSTRUMENTS = [listed('BTC'), listed('ETH'), listed('hyna:HYPE'), FINE, COARSE];
const IS_CROSS = [true, true, false, false, true];
const TIERS = [
  [
    { lowerBoundUsd: 0, maxLeverage: 40 },
    { lowerBoundUsd: 700, maxLeverage: 15 },
    { lowerBoundUsd: 1_000, maxLeverage: 7 },
  ],
  [
    { lowerBoundUsd: 0, maxLeverage: 25 },
    { lowerBoundUsd: 500, maxLeverage: 15 },
  ],
  [{ lowerBoundUsd: 0, maxLeverage: 10 }],
  [{ lowerBoundUsd: 0, maxLeverage: 3 }],
  [
    { lowerBoundUsd: 0, maxLeverage: 20 },
    { lowerBoundUsd: 400, maxLeverage: 9 },
  ],
];
const UNITS_PER_USD = INSTRUMENTS.map(
  ({ priceDecimals, sizeDecimals }) => 10n ** BigInt(priceDecimals) * 10n ** BigInt(sizeDecimals),
);
const START_USD = 1_000;
const USUAL_TICKS = [950_000, 350_000, 400_000, 123_456_789, 310];
const USUAL_LOTS = [800, 900, 900, 70_000_000, 12];

class Life {
  readonly ledger: Ledger;
  readonly reference: ReferenceAccount;
  readonly marks = new Marks(...USUAL_TICKS);
  readonly margin: Margin;
  readonly quick: QuickMargin;

  constructor(leverage: number) {
    const margins = IS_CROSS.map(isCross => ({ isCross, leverage }));
    const tables = TIERS.map(tiers => new MarginTable(tiers));
    this.ledger = new Ledger(INSTRUMENTS, margins, START_USD);
    this.margin = new Margin(this.ledger, tables, this.marks);
    this.quick = new QuickMargin(INSTRUMENTS, this.ledger, tables, this.marks);
    const instruments = TIERS.map((tiers, index) => ({ tiers, unitsPerUsd: UNITS_PER_USD[index] }));
    this.reference = new ReferenceAccount(instruments, START_USD, leverage, IS_CROSS);
    this.reference.marks = this.marks.ticks;
  }

  step({ what, instrument, side, price, size, fee }: Step): void {
    const ticks = Math.max(1, Math.round(USUAL_TICKS[instrument] * price));
    const lots = Math.max(1, Math.round(USUAL_LOTS[instrument] * size));
    if (what === 'mark') {
      this.marks.ticks[instrument] = ticks;
    } else if (what === 'fund') {
      const rate = fee / 1_000_000;
      this.ledger.fund(instrument, ticks, rate);
      this.reference.fund(instrument, ticks, rate);
    } else {
      this.ledger.fill(instrument, side, ticks, lots, fee / 1_000_000);
      this.reference.fill(instrument, side, ticks, lots, fee / 1_000_000);
    }
    this.quick.refresh();
  }

  /** Moves money so that the exact figure is off zero by so many millionths, and a bit below the sixth decimal. */
  deposit(usd: Money): void {
    this.ledger.deposit(usd);
    this.reference.cash = this.reference.cash.plus(Fraction.of(usd.toFixed()));
    this.quick.refresh();
  }
}

interface Step {
  what: 'fill' | 'fund' | 'mark';
  instrument: number;
  side: Side;
  price: number;
  size: number;
  fee: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('fill', 'fill', 'fill', 'fund', 'mark'),
  instrument: fc.nat(INSTRUMENTS.length - 1),
  side: fc.constantFrom(BID, ASK),
  price: fc.double({ min: 0.8, max: 1.25, noNaN: true }),
  size: fc.double({ min: 0, max: 1, noNaN: true }),
  fee: fc.integer({ min: -500, max: 5_000 }),
});
const steps = fc.array(step, { minLength: 1, maxLength: 30 });
const leverage = fc.constantFrom(1, 2, 3, 7, 10);

function same(money: Money, fraction: Fraction): void {
  expect(Math.abs(Number(fraction.minus(Fraction.of(money.toFixed())).fixed(16)))).toBeLessThan(1e-13);
}

describe('a ledger', () => {
  it('books what the reference works out, and loses nothing', () => {
    fc.assert(
      fc.property(steps, leverage, (life, times) => {
        const subject = new Life(times);
        for (const one of life) {
          subject.step(one);
          const { totals, crossUsd, startUsd } = subject.ledger;
          let kept = crossUsd;
          for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++) {
            const { potUsd, costUsd, lots, isCross } = subject.ledger.holding(instrument);
            kept = kept.plus(potUsd).plus(costUsd);
            if (lots === 0) expect([potUsd.toString(), costUsd.toString()]).toEqual(['0', '0']);
            if (isCross) expect(potUsd.toString()).toBe('0');
          }
          const booked = startUsd
            .plus(totals.realizedUsd)
            .minus(totals.feesUsd)
            .plus(totals.fundingUsd)
            .plus(totals.coveredUsd);
          // To the last digit.
          expect(kept.toFixed()).toBe(booked.toFixed());
          same(crossUsd, subject.reference.cash);
          same(totals.realizedUsd, subject.reference.realized);
          same(totals.fundingUsd, subject.reference.funding);
          same(totals.coveredUsd, subject.reference.covered);
          same(subject.margin.accountValue(), subject.reference.value());
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('conserves money between accounts that trade with each other, to the last digit', () => {
    const trade = fc.record({ one: step, maker: fc.nat(2), taker: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), leverage, (trades, times) => {
        const accounts = [new Life(times), new Life(times), new Life(1)];
        let fees = new Money(0);
        for (const { one, maker, taker } of trades) {
          if (one.what === 'fill' && maker !== taker) {
            accounts[taker].step(one);
            accounts[maker].step({ ...one, side: one.side === BID ? ASK : BID });
            fees = fees.plus(new Money(one.fee).div(1_000_000).times(2));
          } else if (one.what !== 'fill') {
            for (const account of accounts) account.step(one);
          }
        }
        const sum = (of: (life: Life) => Money) => accounts.map(of).reduce((total, money) => total.plus(money));
        for (const account of accounts) account.marks.ticks.splice(0, 5, ...USUAL_TICKS);
        const covered = sum(life => life.ledger.totals.coveredUsd);
        expect(sum(life => life.ledger.totals.fundingUsd).toFixed()).toBe('0');
        const expected = new Money(3 * START_USD).minus(fees).plus(covered);
        expect(sum(life => life.margin.accountValue()).toFixed()).toBe(expected.toFixed());
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('goes on after a restore as it would have', () => {
    fc.assert(
      fc.property(steps, steps, leverage, (before, after, times) => {
        const life = new Life(times);
        for (const one of before) life.step(one);
        const other = new Life(times);
        other.ledger.restore(JSON.parse(JSON.stringify(life.ledger.snapshot())));
        for (const one of after) {
          life.step(one);
          other.step(one);
        }
        expect(other.ledger.snapshot()).toEqual(life.ledger.snapshot());
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('closes whole positions to nothing although their average does not end', () => {
    const ledger = new Ledger(
      INSTRUMENTS,
      IS_CROSS.map(isCross => ({ isCross, leverage: 3 })),
      START_USD,
    );
    ledger.fill(0, BID, 950_001, 3, 0);
    ledger.fill(0, BID, 950_008, 4, 0);
    const profits = [1, 2, 4].map(lots => ledger.fill(0, ASK, 950_005, lots, 0));
    expect(profits.reduce((sum, profit) => sum.plus(profit)).toFixed()).toBe('0');
    expect(ledger.holding(0)).toMatchObject({ lots: 0 });
    expect(ledger.crossUsd.toFixed()).toBe('1000');
  });
});

describe('quick and exact margin', () => {
  const nudge = fc.integer({ min: -12, max: 12 });
  const below = fc.constantFrom('0', '0.0000001', '-0.0000000000001');

  /** An answer must be the right one; a close call is one of less than a ten-thousandth of a dollar. */
  function check(quick: QuickAnswer, exact: Money, reference: boolean): void {
    // The reference does not round shares of a pot to 20 decimals, and so calls some zeros negative.
    if (exact.abs().gt('1e-17')) expect(isAtLeastZero(exact)).toBe(reference);
    if (quick === CLOSE_CALL) expect(exact.abs().toNumber()).toBeLessThan(1e-4);
    else expect(quick === ENOUGH).toBe(isAtLeastZero(exact));
  }

  it('never disagree about an order, least of all at the limit', () => {
    const answers: Record<number, number> = { [ENOUGH]: 0, [TOO_LITTLE]: 0, [CLOSE_CALL]: 0 };
    fc.assert(
      fc.property(steps, leverage, step, nudge, below, (life, times, last, micros, rest) => {
        const subject = new Life(times);
        for (const one of life) subject.step(one);
        const { instrument } = last;
        const held = subject.ledger.holding(instrument).lots;
        const size = Math.max(1, Math.round(USUAL_LOTS[instrument] * last.size));
        const lots = last.side === BID ? held + size : held - size;
        // What only closes is never asked for.
        if (held > 0 ? lots >= 0 && lots < held : lots <= 0 && lots > held) return;
        const ask = () => {
          const exact = subject.margin.surplusWith(instrument, lots, times, 0);
          const quick = subject.quick.surplusWith(instrument, lots, times, 0);
          check(quick, exact, subject.reference.hasMarginFor(instrument, lots));
          answers[quick]++;
          return exact;
        };
        const surplus = ask();
        subject.deposit(surplus.neg().toDecimalPlaces(6).plus(new Money(micros).div(1_000_000)).plus(rest));
        ask();
      }),
      { seed: 1, numRuns: 1_000 },
    );
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(50);
  });

  it('never disagree about maintenance, least of all at the limit', () => {
    fc.assert(
      fc.property(steps, leverage, nudge, below, (life, times, micros, rest) => {
        const subject = new Life(times);
        for (const one of life) subject.step(one);
        const cross = () => {
          const { valueUsd, maintenanceUsd } = subject.margin.cross();
          const exact = valueUsd.minus(maintenanceUsd);
          check(subject.quick.crossIsMaintained(), exact, subject.reference.crossSurplusOverMaintenance().sign >= 0);
          return exact;
        };
        const off = new Money(micros).div(1_000_000).plus(rest);
        subject.deposit(cross().neg().toDecimalPlaces(6).plus(off));
        cross();
        for (const [instrument, isCross] of IS_CROSS.entries()) {
          if (isCross || subject.ledger.holding(instrument).lots === 0) continue;
          const isolated = () => {
            const exact = subject.margin.isolatedEquity(instrument).minus(subject.margin.maintenance(instrument));
            const reference = subject.reference.isolatedSurplusOverMaintenance(instrument).sign >= 0;
            check(subject.quick.isolatedIsMaintained(instrument), exact, reference);
            return exact;
          };
          const moved = isolated().neg().toDecimalPlaces(6).plus(off);
          subject.ledger.movePot(instrument, moved);
          const position = subject.reference.positions[instrument];
          position.pot = position.pot.plus(Fraction.of(moved.toFixed()));
          subject.quick.refresh();
          isolated();
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is calm only where every position has its maintenance margin, however the marks move', () => {
    const moves = fc.array(fc.tuple(fc.nat(INSTRUMENTS.length - 1), fc.integer({ min: -400, max: 400 })), {
      minLength: 10,
      maxLength: 40,
    });
    const answers = { calm: 0, notCalm: 0, short: 0 };
    fc.assert(
      fc.property(steps, leverage, moves, (life, times, path) => {
        const subject = new Life(times);
        for (const one of life) subject.step(one);
        // Just enough is left for the marks to decide.
        const { valueUsd, maintenanceUsd } = subject.margin.cross();
        subject.deposit(valueUsd.minus(maintenanceUsd).neg().toDecimalPlaces(6).plus(50));
        for (const [instrument, move] of path) {
          const { ticks } = subject.marks;
          ticks[instrument] = Math.max(1, Math.round((ticks[instrument] * (10_000 + move)) / 10_000));
          const cross = subject.margin.cross();
          let isMaintained = cross.valueUsd.gte(cross.maintenanceUsd);
          for (let each = 0; each < INSTRUMENTS.length; each++) {
            const { isCross, lots } = subject.ledger.holding(each);
            if (isCross || lots === 0) continue;
            if (subject.margin.isolatedEquity(each).lt(subject.margin.maintenance(each))) isMaintained = false;
          }
          const isCalm = subject.quick.isCalm();
          if (isCalm) expect(isMaintained).toBe(true);
          answers[isCalm ? 'calm' : isMaintained ? 'notCalm' : 'short']++;
        }
      }),
      { seed: 1, numRuns: 300 },
    );
    expect(answers.calm).toBeGreaterThan(500);
    expect(answers.short).toBeGreaterThan(500);
    // Nothing but sums within a few millionths of zero, or beyond what doubles hold, is left open.
    expect(answers.notCalm).toBeLessThan(answers.calm / 100);
  });

  it('leaves sums that doubles cannot hold to the exact one', () => {
    const life = new Life(1);
    life.ledger.fill(0, BID, 950_000, 5_000_000_000, 0);
    life.quick.refresh();
    expect(life.quick.crossIsMaintained()).toBe(CLOSE_CALL);
    expect(life.quick.surplusWith(0, Number.MAX_SAFE_INTEGER, 1, 0)).toBe(CLOSE_CALL);
  });

  it('has a liquidation price at which exactly the maintenance margin is left', () => {
    fc.assert(
      fc.property(steps, leverage, (life, times) => {
        const subject = new Life(times);
        for (const one of life) subject.step(one);
        for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++) {
          const ticks = subject.margin.liquidationTicks(instrument);
          const { isCross, lots } = subject.ledger.holding(instrument);
          if (ticks === null || lots === 0) continue;
          // Not a whole tick: the marks take any number here.
          const mark = subject.marks.ticks[instrument];
          const left = (at: Money) => {
            subject.marks.ticks[instrument] = at.toNumber();
            const { valueUsd, maintenanceUsd } = subject.margin.cross();
            if (isCross) return valueUsd.minus(maintenanceUsd);
            return subject.margin.isolatedEquity(instrument).minus(subject.margin.maintenance(instrument));
          };
          expect(left(ticks).abs().toNumber()).toBeLessThan(1e-6);
          const away = ticks.times(1e-6).times(lots > 0 ? 1 : -1);
          expect(left(ticks.plus(away)).gt(0)).toBe(true);
          expect(left(ticks.minus(away)).lt(0)).toBe(true);
          subject.marks.ticks[instrument] = mark;
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
