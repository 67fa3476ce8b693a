import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../../core/scale.ts';
import { AddressBudget } from '../../../../sim/exchange/limits/address-budget.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../../sim/exchange/limits/settings.ts';
import { decodeState, encodeState } from '../../../../sim/kernel/codec.ts';

/** An account that has traded this much. */
const trader = (volumeUsd = 0) => ({ volumeMicroUsd: Math.round(volumeUsd * 1e6) });

const budget = (settings: Partial<LimitSettings> = {}, account = trader()) =>
  new AddressBudget({ ...DEFAULT_LIMITS, ...settings }, account);

describe('AddressBudget (hyperliquid, section 5.2)', () => {
  it('gives 10,000 and one for each whole USD traded', () => {
    const address = budget({}, trader(170_043_721_737.45));
    expect(address.requestsCap).toBe(170_043_731_737);
    expect(budget().requestsCap).toBe(10_000);
    expect(budget({}, trader(0.999_999)).requestsCap).toBe(10_000);
    expect(budget({}, trader(1)).requestsCap).toBe(10_001);
  });

  it('refuses with the text of the probe at its numbers', () => {
    const address = budget({}, trader(87_457.46));
    // 846 used before, then cancels of unknown orders until the cap was passed; one action went through beyond it.
    address.spend(0, 97_459, false);
    expect(address.refusal(0, false)).toBeNull();
    address.spend(0, 1, false);
    expect(address.refusal(1, false)).toBe(
      'Too many cumulative requests sent (97460 > 97456) for cumulative volume traded $87457.46. ' +
        'Place taker orders to free up 1 request per USDC traded.',
    );
  });

  it.each([
    [4_643, '$4643.'],
    [4_643.5, '$4643.5.'],
    [0, '$0.'],
    [0.019, '$0.01.'],
  ])('writes a volume of %d as %s', (volumeUsd, text) => {
    const address = budget({ addressStartQuota: 0 }, trader(volumeUsd));
    address.spend(0, 1, false);
    expect(address.refusal(0, false)).toContain(`cumulative volume traded ${text} Place`);
  });

  it('passes while one request is left, also a batch that is larger', () => {
    const address = budget();
    address.spend(0, 9_999, false);
    expect(address.refusal(0, false)).toBeNull();
    address.spend(0, 200, false);
    expect(address.requestsUsed).toBe(10_199);
  });

  it('lets one action in 10 s pass beyond the cap; a refusal does not make the wait begin anew', () => {
    const address = budget({ addressStartQuota: 0 });
    expect(address.refusal(3 * NS_PER_S, false)).toBeNull();
    address.spend(3 * NS_PER_S, 1, false);
    for (let second = 4; second < 13; second++) expect(address.refusal(second * NS_PER_S, false)).not.toBeNull();
    expect(address.refusal(13 * NS_PER_S - 1, false)).not.toBeNull();
    expect(address.refusal(13 * NS_PER_S, false)).toBeNull();
    expect(address.requestsUsed).toBe(10_001);
  });

  it('frees up requests by trading', () => {
    const account = trader();
    const address = budget({ addressStartQuota: 0 }, account);
    address.spend(0, 1, false);
    expect(address.refusal(1, false)).not.toBeNull();
    account.volumeMicroUsd = 2_000_000;
    expect(address.refusal(1, false)).toBeNull();
  });

  it('has a cap of its own for cancels: twice the cap, at most 100,000 more', () => {
    const small = budget();
    small.spend(0, 19_999, true);
    expect(small.refusal(0, true)).toBeNull();
    small.spend(0, 1, true);
    // The first beyond the cap is the one that may pass every 10 s.
    small.spend(0, 1, true);
    expect(small.refusal(1, true)).toContain('(20001 > 19999)');
    expect(small.refusal(1, false)).toContain('(20001 > 9999)');

    const large = budget({}, trader(1_000_000));
    large.spend(0, 1_110_000, true);
    large.spend(0, 1, true);
    expect(large.refusal(1, true)).toContain('(1110001 > 1109999)');
  });

  it('lets cancels within their cap pass without using up the one action in 10 s', () => {
    const address = budget({ addressStartQuota: 0 });
    address.spend(0, 1, true);
    expect(address.refusal(1, false)).toBeNull();
  });

  it.each([
    [0.03, 300],
    [0.07, 700],
  ])('starts with a quota of %d', (addressStartQuota, left) => {
    const address = budget({ addressStartQuota });
    expect(address.requestsCap - address.requestsUsed).toBe(left);
    const traded = budget({ addressStartQuota }, trader(990_000));
    expect(traded.requestsCap - traded.requestsUsed).toBe(left * 100);
  });

  it('sets what is left at any time, and comes back as it was', () => {
    const address = budget();
    address.leave(0);
    address.spend(7, 1, false);
    const restored = budget();
    restored.restore(decodeState(encodeState(address.snapshot())));
    expect(restored.refusal(8, false)).toBe(address.refusal(8, false));
    expect(restored.refusal(8, false)).not.toBeNull();
    restored.leave(1);
    expect(restored.requestsUsed).toBe(0);
  });
});
