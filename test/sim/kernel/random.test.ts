import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { type RandomStream, RandomStreams } from '../../../sim/kernel/random.ts';

const take = (stream: RandomStream, count: number): number[] => Array.from({ length: count }, () => stream.next());

function correlation(left: readonly number[], right: readonly number[]): number {
  // Both uniform in [0, 1): mean 1/2, variance 1/12.
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] - 0.5) * (right[i] - 0.5);
  return (12 * sum) / left.length;
}

describe('golden draws', () => {
  // They may change only together with the program's version: every digest hangs on them.
  it('of uniform numbers', () => {
    expect(take(new RandomStreams('1').stream('network.up'), 3)).toEqual([
      0.8221183309144244, 0.7406849065974779, 0.7732244475053699,
    ]);
  });

  it('of the rest', () => {
    const stream = new RandomStreams('1').stream('golden');
    expect([stream.int(6), stream.int(1000), stream.normal(), stream.normal(), stream.logNormal(90, 0.35)]).toEqual([
      3, 401, 0.1159900447215975, -1.3090337823794271, 66.58058145211923,
    ]);
  });

  it("are those of seedrandom's tychei for the full text of seed and name", () => {
    const reference = seedrandom.tychei('7\u0000fault:3');
    expect(take(new RandomStreams('7').stream('fault:3'), 100)).toEqual(
      Array.from({ length: 100 }, () => reference.double()),
    );
  });
});

describe('streams', () => {
  it('do not shift each other, in whatever order they are made and drawn from', () => {
    const names = ['network.up', 'network.down', 'exchange.latency', 'fault:0', 'fault:1'];
    const alone = new Map(names.map(name => [name, take(new RandomStreams('1').stream(name), 50)]));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 200 }), order => {
        const streams = new RandomStreams('1');
        const drawn = new Map<string, number[]>(names.map(name => [name, []]));
        for (const name of order) drawn.get(name)?.push(streams.stream(name).next());
        for (const [name, values] of drawn)
          expect(values.slice(0, 50)).toEqual(alone.get(name)?.slice(0, values.length));
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('of neighbouring names and seeds are not correlated', () => {
    const count = 4_000;
    const draws: number[][] = [];
    for (let i = 0; i < 12; i++) {
      draws.push(take(new RandomStreams('1').stream(`fault:${i}`), count));
      draws.push(take(new RandomStreams(`${i + 2}`).stream('fault:0'), count));
    }
    for (let i = 0; i < draws.length; i++) {
      for (let j = 0; j < i; j++) {
        // Standard deviation 1 / sqrt(count) = 0.016; 5 of them among 276 pairs is one chance in 6,000.
        expect(Math.abs(correlation(draws[i], draws[j])), `${i} and ${j}`).toBeLessThan(5 / Math.sqrt(count));
        expect(draws[i][0]).not.toBe(draws[j][0]);
      }
    }
  });

  it('first draws over many neighbouring names are uniform', () => {
    const bins = new Array<number>(20).fill(0);
    for (let i = 0; i < 20_000; i++) bins[Math.floor(new RandomStreams('1').stream(`fault:${i}`).next() * 20)]++;
    const chiSquare = bins.reduce((sum, n) => sum + (n - 1_000) * (n - 1_000), 0) / 1_000;
    // 19 degrees of freedom: over 43.8 has one chance in 1,000.
    expect(chiSquare).toBeLessThan(43.8);
  });

  it('tell (seed, name) pairs apart whose texts join alike', () => {
    const first = new RandomStreams('1').stream('1a').next();
    expect(new RandomStreams('11').stream('a').next()).not.toBe(first);
    expect(new RandomStreams('').stream('').next()).toBe(new RandomStreams('').stream('').next());
  });

  it('are the same object for the same name', () => {
    const streams = new RandomStreams('1');
    expect(streams.stream('a')).toBe(streams.stream('a'));
  });
});

describe('distributions', () => {
  const stream = new RandomStreams('distributions').stream('x');

  it('int stays in its range and reaches all of it', () => {
    const seen = new Set(Array.from({ length: 1_000 }, () => stream.int(7)));
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(stream.int(1)).toBe(0);
    for (let i = 0; i < 100; i++) expect(stream.int(2 ** 53)).toBeLessThan(2 ** 53);
  });

  it('int takes one draw, whatever the range', () => {
    const left = new RandomStreams('1').stream('a');
    const right = new RandomStreams('1').stream('a');
    left.int(1);
    right.int(1_000_000);
    expect(left.next()).toBe(right.next());
  });

  it('normal has mean 0, deviation 1 and thin tails', () => {
    const values = Array.from({ length: 40_000 }, () => stream.normal());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.025);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
    expect(values.filter(x => Math.abs(x) > 1.959964).length / values.length).toBeCloseTo(0.05, 2);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(6);
  });

  it('logNormal has the median and sigma asked for', () => {
    const values = Array.from({ length: 20_001 }, () => stream.logNormal(90, 0.35)).sort((a, b) => a - b);
    expect(values[10_000]).toBeGreaterThan(88.5);
    expect(values[10_000]).toBeLessThan(91.5);
    // One sigma up lies at the 84.13th percentile.
    expect(Math.log(values[16_827] / 90)).toBeCloseTo(0.35, 1);
    expect(stream.logNormal(90, 0)).toBe(90);
  });
});

describe('snapshot and restore', () => {
  const use = (streams: RandomStreams): number[] =>
    ['a', 'b', 'c'].flatMap(name => {
      const stream = streams.stream(name);
      return [stream.next(), stream.normal(), stream.int(100)];
    });

  it('goes on exactly where it stood, at any moment', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '__proto__', 'ü'), { maxLength: 30 }), names => {
        const original = new RandomStreams('9');
        for (const name of names) original.stream(name).normal();
        const restored = new RandomStreams('another');
        restored.restore(original.snapshot());
        expect(use(restored)).toEqual(use(original));
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it('keeps streams that components already hold', () => {
    const streams = new RandomStreams('1');
    const held = streams.stream('a');
    held.next();
    const state = streams.snapshot();
    const expected = take(held, 3);
    streams.restore(state);
    expect(take(held, 3)).toEqual(expected);
  });

  it('takes streams that the snapshot does not know back to their start', () => {
    const streams = new RandomStreams('1');
    const state = streams.snapshot();
    const first = streams.stream('late').next();
    streams.restore(state);
    expect(streams.stream('late').next()).toBe(first);
  });

  it('does not depend on the order of first use', () => {
    const left = new RandomStreams('1');
    const right = new RandomStreams('1');
    left.stream('a');
    left.stream('b');
    right.stream('b');
    right.stream('a');
    expect(left.snapshot()).toEqual(right.snapshot());
  });

  it('is not changed by later draws', () => {
    const streams = new RandomStreams('1');
    streams.stream('a').next();
    const state = streams.snapshot();
    const before = structuredClone(state);
    streams.stream('a').next();
    expect(state).toEqual(before);
  });
});
