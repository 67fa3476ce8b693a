/** Funding, marks and liquidation, in an exchange over a recorded market. */
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../../core/market.ts';
import { Liquidator } from '../../../../sim/exchange/ledger/liquidator.ts';
import { Stand as Replay } from '../support.ts';
import { listed, stand } from './support.ts';

const BTC = listed('BTC');
const HYNA = listed('hyna:HYPE');
const HOUR_NS = 3_600_000_000_000;
const BTC_TICKS = 1_000_000;

/** One BTC a level and side, a spread of two ticks around a price that the five figures allow. */
function quote(replay: Replay, ticks: number, lots = 100_000, afterNs = 1): void {
  replay.play({ kind: 'snapshot', bids: [[ticks - 10, lots]], asks: [[ticks + 10, lots]] }, afterNs);
}

describe('marks of a recorded market', () => {
  it('are the median of bid, ask and last trade', () => {
    const replay = new Replay({}, [BTC]);
    const mark = () => replay.exchange.clearing.markTicks(0);
    expect(mark()).toBe(0);
    quote(replay, BTC_TICKS);
    expect(mark()).toBe(BTC_TICKS);
    replay.buy(BTC_TICKS + 5, 1);
    expect(mark()).toBe(BTC_TICKS + 5);
    replay.buy(BTC_TICKS + 500, 1);
    expect(mark()).toBe(BTC_TICKS + 10);
    replay.sell(BTC_TICKS - 500, 1);
    expect(mark()).toBe(BTC_TICKS - 10);
    replay.play({ kind: 'snapshot', bids: [[BTC_TICKS, 1]], asks: [] });
    expect(mark()).toBe(BTC_TICKS - 500);
  });

  it('give way to what the market tells', () => {
    const replay = new Replay({}, [BTC]);
    quote(replay, BTC_TICKS);
    replay.exchange.clearing.markMoved(1, 0, 999_000);
    expect(replay.exchange.clearing.markTicks(0)).toBe(999_000);
  });
});

describe('funding', () => {
  it('is paid on the hour, by what is held then, on the oracle price', () => {
    const replay = new Replay({ midnightNs: HOUR_NS - 1_000 }, [BTC]);
    quote(replay, BTC_TICKS);
    expect(replay.exchange.dueNs).toBe(Number.POSITIVE_INFINITY);
    replay.place(BID, BTC_TICKS + 10, 1_000, { tif: 'Ioc' });
    expect(replay.exchange.dueNs).toBe(1_000);
    replay.exchange.clearing.contextMoved(0, {
      fundingPerHour: 0.001,
      openInterestLots: 0,
      oracleTicks: 900_000,
      markTicks: BTC_TICKS,
      midTicks: BTC_TICKS,
    });
    replay.exchange.passTime(999);
    expect(replay.journal.userEvents).toEqual([]);
    replay.exchange.passTime(1_000);
    const paid = { type: 'funding', instrument: 0, usd: -0.9, positionLots: 1_000, ratePerHour: 0.001 };
    expect(replay.journal.userEvents).toEqual([{ ...paid, exchNs: 1_000 }]);
    replay.exchange.passTime(1_000 + 2 * HOUR_NS);
    expect(replay.journal.userEvents).toHaveLength(3);
    expect(replay.exchange.clearing.truth()).toMatchObject({ fundingUsd: -2.7, feesUsd: 0.450004 });
    replay.place(ASK, BTC_TICKS - 10, 1_000, { tif: 'Ioc' });
    expect(replay.exchange.dueNs).toBe(Number.POSITIVE_INFINITY);
    // A position that is opened later owes nothing for the time between.
    replay.nowNs = 10 * HOUR_NS;
    replay.place(ASK, BTC_TICKS - 10, 1_000, { tif: 'Ioc' });
    replay.exchange.passTime(10 * HOUR_NS + 900);
    expect(replay.journal.userEvents).toHaveLength(3);
    replay.exchange.passTime(10 * HOUR_NS + 1_000);
    expect(replay.journal.userEvents[3]).toMatchObject({ usd: 0.9, exchNs: 10 * HOUR_NS + 1_000 });
  });

  it('is interest alone where the recording does not tell a rate, also for what was held before', () => {
    const replay = new Replay({ startPositionLots: [-1_000] }, [BTC]);
    quote(replay, BTC_TICKS);
    quote(replay, BTC_TICKS, 1, 2 * HOUR_NS);
    expect(replay.journal.userEvents.map(event => event.type === 'funding' && event.usd)).toEqual([0.0125, 0.0125]);
  });
});

describe('the exchange', () => {
  it('tells of margin refusals and cancels as of all others', () => {
    const replay = new Replay({ account: { equityUsd: 1_000, leverage: 3, isCross: true } }, [BTC]);
    quote(replay, BTC_TICKS);
    const error = 'Insufficient margin to place order. asset=0';
    expect(replay.place(BID, BTC_TICKS - 10, 3_001)).toEqual({ status: 'error', error });
    expect(replay.journal.updates.at(-1)).toMatchObject({ status: 'perpMarginRejected', oid: 1 });
    // Two orders pass one by one, and only the first has the margin to be filled.
    replay.place(BID, BTC_TICKS - 10, 3_000);
    replay.place(BID, BTC_TICKS - 20, 3_000);
    replay.sell(BTC_TICKS - 100, 100_000);
    expect(replay.fills()).toEqual(['2:3000@999990']);
    expect(replay.journal.updates.at(-1)).toMatchObject({ status: 'marginCanceled', oid: 3 });
    expect(replay.journal.userEvents).toEqual([{ type: 'nonUserCancel', instrument: 0, oid: 3 }]);
  });

  it('liquidates at the recorded prices once the mark leaves too little, and ends open orders first', () => {
    const replay = new Replay({ account: { equityUsd: 1_000, leverage: 40, isCross: true } }, [BTC]);
    quote(replay, BTC_TICKS);
    replay.place(BID, BTC_TICKS + 10, 20_000, { tif: 'Ioc' });
    replay.place(ASK, BTC_TICKS + 2_000, 1_000);
    replay.journal.forget();
    // $9.0002 of fees and $0.2 of spread are gone; 1.25 % of $20,000 have to stay.
    const liquidation = replay.exchange.clearing.account.positions()[0].liquidationTicks ?? 0;
    quote(replay, Math.ceil(liquidation / 10) * 10 + 10);
    expect(replay.exchange.positionLots(0)).toBe(20_000);
    quote(replay, Math.floor(liquidation / 10) * 10);
    expect(replay.exchange.positionLots(0)).toBe(0);
    expect(replay.journal.updates.map(({ oid, status }) => `${oid} ${status}`)).toEqual([
      '2 liquidatedCanceled',
      '3 filled',
    ]);
    expect(replay.journal.userEvents).toMatchObject([{ type: 'nonUserCancel', oid: 2 }, { type: 'liquidation' }]);
    const { equityUsd, seizedUsd } = replay.exchange.clearing.truth();
    expect(seizedUsd).toBe(0);
    expect(equityUsd).toBeGreaterThan(200);
  });

  it('lets the liquidator take over what a jump has left below two thirds, and the account with it', () => {
    const replay = new Replay({ account: { equityUsd: 1_000, leverage: 40, isCross: true } }, [BTC]);
    quote(replay, BTC_TICKS);
    replay.place(BID, BTC_TICKS + 10, 20_000, { tif: 'Ioc' });
    replay.exchange.clearing.markMoved(replay.nowNs, 0, 955_000);
    // The book still bids 999,990: the market order finds it.
    expect(replay.exchange.clearing.truth().seizedUsd).toBe(0);
    replay.place(BID, BTC_TICKS + 10, 20_000, { tif: 'Ioc' });
    replay.journal.forget();
    replay.play({ kind: 'snapshot', bids: [], asks: [[BTC_TICKS, 1]] });
    expect(replay.exchange.positionLots(0)).toBe(0);
    expect(replay.journal.fills).toMatchObject([{ priceTicks: 955_000, sizeLots: 20_000, feeUsd: 0, side: ASK }]);
    const truth = replay.exchange.clearing.truth();
    expect(truth.equityUsd).toBe(0);
    expect(truth.seizedUsd).toBeGreaterThan(0);
    expect(replay.exchange.clearing.account.accountState().valueUsd).toBe(0);
  });

  it('goes on from a snapshot with the same money', () => {
    const replay = new Replay({}, [BTC]);
    quote(replay, BTC_TICKS);
    replay.place(BID, BTC_TICKS + 10, 1_000, { tif: 'Ioc' });
    const other = new Replay({}, [BTC]);
    other.exchange.restore(replay.exchange.snapshot());
    for (const one of [replay, other]) {
      one.nowNs = HOUR_NS;
      quote(one, 1_100_000);
    }
    expect(other.exchange.clearing.truth()).toEqual(replay.exchange.clearing.truth());
    expect(other.journal.userEvents).toEqual(replay.journal.userEvents.slice(-1));
    expect(other.exchange.snapshot()).toEqual(replay.exchange.snapshot());
  });
});

describe('a liquidation', () => {
  /** A venue that fills so many lots of each order at the mark. */
  function venue(equityUsd: number, fillLots: number, instruments = [BTC], ticks = [BTC_TICKS]) {
    const { account, marks } = stand(instruments, ticks, { equityUsd, leverage: 10 });
    const told: string[] = [];
    const liquidator = new Liquidator(account, {
      cancelOrders: (_nowNs, instrument) => told.push(`cancel ${instrument}`),
      closeAtMarket: (_nowNs, instrument, side, sizeLots) => {
        told.push(`close ${instrument} ${sizeLots}`);
        const lots = Math.min(sizeLots, fillLots);
        if (lots > 0) account.fill(instrument, side, marks.ticks[instrument], lots, 0);
      },
      takeOver: (_nowNs, instrument, _side, sizeLots) => told.push(`take over ${instrument} ${sizeLots}`),
      liquidated: (_nowNs, notionalUsd) => told.push(`liquidated ${notionalUsd}`),
    });
    return { account, marks, liquidator, told };
  }

  const MANY = Number.MAX_SAFE_INTEGER;

  it('of more than $100,000 begins with a fifth, and is for the whole within the next 30 s', () => {
    // 125,000 lots: $125,000 at 1,000,000 ticks. Maintenance is 1.25 %.
    const { account, marks, liquidator, told } = venue(12_500, MANY);
    account.fill(0, BID, BTC_TICKS, 125_000, 0);
    // 12,500 − 125,000 · (1 − p) meets 1.25 % of 125,000 · p at p = 0.9113924…
    marks.ticks[0] = 911_393;
    liquidator.check(0);
    expect(told).toEqual([]);
    marks.ticks[0] = 911_392;
    liquidator.check(0);
    expect(told.splice(0)).toEqual(['cancel 0', 'close 0 25000', 'liquidated 113924']);
    expect(account.crossIsMaintained()).toBe(true);
    account.deposit(-400);
    liquidator.check(29_999_999_999);
    expect(told.splice(0)).toEqual(['cancel 0', 'close 0 100000', 'liquidated 91139.2']);
  });

  it('begins with a fifth again once 30 s are over', () => {
    for (const [atNs, lots] of [
      [29_999_999_999, 200_000],
      [30_000_000_000, 40_000],
    ]) {
      const { account, liquidator, told } = venue(25_000, MANY);
      account.fill(0, BID, BTC_TICKS, 250_000, 0);
      account.deposit(-21_900);
      liquidator.check(0);
      account.deposit(-700);
      told.length = 0;
      liquidator.check(atNs);
      expect(told[1]).toBe(`close 0 ${lots}`);
    }
  });

  it('of exactly $100,000 is for the whole', () => {
    const { account, liquidator, told } = venue(10_000, MANY);
    account.fill(0, BID, BTC_TICKS, 100_000, 0);
    account.deposit(-8_750.01);
    liquidator.check(0);
    expect(told[1]).toBe('close 0 100000');
  });

  it('leaves to the liquidator what is below two thirds of the maintenance margin, and not what just is not', () => {
    for (const [leftUsd, isTaken] of [
      [83.333334, false],
      [83.333333, true],
    ] as const) {
      const { account, liquidator, told } = venue(1_000, 0);
      // Two thirds of 1.25 % of $10,000 are $83.33.
      account.fill(0, BID, BTC_TICKS, 10_000, 0);
      account.deposit(leftUsd - 1_000);
      liquidator.check(0);
      const expected = ['cancel 0', 'close 0 10000'];
      expect(told).toEqual(isTaken ? [...expected, 'take over 0 10000', 'liquidated 10000'] : expected);
      expect(account.truth()).toMatchObject(isTaken ? { equityUsd: 0, seizedUsd: leftUsd } : { seizedUsd: 0 });
    }
  });

  it('of an isolated position touches nothing else, and one of the account no isolated position', () => {
    const { account, marks, liquidator, told } = venue(1_000, 0, [BTC, HYNA], [BTC_TICKS, 400_000]);
    account.fill(0, BID, BTC_TICKS, 5_000, 0);
    account.fill(1, BID, 400_000, 1_000, 0);
    marks.ticks[1] = 360_000;
    liquidator.check(0);
    expect(told.splice(0)).toEqual(['cancel 1', 'close 1 1000', 'take over 1 1000', 'liquidated 360']);
    expect(account.truth()).toMatchObject({ equityUsd: 960, seizedUsd: 0, coveredUsd: 0 });
    account.fill(1, BID, 400_000, 1_000, 0);
    marks.ticks[1] = 400_000;
    marks.ticks[0] = 500_000;
    liquidator.check(0);
    expect(told.slice(-2)).toEqual(['take over 0 5000', 'liquidated 2500']);
    expect(account.ledger.holding(1).lots).toBe(1_000);
    expect(account.truth()).toMatchObject({ equityUsd: 40, coveredUsd: 1_580 });
  });

  it('stops as soon as the margin is enough', () => {
    const { account, liquidator, told } = venue(1_000, MANY, [BTC, BTC], [BTC_TICKS, BTC_TICKS]);
    account.fill(0, BID, BTC_TICKS, 5_000, 0);
    account.fill(1, ASK, BTC_TICKS, 5_000, 0);
    account.deposit(-880);
    liquidator.check(0);
    expect(told).toEqual(['cancel 0', 'cancel 1', 'close 0 5000', 'liquidated 10000']);
    expect(account.ledger.holding(1).lots).toBe(-5_000);
  });
});
