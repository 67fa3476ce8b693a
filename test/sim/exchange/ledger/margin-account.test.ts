/** What the account may and may not do, with the exchange's words, on both sides of each limit. */
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../../core/market.ts';
import { LEVERAGE_TEXTS, PERP_MAX_POSITION, POT_TEXTS } from '../../../../sim/exchange/ledger/margin-texts.ts';
import { listed, order, stand } from './support.ts';

const BTC = listed('BTC');
const ETH = listed('ETH');
const HYNA = listed('hyna:HYPE');

/** At $100,000 a lot of BTC is one dollar. */
const BTC_TICKS = 1_000_000;
const HYPE_TICKS = 400_000;

describe('an order', () => {
  it('needs its notional at the mark over the leverage, to the lot', () => {
    const { account } = stand([BTC], [BTC_TICKS]);
    expect(account.refusal(order(BID, BTC_TICKS, 3_000))).toBeNull();
    const refused = account.refusal(order(BID, BTC_TICKS, 3_001));
    expect(refused).toEqual({ error: 'Insufficient margin to place order. asset=0', status: 'perpMarginRejected' });
  });

  it('is held against the mark, not against its limit', () => {
    const { account } = stand([BTC], [BTC_TICKS]);
    expect(account.refusal(order(BID, BTC_TICKS / 2, 3_001))?.status).toBe('perpMarginRejected');
    expect(account.refusal(order(BID, 2 * BTC_TICKS, 3_000))).toBeNull();
  });

  it('is held against its limit while there is no mark', () => {
    const { account } = stand([BTC], [0]);
    expect(account.refusal(order(BID, BTC_TICKS, 3_000))).toBeNull();
    expect(account.refusal(order(BID, BTC_TICKS, 3_001))?.status).toBe('perpMarginRejected');
  });

  it('that only closes is never refused, one that turns the position is held to what it opens', () => {
    const { account, marks } = stand([BTC], [BTC_TICKS]);
    account.fill(0, BID, BTC_TICKS, 3_000, 0);
    marks.ticks[0] = 700_000;
    // $100 are left for a position of $2,100.
    expect(account.refusal(order(BID, 700_000, 1))?.status).toBe('perpMarginRejected');
    expect(account.refusal(order(ASK, 700_000, 3_000))).toBeNull();
    expect(account.refusal(order(ASK, 700_000, 3_428))).toBeNull();
    expect(account.refusal(order(ASK, 700_000, 3_429))?.status).toBe('perpMarginRejected');
    expect(account.refusal(order(ASK, 700_000, 9_000, { reduceOnly: true }))).toBeNull();
  });

  it('has unrealised profit of cross positions at its disposal, and none of isolated ones', () => {
    for (const isCross of [true, false]) {
      const { account, marks } = stand([BTC, ETH], [BTC_TICKS, 500_000], { isCross });
      account.fill(0, BID, BTC_TICKS, 1_500, 0);
      marks.ticks[0] = 2 * BTC_TICKS;
      // Cross: 2,500 less 1,000 of margin; isolated: 500 are left in the account.
      const limit = isCross ? 9_000 : 3_000;
      const eth = (lots: number) => order(BID, 500_000, lots, { instrument: 1 });
      expect(account.refusal(eth(limit))).toBeNull();
      expect(account.refusal(eth(limit + 1))?.status).toBe('perpMarginRejected');
    }
  });

  it('may not take a position past the tier of its leverage', () => {
    const { account } = stand([BTC], [BTC_TICKS], { equityUsd: 100_000_000, leverage: 40 });
    expect(account.refusal(order(BID, BTC_TICKS, 150_000_000))).toBeNull();
    expect(account.refusal(order(BID, BTC_TICKS, 150_000_001))).toEqual({
      error: PERP_MAX_POSITION,
      status: 'perpMaxPositionRejected',
    });
    expect(account.updateLeverage({ type: 'updateLeverage', instrument: 0, isCross: true, leverage: 20 })).toBeNull();
    expect(account.refusal(order(BID, BTC_TICKS, 150_000_001))).toBeNull();
  });

  it('at rest is looked at again when it is matched', () => {
    const { account, marks } = stand([BTC], [BTC_TICKS]);
    const resting = { ...order(BID, BTC_TICKS, 3_000), oid: 1, originalLots: 3_000, remainingLots: 3_000 };
    expect(account.mayMatch(resting, 3_000)).toBe(true);
    account.deposit(-0.01);
    expect(account.mayMatch(resting, 3_000)).toBe(false);
    expect(account.mayMatch(resting, 2_999)).toBe(true);
    account.fill(0, ASK, BTC_TICKS, 2_000, 0);
    marks.ticks[0] = 5 * BTC_TICKS;
    expect(account.mayMatch(resting, 2_000)).toBe(true);
    expect(account.mayMatch(resting, 2_001)).toBe(false);
  });
});

describe('lowered margin tiers', () => {
  it('are taken over with the next order for which the margin is enough', () => {
    const { account } = stand([BTC], [BTC_TICKS]);
    account.fill(0, BID, BTC_TICKS, 1_800, 0);
    account.setTiers(0, [{ lowerBoundUsd: 0, maxLeverage: 2 }]);
    expect(account.rules()[0].tiers).toEqual([{ lowerBoundUsd: 0, maxLeverage: 2 }]);
    const refused = account.refusal(order(BID, BTC_TICKS, 201));
    expect(refused?.error).toMatch(/^Cannot automatically accept new margin tiers on BTC\. Manually set leverage/);
    expect(account.ledger.holding(0).leverage).toBe(3);
    expect(account.refusal(order(BID, BTC_TICKS, 200))).toBeNull();
    expect(account.ledger.holding(0).leverage).toBe(2);
  });

  it('limit the position at the leverage that they leave, also with the order that takes them over', () => {
    const { account } = stand([BTC], [BTC_TICKS], { equityUsd: 10_000 });
    account.setTiers(0, [
      { lowerBoundUsd: 0, maxLeverage: 2 },
      { lowerBoundUsd: 1_000, maxLeverage: 1 },
    ]);
    expect(account.refusal(order(BID, BTC_TICKS, 1_001))).toMatchObject({ status: 'perpMaxPositionRejected' });
    expect(account.ledger.holding(0).leverage).toBe(3);
    expect(account.refusal(order(BID, BTC_TICKS, 1_000))).toBeNull();
    expect(account.ledger.holding(0).leverage).toBe(2);
  });
});

describe('updateLeverage', () => {
  const update = (leverage: number, isCross = true, instrument = 0) =>
    ({ type: 'updateLeverage', instrument, isCross, leverage }) as const;

  it('takes whole numbers up to what the tiers allow', () => {
    const { account } = stand([BTC, HYNA], [BTC_TICKS, HYPE_TICKS]);
    expect(account.updateLeverage(update(40))).toBeNull();
    for (const leverage of [41, 0, -1, 2.5, Number.NaN]) {
      expect(account.updateLeverage(update(leverage))).toBe(LEVERAGE_TEXTS.invalid);
    }
    expect(account.updateLeverage(update(3, true, 1))).toBe('Cross margin is not allowed for this asset.');
    expect(account.updateLeverage(update(10, false, 1))).toBeNull();
    expect(account.updateLeverage(update(3, true, 2))).toBe('Order has invalid asset. asset=2');
  });

  it('does not switch between cross and isolated while a position is open', () => {
    const { account } = stand([BTC], [BTC_TICKS]);
    account.fill(0, BID, BTC_TICKS, 100, 0);
    expect(account.updateLeverage(update(3, false))).toBe('Cannot switch leverage type with open position.');
    account.fill(0, ASK, BTC_TICKS, 100, 0);
    expect(account.updateLeverage(update(3, false))).toBeNull();
  });

  it('lowers the leverage of a position only where the margin is there, and raises it always', () => {
    for (const isCross of [true, false]) {
      const { account } = stand([BTC], [BTC_TICKS], { isCross });
      account.fill(0, BID, BTC_TICKS, 2_000, 0);
      expect(account.updateLeverage(update(10, isCross))).toBeNull();
      // Cross: the whole account; isolated: what was put in at 3x.
      expect(account.updateLeverage(update(isCross ? 2 : 3, isCross))).toBeNull();
      expect(account.updateLeverage(update(1, isCross))).toBe(
        isCross ? LEVERAGE_TEXTS.crossTooLittle : LEVERAGE_TEXTS.isolatedTooLittle,
      );
    }
  });
});

describe('updateIsolatedMargin', () => {
  const update = (usd: number, instrument = 0) =>
    ({ type: 'updateIsolatedMargin', instrument, microUsd: Math.round(usd * 1_000_000) }) as const;

  it('adds what the account can spare and removes down to the transfer margin, to the millionth', () => {
    const { account } = stand([BTC], [BTC_TICKS], { isCross: false, leverage: 20 });
    account.fill(0, BID, BTC_TICKS, 1_000, 0);
    expect(account.updateIsolatedMargin(update(950.000001))).toBe(POT_TEXTS.tooLittleToAdd);
    expect(account.updateIsolatedMargin(update(950))).toBeNull();
    expect(account.margin.isolatedEquity(0).toString()).toBe('1000');
    expect(account.accountState()).toEqual({ valueUsd: 1_000, marginUsedUsd: 1_000, withdrawableUsd: 0 });
    // A tenth of the notional stays, although 5 % would be the initial margin.
    expect(account.updateIsolatedMargin(update(-900.000001))).toBe(POT_TEXTS.tooLittleToRemove);
    expect(account.updateIsolatedMargin(update(-900))).toBeNull();
    expect(account.accountState()).toEqual({ valueUsd: 1_000, marginUsedUsd: 100, withdrawableUsd: 900 });
  });

  it('refuses what makes no sense, in the exchange’s words', () => {
    const { account } = stand([BTC, HYNA], [BTC_TICKS, HYPE_TICKS]);
    expect(account.updateIsolatedMargin(update(1))).toBe('Cannot update margin for empty position.');
    account.fill(0, BID, BTC_TICKS, 100, 0);
    expect(account.updateIsolatedMargin(update(1))).toBe('Position does not use isolated margin.');
    expect(account.updateIsolatedMargin(update(0))).toBe('Update to isolated margin cannot be zero.');
    account.fill(1, BID, HYPE_TICKS, 100, 0);
    expect(account.updateIsolatedMargin(update(100, 1))).toBeNull();
    expect(account.updateIsolatedMargin(update(-1, 1))).toBe(
      'Cannot remove isolated margin for this asset. To remove margin, reduce the position.',
    );
  });
});

describe('an isolated position', () => {
  it('takes its margin from the account, gives it back in proportion and keeps its loss to itself', () => {
    const { account, marks } = stand([HYNA], [HYPE_TICKS], { leverage: 4 });
    // 10 HYPE at $40: $100 of margin.
    account.fill(0, BID, HYPE_TICKS, 1_000, 0);
    expect(account.ledger.crossUsd.toString()).toBe('900');
    account.fill(0, ASK, HYPE_TICKS, 250, 0);
    expect(account.ledger.crossUsd.toString()).toBe('925');
    marks.ticks[0] = 200_000;
    // Worth $150, cost $300, of which $75 were its margin.
    account.fill(0, ASK, 200_000, 750, 0);
    expect(account.ledger.crossUsd.toString()).toBe('925');
    expect(account.truth()).toMatchObject({ equityUsd: 925, realizedUsd: -150, coveredUsd: 75 });
  });
});

describe('a position from before the run', () => {
  it('is worth what it is at the first mark, and leaves the account as rich as it starts', () => {
    const { account, marks } = stand([BTC], [0], { equityUsd: 500 }, [], [200]);
    expect(account.positions()).toEqual([]);
    marks.ticks[0] = BTC_TICKS;
    expect(account.positions()).toMatchObject([{ positionLots: 200, entryTicks: BTC_TICKS, unrealizedUsd: 0 }]);
    marks.ticks[0] = 1_100_000;
    expect(account.truth()).toMatchObject({ startUsd: 500, equityUsd: 520, unrealizedUsd: 20, realizedUsd: 0 });
  });
});

describe('a snapshot', () => {
  it('brings everything back', () => {
    const { account, marks } = stand([BTC, HYNA], [BTC_TICKS, HYPE_TICKS]);
    account.fill(0, BID, BTC_TICKS, 777, 0.1);
    account.fill(1, ASK, HYPE_TICKS, 33, 0.01);
    account.setTiers(0, [{ lowerBoundUsd: 0, maxLeverage: 5 }]);
    const other = stand([BTC, HYNA], marks.ticks).account;
    other.restore(account.snapshot());
    expect([other.positions(), other.accountState(), other.rules(), other.truth()]).toEqual([
      account.positions(),
      account.accountState(),
      account.rules(),
      account.truth(),
    ]);
    expect(other.crossIsMaintained()).toBe(true);
  });
});
