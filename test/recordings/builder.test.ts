import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByExchange } from '../../recordings/exchange-order.ts';
import { LineSplitter, MAX_LINE_BYTES } from '../../recordings/importers/lines.ts';
import { Timestamp } from '../../recordings/importers/timestamps.ts';
import { knownHyperliquidInstrument } from '../../recordings/instruments.ts';
import { SNAPSHOT, TRADES } from '../../recordings/tape.ts';
import { TapeBuilder } from '../../recordings/tape-builder.ts';

describe('the order of the exchange', () => {
  it('is by time and then by frame', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 30 }), { maxLength: 60 }), times => {
        const expected = times.map((_, i) => i).sort((a, b) => times[a] - times[b] || a - b);
        expect([...orderByExchange(Float64Array.from(times))]).toEqual(expected);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('the builder', () => {
  const btc = knownHyperliquidInstrument('BTC');
  const meta = { name: 'n', format: 'f', file: '', recorded: true, instruments: btc === null ? [] : [btc] };

  it('keeps what it is given as its columns grow, and drops what is dropped', () => {
    const builder = new TapeBuilder();
    const frames = 3_000;
    for (let i = 0; i < frames; i++) {
      const recvNs = builder.receive(1_000_000_000 + i, 5);
      builder.addLevel(0, 1, 1, 1);
      builder.dropFrame();
      for (let row = 0; row < 3; row++) builder.addLevel(row > 1 ? 1 : 0, 100 + i + row, i + 1, row);
      builder.endFrame(SNAPSHOT, 0, 0, 0, recvNs, builder.exchange((1_000_000_000 + i) * 1_000), i, 0);
      builder.addTrade(1, 50 + i, 2, i, recvNs);
      builder.endFrame(TRADES, 3, 0, 0, recvNs, recvNs, 0, 0);
    }
    const tape = builder.finish(meta);
    expect([tape.levels.side.length, tape.trades.aggressor.length]).toEqual([frames * 3, frames]);
    expect([tape.frames.firstRow[2_000], tape.frames.rowCount[2_000]]).toEqual([3_000, 3]);
    expect([...tape.levels.priceTicks.subarray(3_000, 3_003)]).toEqual([1_100, 1_101, 1_102]);
    expect([tape.frames.firstRow[2_001], tape.trades.priceTicks[1_000]]).toEqual([1_000, 1_050]);
    expect(tape.originNs).toBe('1000000000000000005');
    expect(tape.frames.exchNs[0]).toBe(-5);
  });

  it('refuses times that a double cannot hold exactly, on either side', () => {
    const builder = new TapeBuilder();
    builder.receive(2_000_000_000, 0);
    builder.endFrame(SNAPSHOT, 0, 0, 0, 0, 0, 0, 0);
    const days52 = 4_503_599;
    expect(builder.receive(2_000_000_000 + days52, 0)).toBe(days52 * 1e9);
    expect(() => builder.receive(2_000_000_000 + days52 + 1, 0)).toThrow('52 days');
    expect(() => builder.exchange((2_000_000_000 - days52 - 1) * 1_000)).toThrow('52 days');
    expect(builder.exchange((2_000_000_000 - days52) * 1_000)).toBe(-days52 * 1e9);
  });

  it('rescales one instrument only, and not where a price would no longer fit', () => {
    const builder = new TapeBuilder();
    for (const instrument of [0, 1]) {
      builder.addLevel(0, 21_474_836, 7, 1);
      builder.endFrame(SNAPSHOT, 0, instrument, 0, 0, 0, 0, 0);
    }
    builder.rescale(0, 100, 10);
    expect([...builder.levels.priceTicks.subarray(0, 2)]).toEqual([2_147_483_600, 21_474_836]);
    expect([...builder.levels.sizeLots.subarray(0, 2)]).toEqual([70, 7]);
    expect(() => builder.rescale(1, 1_000, 1)).toThrow('more digits than fit');
    expect(builder.levels.priceTicks[1]).toBe(21_474_836);
  });
});

describe('receive times', () => {
  const iso = (text: string): [number, number] => {
    const time = new Timestamp();
    time.readIso(Buffer.from(text), 0, text.length);
    return [time.seconds, time.nanos];
  };

  it('in text are what Date makes of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7_258_118_399 }), seconds => {
        const text = new Date(seconds * 1_000).toISOString().slice(0, 19);
        expect(iso(text)).toEqual([seconds, 0]);
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });

  it('have up to nine decimals', () => {
    expect(iso('2024-01-01T12:00:01.138942031')).toEqual([1_704_110_401, 138_942_031]);
    expect(iso('2024-02-29T23:59:59.5')).toEqual([1_709_251_199, 500_000_000]);
    for (const bad of [
      '2024-01-01T12:00:01.',
      '2024-01-01T12:00:01.0123456789',
      '2023-02-29T00:00:00',
      '2024-13-01T00:00:00',
    ]) {
      expect(() => iso(bad), bad).toThrow('no receive time');
    }
  });

  it('move on across seconds', () => {
    const time = new Timestamp();
    time.readText('1737918843893903000');
    time.add(9_007_199_254_740_991);
    expect([time.seconds, time.nanos]).toEqual([1_746_926_043, 148_643_991]);
  });
});

describe('lines', () => {
  it('are the same however the text is cut into pieces', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', '\n', '\r\n', ' '), { maxLength: 40 })
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 9 }), { maxLength: 10 }), (content, cuts) => {
        const lines: string[] = [];
        const splitter = new LineSplitter((bytes, start, end) =>
          lines.push(Buffer.from(bytes.subarray(start, end)).toString()),
        );
        let rest = Buffer.from(content);
        for (const length of cuts) {
          splitter.push(rest.subarray(0, length));
          rest = rest.subarray(length);
        }
        splitter.push(rest);
        splitter.end();
        const expected = content.split(/\n/).map(line => line.replace(/\r$/, ''));
        if (content === '' || content.endsWith('\n')) expected.pop();
        expect(lines).toEqual(expected);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('without end are refused', () => {
    const splitter = new LineSplitter(() => undefined);
    splitter.push(new Uint8Array(MAX_LINE_BYTES));
    expect(() => splitter.push(new Uint8Array(1))).toThrow('longer than');
  });
});
