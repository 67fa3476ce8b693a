import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingWindow } from '../../../../sim/exchange/limits/rolling-window.ts';
import { decodeState, encodeState } from '../../../../sim/kernel/codec.ts';

const steps = fc.array(
  fc.record({ afterNs: fc.integer({ min: 0, max: 30 }), amount: fc.integer({ min: 1, max: 200 }) }),
  { minLength: 1, maxLength: 300 },
);

describe('RollingWindow', () => {
  it('counts an amount until exactly the window has passed', () => {
    const window = new RollingWindow(100);
    window.add(5, 7);
    expect(window.sum(104)).toBe(7);
    expect(window.sum(105)).toBe(0);
  });

  it('gives the sum of a list that is searched whole, also after being restored', () => {
    fc.assert(
      fc.property(steps, list => {
        let window = new RollingWindow(500);
        const added: { atNs: number; amount: number }[] = [];
        let nowNs = 0;
        for (const { afterNs, amount } of list) {
          nowNs += afterNs;
          window.add(nowNs, amount);
          added.push({ atNs: nowNs, amount });
          const expected = added.reduce((sum, { atNs, amount }) => sum + (atNs > nowNs - 500 ? amount : 0), 0);
          expect(window.sum(nowNs)).toBe(expected);
          if (amount % 50 !== 0) continue;
          const restored = new RollingWindow(500);
          restored.restore(decodeState(encodeState(window.snapshot())));
          window = restored;
          expect(window.sum(nowNs)).toBe(expected);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
