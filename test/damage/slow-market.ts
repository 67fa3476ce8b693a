/**
 * What a market recording says, kept the obvious way: a list of frames, exact integers, no columns. The slow readers fill it,
 * and it tells at the end what the tape must hold. Written from the design and the formats' documentation; it shares nothing
 * with the readers that it judges but the names of feeds and kinds.
 */

/** Prices and sizes in units of 10^-40: no text that is read has more digits. */
const UNIT_DECIMALS = 40;
const MAX_DECIMALS = 8;
const LIMIT_NS = 4_503_599_627_370_495n;
const MAX_TICKS = 2_147_483_647n;
const MAX_LOTS = 9_007_199_254_740_991n;
/** Of Hyperliquid's listings, those whose size decimals are known. */
const SIZE_DECIMALS: Record<string, number> = { BTC: 5, ETH: 4, SOL: 2, HYPE: 2, DOGE: 0, kPEPE: 0, ATOM: 2 };

export interface Decimal {
  units: bigint;
  /** Digits after the point that count: as written, or without closing zeros. */
  digits: number;
}

export interface SlowRow {
  side: number;
  price: Decimal;
  size: Decimal;
  /** Orders of a level, id of a trade. */
  number: number;
  /** Of a trade. */
  exchNs: bigint;
}

export interface SlowFrame {
  kind: 'snapshot' | 'delta' | 'bbo' | 'trades';
  feed: string;
  symbol: string;
  recvNs: bigint;
  exchNs: bigint;
  flags: number;
  updateId: number;
  previousUpdateId: number;
  rows: SlowRow[];
}

export interface SlowInstrument {
  symbol: string;
  venue: 'hyperliquid' | 'binance' | 'other';
  known: boolean;
  priceDecimals: number;
  sizeDecimals: number;
}

export class BadLine extends Error {}

export class SlowMarket {
  readonly frames: SlowFrame[] = [];
  readonly instruments: SlowInstrument[] = [];
  readonly skipped: number[] = [];
  lines = 0;
  ignored = 0;
  repeatedBooks = 0;
  backlogTrades = 0;
  crossedBooks = 0;
  clockStepsBack = 0;
  sequenceBreaks = 0;
  tradeIdGaps = 0;
  /** Receive time of the first good frame, or of the line at hand until there is one. */
  #originNs = 0n;

  /** What is left to do after the last line. */
  atEnd: () => void = () => {};

  /** Reads one line; where that throws, the line is bad and nothing of it stays. */
  line(read: () => void): void {
    this.lines++;
    const { length } = this.instruments;
    try {
      read();
    } catch {
      this.instruments.length = length;
      this.skipped.push(this.lines);
    }
  }

  /** Receive time since the origin, from ns since 1970. */
  receive(ns: bigint): bigint {
    if (this.frames.length === 0) this.#originNs = ns;
    return inRange(ns - this.#originNs);
  }

  exchange(ms: number): bigint {
    return this.exchangeNs(BigInt(ms) * 1_000_000n);
  }

  exchangeNs(ns: bigint): bigint {
    return inRange(ns - this.#originNs);
  }

  instrument(symbol: string, venue: SlowInstrument['venue']): SlowInstrument {
    const existing = this.instruments.find(instrument => instrument.symbol === symbol);
    if (existing !== undefined) return existing;
    if (!/^[!-~]{1,64}$/.test(symbol)) throw new BadLine('symbol');
    const sizeDecimals = venue === 'hyperliquid' && Object.hasOwn(SIZE_DECIMALS, symbol) ? SIZE_DECIMALS[symbol] : -1;
    const made: SlowInstrument =
      sizeDecimals === -1
        ? { symbol, venue, known: false, priceDecimals: 0, sizeDecimals: 0 }
        : { symbol, venue, known: true, priceDecimals: 6 - sizeDecimals, sizeDecimals };
    this.instruments.push(made);
    return made;
  }

  /** Checks prices and sizes against the instrument, whose decimals grow with what is good. */
  fit(instrument: SlowInstrument, rows: SlowRow[], leastLots: bigint): void {
    const decimals = this.decimalsFor(instrument, rows, leastLots);
    this.refine(instrument, decimals);
  }

  /** The decimals with which rows fit; the instrument keeps its own. */
  decimalsFor(instrument: SlowInstrument, rows: SlowRow[], leastLots: bigint): [price: number, size: number] {
    let { priceDecimals, sizeDecimals } = instrument;
    if (!instrument.known) {
      for (const { price, size } of rows) {
        priceDecimals = Math.max(priceDecimals, Math.min(price.digits, MAX_DECIMALS));
        sizeDecimals = Math.max(sizeDecimals, Math.min(size.digits, MAX_DECIMALS));
      }
    }
    for (const { price, size } of rows) {
      const ticks = whole(price, priceDecimals);
      if (ticks < 1n || ticks > MAX_TICKS) throw new BadLine('price');
      const lots = whole(size, sizeDecimals);
      if (lots < leastLots || lots > MAX_LOTS) throw new BadLine('size');
    }
    return [priceDecimals, sizeDecimals];
  }

  refine(instrument: SlowInstrument, [priceDecimals, sizeDecimals]: [price: number, size: number]): void {
    const finer = priceDecimals > instrument.priceDecimals || sizeDecimals > instrument.sizeDecimals;
    if (finer && !this.#fitsAll(instrument, priceDecimals, sizeDecimals)) throw new BadLine('decimals');
    instrument.priceDecimals = priceDecimals;
    instrument.sizeDecimals = sizeDecimals;
  }

  /** Ends a frame; a book that equals the one before it is marked. */
  add(frame: SlowFrame): void {
    const before = this.frames.at(-1);
    if (before !== undefined && frame.recvNs < before.recvNs) {
      frame.recvNs = before.recvNs;
      this.clockStepsBack++;
    }
    if (frame.kind === 'snapshot' || frame.kind === 'bbo') {
      const last = [...this.frames]
        .reverse()
        .find(({ kind, feed, symbol }) => kind === frame.kind && feed === frame.feed && symbol === frame.symbol);
      if (last !== undefined && content(last) === content(frame)) {
        frame.flags = 2;
        this.repeatedBooks++;
      }
      const bid = frame.rows.find(({ side }) => side === 0);
      const ask = frame.rows.find(({ side }) => side === 1);
      if (bid !== undefined && ask !== undefined && bid.price.units >= ask.price.units) this.crossedBooks++;
    }
    this.frames.push(frame);
  }

  /** What the tape must hold, and what the import must report. */
  plain(): unknown {
    for (const instrument of this.instruments) {
      if (instrument.known || instrument.venue !== 'hyperliquid') continue;
      const finest = Math.max(instrument.priceDecimals, 6 - instrument.sizeDecimals);
      if (this.#fitsAll(instrument, finest, instrument.sizeDecimals)) instrument.priceDecimals = finest;
    }
    let shift = 0n;
    for (const { exchNs, recvNs } of this.frames) if (exchNs - recvNs > shift) shift = exchNs - recvNs;
    return {
      originNs: String(this.#originNs + shift),
      shift: String(shift),
      instruments: this.instruments.map(
        ({ symbol, priceDecimals, sizeDecimals }) => `${symbol} ${priceDecimals} ${sizeDecimals}`,
      ),
      frames: this.frames.map(frame => this.#plainFrame(frame, shift)),
      lines: this.lines,
      skipped: this.skipped.length,
      firstSkipped: this.skipped.slice(0, 20),
      ignored: this.ignored,
      anomalies: {
        repeatedBooks: this.repeatedBooks,
        backlogTrades: this.backlogTrades,
        crossedBooks: this.crossedBooks,
        clockStepsBack: this.clockStepsBack,
        sequenceBreaks: this.sequenceBreaks,
        tradeIdGaps: this.tradeIdGaps,
      },
    };
  }

  #plainFrame(frame: SlowFrame, shift: bigint): string {
    const { kind, feed, symbol, recvNs, exchNs, flags, updateId, previousUpdateId } = frame;
    const instrument = this.instruments.findIndex(known => known.symbol === symbol);
    const { priceDecimals, sizeDecimals } = this.instruments[instrument];
    const rows = frame.rows.map(({ side, price, size, number, exchNs: rowNs }) => {
      const at = kind === 'trades' ? `@${rowNs - shift}` : '';
      return `${side} ${whole(price, priceDecimals)} ${whole(size, sizeDecimals)} ${number}${at}`;
    });
    const head = [kind, feed, instrument, recvNs, exchNs - shift, flags, updateId, previousUpdateId].join(' ');
    return `${head}: ${rows.join(', ')}`;
  }

  #fitsAll({ symbol }: SlowInstrument, priceDecimals: number, sizeDecimals: number): boolean {
    return this.frames
      .filter(frame => frame.symbol === symbol)
      .every(({ rows }) =>
        rows.every(
          ({ price, size }) => whole(price, priceDecimals) <= MAX_TICKS && whole(size, sizeDecimals) <= MAX_LOTS,
        ),
      );
  }
}

/** What makes two books the same: all but when they were received. */
function content({ exchNs, updateId, rows }: SlowFrame): string {
  const text = rows.map(({ side, price, size, number }) => `${side} ${price.units} ${size.units} ${number}`);
  return `${exchNs} ${updateId} ${text.join()}`;
}

function inRange(ns: bigint): bigint {
  if (ns < -LIMIT_NS || ns > LIMIT_NS) throw new BadLine('time');
  return ns;
}

/** By decimals: how many of our units make one of 10^-decimals. */
const UNITS = Array.from({ length: MAX_DECIMALS + 1 }, (_, decimals) => 10n ** BigInt(UNIT_DECIMALS - decimals));

/** A decimal in units of 10^-decimals. */
function whole({ units }: Decimal, decimals: number): bigint {
  const unit = UNITS[decimals];
  if (units % unit !== 0n) throw new BadLine('between two units');
  return units / unit;
}

/** Reads `123.4500`. */
export function decimal(text: unknown, zerosCount: boolean): Decimal {
  if (typeof text !== 'string' || text.length > 40) throw new BadLine('decimal');
  const parts = /^([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (parts === null) throw new BadLine('decimal');
  const written = parts[2] ?? '';
  const significant = written.replace(/0+$/, '');
  const units = BigInt(parts[1] + significant.padEnd(UNIT_DECIMALS, '0'));
  return { units, digits: zerosCount ? written.length : significant.length };
}
