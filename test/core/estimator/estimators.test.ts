import { describe, expect, it } from 'vitest';
import { Book } from '../../../core/book.ts';
import { DEFAULT_KAPPA, Kappa } from '../../../core/estimator/kappa.ts';
import { DEFAULT_REGIME, RegimeClassifier } from '../../../core/estimator/regime.ts';
import { DEFAULT_VOLATILITY, Volatility } from '../../../core/estimator/volatility.ts';
import { DEFAULT_WARM_UP, WarmUp } from '../../../core/estimator/warm-up.ts';
import type { LogEntry } from '../../../core/evidence.ts';
import { ASK, BID } from '../../../core/market.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

describe('volatility', () => {
  /** A mid that steps up and down by the same share every so often. */
  function zigzag(volatility: Volatility, share: number, everyNs: number, untilNs: number, fromNs = 0): void {
    let isUp = false;
    for (let nowNs = fromNs; nowNs <= untilNs; nowNs += everyNs) {
      isUp = !isUp;
      volatility.onMid(isUp ? 1_000_000 * (1 + share) : 1_000_000, nowNs);
    }
  }

  it('finds the volatility per root second, whatever the pace of its samples', () => {
    for (const everyNs of [seconds(1), seconds(4)]) {
      const volatility = new Volatility(DEFAULT_VOLATILITY);
      zigzag(volatility, 0.0002, everyNs, seconds(600));
      expect(volatility.sigma).toBeCloseTo(0.0002 / Math.sqrt(everyNs / 1e9), 5);
    }
  });

  it('does not take the bounce between two samples for movement', () => {
    const volatility = new Volatility(DEFAULT_VOLATILITY);
    // Back where it was at every sample.
    zigzag(volatility, 0.001, milliseconds(250), seconds(600));
    expect(volatility.sigma).toBeLessThan(0.00001);
  });

  it('is ready after five samples', () => {
    const volatility = new Volatility(DEFAULT_VOLATILITY);
    for (let sample = 0; sample < 5; sample++) volatility.onMid(1_000, sample * milliseconds(500));
    expect(volatility.ready).toBe(false);
    expect(volatility.onMid(1_000, milliseconds(2_499))).toBe(false);
    expect(volatility.onMid(1_000, milliseconds(2_500))).toBe(true);
    expect(volatility.ready).toBe(true);
  });

  it('stays within its limits: a market that never moves, and one that leaps', () => {
    const still = new Volatility(DEFAULT_VOLATILITY);
    for (let nowNs = 0; nowNs < seconds(4_000); nowNs += seconds(1)) still.onMid(1_000, nowNs);
    expect(still.sigma).toBe(0.000001);
    expect(still.shortOverLong).toBe(1);
    const wild = new Volatility(DEFAULT_VOLATILITY);
    zigzag(wild, 0.5, seconds(1), seconds(60));
    expect(wild.sigma).toBeCloseTo(0.0025, 12);
  });

  it('tells a burst by its short horizon', () => {
    const volatility = new Volatility(DEFAULT_VOLATILITY);
    zigzag(volatility, 0.0001, seconds(1), seconds(300));
    expect(volatility.shortOverLong).toBeCloseTo(1, 1);
    zigzag(volatility, 0.001, seconds(1), seconds(306), seconds(301));
    expect(volatility.shortOverLong).toBeGreaterThan(1.5);
  });
});

describe('kappa', () => {
  /** A book whose size lies at one distance from the mid on either side. */
  function bookAt(distanceTicks: number): Book {
    const book = new Book();
    book.set(BID, 1_000_000 - distanceTicks, 5);
    book.set(ASK, 1_000_000 + distanceTicks, 5);
    return book;
  }

  it('is its prior before anything is seen', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    expect(kappa.raw).toBe(2_500);
    expect(kappa.effective).toBe(2_500);
  });

  it('is raw 7,000 and effective 3,250 on a tight market', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    const book = bookAt(143);
    for (let sample = 0; sample < 10_000; sample++) kappa.onBook(book, 1_000_000);
    expect(kappa.raw).toBeCloseTo(6_993, 0);
    expect(kappa.effective).toBeCloseTo(3_250, 0);
  });

  it('follows a wide market down, and stays in its limits', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    const book = bookAt(20_000);
    for (let sample = 0; sample < 10_000; sample++) kappa.onBook(book, 1_000_000);
    expect(kappa.raw).toBeCloseTo(50, 6);
    expect(kappa.effective).toBeCloseTo(0.7 * 2_500 + 0.3 * 50, 0);
    expect(new Kappa({ ...DEFAULT_KAPPA, prior: 10 }).effective).toBe(50);
    expect(new Kappa({ ...DEFAULT_KAPPA, prior: 100_000 }).effective).toBe(10_000);
  });

  it('weighs book and trades alike, and stands trades at the mid', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    kappa.onBook(bookAt(300), 1_000_000);
    kappa.onTrade(1_000_100, 1_000_000);
    expect(kappa.raw).toBeCloseTo(5_000, 6);
    const atMid = new Kappa(DEFAULT_KAPPA);
    atMid.onTrade(1_000_000, 1_000_000);
    expect(atMid.raw).toBeCloseTo(1_000_000, 3);
    expect(atMid.effective).toBeLessThan(2_700);
  });

  it('leaves its warm-up with the fifth own fill, for good (incident I-38)', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    // Fills 8 bps from the mid of their placement: kappa 1,250.
    for (let fill = 0; fill < 4; fill++) kappa.onOwnFill(999_200, 1_000_000);
    expect(kappa.effective).toBe(2_500);
    expect(kappa.isWarmingUp).toBe(true);
    kappa.onOwnFill(999_200, 1_000_000);
    expect(kappa.isWarmingUp).toBe(false);
    const count = (1 - 0.9 * 0.9 * 0.9 * 0.9 * 0.9) / 0.1;
    expect(kappa.effective).toBeCloseTo((10 + count) / (10 / 2_500 + count * 0.0008), 6);
    const book = bookAt(300);
    for (let sample = 0; sample < 10_000; sample++) kappa.onBook(book, 1_000_000);
    expect(kappa.isWarmingUp).toBe(false);
    expect(kappa.effective).toBeLessThan(2_500);
    const copy = new Kappa(DEFAULT_KAPPA);
    copy.restore(kappa.snapshot());
    expect(copy.effective).toBe(kappa.effective);
  });

  it('gives own fills at most as much say as the market, and stays in its limits', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    for (let fill = 0; fill < 1_000; fill++) kappa.onOwnFill(999_200, 1_000_000);
    expect(kappa.effective).toBeCloseTo(20 / (10 / 2_500 + 10 / 1_250), 3);
    // However near to the mid they are, never over the threshold that kappa is held against.
    for (let sample = 0; sample < 1_000; sample++) kappa.onTrade(1_000_000, 1_000_000);
    for (let fill = 0; fill < 1_000; fill++) kappa.onOwnFill(1_000_000, 1_000_000);
    expect(kappa.effective).toBeCloseTo(20 / (10 / 3_250 + 10 / 5_000), -2);
    expect(kappa.effective).toBeLessThan(5_000);
  });

  it('does not trust liquidity that trades do not find', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    expect(kappa.ghostLiquidityFactor).toBe(1);
    kappa.onBook(bookAt(100), 1_000_000);
    expect(kappa.ghostLiquidityFactor).toBe(1);
    const ghosts = (tradeTicks: number): number => {
      const each = new Kappa(DEFAULT_KAPPA);
      each.onBook(bookAt(100), 1_000_000);
      each.onTrade(1_000_000 + tradeTicks, 1_000_000);
      return each.ghostLiquidityFactor;
    };
    expect(ghosts(299)).toBe(1);
    expect(ghosts(400)).toBeCloseTo(4, 9);
    expect(ghosts(900)).toBe(5);
  });

  it('learns nothing from an empty book', () => {
    const kappa = new Kappa(DEFAULT_KAPPA);
    kappa.onBook(new Book(), 1_000_000);
    expect(kappa.raw).toBe(2_500);
  });
});

describe('regime', () => {
  it('rises at once, a fifth beyond the boundary', () => {
    const regime = new RegimeClassifier(DEFAULT_REGIME);
    regime.onRatio(1.79, 0);
    expect(regime.regime).toBe('normal');
    regime.onRatio(1.81, 1);
    expect(regime.regime).toBe('bursty');
    regime.onRatio(3.61, 2);
    expect(regime.regime).toBe('cascade');
    expect(regime.premiumBps).toBe(5);
  });

  it('falls a fifth below the boundary, and not before it has stayed', () => {
    const regime = new RegimeClassifier(DEFAULT_REGIME);
    regime.onRatio(2, 0);
    regime.onRatio(1, seconds(5) - 1);
    expect(regime.regime).toBe('bursty');
    regime.onRatio(1.21, seconds(5));
    expect(regime.regime).toBe('bursty');
    regime.onRatio(1.19, seconds(5));
    expect(regime.regime).toBe('normal');
    regime.onRatio(0.39, seconds(10));
    expect(regime.regime).toBe('quiet');
    expect(regime.premiumBps).toBe(0);
  });

  it('is not valid without a number', () => {
    const regime = new RegimeClassifier(DEFAULT_REGIME);
    expect(regime.valid).toBe(true);
    regime.onRatio(Number.NaN, 0);
    expect(regime.valid).toBe(false);
    regime.onRatio(1, 1);
    expect(regime.valid).toBe(true);
  });
});

describe('warm-up', () => {
  function made(): { warmUp: WarmUp; logs: LogEntry[] } {
    const logs: LogEntry[] = [];
    const warmUp = new WarmUp(DEFAULT_WARM_UP, entry => logs.push(entry));
    warmUp.start(seconds(100));
    return { warmUp, logs };
  }

  it('needs ten books, five trades and a volatility', () => {
    const { warmUp } = made();
    for (let update = 0; update < 9; update++) warmUp.onBookUpdate();
    for (let trade = 0; trade < 4; trade++) warmUp.onTrade();
    expect(warmUp.check(seconds(101), true)).toBe(false);
    warmUp.onBookUpdate();
    expect(warmUp.check(seconds(101), true)).toBe(false);
    warmUp.onTrade();
    expect(warmUp.check(seconds(101), false)).toBe(false);
    expect(warmUp.check(seconds(101), true)).toBe(true);
    expect(warmUp.wideningShare).toBe(0);
  });

  it('waits ten seconds at most, then is wide until it is warm', () => {
    const { warmUp, logs } = made();
    expect(warmUp.check(seconds(110) - 1, true)).toBe(false);
    expect(warmUp.check(seconds(110), true)).toBe(true);
    expect(warmUp.wideningShare).toBe(0.5);
    for (let update = 0; update < 10; update++) warmUp.onBookUpdate();
    for (let trade = 0; trade < 5; trade++) warmUp.onTrade();
    expect(warmUp.check(seconds(120), true)).toBe(true);
    expect(warmUp.state).toBe('warm');
    expect(logs.map(entry => (entry.type === 'warm-up' ? entry.state : ''))).toEqual(['warming', 'wide', 'warm']);
  });

  it('stays warm', () => {
    const { warmUp } = made();
    for (let update = 0; update < 10; update++) warmUp.onBookUpdate();
    for (let trade = 0; trade < 5; trade++) warmUp.onTrade();
    warmUp.check(seconds(101), true);
    expect(warmUp.check(seconds(9_999), false)).toBe(true);
  });
});
