/**
 * The slow, obvious readers: text to lines, lines through JSON.parse, fields one by one. They say what a damaged capture
 * means, so that the quick readers can be held to it.
 */
import { BadLine, decimal, type SlowFrame, type SlowInstrument, SlowMarket, type SlowRow } from './slow-market.ts';

export type SlowFormat = 'hyperliquid-ws' | 'hyperliquid-archive' | 'binance' | 'tardis-csv';

/** Reads a whole text. */
export function readSlowly(format: SlowFormat, text: Buffer): SlowMarket {
  const market = new SlowMarket();
  const readers = {
    'hyperliquid-ws': wsReader,
    'hyperliquid-archive': archiveReader,
    binance: binanceReader,
    'tardis-csv': tardisReader,
  };
  const read = readers[format](market);
  for (const line of linesOf(text)) market.line(() => read(line));
  market.atEnd();
  return market;
}

function linesOf(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf('\n', start);
    const end = lineFeed === -1 ? text.length : lineFeed;
    const line = text.subarray(start, end);
    lines.push(line.at(-1) === 0x0d ? line.subarray(0, -1) : line);
    start = end + 1;
  }
  return lines;
}

type Fields = Record<string, unknown>;
type Reader = (line: Buffer) => void;

function json(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadLine('object');
  return value as Fields;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new BadLine('list');
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new BadLine('text');
  return value;
}

function count(value: unknown, max: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > max) throw new BadLine('count');
  return Number(value) + 0;
}

/** `<19 digits> <message>`. */
function timedMessage(line: Buffer, market: SlowMarket): { message: unknown; recvNs: bigint } {
  const recvNs = receiveTime(line, market);
  return { message: json(line.subarray(20)), recvNs };
}

function receiveTime(line: Buffer, market: SlowMarket): bigint {
  const digits = line.subarray(0, 20).toString('latin1');
  if (!/^[0-9]{19} $/.test(digits)) throw new BadLine('receive time');
  return market.receive(BigInt(digits.trim()));
}

const GREETING = 'Websocket connection established.';

function wsReader(market: SlowMarket): Reader {
  const take = hyperliquidFrames(market);
  return line => {
    if (line.toString('latin1').slice(20) === GREETING) {
      receiveTime(line, market);
      market.ignored++;
      return;
    }
    const { message, recvNs } = timedMessage(line, market);
    take(message, recvNs);
  };
}

function archiveReader(market: SlowMarket): Reader {
  const take = hyperliquidFrames(market);
  return line => {
    const { time, raw } = fields(json(line));
    take(raw, market.receive(nsOf(text(time))));
  };
}

/** `2024-01-01T12:00:01.138942031`, UTC. */
function nsOf(time: string): bigint {
  const parts = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?$/.exec(time);
  if (parts === null) throw new BadLine('time');
  const date = new Date(`${parts[1]}Z`);
  // A day or hour that does not exist is an invalid date, or another one.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== parts[1]) throw new BadLine('time');
  if (date.getTime() < 0) throw new BadLine('before 1970');
  return BigInt(date.getTime()) * 1_000_000n + BigInt((parts[2] ?? '').padEnd(9, '0'));
}

function hyperliquidFrames(market: SlowMarket): (value: unknown, recvNs: bigint) => void {
  const tradesSeen = new Set<string>();
  return (value, recvNs) => {
    const { channel, data } = fields(value);
    if (text(channel) === 'trades') {
      const { symbol, rows } = hyperliquidTrades(market, data);
      const isBacklog = !tradesSeen.has(symbol);
      tradesSeen.add(symbol);
      if (isBacklog) market.backlogTrades += rows.length;
      const exchNs = rows.map(row => row.exchNs).reduce((newest, ns) => (ns > newest ? ns : newest));
      const flags = isBacklog ? 1 : 0;
      market.add({ ...NO_IDS, kind: 'trades', feed: 'trades', symbol, recvNs, exchNs, flags, rows });
    } else if (channel === 'l2Book' || channel === 'bbo') {
      market.add({ ...hyperliquidBook(market, fields(data), channel), recvNs });
    } else market.ignored++;
  };
}

const NO_IDS = { flags: 0, updateId: 0, previousUpdateId: 0 } as const;

function hyperliquidBook(market: SlowMarket, data: Fields, channel: 'l2Book' | 'bbo'): SlowFrame {
  const isBbo = channel === 'bbo';
  const symbol = text(data.coin);
  const exchNs = market.exchange(count(data.time));
  const sides = list(isBbo ? data.bbo : data.levels);
  if (sides.length !== 2) throw new BadLine('sides');
  const rows: SlowRow[] = [];
  for (const [side, value] of sides.entries()) {
    const levels = isBbo ? (value === null ? [] : [value]) : list(value);
    const own = levels.map(fields).map(({ px, sz, n }) => ({
      side,
      price: decimal(px, false),
      size: decimal(sz, false),
      number: n === undefined ? 0 : count(n, 0xffff_ffff),
      exchNs,
    }));
    if (!isBestFirst(own, side)) throw new BadLine('order');
    rows.push(...own);
  }
  market.fit(market.instrument(symbol, 'hyperliquid'), rows, 1n);
  const feed = isBbo ? 'bbo' : data.fast === true ? 'fastBook' : 'l2Book';
  return { ...NO_IDS, kind: isBbo ? 'bbo' : 'snapshot', feed, symbol, recvNs: 0n, exchNs, rows };
}

function isBestFirst(rows: SlowRow[], side: number): boolean {
  return rows.every((row, i) => {
    if (i === 0) return true;
    const before = rows[i - 1].price.units;
    return side === 0 ? row.price.units < before : row.price.units > before;
  });
}

function hyperliquidTrades(market: SlowMarket, data: unknown): { symbol: string; rows: SlowRow[] } {
  const trades = list(data).map(fields);
  const symbol = text(trades[0].coin);
  const rows = trades.map(({ coin, side, px, sz, tid, time }) => {
    if (coin !== symbol || (side !== 'A' && side !== 'B')) throw new BadLine('trade');
    return {
      side: side === 'B' ? 0 : 1,
      price: decimal(px, false),
      size: decimal(sz, false),
      number: count(tid),
      exchNs: market.exchange(count(time)),
    };
  });
  market.fit(market.instrument(symbol, 'hyperliquid'), rows, 1n);
  return { symbol, rows };
}

function binanceReader(market: SlowMarket): Reader {
  const lastUpdateId = new Map<string, number>();
  const lastTradeId = new Map<string, number>();
  return line => {
    const { message, recvNs } = timedMessage(line, market);
    const outer = fields(message);
    const data = outer.stream === undefined ? outer : fields(outer.data);
    const { e: type } = data;
    const start = (): SlowFrame => {
      const exchNs = market.exchange(count(data.T));
      return { ...NO_IDS, kind: 'delta', feed: 'l2Book', symbol: '', recvNs, exchNs, rows: [] };
    };
    if (type === undefined && data.lastUpdateId !== undefined) {
      const frame = { ...start(), kind: 'snapshot' as const };
      takeSnapshot(market, data, frame);
    } else if (type === 'depthUpdate') {
      const frame = { ...start(), symbol: text(data.s), updateId: count(data.u), previousUpdateId: count(data.pu) };
      frame.rows = [...binanceSide(data.b, 0), ...binanceSide(data.a, 1)];
      market.fit(market.instrument(frame.symbol, 'binance'), frame.rows, 0n);
      const before = lastUpdateId.get(frame.symbol);
      if (before !== undefined && before !== frame.previousUpdateId) market.sequenceBreaks++;
      lastUpdateId.set(frame.symbol, frame.updateId);
      market.add(frame);
    } else if (type === 'bookTicker') {
      const rows = [binanceRow(data.b, data.B, 0), binanceRow(data.a, data.A, 1)].filter(row => row.size.units > 0n);
      const updateId = count(data.u);
      const frame: SlowFrame = { ...start(), kind: 'bbo', feed: 'bbo', symbol: text(data.s), updateId, rows };
      market.fit(market.instrument(frame.symbol, 'binance'), rows, 1n);
      market.add(frame);
    } else if (type === 'trade') {
      if (data.X !== undefined && data.X !== 'MARKET') {
        text(data.X);
        market.ignored++;
        return;
      }
      if (typeof data.m !== 'boolean') throw new BadLine('maker');
      const frame: SlowFrame = { ...start(), kind: 'trades', feed: 'trades', symbol: text(data.s) };
      const row = { ...binanceRow(data.p, data.q, data.m ? 1 : 0), number: count(data.t), exchNs: frame.exchNs };
      market.fit(market.instrument(frame.symbol, 'binance'), [row], 1n);
      const before = lastTradeId.get(frame.symbol);
      if (before !== undefined && before + 1 !== row.number) market.tradeIdGaps++;
      lastTradeId.set(frame.symbol, row.number);
      market.add({ ...frame, rows: [row] });
    } else {
      if (type !== undefined || (data.result === undefined && data.error === undefined)) text(type);
      market.ignored++;
    }
  };
}

function binanceRow(price: unknown, size: unknown, side: number): SlowRow {
  return { side, price: decimal(price, true), size: decimal(size, true), number: 0, exchNs: 0n };
}

/** Levels of one side, best first; they may be written in either order. */
function binanceSide(value: unknown, side: number): SlowRow[] {
  const rows = list(value).map(level => {
    const pair = list(level);
    if (pair.length !== 2) throw new BadLine('level');
    return binanceRow(pair[0], pair[1], side);
  });
  if (isBestFirst(rows, side)) return rows;
  const reversed = [...rows].reverse();
  if (!isBestFirst(reversed, side)) throw new BadLine('order');
  return reversed;
}

/** The snapshot, with the updates that came before it but are newer applied again. */
function takeSnapshot(market: SlowMarket, data: Fields, frame: SlowFrame): void {
  const lastUpdateId = count(data.lastUpdateId);
  const [instrument, ...others]: SlowInstrument[] = market.instruments;
  if (instrument === undefined || others.length > 0) throw new BadLine('whose snapshot');
  const { symbol } = instrument;
  const rows = [...binanceSide(data.bids, 0), ...binanceSide(data.asks, 1)];
  market.fit(instrument, rows, 1n);
  const updates = market.frames.filter(known => known.kind === 'delta' && known.symbol === symbol);
  const held = updates.map(update => update.updateId <= lastUpdateId).lastIndexOf(true);
  const newer = updates.slice(held + 1);
  const book = new Map(rows.map(row => [`${row.side} ${row.price.units}`, row]));
  let { exchNs } = frame;
  let updateId = lastUpdateId;
  for (const update of newer) {
    if (update.previousUpdateId > updateId) market.sequenceBreaks++;
    for (const row of update.rows) {
      const key = `${row.side} ${row.price.units}`;
      if (row.size.units === 0n) book.delete(key);
      else book.set(key, row);
    }
    updateId = update.updateId;
    if (update.exchNs > exchNs) exchNs = update.exchNs;
  }
  market.add({ ...frame, symbol, exchNs, updateId, rows: [...book.values()].sort(bestFirst) });
}

/** Rows with the same kind, symbol and times that follow each other make one frame. */
function tardisReader(market: SlowMarket): Reader {
  const start = 'exchange,symbol,timestamp,local_timestamp,';
  let columns = '';
  let firstExchange = '';
  let key = '';
  let frame: SlowFrame | null = null;
  const flush = (): void => {
    if (frame === null) return;
    if (frame.kind !== 'trades') frame.rows = bookRows(frame);
    market.add(frame);
    frame = null;
  };
  market.atEnd = flush;
  return line => {
    const written = line.toString('latin1');
    if (written === `${start}is_snapshot,side,price,amount` || written === `${start}id,side,price,amount`) {
      columns = written.slice(start.length);
      return;
    }
    const values = written.split(',');
    if (columns === '' || values.length !== 8) throw new BadLine('columns');
    const [exchange, symbol, timestamp, localTimestamp, fifth, side, price, amount] = values;
    const isBook = columns.startsWith('is_snapshot');
    if (isBook && fifth !== 'true' && fifth !== 'false') throw new BadLine('is_snapshot');
    if (!isBook && side === 'unknown') {
      market.ignored++;
      return;
    }
    const index = (isBook ? ['bid', 'ask'] : ['buy', 'sell']).indexOf(side);
    if (index === -1) throw new BadLine('side');
    const id = /^[0-9]{1,16}$/.test(fifth) && Number(fifth) <= Number.MAX_SAFE_INTEGER ? Number(fifth) : 0;
    const row: SlowRow = {
      side: index,
      price: decimal(price, false),
      size: decimal(amount, false),
      number: isBook ? 0 : id,
      exchNs: 0n,
    };
    if (firstExchange !== '' && exchange !== firstExchange) throw new BadLine('exchange');
    const exchNs = microseconds(timestamp);
    const recvNs = microseconds(localTimestamp);
    const instrument = market.instrument(symbol, exchange === 'hyperliquid' ? 'hyperliquid' : 'other');
    const kind = isBook ? (fifth === 'true' ? 'snapshot' : 'delta') : 'trades';
    const ownKey = `${kind} ${symbol} ${exchNs} ${recvNs}`;
    const others = frame !== null && key === ownKey ? frame.rows : [];
    const decimals = market.decimalsFor(instrument, [row], isBook ? 0n : 1n);
    const finer = decimals[0] > instrument.priceDecimals || decimals[1] > instrument.sizeDecimals;
    if (finer) market.decimalsFor(instrument, [row, ...others], 0n);
    if (frame === null || key !== ownKey) {
      flush();
      const times = { recvNs: market.receive(recvNs), exchNs: market.exchangeNs(exchNs) };
      market.refine(instrument, decimals);
      frame = { ...NO_IDS, kind, feed: isBook ? 'l2Book' : 'trades', symbol, ...times, rows: [] };
      key = ownKey;
    } else market.refine(instrument, decimals);
    frame.rows.push({ ...row, exchNs: frame.exchNs });
    firstExchange = exchange;
  };
}

function microseconds(digits: string): bigint {
  if (!/^[0-9]{16}$/.test(digits) || Number(digits) > Number.MAX_SAFE_INTEGER) throw new BadLine('time');
  return BigInt(digits) * 1_000n;
}

/** The last row of each price, best first; a snapshot has no removed levels. */
function bookRows({ kind, rows }: SlowFrame): SlowRow[] {
  const book = new Map(rows.map(row => [`${row.side} ${row.price.units}`, row]));
  const kept = [...book.values()].filter(({ size }) => kind === 'delta' || size.units > 0n);
  return kept.sort(bestFirst);
}

function bestFirst(a: SlowRow, b: SlowRow): number {
  const ascends = a.price.units < b.price.units ? -1 : 1;
  return a.side - b.side || (a.side === 0 ? -ascends : ascends);
}
