import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../core/market.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { DELTA, SNAPSHOT, TRADES } from '../../recordings/tape.ts';
import { formatError, levelsOf, tempFolder, writeTemp } from './support.ts';

const folder = tempFolder();
const BOOK = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount';
const TRADE = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount';
const level = (us: number, isSnapshot: boolean, rest: string, symbol = 'BTC-PERPETUAL'): string =>
  `deribit,${symbol},${1_585_699_200_000_000 + us},${1_585_699_200_100_000 + us},${isSnapshot},${rest}`;
const trade = (us: number, id: string, rest: string): string =>
  `deribit,BTC-PERPETUAL,${1_585_699_200_000_000 + us},${1_585_699_200_100_000 + us},${id},${rest}`;

async function importLines(name: string, lines: string[]) {
  return importFile(writeTemp(folder, name, gzipSync(`${lines.join('\n')}\n`)));
}

describe('Tardis CSV of book updates', () => {
  it('makes one frame of the rows of one message, best first, without removed levels in a snapshot', async () => {
    const { tape, report } = await importLines('book', [
      BOOK,
      level(0, true, 'bid,98,1'),
      level(0, true, 'bid,99.5,3'),
      level(0, true, 'bid,97,0'),
      level(0, true, 'ask,102,7'),
      level(0, true, 'ask,101,5.25'),
      level(40, false, 'ask,101,0'),
      level(40, false, 'bid,99.5,2'),
      level(40, false, 'bid,99.5,4'),
      level(90, false, 'bid,98,0'),
    ]);
    expect(report).toMatchObject({
      format: 'tardis-csv',
      compression: 'gzip',
      lines: 10,
      skippedLines: 0,
      framesByKind: { snapshot: 1, delta: 2, bbo: 0, trades: 0 },
      instruments: [{ symbol: 'BTC-PERPETUAL', priceDecimals: 1, sizeDecimals: 2, decimals: 'inferred' }],
    });
    expect([...tape.frames.kind]).toEqual([SNAPSHOT, DELTA, DELTA]);
    expect(levelsOf(tape, 0).map(row => row.slice(0, 3))).toEqual([
      [BID, 995, 300],
      [BID, 980, 100],
      [ASK, 1_010, 525],
      [ASK, 1_020, 700],
    ]);
    expect(levelsOf(tape, 1).map(row => row.slice(0, 3))).toEqual([
      [BID, 995, 400],
      [ASK, 1_010, 0],
    ]);
    expect([...tape.frames.recvNs]).toEqual([0, 40_000, 90_000]);
    expect([...tape.frames.exchNs]).toEqual([-100_000_000, -99_960_000, -99_910_000]);
    expect(tape.originNs).toBe('1585699200100000000');
  });

  it('skips a bad row alone, with its number and reason', async () => {
    const { tape, report } = await importLines('bad', [
      BOOK,
      level(0, true, 'bid,98,1'),
      level(0, true, 'bid,-1,1'),
      level(0, true, 'middle,99,1'),
      level(0, true, 'bid,0,1'),
      'deribit,BTC-PERPETUAL,1,2,true,bid,99,1',
      level(0, true, 'ask,99,1').replace('deribit', 'bitmex'),
      level(0, true, 'bid,98.123456789,1', 'NEVER-SEEN'),
      level(0, true, 'ask,99,1'),
    ]);
    expect(levelsOf(tape, 0).map(row => row.slice(0, 3))).toEqual([
      [BID, 98, 1],
      [ASK, 99, 1],
    ]);
    expect(tape.instruments.map(({ symbol }) => symbol)).toEqual(['BTC-PERPETUAL']);
    expect(report.skipped.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(report.skipped[1].reason).toBe('side is neither bid nor ask');
  });

  it('without the line that names the columns is of no known format', async () => {
    const error = await formatError(() => importLines('headless', [level(0, true, 'bid,98,1')]));
    expect(error.message).toContain('not a recording of any known format');
    expect(error.message).toContain('Tardis CSV');
  });

  it('of Hyperliquid has the decimals that the exchange gives', async () => {
    const { report } = await importLines('hyperliquid', [
      BOOK,
      level(0, true, 'bid,98000,1', 'BTC').replace('deribit', 'hyperliquid'),
    ]);
    expect(report.instruments).toMatchObject([{ symbol: 'BTC', priceDecimals: 1, sizeDecimals: 5, decimals: 'known' }]);
  });
});

describe('Tardis CSV of trades', () => {
  it('keeps side and id, and counts what has no side', async () => {
    const { tape, report } = await importLines('trades', [
      TRADE,
      trade(0, '81899310', 'sell,99.5,0.25'),
      trade(0, '81899311', 'sell,98,1'),
      trade(50, '3f2c-aa', 'buy,101,1'),
      trade(60, '7', 'unknown,101,1'),
      trade(70, '8', 'buy,101,0'),
    ]);
    expect([...tape.frames.kind]).toEqual([TRADES, TRADES]);
    expect([...tape.trades.aggressor]).toEqual([ASK, ASK, BID]);
    expect([...tape.trades.priceTicks]).toEqual([995, 980, 1_010]);
    expect([...tape.trades.sizeLots]).toEqual([25, 100, 100]);
    expect([...tape.trades.tradeId]).toEqual([81_899_310, 81_899_311, 0]);
    expect(report).toMatchObject({
      tradeRows: 3,
      ignored: { 'trade.unknown': 1 },
      skipped: [{ line: 6, reason: 'amount is not positive' }],
    });
  });
});
