import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Book } from '../../core/book.ts';
import { ASK, BID, FEED_INDEX } from '../../core/market.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { decodeLz4 } from '../../recordings/lz4.ts';
import { DELTA, FLAG_BACKLOG, FLAG_NONE, FLAG_REPEATED, SNAPSHOT, TRADES } from '../../recordings/tape.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { formatError, levelsOf, tempFolder, writeTemp } from './support.ts';

const folder = tempFolder();

const levels = (from: number, step: number, sz = '1.0'): string =>
  [0, 1].map(i => `{"px":"${from + i * step}","sz":"${sz}","n":1}`).join(',');
const book = (recv: number, ms: number, bid = 100, coin = 'BTC'): string =>
  `17379188${recv}000000000 {"channel":"l2Book","data":{"coin":"${coin}","levels":[[${levels(bid, -1)}],[${levels(bid + 1, 1)}]],"time":${ms}}}`;
const trades = (recv: number, ms: number, px = '100.0', coin = 'BTC'): string =>
  `17379188${recv}000000000 {"channel":"trades","data":[{"coin":"${coin}","side":"B","px":"${px}","sz":"1.0","tid":1,"time":${ms}}]}`;
const depth = (recv: number, id: number, previous: number, bids: string, asks = '', ms = 1_723_161_255_000): string =>
  `17231612${recv}000000000 {"stream":"e@depth","data":{"e":"depthUpdate","E":1,"T":${ms},"s":"ETHUSDT","U":1,"u":${id},"pu":${previous},"b":[${bids}],"a":[${asks}]}}`;

async function importLines(name: string, lines: string[]) {
  return importFile(writeTemp(folder, name, `${lines.join('\n')}\n`));
}

describe.skipIf(!HAVE_DATA)('the websocket capture', () => {
  it('comes in with all frames, the backlog and the repeated first book marked', async () => {
    const { tape, report } = await importFile(WS_CAPTURE);
    expect(report).toMatchObject({
      format: 'hyperliquid-ws',
      compression: 'gzip',
      lines: 55,
      framesByKind: { snapshot: 46, trades: 9, delta: 0, bbo: 0 },
      tradeRows: 64,
      skippedLines: 0,
      recvShiftNs: 0,
      anomalies: { repeatedBooks: 1, crossedBooks: 0, clockStepsBack: 0 },
      instruments: [{ symbol: 'BTC', priceDecimals: 1, sizeDecimals: 5, decimals: 'known' }],
    });
    expect(report.spanNs / 1e9).toBeCloseTo(25.35, 2);
    const { flags, kind, exchNs, recvNs, firstRow, rowCount } = tape.frames;
    expect([kind[0], flags[0], kind[1], flags[1]]).toEqual([SNAPSHOT, FLAG_NONE, SNAPSHOT, FLAG_REPEATED]);
    expect(exchNs[1]).toBe(exchNs[0]);
    const backlog = flags.indexOf(FLAG_BACKLOG);
    expect([backlog, kind[backlog], flags.filter(flag => flag === FLAG_BACKLOG).length]).toEqual([2, TRADES, 1]);
    const rows = tape.trades.exchNs.subarray(firstRow[backlog], firstRow[backlog] + rowCount[backlog]);
    expect((recvNs[backlog] - Math.min(...rows)) / 1e9).toBeCloseTo(49.3, 1);
    expect(exchNs[backlog]).toBe(Math.max(...rows));
    expect(tape.originNs).toBe('1737918843893903000');
  });
});

describe.skipIf(!HAVE_DATA)('the archive hour', () => {
  it('comes in with all books', async () => {
    const { tape, report } = await importFile(ARCHIVE_HOUR);
    expect(report).toMatchObject({ format: 'hyperliquid-archive', compression: 'lz4', lines: 5_587, skippedLines: 0 });
    expect(report.levelRows).toBe(5_587 * 40);
    expect(report.spanNs / 1e9).toBeCloseTo(3_598.7, 1);
    expect(report.anomalies).toMatchObject({ repeatedBooks: 0, crossedBooks: 0, clockStepsBack: 0 });
    const { recvNs, exchNs } = tape.frames;
    const latencyMs = Array.from(recvNs, (recv, i) => Math.round((recv - exchNs[i]) / 1e6)).sort((a, b) => a - b);
    expect([latencyMs[0], latencyMs[2_793], latencyMs[5_586]]).toEqual([101, 517, 2_915]);
    expect(tape.originNs).toBe('1704110401138942031');
  });

  it('is the same tape when it was unpacked before', async () => {
    const blocks: Buffer[] = [];
    for (const block of decodeLz4(readFileSync(ARCHIVE_HOUR))) blocks.push(Buffer.from(block));
    const plain = await importFile(writeTemp(folder, 'hour', Buffer.concat(blocks)));
    expect(plain.report.compression).toBe('none');
    expect(plain.tape.identity).toBe((await importFile(ARCHIVE_HOUR)).tape.identity);
  });
});

describe.skipIf(!HAVE_DATA)('the Binance capture', async () => {
  const imported = HAVE_DATA ? await importFile(BINANCE_CAPTURE) : null;
  if (imported === null) return;
  const { tape, report } = imported;

  it('comes in with all messages and the receive times shifted by the minimum', () => {
    expect(report).toMatchObject({
      format: 'binance',
      lines: 74_655,
      framesByKind: { snapshot: 1, delta: 6_586, bbo: 53_992, trades: 14_076 },
      skippedLines: 0,
      anomalies: { sequenceBreaks: 0, tradeIdGaps: 0, clockStepsBack: 0 },
      instruments: [{ symbol: 'ETHUSDT', priceDecimals: 2, sizeDecimals: 3, decimals: 'inferred' }],
    });
    expect(report.spanNs / 1e9).toBeCloseTo(344.8, 1);
    const { recvNs, exchNs } = tape.frames;
    expect(Math.min(...recvNs.map((recv, i) => recv - exchNs[i]))).toBe(0);
    expect(tape.source.recvShiftNs).toBe(1_272_335_332);
    expect(BigInt(tape.originNs)).toBe(1_723_161_255_088_156_767n + 1_272_335_332n);
  });

  it('has a snapshot that holds the updates received before it', () => {
    const { kind, updateId, previousUpdateId, exchNs } = tape.frames;
    const snapshot = kind.indexOf(SNAPSHOT);
    expect(snapshot).toBe(40);
    let newest = -1;
    for (let frame = 0; frame < snapshot; frame++) if (kind[frame] === DELTA) newest = frame;
    expect([updateId[snapshot], exchNs[snapshot] >= exchNs[newest]]).toEqual([updateId[newest], true]);
    // The REST answer itself was older: 5123107856276.
    expect(updateId[newest] - 5_123_107_856_276).toBe(2_268);
    let next = snapshot + 1;
    while (kind[next] !== DELTA) next++;
    expect(previousUpdateId[next]).toBe(updateId[snapshot]);
  });

  it('makes a book that agrees with the best bid and ask that Binance sent', () => {
    const { kind, feed, firstRow, rowCount, updateId } = tape.frames;
    // The ticker says every change of the best prices: after update u they are those of the newest ticker up to u.
    const tickers = Array.from(kind.keys()).filter(frame => feed[frame] === FEED_INDEX.bbo);
    const book = new Book();
    let ticker = 0;
    let compared = 0;
    let differing = 0;
    for (let frame = kind.indexOf(SNAPSHOT); frame < kind.length; frame++) {
      if (kind[frame] === SNAPSHOT) book.applySnapshot(tape.levels, firstRow[frame], rowCount[frame]);
      else if (kind[frame] === DELTA) book.applyDelta(tape.levels, firstRow[frame], rowCount[frame]);
      else continue;
      while (ticker + 1 < tickers.length && updateId[tickers[ticker + 1]] <= updateId[frame]) ticker++;
      const [bid, ask] = levelsOf(tape, tickers[ticker]);
      compared++;
      if (bid[1] !== book.bestBidTicks || ask[1] !== book.bestAskTicks) differing++;
    }
    expect(compared).toBeGreaterThan(6_000);
    expect(differing).toBe(0);
    expect(book.sizeLots(BID, book.bestBidTicks)).toBeGreaterThan(0);
  });

  it('has all levels best first', () => {
    const { kind, firstRow, rowCount } = tape.frames;
    const { side, priceTicks } = tape.levels;
    let disorder = 0;
    for (let frame = 0; frame < kind.length; frame++) {
      if (kind[frame] === TRADES) continue;
      for (let row = firstRow[frame] + 1; row < firstRow[frame] + rowCount[frame]; row++) {
        if (side[row] < side[row - 1]) disorder++;
        if (side[row] !== side[row - 1]) continue;
        if (side[row] === BID ? priceTicks[row] >= priceTicks[row - 1] : priceTicks[row] <= priceTicks[row - 1])
          disorder++;
      }
    }
    expect(disorder).toBe(0);
  });
});

describe('a bad line', () => {
  it('is reported with its number and reason, and the rest comes in', async () => {
    const lines = [
      book(43, 1_737_918_843_000),
      'rubbish',
      '',
      book(44, 1_737_918_844_000).slice(0, -9),
      book(45, 1_737_918_845_000),
    ];
    const { tape, report } = await importLines('bad-lines', lines);
    expect(tape.frames.kind.length).toBe(2);
    expect(report).toMatchObject({ lines: 5, skippedLines: 3 });
    expect(report.skipped).toEqual([
      { line: 2, reason: 'no receive time where one is expected' },
      { line: 3, reason: 'no receive time where one is expected' },
      { line: 4, reason: 'not a JSON text' },
    ]);
  });

  it('counts beyond the twenty that are told in detail', async () => {
    const lines = [book(43, 1_737_918_843_000), ...Array.from({ length: 30 }, () => 'x')];
    const { report } = await importLines('many-bad-lines', lines);
    expect([report.skippedLines, report.skipped.length]).toEqual([30, 20]);
  });

  it.each([
    ['"px":"99"', '"px":"101"', 'levels do not stand in order from the best to the worst'],
    ['"px":"99"', '"px":"0"', 'px is not positive'],
    ['"px":"99"', '"px":"98.75"', 'px has more than 1 decimals'],
    ['"px":"99"', '"px":99', 'level.px is not a decimal number in quotes'],
    ['"sz":"1.0"', '"sz":"0.0"', 'sz is not positive'],
    ['"sz":"1.0"', '"sz":"99999999999.9"', 'sz is too large'],
    ['"coin":"BTC"', '"coin":7', 'data.coin is not a text'],
    ['"time":1737918844000', '"time":1.5', 'data.time is not an integer from 0 to 9007199254740991'],
    ['"time":1737918844000', '"time":5', "exchange time lies more than 52 days from the first frame's receive time"],
  ])('with %s as %s says why', async (from, to, reason) => {
    const bad = book(44, 1_737_918_844_000).replace(from, to);
    const { report } = await importLines('bad-value', [book(43, 1_737_918_843_000), bad]);
    expect(report.skipped).toEqual([{ line: 2, reason }]);
  });

  it('as the only line makes the file refused', async () => {
    const path = writeTemp(folder, 'only-bad', `${book(43, 1_737_918_843_000).slice(0, -20)}\n`);
    const error = await formatError(() => importFile(path));
    expect(error.message).toMatch(/holds not one good frame\. The first bad line is 1: not a JSON text/);
  });
});

describe('a file', () => {
  it.each([
    ['empty', ''],
    ['of text', 'time,price\n1,2\n'],
    ['of zeros', new Uint8Array(3_000)],
    ['of other JSON', '{"hello":"world"}\n'],
  ])('%s is refused, with what is understood', async (name, content) => {
    const error = await formatError(() => importFile(writeTemp(folder, `refused-${name}`, content)));
    expect(error.message).toContain('Understood are');
    expect(error.place.file).toContain(folder);
  });

  it('that is not there is told as such', async () => {
    await expect(importFile(`${folder}/none`)).rejects.toMatchObject({ code: 'file' });
  });

  it('is recognised from its content, gzip and all', async () => {
    const lines = `${book(43, 1_737_918_843_000)}\n`;
    const plain = await importFile(writeTemp(folder, 'looks-like.arrow', lines));
    const packed = await importFile(writeTemp(folder, 'looks-like.lz4', gzipSync(lines)));
    expect([plain.report.compression, packed.report.compression]).toEqual(['none', 'gzip']);
    expect(packed.tape.identity).toBe(plain.tape.identity);
  });

  it('that unpacks to more than allowed is refused', async () => {
    const bomb = writeTemp(folder, 'bomb', gzipSync(Buffer.alloc(3_000_000, `${book(43, 1_737_918_843_000)}\n`)));
    const error = await formatError(() => importFile(bomb, { maxOutputBytes: 2_000_000 }));
    expect(error.message).toContain('more than 2000000 bytes come out');
  });

  it('with gzip damage is refused with the place', async () => {
    const packed = gzipSync(`${book(43, 1_737_918_843_000)}\n`);
    const cut = await formatError(() => importFile(writeTemp(folder, 'cut.gz', packed.subarray(0, -5))));
    expect(cut.message).toMatch(/gzip: unexpected end of file \(up to byte \d+, after \d+ bytes of content\)/);
    for (const tail of [Buffer.from('tail'), Buffer.alloc(512)]) {
      const error = await formatError(() => importFile(writeTemp(folder, 'tail.gz', Buffer.concat([packed, tail]))));
      expect(error.message).toMatch(/gzip: incorrect header check|gzip: no gzip data from byte \d+ on/);
    }
  });

  it('is cut into lines alike however the pieces fall', async () => {
    // Longer than one piece of a megabyte, with a line across the border.
    const lines = Array.from({ length: 6_000 }, (_, i) => book(43, 1_737_918_843_000 + i));
    const { report } = await importLines('long', lines);
    expect([report.frames, report.skippedLines]).toEqual([6_000, 0]);
  });
});

describe('clocks', () => {
  it('that step back keep the order of the file, and are counted', async () => {
    const { tape, report } = await importLines('steps', [
      book(43, 1_737_918_843_000),
      book(45, 1_737_918_844_000),
      book(44, 1_737_918_844_000, 102),
      book(46, 1_737_918_845_000),
    ]);
    expect([...tape.frames.recvNs]).toEqual([0, 2e9, 2e9, 3e9]);
    expect(report.anomalies.clockStepsBack).toBe(1);
  });

  it('that run behind are shifted by the least that makes no latency negative, and no further', async () => {
    const ahead = await importLines('ahead', [book(43, 1_737_918_843_250), book(44, 1_737_918_844_100)]);
    expect(ahead.report.recvShiftNs).toBe(250_000_000);
    expect([...ahead.tape.frames.exchNs]).toEqual([0, 850_000_000]);
    expect(ahead.tape.originNs).toBe('1737918843250000000');
    expect((await importLines('exact', [book(43, 1_737_918_843_000)])).report.recvShiftNs).toBe(0);
  });
});

describe('instruments', () => {
  it('that are unknown get decimals from the digits seen, and rows before are rescaled', async () => {
    const lines = [
      book(43, 1_737_918_843_000, 100, 'NEW'),
      trades(44, 1_737_918_844_000, '100.25', 'NEW'),
      trades(45, 1_737_918_845_000, '100.0', 'BTC'),
    ];
    const { tape, report } = await importLines('inferred', lines);
    expect(report.instruments).toMatchObject([
      { symbol: 'NEW', priceDecimals: 6, sizeDecimals: 0, decimals: 'inferred', significantFigures: 5 },
      { symbol: 'BTC', priceDecimals: 1, sizeDecimals: 5, decimals: 'known' },
    ]);
    expect(levelsOf(tape, 0)[0]).toEqual([BID, 100_000_000, 1, 1]);
    expect([...tape.trades.priceTicks]).toEqual([100_250_000, 1_000]);
  });

  it('of a bad line do not come onto the tape', async () => {
    const bad = trades(42, 1_737_918_843_000, '1.123456789', 'BAD');
    const { tape } = await importLines('phantom', [bad, book(43, 1_737_918_843_000)]);
    expect(tape.instruments.map(instrument => instrument.symbol)).toEqual(['BTC']);
  });
});

describe('Binance', () => {
  const snapshot = (recv: number, id: number, bids: string, asks: string): string =>
    `17231612${recv}000000000 {"lastUpdateId":${id},"E":1,"T":1723161254000,"bids":[${bids}],"asks":[${asks}]}`;

  it('updates beyond the snapshot are applied to it again, older ones are not', async () => {
    const { tape, report } = await importLines('merge', [
      depth(55, 10, 5, '["99.00","7"]'),
      depth(56, 20, 10, '["99.00","3"],["100.00","0"]', '["101.00","5"]'),
      depth(57, 30, 20, '["98.00","4"]', '["102.00","0"]'),
      snapshot(58, 15, '["100.00","1"],["99.00","2"]', '["102.00","9"],["103.00","8"]'),
      depth(59, 40, 30, '["97.00","1"]'),
    ]);
    const frame = tape.frames.kind.indexOf(SNAPSHOT);
    expect(levelsOf(tape, frame).map(([side, ticks, lots]) => [side, ticks, lots])).toEqual([
      [BID, 9_900, 3],
      [BID, 9_800, 4],
      [ASK, 10_100, 5],
      [ASK, 10_300, 8],
    ]);
    expect(tape.frames.updateId[frame]).toBe(30);
    expect([...tape.frames.kind]).toEqual([DELTA, DELTA, DELTA, SNAPSHOT, DELTA]);
    expect(report.anomalies.sequenceBreaks).toBe(0);
  });

  it('breaks in the chain of updates and gaps in trade ids are counted', async () => {
    const trade = (id: number): string =>
      `1723161260000000000 {"e":"trade","T":1723161255000,"s":"ETHUSDT","t":${id},"p":"100.00","q":"1","m":false}`;
    const lines = [depth(55, 10, 5, ''), depth(56, 20, 11, ''), depth(57, 30, 20, ''), trade(1), trade(2), trade(4)];
    const { report } = await importLines('breaks', lines);
    expect(report.anomalies).toMatchObject({ sequenceBreaks: 1, tradeIdGaps: 1 });
  });

  it('a price range as deep as prices go costs no memory', async () => {
    const bids = Array.from({ length: 3_000 }, (_, i) => `["${7_000 * (3_000 - i)}.00","1"]`).join(',');
    const before = process.memoryUsage().rss;
    const { report } = await importLines('deep', [depth(55, 10, 5, ''), snapshot(56, 10, bids, '')]);
    expect(report.levelRows).toBe(3_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64_000_000);
  });

  it('trades that the market did not make are counted, not taken', async () => {
    const adl = depth(55, 10, 5, '').replace(
      /\{.*/,
      '{"e":"trade","T":1,"s":"ETHUSDT","t":1,"p":"0","q":"0","X":"NA","m":true}',
    );
    const { report } = await importLines('adl', [depth(55, 10, 5, ''), adl]);
    expect([report.tradeRows, report.ignored, report.skippedLines]).toEqual([0, { 'trade.NA': 1 }, 0]);
  });
});

describe('an empty side', () => {
  it('of a best bid and ask is left out', async () => {
    const bbo =
      '1737918843000000000 {"channel":"bbo","data":{"coin":"BTC","time":1737918843000,"bbo":[null,{"px":"101.0","sz":"2.0","n":1}]}}';
    const { tape } = await importLines('empty-side', [bbo, bbo]);
    expect(levelsOf(tape, 0)).toEqual([[ASK, 1_010, 200_000, 1]]);
    expect(tape.frames.flags[1]).toBe(FLAG_REPEATED);
  });
});
