import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_HMM, Hmm } from '../../../core/stochastic/hmm.ts';
import { draws } from '../../support/draws.ts';
import { normals } from './normals.ts';

const PRIOR = [0.2, 0.5, 0.2, 0.1];

function mostLikely(hmm: Hmm): number {
  return hmm.probabilities.indexOf(Math.max(...hmm.probabilities));
}

describe('hidden Markov model', () => {
  it.each([
    [0.3, 0],
    [1, 1],
    [2, 2],
    [5, 3],
  ])('takes returns of width %d for regime %d', (width, regime) => {
    const hmm = new Hmm(DEFAULT_HMM, PRIOR);
    let right = 0;
    for (const z of normals(1, 400, width)) {
      hmm.observe(z);
      if (mostLikely(hmm) === regime) right++;
    }
    expect(right).toBeGreaterThan(280);
  });

  it('is due every 500 returns, and not by itself', () => {
    const hmm = new Hmm(DEFAULT_HMM, PRIOR);
    for (let i = 0; i < 499; i++) hmm.observe(0.5);
    expect(hmm.recalibrationDue).toBe(false);
    hmm.observe(0.5);
    expect(hmm.recalibrationDue).toBe(true);
    const widths = [...hmm.widths];
    for (let i = 0; i < 100; i++) hmm.observe(0.5);
    expect([...hmm.widths]).toEqual(widths);
    expect(hmm.recalibrate()).toBe(600);
    expect([...hmm.widths]).not.toEqual(widths);
    expect(hmm.recalibrationDue).toBe(false);
  });

  it('goes over 2,000 returns at most', () => {
    const hmm = new Hmm(DEFAULT_HMM, PRIOR);
    for (const z of normals(2, 2_500)) hmm.observe(z);
    expect(hmm.recalibrate()).toBe(2_000);
  });

  it('learns how wide the regimes are, and keeps their order', () => {
    const hmm = new Hmm(DEFAULT_HMM, PRIOR);
    for (const z of normals(3, 2_000, 1.2)) hmm.observe(z);
    const before = hmm.widths[1];
    for (let pass = 0; pass < 3; pass++) hmm.recalibrate();
    expect(hmm.widths[1]).toBeGreaterThan(before);
    const widths = [...hmm.widths];
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
  });

  it('gives probabilities whatever comes, and after whatever fit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 200 }), returns => {
        const hmm = new Hmm({ bufferSize: 64, recalibrateEvery: 16 }, PRIOR);
        for (const z of returns) {
          hmm.observe(z);
          if (hmm.recalibrationDue) hmm.recalibrate();
          const sum = hmm.probabilities.reduce((total, p) => total + p, 0);
          expect(sum).toBeCloseTo(1, 9);
          for (const p of hmm.probabilities) expect(p).toBeGreaterThanOrEqual(0);
        }
      }),
      draws(1, 100),
    );
  });

  it('goes on from a snapshot as it would have', () => {
    const hmm = new Hmm({ bufferSize: 64, recalibrateEvery: 50 }, PRIOR);
    for (const z of normals(4, 150)) hmm.observe(z);
    hmm.recalibrate();
    const copy = new Hmm({ bufferSize: 64, recalibrateEvery: 50 }, PRIOR);
    copy.restore(hmm.snapshot());
    for (const each of [hmm, copy]) {
      for (const z of normals(5, 80)) each.observe(z);
      each.recalibrate();
    }
    expect(copy.snapshot()).toEqual(hmm.snapshot());
  });
});
