import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { ASK, BID, FEED_INDEX, type Instrument } from '../../core/market.ts';
import { NS_PER_MS } from '../../core/scale.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { BBO, FLAG_BACKLOG, FLAG_NONE, SNAPSHOT, type Tape, TRADES } from '../../recordings/tape.ts';
import { TapeBuilder } from '../../recordings/tape-builder.ts';
import { decimalText } from '../../recordings/wire/decimal-text.ts';
import { subscriptionFrames, wireFrame } from '../../recordings/wire/hyperliquid.ts';
import { writeRawRecording } from '../../recordings/wire/raw-recording.ts';
import { BOOK_CADENCES } from '../../sim/market/publishing.ts';
import { synthesize } from '../../sim/market/synthesize.ts';
import { SYNTHETIC_SYMBOLS, syntheticPlan } from '../../sim/market/synthetic-plan.ts';
import { PRESET_NAMES } from '../../sim/synthetic/presets.ts';
import { HAVE_DATA, WS_CAPTURE } from '../support/data.ts';

const BTC: Instrument = {
  symbol: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  significantFigures: 5,
  minNotionalUsd: 10,
};
const KPEPE: Instrument = { ...BTC, symbol: 'kPEPE', priceDecimals: 6, sizeDecimals: 0 };
const HYNA: Instrument = { ...BTC, symbol: 'hyna:HYPE', priceDecimals: 4, sizeDecimals: 2 };

const folder = mkdtempSync(join(tmpdir(), 'replaybook-wire-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 2026-10-01, and a receive time that is no whole millisecond, as it is with every recorder. */
const SECONDS = 1_790_812_800;
const NANOS = 123_456_789;

/** A small market of three instruments with every kind of frame, and a side that is empty for a while. */
function smallTape(): Tape {
  const builder = new TapeBuilder();
  const times = (ms: number): [number, number] => [
    builder.receive(SECONDS, NANOS + ms * NS_PER_MS + 17),
    builder.exchange(SECONDS * 1_000 + ms),
  ];
  const book = (instrument: number, feed: number, ms: number, ticks: number, levels: number): void => {
    const [recvNs, exchNs] = times(ms);
    for (let level = 0; level < levels; level++) builder.addLevel(BID, ticks - 10 * level, 1 + level * 70, level);
    for (let level = 0; level < levels; level++) builder.addLevel(ASK, ticks + 10 + 10 * level, 123_456, 3);
    builder.endFrame(SNAPSHOT, feed, instrument, FLAG_NONE, recvNs, exchNs, 0, 0);
  };
  const trades = (instrument: number, flags: number, ms: number, count: number): void => {
    const [recvNs, exchNs] = times(ms);
    for (let index = 0; index < count; index++) {
      builder.addTrade(index % 2, 950_000 + index, 10 * (index + 1), 1_125_899_906_842_623 - index, exchNs);
    }
    builder.endFrame(TRADES, FEED_INDEX.trades, instrument, flags, recvNs, exchNs, 0, 0);
  };
  const bbo = (instrument: number, ms: number, sides: readonly number[]): void => {
    const [recvNs, exchNs] = times(ms);
    for (const side of sides) builder.addLevel(side, side === BID ? 949_990 : 950_000, 5, 1);
    builder.endFrame(BBO, FEED_INDEX.bbo, instrument, FLAG_NONE, recvNs, exchNs, 0, 0);
  };
  book(0, FEED_INDEX.l2Book, 0, 949_990, 20);
  book(1, FEED_INDEX.l2Book, 0, 12_000, 20);
  book(2, FEED_INDEX.l2Book, 0, 400_000, 20);
  trades(0, FLAG_BACKLOG, 5, 3);
  bbo(0, 70, [BID, ASK]);
  bbo(0, 141, [ASK]);
  bbo(0, 212, [BID]);
  bbo(0, 213, []);
  trades(0, FLAG_NONE, 280, 1);
  book(0, FEED_INDEX.fastBook, 280, 949_990, 5);
  book(0, FEED_INDEX.l2Book, 350, 949_980, 0);
  const instruments = [BTC, KPEPE, HYNA];
  return builder.finish({ name: 'small', format: 'synthetic', file: '', recorded: false, instruments });
}

describe('decimal text', () => {
  it.each([
    [1_062_170, 1, '106217.0'],
    [5, 5, '0.00005'],
    [100_000, 5, '1.0'],
    [123_400, 5, '1.234'],
    [7, 0, '7.0'],
    [0, 5, '0.0'],
    [9_007_199_254_740_991, 8, '90071992.54740991'],
  ])('of %d with %d decimals is %s', (units, decimals, text) => expect(decimalText(units, decimals)).toBe(text));

  it('says the same number, with one decimal at least and no zero after that', () => {
    const units = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        const text = decimalText(value, decimals);
        expect(text).toMatch(/^(0|[1-9]\d*)\.(0|\d*[1-9])$/);
        const [whole, fraction] = text.split('.');
        expect(BigInt(whole + fraction.padEnd(Math.max(decimals, 1), '0'))).toBe(
          BigInt(value) * (decimals === 0 ? 10n : 1n),
        );
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('a tape written as a raw recording', () => {
  it('is the same tape when it is imported', async () => {
    const tape = smallTape();
    const path = join(folder, 'small.rec');
    writeRawRecording(tape, path, 'a test');
    const { tape: imported, report } = await importFile(path);
    expect(imported.identity).toBe(tape.identity);
    expect(imported.frames).toEqual(tape.frames);
    expect(imported.source.recorded).toBe(false);
    expect(report.skippedLines).toBe(0);
    // Greeting, requests and answers are counted, not read.
    expect(report.ignored).toEqual({ greeting: 1, out: 6, subscriptionResponse: 6 });
  });

  it.skipIf(!HAVE_DATA)('holds for a capture of the real exchange, but for its mark', async () => {
    const { tape } = await importFile(WS_CAPTURE);
    const path = join(folder, 'capture.rec');
    writeRawRecording(tape, path, '');
    const { tape: again } = await importFile(path);
    expect(again.identity).toBe(tape.identity);
  });

  it.each(PRESET_NAMES)('holds for a %s market of several instruments, with every cadence of books', async preset => {
    for (const [index, symbols] of [SYNTHETIC_SYMBOLS, ['kPEPE'], ['hyna:BTC', 'ETH']].entries()) {
      const publishing = { bookCadence: BOOK_CADENCES[index] };
      const tape = synthesize(syntheticPlan(preset, symbols), index + 1, 8_000_000_000, publishing);
      const path = join(folder, `${preset}.rec`);
      writeRawRecording(tape, path, preset);
      const { tape: imported, report } = await importFile(path);
      expect(imported.identity).toBe(tape.identity);
      expect(imported.instruments).toEqual(tape.instruments);
      expect(report.skippedLines).toBe(0);
    }
  });

  it('is refused where the wire cannot hold it, and leaves nothing behind', () => {
    const tape = smallTape();
    const finer = { ...tape, frames: { ...tape.frames, exchNs: tape.frames.exchNs.map(ns => ns + 1) } };
    const path = join(folder, 'finer.rec');
    expect(() => writeRawRecording(finer, path, '')).toThrow(ReplaybookError);
    const ids = { ...tape, frames: { ...tape.frames, updateId: tape.frames.updateId.map(() => 1) } };
    expect(() => writeRawRecording(ids, path, '')).toThrow(/wire format/);
    expect(() => readFileSync(path)).toThrow();
  });

  it('takes the place of a file whole', async () => {
    const path = join(folder, 'again.rec');
    writeFileSync(path, 'something else');
    writeRawRecording(smallTape(), path, '');
    expect((await importFile(path)).tape.identity).toBe(smallTape().identity);
  });
});

describe('the wire format', () => {
  const tape = smallTape();
  const clockMs = (ns: number): number => SECONDS * 1_000 + (ns + NANOS + 17) / NS_PER_MS;

  it('is JSON as the exchange writes it', () => {
    expect(JSON.parse(wireFrame(tape, 4, clockMs))).toEqual({
      channel: 'bbo',
      data: {
        coin: 'BTC',
        time: SECONDS * 1_000 + 70,
        bbo: [
          { px: '94999.0', sz: '0.00005', n: 1 },
          { px: '95000.0', sz: '0.00005', n: 1 },
        ],
      },
    });
    expect(JSON.parse(wireFrame(tape, 9, clockMs)).data).toMatchObject({ fast: true, levels: [{}, {}] });
    expect(JSON.parse(wireFrame(tape, 10, clockMs)).data.levels).toEqual([[], []]);
    expect(JSON.parse(wireFrame(tape, 8, clockMs)).data).toMatchObject([
      { coin: 'BTC', side: 'B', px: '95000.0', sz: '0.0001', tid: 1_125_899_906_842_623 },
    ]);
  });

  it('echoes a subscription as the exchange normalises it', () => {
    const { request, answer } = subscriptionFrames(FEED_INDEX.l2Book, 'hyna:BTC');
    expect(JSON.parse(request)).toEqual({
      method: 'subscribe',
      subscription: { type: 'l2Book', coin: 'hyna:BTC' },
    });
    expect(JSON.parse(answer).data.subscription).toEqual({
      type: 'l2Book',
      coin: 'hyna:BTC',
      nSigFigs: null,
      mantissa: null,
    });
  });
});
