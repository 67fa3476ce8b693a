import { describe, expect, it } from 'vitest';
import { FaultEffects } from '../../reports/fault-effects.ts';

describe('fault effects', () => {
  it('keeps the first effect of each fault, the number, and goes on after a restore', () => {
    const effect = (index: number, atNs: number, event: number) => ({
      index,
      kind: 'feed-silence',
      atNs,
      event,
      what: '',
    });
    const effects = new FaultEffects();
    effects.onFault(effect(1, 50, 5));
    effects.onFault(effect(0, 60, 6));
    const resumed = new FaultEffects();
    resumed.restore(structuredClone(effects.snapshot()));
    resumed.onFault(effect(1, 70, 7));
    expect(resumed.effects()).toEqual([
      { index: 0, kind: 'feed-silence', atNs: 60, event: 6, count: 1 },
      { index: 1, kind: 'feed-silence', atNs: 50, event: 5, count: 2 },
    ]);
    expect(effects.effects()[1].count).toBe(1);
    expect([resumed.lastNs, new FaultEffects().lastNs]).toEqual([70, null]);
  });
});
