import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PROACTIVE, ProactiveRateLimiter } from '../../../../core/infra/rate-limit/proactive.ts';
import { WeightWindow } from '../../../../core/infra/rate-limit/weight-window.ts';
import { DEFAULT_RATE_LIMIT_MONITOR, RateLimitMonitor } from '../../../../core/risk/monitors/rate-limit.ts';
import { NS_PER_MS, NS_PER_S } from '../../../../core/scale.ts';
import { draws } from '../../../support/draws.ts';
import { riskInput } from '../../risk/monitors/inputs.ts';
import { KeptLog } from '../frames.ts';

function fresh(draw = () => 0.5) {
  const log = new KeptLog();
  return { log, limiter: new ProactiveRateLimiter(DEFAULT_PROACTIVE, 2, draw, log.write) };
}

/** Refuses again and again, each time as soon as the back-off is over; the back-offs in seconds. */
function backoffs(error: 'TooManyRequests' | 'CumulativeRequests', times: number, draw?: () => number): number[] {
  const { limiter, log } = fresh(draw);
  let nowNs = NS_PER_S;
  const waits: number[] = [];
  for (let n = 0; n < times; n++) {
    limiter.refused(error, nowNs);
    const untilNs = log.of('rate-limit-error')[n].untilNs;
    waits.push((untilNs - nowNs) / NS_PER_S);
    nowNs = untilNs;
  }
  return waits;
}

describe('back-off', () => {
  it('after answers 429 is 10, 15, 22.5, 33.75, 50.625 and then 60 s', () => {
    expect(backoffs('TooManyRequests', 7)).toEqual([10, 15, 22.5, 33.75, 50.625, 60, 60]);
  });

  it('without requests left is 30, 60, 120, 240, 480 and 480 s, from the half of it to one and a half times', () => {
    const usual = [30, 60, 120, 240, 480, 480];
    expect(backoffs('CumulativeRequests', 6)).toEqual(usual);
    expect(backoffs('CumulativeRequests', 6, () => 0)).toEqual(usual.map(s => s / 2));
    const most = backoffs('CumulativeRequests', 6, () => 1 - Number.EPSILON);
    expect(most.map(s => Math.round(s))).toEqual(usual.map(s => s * 1.5));
  });

  it('is one step, however many of the calls that were in flight are refused while it runs', () => {
    const { limiter, log } = fresh();
    for (let n = 0; n < 20; n++) limiter.refused('TooManyRequests', n * NS_PER_MS);
    expect(log.of('rate-limit-error')).toEqual([
      { type: 'rate-limit-error', atNs: 0, error: 'TooManyRequests', errors: 1, untilNs: 10 * NS_PER_S },
    ]);
    expect(limiter.rateLimitErrors(10 * NS_PER_S - 1)).toBe(1);
    expect(limiter.rateLimitErrors(10 * NS_PER_S)).toBe(0);
    limiter.refused('TooManyRequests', 10 * NS_PER_S);
    expect(limiter.rateLimitErrors(10 * NS_PER_S)).toBe(2);
  });

  it('is over and forgotten with a success; that of the address not by a cancel', () => {
    const { limiter, log } = fresh();
    limiter.refused('TooManyRequests', 0);
    limiter.refused('CumulativeRequests', 0);
    limiter.answered();
    expect(limiter.suppresses(0, 'place', 0, 1)).toBe('CumulativeRequestsBackoff');
    limiter.tookOrders();
    expect(limiter.suppresses(0, 'place', 0, 1)).toBeNull();
    expect(limiter.isExhausted(1)).toBe(false);
    limiter.refused('TooManyRequests', 1);
    limiter.refused('CumulativeRequests', 1);
    expect(log.of('rate-limit-error').map(({ errors }) => errors)).toEqual([1, 1, 1, 1]);
  });

  it('ends by itself although the monitor pulls quotes while it runs', () => {
    const { limiter } = fresh();
    const monitor = new RateLimitMonitor(DEFAULT_RATE_LIMIT_MONITOR);
    const asked = (nowNs: number) =>
      monitor.evaluate(riskInput({ rateLimitErrors: limiter.rateLimitErrors(nowNs) })).action;
    limiter.refused('TooManyRequests', 0);
    expect(asked(0)).toBe('Warn');
    limiter.refused('TooManyRequests', 10 * NS_PER_S);
    expect(asked(10 * NS_PER_S)).toBe('PullQuotes');
    expect(asked(25 * NS_PER_S - 1)).toBe('PullQuotes');
    expect(asked(25 * NS_PER_S)).toBe('None');
  });
});

describe('order calls', () => {
  it('are held back beyond the weight of a minute, and go out when the oldest is a minute old', () => {
    const { limiter, log } = fresh();
    limiter.sent(959, 0);
    expect(log.of('rate-limit-warning')).toEqual([]);
    limiter.sent(1, 1);
    expect(log.of('rate-limit-warning')).toMatchObject([{ isNear: true, usedWeight: 960, maxWeight: 1_200 }]);
    expect(limiter.suppresses(0, 'place', 240, 2)).toBeNull();
    expect(limiter.suppresses(0, 'place', 241, 2)).toBe('WeightWindow');
    expect(limiter.suppressedCalls).toBe(1);
    expect(limiter.allowedNs(0, 'place', 241, 2)).toBe(60 * NS_PER_S);
    expect(limiter.suppresses(0, 'place', 241, 60 * NS_PER_S - 1)).toBe('WeightWindow');
    expect(limiter.suppresses(0, 'place', 241, 60 * NS_PER_S)).toBeNull();
    expect(log.of('calls-suppressed').map(({ reason }) => reason)).toEqual(['WeightWindow', null]);
  });

  it('keep 100 ms between requotes and 500 ms between modifications of an instrument', () => {
    const { limiter, log } = fresh();
    expect(limiter.suppresses(0, 'modify', 0, 0), 'the first').toBeNull();
    limiter.orderSent(0, 'modify', 0);
    expect(limiter.suppresses(0, 'place', 0, 0), 'the same requote').toBeNull();
    expect(limiter.suppresses(1, 'modify', 0, 1), 'another instrument').toBeNull();
    expect(limiter.suppresses(0, 'place', 0, 100 * NS_PER_MS - 1)).toBe('RequoteInterval');
    expect(limiter.suppresses(0, 'place', 0, 100 * NS_PER_MS)).toBeNull();
    expect(limiter.suppresses(0, 'modify', 0, 500 * NS_PER_MS - 1)).toBe('ModifyInterval');
    expect(limiter.allowedNs(0, 'modify', 0, 1)).toBe(500 * NS_PER_MS);
    expect(limiter.allowedNs(0, 'place', 0, 1)).toBe(100 * NS_PER_MS);
    expect(limiter.suppresses(0, 'modify', 0, 500 * NS_PER_MS)).toBeNull();
    expect(log.entries, 'how it always works is no news').toEqual([]);
    expect(limiter.suppressedCalls).toBe(2);
  });

  it('weigh by their way and their number', () => {
    const { limiter } = fresh();
    expect(limiter.actionWeight('websocket', 80)).toBe(0);
    expect([1, 39, 40, 79, 80].map(items => limiter.actionWeight('rest', items))).toEqual([1, 1, 2, 2, 3]);
  });

  it('say when they may go out, and may then', () => {
    const step = fc.record({
      kind: fc.constantFrom('sent', 'order', 'refused', 'exhausted', 'took'),
      weight: fc.integer({ min: 0, max: 400 }),
      waitMs: fc.integer({ min: 0, max: 20_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        const { limiter } = fresh(() => 0.25);
        let nowNs = 0;
        for (const { kind, weight, waitMs } of steps) {
          nowNs += waitMs * NS_PER_MS;
          if (kind === 'sent') limiter.sent(weight, nowNs);
          else if (kind === 'order') limiter.orderSent(0, weight % 2 === 0 ? 'place' : 'modify', nowNs);
          else if (kind === 'took') limiter.tookOrders();
          else limiter.refused(kind === 'refused' ? 'TooManyRequests' : 'CumulativeRequests', nowNs);
          const two = fresh().limiter;
          two.restore(structuredClone(limiter.snapshot()));
          const allowedNs = limiter.allowedNs(0, 'modify', weight, nowNs);
          expect(two.allowedNs(0, 'modify', weight, nowNs)).toBe(allowedNs);
          if (allowedNs > nowNs) expect(two.suppresses(0, 'modify', weight, allowedNs - 1)).not.toBeNull();
          expect(two.suppresses(0, 'modify', weight, allowedNs)).toBeNull();
        }
      }),
      draws(1, 200),
    );
  });
});

it('the window’s sum is that of a plain one', () => {
  const step = fc.record({ weight: fc.integer({ min: 0, max: 30 }), waitMs: fc.integer({ min: 0, max: 500 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 1_000 }), steps => {
      const window = new WeightWindow();
      const all: { ns: number; weight: number }[] = [];
      let nowNs = 0;
      for (const { weight, waitMs } of steps) {
        nowNs += waitMs * NS_PER_MS;
        window.add(weight, nowNs);
        all.push({ ns: nowNs, weight });
      }
      const plain = all.filter(({ ns }) => ns > nowNs - 60 * NS_PER_S).reduce((sum, one) => sum + one.weight, 0);
      expect(window.used(nowNs)).toBe(plain);
    }),
    draws(1, 50),
  );
});
