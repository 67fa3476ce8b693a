import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinanceDecoder } from '../../recordings/decode/binance.ts';
import { HyperliquidDecoder } from '../../recordings/decode/hyperliquid.ts';
import { parseJson } from '../../recordings/decode/json.ts';
import { parseDecimal, toUnits } from '../../recordings/decode/number.ts';
import { ByteScanner, FAIL } from '../../recordings/decode/scanner.ts';
import { importFile } from '../../recordings/importers/import.ts';
import type { ImportSession, LineReader } from '../../recordings/importers/text.ts';
import { decodeLz4 } from '../../recordings/lz4.ts';
import { SNAPSHOT, type Tape } from '../../recordings/tape.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { levelsOf, outcome } from './support.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

function scanDecimal(text: string, decimals: number, zerosCount = false): number {
  const scanner = new ByteScanner(zerosCount);
  scanner.bytes = bytes(text);
  return scanner.decimal(decimals);
}

describe('numbers', () => {
  const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
  const text = fc
    .tuple(digits(9), fc.option(digits(9)))
    .map(([whole, fraction]) => (fraction === null ? whole : `${whole}.${fraction}`));

  it('are what decimal.js makes of them, by both readers', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 8 }), (number, decimals) => {
        const units = new Decimal(number).times(new Decimal(10).pow(decimals));
        const fits = units.isInteger() && units.lte(Number.MAX_SAFE_INTEGER);
        const scanned = scanDecimal(`"${number}"`, decimals);
        if (scanned !== FAIL) expect(scanned).toBe(units.toNumber());
        const plain = () => toUnits(parseDecimal(number, 'n'), decimals, Number.MAX_SAFE_INTEGER, 'n');
        if (fits) expect(plain()).toBe(units.toNumber());
        else expect(plain).toThrow('n ');
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('end at the largest exact integer', () => {
    const plain = (number: string) => () => toUnits(parseDecimal(number, 'size'), 0, Number.MAX_SAFE_INTEGER, 'size');
    expect(plain('9007199254740991')()).toBe(9_007_199_254_740_991);
    expect(plain('9007199254740992')).toThrow('size is too large');
    expect(scanDecimal('"999999999999999"', 0)).toBe(999_999_999_999_999);
    expect(scanDecimal('"1000000000000000"', 0)).toBe(FAIL);
    expect(scanDecimal('"999999999999999"', 8)).toBe(FAIL);
  });

  it('may have zeros beyond the unit, but no other digits', () => {
    expect(scanDecimal('"1.500"', 1)).toBe(15);
    expect(scanDecimal('"1.501"', 1)).toBe(FAIL);
    expect(scanDecimal('"1.500"', 1, true)).toBe(FAIL);
    expect(() => toUnits(parseDecimal('1.501', 'px'), 1, 100, 'px')).toThrow('px has more than 1 decimals');
  });

  it.each(['', '.5', '5.', '1.2.3', '-1', '+1', '1e5', ' 1', '0x1', '1,5', 'NaN', '٣'])('%j is none', text => {
    expect(scanDecimal(`"${text}"`, 2)).toBe(FAIL);
    expect(() => parseDecimal(text, 'px')).toThrow('px is not a decimal number');
  });

  it('without quotes are integers that JSON.parse reads exactly', () => {
    const integer = (text: string): number => {
      const scanner = new ByteScanner(false);
      scanner.bytes = bytes(text);
      return scanner.integer();
    };
    expect(integer('1125899906842624,')).toBe(1_125_899_906_842_624);
    expect(integer('9007199254740991}')).toBe(9_007_199_254_740_991);
    for (const text of ['9007199254740993}', '01}', '1.0}', '1e3}', '1E3}', '-1}', '"1"', '']) {
      expect(integer(text), text).toBe(FAIL);
    }
  });
});

/** Readers that never take, and always take, the fast way. */
const plainHyperliquid = (session: ImportSession): LineReader => {
  const decoder = new HyperliquidDecoder(session.builder, session.instruments, session.tally);
  return (line, start, end) => decoder.read(parseJson(line, start, end), session.builder.receive(1_737_918_843, 0), 0);
};
const hyperliquid = (session: ImportSession): LineReader => {
  const decoder = new HyperliquidDecoder(session.builder, session.instruments, session.tally);
  return (line, start, end) => decoder.take(line, start, end, session.builder.receive(1_737_918_843, 0), 0);
};
const plainBinance = (session: ImportSession): LineReader => {
  const decoder = new BinanceDecoder(session.builder, session.instruments, session.tally);
  return (line, start, end) => decoder.read(parseJson(line, start, end), session.builder.receive(1_723_161_255, 0));
};
const binance = (session: ImportSession): LineReader => {
  const decoder = new BinanceDecoder(session.builder, session.instruments, session.tally);
  return (line, start, end) => decoder.take(line, start, end, session.builder.receive(1_723_161_255, 0));
};

const BOOK =
  '{"channel":"l2Book","data":{"coin":"BTC","levels":[[{"n":5,"px":"105055.0","sz":"3.03622"},{"n":1,"px":"105054.0","sz":"0.1428"}],' +
  '[{"n":2,"px":"105056.0","sz":"12"},{"n":1,"px":"105057.5","sz":"0.00001"}]],"time":1737918843000}}';
const TRADES =
  '{"channel":"trades","data":[{"coin":"BTC","hash":"0xde","px":"105056.0","side":"B","sz":"0.00219","tid":1121451470284048,' +
  '"time":1737918794873,"users":["0xe9","0x68"]},{"coin":"BTC","hash":"0xdf","px":"105055.0","side":"A","sz":"1","tid":2,"time":1737918794874,"users":[]}]}';
const BBO =
  '{"channel":"bbo","data":{"coin":"BTC","time":1737918843000,"bbo":[{"px":"105055.0","sz":"1.5","n":3},{"px":"105056.0","sz":"2","n":1}]}}';
const DEPTH =
  '{"stream":"ethusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256303,"T":1723161256302,"s":"ETHUSDT","U":11,"u":20,"pu":10,' +
  '"b":[["2671.65","20.506"],["2676.24","0.000"]],"a":[["2681.10","0.754"],["2681.26","4.298"]]}}';
const TICKER =
  '{"stream":"ethusdt@bookTicker","data":{"e":"bookTicker","u":21,"s":"ETHUSDT","b":"2681.62","B":"1.165","a":"2681.63","A":"73.077","T":1723161256310,"E":1723161256311}}';
const TRADE =
  '{"stream":"ethusdt@trade","data":{"e":"trade","E":1723161256560,"T":1723161256560,"s":"ETHUSDT","t":4308068523,"p":"2681.62","q":"1.000","X":"MARKET","m":true}}';

/** Small changes that matter to JSON and to numbers. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  remove: fc.integer({ min: 0, max: 3 }),
  insert: fc.oneof(
    fc.constantFrom('', '0', '9', '.', '"', ',', ':', '{', '}', '[', ']', '-', 'e5', ' ', '\\', '\t', '\u0001', 'é'),
    fc.constantFrom('null', 'true', '"px":"1.0",', '"n":1.0,', '"time":5,', '"x":{"y":[1,-2.5,"z"]},', '"e":"x",'),
    fc.constantFrom('"coin":"ETH",', '"fast":true,', '"fast":false,', '"s":"BTCUSDT",', '"m":false,', '"X":"ADL",'),
  ),
});

function edited(text: string, edits: { at: number; remove: number; insert: string }[]): Buffer {
  let result = text;
  for (const { at, remove, insert } of edits) {
    const from = Math.floor(at * result.length);
    result = result.slice(0, from) + insert + result.slice(from + remove);
  }
  return bytes(result);
}

describe('the fast way', () => {
  it.each([
    ['Hyperliquid', hyperliquid, plainHyperliquid, [BOOK, TRADES, BBO]],
    ['Binance', binance, plainBinance, [DEPTH, TICKER, TRADE]],
  ] as const)('takes changed frames of %s exactly as JSON.parse does', (_, fast, plain, frames) => {
    const changed = fc.tuple(fc.constantFrom(...frames), fc.array(edit, { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(changed, ([frame, edits]) => {
        const lines = [bytes(frames[0]), edited(frame, edits), bytes(frames[0])];
        expect(outcome(fast, lines)).toEqual(outcome(plain, lines));
      }),
      { seed: 1, numRuns: 700 },
    );
  });

  it('is really taken by ordinary frames once the instrument is known', () => {
    for (const [makeReader, frames] of [
      [hyperliquid, [BOOK, TRADES, BBO]],
      [binance, [DEPTH, TICKER, TRADE]],
    ] as const) {
      const scans: boolean[] = [];
      outcome(
        session => {
          const take = makeReader(session);
          const isHyperliquid = makeReader === hyperliquid;
          const probe = isHyperliquid
            ? new HyperliquidDecoder(session.builder, session.instruments, session.tally)
            : new BinanceDecoder(session.builder, session.instruments, session.tally);
          return (line, start, end) => {
            if (session.instruments.entries.length > 0) scans.push(probe.scan(line, start, end, 0, 0));
            else take(line, start, end);
          };
        },
        [frames[0], ...frames].map(bytes),
      );
      expect(scans).toEqual([true, true, true]);
    }
  });

  it('takes keys in any order and skips those it does not know', () => {
    const archive =
      '{"channel":"l2Book","data":{"coin":"BTC","time":1737918843000,"levels":[[{"px":"105055.0","sz":"3.03622","n":5},{"px":"105054.0","sz":"0.1428","n":1}],' +
      '[{"sz":"12","n":2,"px":"105056.0"},{"px":"105057.5","sz":"0.00001","n":1,"new":{"deep":[1,{"x":null}]}}]],"spread":"1.0"}}';
    expect(outcome(hyperliquid, [bytes(archive)])).toEqual(outcome(hyperliquid, [bytes(BOOK)]));
    expect(outcome(hyperliquid, [bytes(BOOK.replaceAll(',', ' , \r\n'))])).toEqual(outcome(hyperliquid, [bytes(BOOK)]));
  });
});

describe.skipIf(!HAVE_DATA)('every book of the real files', () => {
  interface WireLevel {
    px: string;
    sz: string;
    n: number;
  }
  /** JSON.parse and decimal.js, for BTC: ticks of 0.1, lots of 0.00001. Strings are kept, as the values repeat. */
  const units = new Map<string, number>();
  const toInteger = (text: string, factor: number): number => {
    const key = `${factor}*${text}`;
    let value = units.get(key);
    if (value === undefined) {
      const exact = new Decimal(text).times(factor);
      expect(exact.isInteger()).toBe(true);
      value = exact.toNumber();
      units.set(key, value);
    }
    return value;
  };
  const expected = (sides: WireLevel[][]): number[][] =>
    sides.flatMap((levels, side) =>
      levels.map(({ px, sz, n }) => [side, toInteger(px, 10), toInteger(sz, 100_000), n]),
    );
  const compare = (tape: Tape, books: { levels: WireLevel[][]; time: number }[]): void => {
    let book = 0;
    let differing = 0;
    for (let frame = 0; frame < tape.frames.kind.length; frame++) {
      if (tape.frames.kind[frame] !== SNAPSHOT) continue;
      const { levels, time } = books[book++];
      if (JSON.stringify(levelsOf(tape, frame)) !== JSON.stringify(expected(levels))) differing++;
      if (BigInt(tape.frames.exchNs[frame]) + BigInt(tape.originNs) !== BigInt(time) * 1_000_000n) differing++;
    }
    expect({ book, differing }).toEqual({ book: books.length, differing: 0 });
  };

  it('of the archive equals JSON.parse with decimal.js', async () => {
    let text = '';
    for (const block of decodeLz4(readFileSync(ARCHIVE_HOUR))) text += Buffer.from(block).toString('latin1');
    const books = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).raw.data);
    expect(books.length).toBe(5_587);
    compare((await importFile(ARCHIVE_HOUR)).tape, books);
  });

  it('of the websocket capture equals JSON.parse with decimal.js', async () => {
    const lines = gunzipSync(readFileSync(WS_CAPTURE)).toString('latin1').trimEnd().split('\n');
    const frames = lines.map(line => JSON.parse(line.slice(20))).filter(frame => frame.channel === 'l2Book');
    compare(
      (await importFile(WS_CAPTURE)).tape,
      frames.map(frame => frame.data),
    );
  });

  it('and every message of the Binance capture is read alike by both readers', () => {
    const lines = gunzipSync(readFileSync(BINANCE_CAPTURE)).toString('latin1').split('\n', 3_000);
    const messages = lines.map(line => bytes(line.slice(20)));
    const fast = outcome(binance, messages);
    expect(fast).toEqual(outcome(plainBinance, messages));
    expect(fast).toMatchObject({ skipped: [] });
  });
});
