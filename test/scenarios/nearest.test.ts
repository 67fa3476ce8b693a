import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../scenarios/nearest.ts';

/** The definition, word for word. */
function slowDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const last = (a.at(-1) === b.at(-1) ? 0 : 1) + slowDistance(a.slice(0, -1), b.slice(0, -1));
  const options = [slowDistance(a.slice(0, -1), b) + 1, slowDistance(a, b.slice(0, -1)) + 1, last];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
    options.push(slowDistance(a.slice(0, -2), b.slice(0, -2)) + 1);
  }
  return Math.min(...options);
}

describe('edit distance', () => {
  it('follows its definition', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(slowDistance(a, b));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('counts swapped neighbours as one slip', () => {
    expect(editDistance('symtpom', 'symptom')).toBe(1);
  });
});

describe('the nearest word', () => {
  const kinds = ['feed-silence', 'connection-close'];

  it('is found through slips, case and missing ends', () => {
    expect(nearest('feed-slience', kinds)).toBe('feed-silence');
    expect(nearest('Feed-Silence', kinds)).toBe('feed-silence');
    expect(nearest('connection', kinds)).toBe('connection-close');
    expect(nearest('usr', ['market', 'user'])).toBe('user');
    expect(nearest('BTX', ['BTC', 'ETH', 'HYPE'])).toBeUndefined();
  });

  it('is none where nothing is near', () => {
    expect(nearest('arena', kinds)).toBeUndefined();
    expect(didYouMean('arena', kinds)).toBe('');
  });

  it('does not spend time on a word of a million letters', () => {
    expect(nearest('x'.repeat(1_000_000), kinds)).toBeUndefined();
  });
});
