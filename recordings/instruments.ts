/**
 * Which instruments a recording speaks of, and how fine their ticks and lots are.
 *
 * Hyperliquid's own coins are known by name. Of all others the decimals are inferred: the table starts at 0 and grows
 * finer with the digits that occur, and rows already on the tape are rescaled.
 */
import { ReplaybookError } from '../core/errors.ts';
import type { Instrument } from '../core/market.ts';
import { POWERS_OF_TEN } from '../core/scale.ts';
import type { TapeBuilder } from './tape-builder.ts';

/** szDecimals in the exchange's `meta` (hyperliquid, section 4). They are fixed for the life of a listing. */
const HYPERLIQUID_SIZE_DECIMALS: ReadonlyMap<string, number> = new Map([
  ['BTC', 5],
  ['ETH', 4],
  ['SOL', 2],
  ['HYPE', 2],
  ['DOGE', 0],
  ['kPEPE', 0],
  ['ATOM', 2],
  ['hyna:HYPE', 2],
  ['hyna:BTC', 5],
]);
/** Hyperliquid perpetuals: price decimals and size decimals make up 6 together. */
const HYPERLIQUID_PERP_DECIMALS = 6;
const HYPERLIQUID_SIGNIFICANT_FIGURES = 5;
/** Hyperliquid's `MinTradeNtl`; the simulated exchange holds instruments of other venues to it too. */
const MIN_NOTIONAL_USD = 10;
/** `Instrument` allows for no more. */
export const MAX_DECIMALS = 8;
/** Longer names are taken for damage. */
const MAX_SYMBOL_LENGTH = 64;
/** `FrameColumns.instrument` is a Uint16. */
export const MAX_INSTRUMENTS = 65_536;

export type Venue = 'hyperliquid' | 'binance' | 'other';

/** One instrument while a recording is read. Decimals of inferred ones may grow. */
export interface InstrumentEntry {
  readonly symbol: string;
  readonly index: number;
  readonly venue: Venue;
  readonly inferred: boolean;
  priceDecimals: number;
  sizeDecimals: number;
}

/** How fine ticks and lots are. */
export interface Decimals {
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

/** What an instrument's decimals are when so many digits occur: for an inferred one at least as many, a known one stays. */
export function refined(entry: InstrumentEntry, priceDigits: number, sizeDigits: number): Decimals {
  if (!entry.inferred) return entry;
  return {
    priceDecimals: Math.max(entry.priceDecimals, Math.min(priceDigits, MAX_DECIMALS)),
    sizeDecimals: Math.max(entry.sizeDecimals, Math.min(sizeDigits, MAX_DECIMALS)),
  };
}

/** The rules of a Hyperliquid perpetual whose size decimals are known, or null. */
export function knownHyperliquidInstrument(symbol: string): Instrument | null {
  const sizeDecimals = HYPERLIQUID_SIZE_DECIMALS.get(symbol);
  if (sizeDecimals === undefined) return null;
  return {
    symbol,
    priceDecimals: HYPERLIQUID_PERP_DECIMALS - sizeDecimals,
    sizeDecimals,
    significantFigures: HYPERLIQUID_SIGNIFICANT_FIGURES,
    minNotionalUsd: MIN_NOTIONAL_USD,
  };
}

export class InstrumentTable {
  readonly entries: InstrumentEntry[] = [];
  readonly #builder: TapeBuilder;
  readonly #bySymbol = new Map<string, InstrumentEntry>();
  /** Entries by the hash of their bytes, so that a symbol is found without making a string of it. */
  readonly #byHash = new Map<number, InstrumentEntry[]>();

  constructor(builder: TapeBuilder) {
    this.#builder = builder;
  }

  /** The entry whose symbol stands at [start, end), or null where it has not been met yet. Allocates nothing. */
  find(bytes: Uint8Array, start: number, end: number): InstrumentEntry | null {
    let hash = 0;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
    const candidates = this.#byHash.get(hash);
    if (candidates === undefined) return null;
    for (const entry of candidates) if (isAscii(entry.symbol, bytes, start, end)) return entry;
    return null;
  }

  get(symbol: string): InstrumentEntry | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** The entry for a symbol, made when it is first met. Throws `format` for a name that cannot be one. */
  getOrAdd(symbol: string, venue: Venue): InstrumentEntry {
    const existing = this.#bySymbol.get(symbol);
    if (existing !== undefined) return existing;
    if (symbol === '' || symbol.length > MAX_SYMBOL_LENGTH || !/^[!-~]+$/.test(symbol)) {
      throw new ReplaybookError('format', 'an instrument name must be 1 to 64 printable ASCII characters');
    }
    if (this.entries.length === MAX_INSTRUMENTS) throw new ReplaybookError('format', 'more than 65,536 instruments');
    const known = venue === 'hyperliquid' ? knownHyperliquidInstrument(symbol) : null;
    const entry: InstrumentEntry = {
      symbol,
      index: this.entries.length,
      venue,
      inferred: known === null,
      priceDecimals: known === null ? 0 : known.priceDecimals,
      sizeDecimals: known === null ? 0 : known.sizeDecimals,
    };
    this.entries.push(entry);
    this.#bySymbol.set(symbol, entry);
    const hash = hashOf(symbol);
    const sameHash = this.#byHash.get(hash);
    if (sameHash === undefined) this.#byHash.set(hash, [entry]);
    else sameHash.push(entry);
    return entry;
  }

  /** Forgets the entries from index `length` on: those of a frame that turned out to be bad. */
  truncate(length: number): void {
    while (this.entries.length > length) {
      const entry = this.entries.pop();
      if (entry === undefined) return;
      this.#bySymbol.delete(entry.symbol);
      this.#byHash.get(hashOf(entry.symbol))?.pop();
    }
  }

  /**
   * Makes an inferred instrument's ticks and lots as fine as `refined` found; rows on the tape follow. To be called once all
   * else of a frame has been found good, because it cannot be taken back.
   */
  refine(entry: InstrumentEntry, { priceDecimals, sizeDecimals }: Decimals): void {
    if (priceDecimals === entry.priceDecimals && sizeDecimals === entry.sizeDecimals) return;
    const priceFactor = POWERS_OF_TEN[priceDecimals - entry.priceDecimals];
    const sizeFactor = POWERS_OF_TEN[sizeDecimals - entry.sizeDecimals];
    this.#builder.rescale(entry.index, priceFactor, sizeFactor);
    entry.priceDecimals = priceDecimals;
    entry.sizeDecimals = sizeDecimals;
  }

  /**
   * The instruments of the finished tape. An unknown Hyperliquid perpetual gets the finest tick that its lots allow, since
   * prices seen for a while need not have used all digits; where the prices seen have no room for that, it keeps theirs.
   */
  finish(): Instrument[] {
    for (const entry of this.entries) {
      if (!entry.inferred || entry.venue !== 'hyperliquid') continue;
      try {
        this.refine(entry, refined(entry, HYPERLIQUID_PERP_DECIMALS - entry.sizeDecimals, entry.sizeDecimals));
      } catch (error) {
        if (!(error instanceof ReplaybookError)) throw error;
      }
    }
    return this.entries.map(entry => ({
      symbol: entry.symbol,
      priceDecimals: entry.priceDecimals,
      sizeDecimals: entry.sizeDecimals,
      significantFigures: entry.venue === 'hyperliquid' ? HYPERLIQUID_SIGNIFICANT_FIGURES : 0,
      minNotionalUsd: MIN_NOTIONAL_USD,
    }));
  }
}

function hashOf(symbol: string): number {
  let hash = 0;
  for (let i = 0; i < symbol.length; i++) hash = (Math.imul(hash, 31) + symbol.charCodeAt(i)) | 0;
  return hash;
}

function isAscii(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
