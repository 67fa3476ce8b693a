/** The worked examples of the exchange's documentation, to the last digit. */
import { describe, expect, it } from 'vitest';
import { BID, type Instrument } from '../../../../core/market.ts';
import { builderRates, FeeRate, Fees, feeRatesOf } from '../../../../sim/exchange/fees.ts';
import { builderPremium, fundingPerHour, premium } from '../../../../sim/exchange/ledger/funding.ts';
import { Ledger } from '../../../../sim/exchange/ledger/ledger.ts';
import { MarginTable } from '../../../../sim/exchange/ledger/margin-table.ts';
import { Money, toUsd } from '../../../../sim/exchange/ledger/money.ts';
import { maxLimitOrderUsd, maxMarketOrderUsd, PERPS, perpFor, perpOf } from '../../../../sim/exchange/perps.ts';
import { listed, stand } from './support.ts';

const ETH = listed('ETH');
const BTC = listed('BTC');

describe('clearinghouseState of the documentation', () => {
  // A long position of 0.0335 ETH, isolated at 20x where 50x is the most. What was paid in fees makes up the difference
  // of its raw USD to cost and margin.
  const { account, marks } = stand([ETH], [298_630], { equityUsd: 1_000, leverage: 20, isCross: false }, [
    [{ lowerBoundUsd: 0, maxLeverage: 50 }],
  ]);
  account.fill(0, BID, 298_630, 335, 0.020826);
  marks.ticks[0] = 298_590;
  const [position] = account.positions();

  it('has the position that it shows', () => {
    const { potUsd } = account.ledger.holding(0);
    expect(potUsd.toString()).toBe('-95.0598235');
    expect(toUsd(potUsd)).toBe(-95.059824);
    expect(account.margin.worth(0).toString()).toBe('100.02765');
    expect(position).toMatchObject({
      positionLots: 335,
      entryTicks: 298_630,
      leverage: 20,
      isCross: false,
      unrealizedUsd: -0.0134,
      marginUsedUsd: 4.967826,
    });
    const returnOnEquity = account.margin.unrealized(0).div(account.ledger.holding(0).costUsd.div(20));
    expect(returnOnEquity.toFixed(7)).toBe('-0.0026789');
  });

  it('is liquidated at the price that it shows', () => {
    expect(account.margin.liquidationTicks(0)?.div(100).toFixed(8)).toBe('2866.26936529');
  });

  it('is also what the documented formula gives', () => {
    // liq_price = price − side · margin_available / position_size / (1 − l · side)
    const available = account.margin.isolatedEquity(0).minus(account.margin.maintenance(0));
    const price = new Money('2985.9').minus(available.div('0.0335').div(new Money(1).minus('0.01')));
    expect(price.toFixed(8)).toBe('2866.26936529');
  });
});

describe('margin tiers', () => {
  it('take half of the initial margin at most leverage for maintenance, from 1.25 % at 40x to 16.7 % at 3x', () => {
    const maintenance = (leverage: number) =>
      new MarginTable([{ lowerBoundUsd: 0, maxLeverage: leverage }]).maintenance(new Money(1_000));
    expect(maintenance(40).toString()).toBe('12.5');
    expect(maintenance(20).toString()).toBe('25');
    expect(maintenance(3).toFixed(1)).toBe('166.7');
  });

  it.each(PERPS.filter(perp => perp.marginTiers.length > 1))(
    'of $symbol are continuous, as the deduction has it',
    perp => {
      const table = new MarginTable(perp.marginTiers);
      const [below, above] = perp.marginTiers;
      const rate = (leverage: number) => new Money(1).div(2 * leverage);
      const deduction = rate(above.maxLeverage).minus(rate(below.maxLeverage)).times(above.lowerBoundUsd);
      for (const notional of [1, above.lowerBoundUsd, above.lowerBoundUsd + 1, 3 * above.lowerBoundUsd]) {
        const isAbove = notional > above.lowerBoundUsd;
        const leverage = isAbove ? above.maxLeverage : below.maxLeverage;
        const expected = rate(leverage)
          .times(notional)
          .minus(isAbove ? deduction : 0);
        expect(table.maintenance(new Money(notional)).toFixed(30)).toBe(expected.toFixed(30));
        expect(table.maxLeverageAt(new Money(notional))).toBe(leverage);
      }
    },
  );

  it('of the testnet, three of them, are deducted tier by tier', () => {
    const table = new MarginTable([
      { lowerBoundUsd: 0, maxLeverage: 40 },
      { lowerBoundUsd: 10_000, maxLeverage: 25 },
      { lowerBoundUsd: 50_000, maxLeverage: 10 },
    ]);
    // 10,000 · (0.02 − 0.0125) = 75; 75 + 50,000 · (0.05 − 0.02) = 1,575
    expect(table.maintenance(new Money(20_000)).toString()).toBe('325');
    expect(table.maintenance(new Money(60_000)).toString()).toBe('1425');
    expect(table.limitUsd(40)).toBe(10_000);
    expect(table.limitUsd(25)).toBe(50_000);
    expect(table.limitUsd(10)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [[]],
    [[{ lowerBoundUsd: 1, maxLeverage: 10 }]],
    [[{ lowerBoundUsd: 0, maxLeverage: 2.5 }]],
    [
      [
        { lowerBoundUsd: 0, maxLeverage: 10 },
        { lowerBoundUsd: 0, maxLeverage: 5 },
      ],
    ],
    [
      [
        { lowerBoundUsd: 0, maxLeverage: 10 },
        { lowerBoundUsd: 5, maxLeverage: 10 },
      ],
    ],
  ])('that make no sense are refused: %j', tiers => {
    expect(() => new MarginTable(tiers)).toThrow(/margin/);
  });
});

describe('funding', () => {
  it('is that of the numerical example: impact bid 10,100, oracle 10,000', () => {
    const sample = premium(10_100, 10_101, 10_000);
    expect(sample).toBe(0.01);
    // 1 % − 0.05 % for eight hours; a position of 10 pays 10 · 10,000 · 0.95 % / 8 for one.
    const rate = fundingPerHour(sample);
    expect(rate).toBe(0.0011875);
    const ledger = new Ledger([BTC], [{ isCross: true, leverage: 10 }], 100_000);
    ledger.fill(0, BID, 101_000, 1_000_000, 0);
    expect(ledger.fund(0, 100_000, rate).toString()).toBe('-118.75');
    expect(ledger.crossUsd.toString()).toBe('-1118.75');
  });

  it('is interest alone where the book holds the oracle between its impact prices', () => {
    expect(premium(99, 101, 100)).toBe(0);
    expect(fundingPerHour(0)).toBe(0.0000125);
    expect(fundingPerHour(0.0006)).toBe(0.0000125);
    expect(fundingPerHour(-0.0004)).toBe(0.0000125);
  });

  it('is negative under a discount, and capped', () => {
    expect(premium(98, 99, 100)).toBe(-0.01);
    expect(fundingPerHour(-0.01)).toBe(-0.0011875);
    expect(fundingPerHour(0.9)).toBe(0.04);
    expect(fundingPerHour(-0.9)).toBe(-0.04);
    expect(fundingPerHour(0.01, 0)).toBe(0);
    expect(fundingPerHour(0.01, 10)).toBe(0.011875);
  });

  it('looks at the middle of the impact prices on a builder’s perpetual', () => {
    expect(builderPremium(99, 103, 100)).toBe(0.01);
  });
});

describe('fees', () => {
  it('of a real fill with a builder fee are the sum of two components, each cut', () => {
    // 0.001 BTC at 79,146: fee 0.019785, of it builder 0.007914.
    const fees = new Fees(BTC, { makerFeeBps: 1.5, takerFeeBps: 4.5, builderFeeBps: 1 });
    expect(fees.feeUsd(791_460, 100, false)).toBe(0.019785);
    expect(new FeeRate(BTC, 1).feeUsd(791_460, 100)).toBe(0.007914);
  });

  it.each([
    [{ volumeUsd: 0 }, 1.5, 4.5],
    [{ volumeUsd: 5_000_000 }, 1.5, 4.5],
    [{ volumeUsd: 5_000_001 }, 1.2, 4],
    [{ volumeUsd: 25_000_001, stakedHype: 500_001 }, 0.48, 2.1],
    [{ volumeUsd: 0, stakedHype: 10_001 }, 1.2, 3.6],
    [{ volumeUsd: 0, referralDiscountPercent: 4 }, 1.44, 4.32],
    [{ volumeUsd: 600_000_000, makerShare: 0.005 }, 0, 2.8],
    [{ volumeUsd: 600_000_000, makerShare: 0.016, stakedHype: 101 }, -0.2, 2.52],
    [{ volumeUsd: 8_000_000_000, makerShare: 0.5 }, -0.3, 2.4],
  ])('of %j are maker %d, taker %d bps', (standing, maker, taker) => {
    const { makerFeeBps, takerFeeBps } = feeRatesOf(standing);
    expect(makerFeeBps).toBeCloseTo(maker, 10);
    expect(takerFeeBps).toBeCloseTo(taker, 10);
  });

  it('of a builder’s perpetual are scaled, rebates excepted', () => {
    expect(builderRates({ makerFeeBps: 1.5, takerFeeBps: 4.5 }, 0.5, false)).toEqual({
      makerFeeBps: 2.25,
      takerFeeBps: 6.75,
    });
    expect(builderRates({ makerFeeBps: -0.25, takerFeeBps: 4 }, 1, false)).toEqual({
      makerFeeBps: -0.25,
      takerFeeBps: 8,
    });
    expect(builderRates({ makerFeeBps: 2, takerFeeBps: 4 }, 3, true).takerFeeBps).toBe(2.4);
    const hyna = new Fees(listed('hyna:BTC'), { makerFeeBps: 1.5, takerFeeBps: 4.5 });
    expect(hyna.feeUsd(1_000_000, 100, false)).toBe(0.03);
  });
});

describe('instruments', () => {
  it('are quoted with six decimals in all, and their usual price is on the grid', () => {
    for (const perp of PERPS) {
      expect(perp.priceDecimals + perp.sizeDecimals).toBe(6);
      expect(perp.usualPriceUsd * 10 ** perp.priceDecimals).toBeGreaterThanOrEqual(1_000);
      expect(perpOf(perp.symbol)).toBe(perp);
    }
  });

  it.each([
    ['BTC', 30_000_000],
    ['ETH', 30_000_000],
    ['SOL', 5_000_000],
    ['kPEPE', 2_000_000],
  ])('%s takes market orders up to $%d, resting ones up to ten times as much', (symbol, usd) => {
    const perp = perpFor(listed(symbol));
    expect(maxMarketOrderUsd(perp)).toBe(usd);
    expect(maxLimitOrderUsd(perp)).toBe(10 * usd);
  });

  it('of other venues are margined tenfold, whatever their name', () => {
    for (const symbol of ['ETHUSDT', '__proto__', 'constructor']) {
      const instrument: Instrument = { ...ETH, symbol };
      expect(perpFor(instrument)).toMatchObject({ marginTiers: [{ lowerBoundUsd: 0, maxLeverage: 10 }], symbol });
    }
  });

  it('keep the decimals that a tape has', () => {
    expect(perpFor({ ...BTC, priceDecimals: 2, sizeDecimals: 3 })).toMatchObject({ priceDecimals: 2, sizeDecimals: 3 });
  });
});
