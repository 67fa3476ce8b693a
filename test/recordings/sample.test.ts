import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEED_INDEX } from '../../core/market.ts';
import { SAMPLE_NAMES, samplePath } from '../../recordings/samples/samples.ts';
import { SNAPSHOT, tapeEndNs } from '../../recordings/tape.ts';
import { sampleTape } from '../../sim/cli/sample-tape.ts';
import { loadMarketFile } from '../support/load-market.ts';

/**
 * May change only with the generator of synthetic markets or the definition of identities; then the digests of every scenario
 * that plays it change, too.
 */
const IDENTITY = 'sha256:bbdcd824db6b951fdf282b111c3a6f1ec02e22ef542dafe3ed02cabb97cdd193';

describe('the sample', () => {
  const path = samplePath('btc-busy') ?? '';
  const tape = sampleTape();
  const { frames, levels } = tape;

  it('is the file that the script makes, everywhere', async () => {
    expect(tape.identity).toBe(IDENTITY);
    expect((await loadMarketFile(path)).tape).toEqual(tape);
    expect(readFileSync(path).length).toBeLessThan(300_000);
  });

  it('is known by name, and nothing else is', () => {
    expect(SAMPLE_NAMES).toEqual(['btc-busy']);
    expect(samplePath('../../etc/passwd')).toBeNull();
  });

  it('has 165 s of every feed', () => {
    expect(tapeEndNs(tape) / 1e9).toBeCloseTo(165, -1);
    const feeds = new Set(frames.feed);
    for (const feed of ['l2Book', 'bbo', 'fastBook', 'trades'] as const) expect(feeds).toContain(FEED_INDEX[feed]);
    const latencies = frames.recvNs.map((recvNs, frame) => recvNs - frames.exchNs[frame]);
    expect(Math.min(...latencies)).toBeGreaterThan(0);
  });

  it('moves by 3 bps within most stretches of 20 s', () => {
    const mids: { atNs: number; ticks: number }[] = [];
    for (let frame = 0; frame < frames.kind.length; frame++) {
      if (frames.kind[frame] !== SNAPSHOT) continue;
      const first = frames.firstRow[frame];
      const ask = first + frames.rowCount[frame] / 2;
      mids.push({ atNs: frames.recvNs[frame], ticks: (levels.priceTicks[first] + levels.priceTicks[ask]) / 2 });
    }
    const moving = mids.filter(({ atNs }, i) => {
      const stretch = mids
        .slice(i)
        .filter(mid => mid.atNs - atNs <= 20e9)
        .map(mid => mid.ticks);
      return (Math.max(...stretch) - Math.min(...stretch)) / mids[i].ticks >= 3e-4;
    });
    expect(moving.length / mids.length).toBeGreaterThan(0.5);
  });
});
