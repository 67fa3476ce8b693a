import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../../core/scale.ts';
import { actionWeight, answerWeight, IpWeight, infoWeight } from '../../../../sim/exchange/limits/ip-weight.ts';
import { DEFAULT_LIMITS } from '../../../../sim/exchange/limits/settings.ts';

describe('weights (hyperliquid, section 5.1)', () => {
  it.each([
    [0, 1],
    [1, 1],
    [39, 1],
    [40, 2],
    [79, 2],
    [80, 3],
    [200, 6],
  ])('an action of %i items weighs %i', (items, weight) => {
    expect(actionWeight(items)).toBe(weight);
  });

  it.each([
    ['clearinghouseState', 2],
    ['orderStatus', 2],
    ['openOrders', 20],
    ['meta', 20],
    ['userRateLimit', 20],
    ['userFillsByTime', 20],
  ] as const)('%s weighs %i', (request, weight) => {
    expect(infoWeight(request)).toBe(weight);
  });

  it('adds one for every 20 fills of an answer, and nothing for other lists', () => {
    expect([0, 19, 20, 2_000].map(items => answerWeight('userFillsByTime', items))).toEqual([0, 0, 1, 100]);
    expect(answerWeight('openOrders', 1_000)).toBe(0);
  });
});

describe('IpWeight', () => {
  it('takes 1,200 in a minute and not one more, and what it refuses weighs nothing', () => {
    const ip = new IpWeight(DEFAULT_LIMITS);
    for (let second = 0; second < 60; second++) expect(ip.admit(second * NS_PER_S, 20)).toBe(true);
    expect(ip.admit(59 * NS_PER_S, 1)).toBe(false);
    expect(ip.used(59 * NS_PER_S)).toBe(1_200);
    // The first request is a minute old exactly: its 20 are free again.
    expect(ip.admit(60 * NS_PER_S, 21)).toBe(false);
    expect(ip.admit(60 * NS_PER_S, 20)).toBe(true);
  });

  it('counts an answer that is larger than what was left', () => {
    const ip = new IpWeight({ ...DEFAULT_LIMITS, ipWeightPerMinute: 100 });
    expect(ip.admit(0, 20)).toBe(true);
    ip.answered(0, 'userFillsByTime', 2_000);
    expect(ip.used(0)).toBe(120);
    expect(ip.admit(0, 1)).toBe(false);
  });
});
