import { describe, expect, it } from 'vitest';
import { DEFAULT_MUTUAL_INFORMATION, MutualInformation } from '../../../core/stochastic/mutual-information.ts';
import { normals } from './normals.ts';

/** After so many pairs in which the return is `share` of the signal and noise. */
function told(share: number, pairs: number): MutualInformation {
  const information = new MutualInformation(DEFAULT_MUTUAL_INFORMATION);
  const signals = normals(1, pairs);
  const noise = normals(2, pairs);
  for (let i = 0; i < pairs; i++) information.observe(signals[i], share * signals[i] + noise[i]);
  return information;
}

describe('mutual information', () => {
  it('makes its null distribution at 200, 400, 800 … pairs', () => {
    const information = new MutualInformation(DEFAULT_MUTUAL_INFORMATION);
    const dueAt: number[] = [];
    for (let pair = 1; pair <= 3_300; pair++) {
      information.observe(pair % 7, pair % 5);
      if (!information.recalibrationDue) continue;
      dueAt.push(pair);
      information.recalibrate();
    }
    expect(dueAt).toEqual([200, 400, 800, 1_600, 3_200]);
  });

  it('is half-trusted before that, and made of nothing', () => {
    const information = told(1, 199);
    expect(information.recalibrate()).toBe(0);
    expect(information.weight).toBe(0.5);
  });

  it('trusts a signal that tells, not one that does not, and not one that points the wrong way', () => {
    const [telling, silent, wrong] = [told(1, 400), told(0, 400), told(-1, 400)];
    for (const each of [telling, silent, wrong]) expect(each.recalibrate()).toBe(400 * 20);
    expect(telling.weight).toBe(1);
    expect(silent.weight).toBeLessThan(1);
    expect(wrong.weight).toBe(0);
  });

  it('is not led astray by a constant', () => {
    const information = new MutualInformation(DEFAULT_MUTUAL_INFORMATION);
    for (let i = 0; i < 300; i++) information.observe(1, 0);
    information.recalibrate();
    expect(information.weight).toBe(0);
  });

  it('keeps 1,000 pairs, and goes on from a snapshot', () => {
    const information = told(1, 2_500);
    expect(information.recalibrate()).toBe(1_000 * 20);
    const copy = new MutualInformation(DEFAULT_MUTUAL_INFORMATION);
    copy.restore(information.snapshot());
    for (const each of [information, copy]) {
      for (const z of normals(9, 900)) each.observe(z, -z);
      each.recalibrate();
    }
    expect(copy.snapshot()).toEqual(information.snapshot());
    expect(copy.weight).toBe(0);
  });
});
