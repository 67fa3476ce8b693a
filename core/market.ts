/**
 * The vocabulary of the market: sides, feeds, instruments, and the columns in which levels and trades are kept.
 *
 * Prices are integer ticks and sizes integer lots everywhere inside the program; decimals exist only at its edges
 * (importers, settings, reports). A tick is 10^-priceDecimals, a lot 10^-sizeDecimals of the instrument.
 */

export const BID = 0;
export const ASK = 1;
/** Side of the book, as an index: `bySide[side]`. For a trade it is the aggressor's side (BID: a buyer took). */
export type Side = typeof BID | typeof ASK;
export const SIDES: readonly Side[] = [BID, ASK];
export const SIDE_NAMES = ['bid', 'ask'] as const;
export type SideName = (typeof SIDE_NAMES)[number];
export type BySide<T> = [bid: T, ask: T];

export function opposite(side: Side): Side {
  return side === BID ? ASK : BID;
}

/** Every stream of messages that the exchange pushes, by the exchange's own names. The index is the digest's stream. */
export const FEEDS = [
  'l2Book',
  'bbo',
  'fastBook',
  'trades',
  'allMids',
  'activeAssetCtx',
  'orderUpdates',
  'userFills',
  'userEvents',
] as const;
export type Feed = (typeof FEEDS)[number];
export const FEED_INDEX: Readonly<Record<Feed, number>> = {
  l2Book: 0,
  bbo: 1,
  fastBook: 2,
  trades: 3,
  allMids: 4,
  activeAssetCtx: 5,
  orderUpdates: 6,
  userFills: 7,
  userEvents: 8,
};
/** Feeds whose frames carry book levels. The age of a book is that of the newest of them. */
export const BOOK_FEEDS = ['l2Book', 'bbo', 'fastBook'] as const satisfies readonly Feed[];
/** Feeds of the market connection; the rest belong to the user connection (design, section 5). */
export const MARKET_FEEDS = [
  'l2Book',
  'bbo',
  'fastBook',
  'trades',
  'allMids',
  'activeAssetCtx',
] as const satisfies readonly Feed[];

/** Feeds of the user connection: the account's. */
export const USER_FEEDS = ['orderUpdates', 'userFills', 'userEvents'] as const satisfies readonly Feed[];

/** What is traded, and the rules that its orders obey. */
export interface Instrument {
  /** The venue's name for it, a builder's prefix included: `BTC`, `hyna:HYPE`, `ETHUSDT`. */
  readonly symbol: string;
  /** A tick is 10^-priceDecimals, 0 to 8. Hyperliquid perpetuals: 6 - sizeDecimals. */
  readonly priceDecimals: number;
  /** A lot is 10^-sizeDecimals, 0 to 8 (Hyperliquid's szDecimals). */
  readonly sizeDecimals: number;
  /** Prices that are not whole numbers have at most so many significant figures; 0: no such rule. */
  readonly significantFigures: number;
  /** Smallest notional of an opening order, in USD. */
  readonly minNotionalUsd: number;
}

/**
 * Levels of many frames, one after the other, read by (first row, count). In a frame the bids stand first, best to
 * worst, then the asks, best to worst. In a delta a size of 0 removes the level.
 */
export interface LevelColumns {
  readonly side: Uint8Array;
  readonly priceTicks: Int32Array;
  readonly sizeLots: Float64Array;
  /** Number of orders at the level; 0 where the venue does not say. */
  readonly orders: Uint32Array;
}

/** Public trades of many frames, read by (first row, count), in the order of their frame. */
export interface TradeColumns {
  readonly aggressor: Uint8Array;
  readonly priceTicks: Int32Array;
  readonly sizeLots: Float64Array;
  readonly tradeId: Float64Array;
  /** When it was matched, ns since the tape's origin. Negative for backlog older than the recording. */
  readonly exchNs: Float64Array;
}

export function newLevelColumns(rows: number): LevelColumns {
  return {
    side: new Uint8Array(rows),
    priceTicks: new Int32Array(rows),
    sizeLots: new Float64Array(rows),
    orders: new Uint32Array(rows),
  };
}
