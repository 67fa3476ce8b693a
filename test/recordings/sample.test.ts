import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../core/market.ts';
import { randomWalkTape } from '../../recordings/samples/random-walk.ts';
import { SAMPLE_NAMES, samplePath } from '../../recordings/samples/samples.ts';
import { FLAG_BACKLOG, FLAG_NONE, SNAPSHOT, TRADES, tapeEndNs } from '../../recordings/tape.ts';
import { loadMarketFile } from '../support/load-market.ts';

/**
 * May change only with the generator of the sample or the definition of identities; then the digests of every scenario
 * that plays it change, too.
 */
const IDENTITY = 'sha256:ccc88a35113718ccdcd04aa82c147d7464fbc922972f66db5d9d3d0e60adda44';

describe('the random-walk sample', () => {
  const path = samplePath('random-walk') ?? '';
  const tape = randomWalkTape();
  const { frames, levels, trades } = tape;

  it('is the file that the script makes, everywhere', async () => {
    expect(tape.identity).toBe(IDENTITY);
    const loaded = await loadMarketFile(path);
    expect(loaded).toEqual({ tape, report: null });
    expect(readFileSync(path).length).toBeLessThan(600_000);
  });

  it('is known by name, and nothing else is', () => {
    expect(SAMPLE_NAMES).toEqual(['random-walk']);
    expect(samplePath('../../etc/passwd')).toBeNull();
  });

  it('has 180 s of 20x20 books with a latency of 0.1 to 0.6 s', () => {
    expect(tapeEndNs(tape) / 1e9).toBeCloseTo(180, -1);
    for (let frame = 0; frame < frames.kind.length; frame++) {
      if (frames.flags[frame] === FLAG_BACKLOG) continue;
      const latencyMs = (frames.recvNs[frame] - frames.exchNs[frame]) / 1e6;
      expect(latencyMs).toBeGreaterThanOrEqual(100);
      expect(latencyMs).toBeLessThanOrEqual(600);
      if (frames.kind[frame] === SNAPSHOT) expect(frames.rowCount[frame]).toBe(40);
    }
  });

  it('moves by 5 bps within most stretches of 20 s, with a spread of 1 to 3 dollars', () => {
    const mids: { atNs: number; ticks: number }[] = [];
    for (let frame = 0; frame < frames.kind.length; frame++) {
      if (frames.kind[frame] !== SNAPSHOT) continue;
      const bid = levels.priceTicks[frames.firstRow[frame]];
      const ask = levels.priceTicks[frames.firstRow[frame] + 20];
      expect([10, 20, 30]).toContain(ask - bid);
      mids.push({ atNs: frames.recvNs[frame], ticks: (bid + ask) / 2 });
    }
    const moving = mids.filter(({ atNs }, i) => {
      const stretch = mids
        .slice(i)
        .filter(mid => mid.atNs - atNs <= 20e9)
        .map(mid => mid.ticks);
      return (Math.max(...stretch) - Math.min(...stretch)) / mids[i].ticks >= 5e-4;
    });
    expect(moving.length / mids.length).toBeGreaterThan(0.5);
  });

  it('has trades at the best price of the book before them, and no more than stood there', () => {
    let book = 0;
    let compared = 0;
    for (let frame = 0; frame < frames.kind.length; frame++) {
      if (frames.kind[frame] === SNAPSHOT) book = frames.firstRow[frame];
      if (frames.kind[frame] !== TRADES || frames.flags[frame] !== FLAG_NONE) continue;
      const first = frames.firstRow[frame];
      const best = trades.aggressor[first] === BID ? book + 20 : book;
      expect(levels.side[best]).toBe(trades.aggressor[first] === BID ? ASK : BID);
      let lots = 0;
      for (let row = first; row < first + frames.rowCount[frame]; row++) {
        expect(trades.priceTicks[row]).toBe(levels.priceTicks[best]);
        lots += trades.sizeLots[row];
      }
      expect(lots).toBeLessThanOrEqual(levels.sizeLots[best]);
      compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });
});
