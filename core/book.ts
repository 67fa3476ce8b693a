/**
 * A book of one instrument: sizes by integer price, with the best bid and ask at hand.
 *
 * Sizes lie in pages of 512 ticks that are made when first touched, so that a level is set or read in a few
 * instructions, however far from the mid it lies, and a deep book costs memory only where it has levels. Beside its sizes a
 * page has one bit for each tick that has a level: the next level is found, and a page emptied, without looking at the
 * empty prices between levels, which are most of them.
 *
 * A frame is applied as it stands. Where the two sides cross, the newer side wins only through `applyBbo`; a crossed
 * snapshot or delta is kept crossed, because telling it is data quality's work (playbook 2.2), not the book's.
 */
import { ASK, BID, type LevelColumns, type Side } from './market.ts';

const PAGE_BITS = 9;
const PAGE_TICKS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_TICKS - 1;
/** Bits are kept in words of 32. */
const WORD_BITS = 5;
const WORD_MASK = 31;
const WORDS_IN_PAGE = PAGE_TICKS >> WORD_BITS;
/** Best price of a side that has no level. Real prices are positive. */
export const NO_PRICE = 0;

/** Number of the highest bit that is set, from 0. */
function topBit(word: number): number {
  return 31 - Math.clz32(word); // det-ok: ECMAScript fixes clz32 to the bit, it counts and rounds nothing
}

/** What one page holds: sizes by the lower bits of the price, which of them are levels, and how many. */
class Page {
  readonly lots = new Float64Array(PAGE_TICKS);
  readonly bits = new Int32Array(WORDS_IN_PAGE);
  levels = 0;

  /** Only the levels are wiped, and not the empty prices between them. */
  clear(): void {
    const { lots, bits } = this;
    for (let word = 0; word < WORDS_IN_PAGE; word++) {
      let left = bits[word];
      if (left === 0) continue;
      for (; left !== 0; left &= left - 1) lots[(word << WORD_BITS) | topBit(left & -left)] = 0;
      bits[word] = 0;
    }
    this.levels = 0;
  }
}

/** One side: a sparse array of pages, the number of levels, and the best price. */
class BookSide {
  readonly #pages: (Page | undefined)[] = [];
  readonly #side: Side;
  levels = 0;
  bestTicks = NO_PRICE;

  constructor(side: Side) {
    this.#side = side;
  }

  get(ticks: number): number {
    const page = this.#pages[ticks >> PAGE_BITS];
    return page === undefined ? 0 : page.lots[ticks & PAGE_MASK];
  }

  set(ticks: number, lots: number): void {
    // No level has such a price. Prices are checked before they come here; one that slips through must not set the book at odds with itself.
    if (!(ticks >= 0)) return;
    let page = this.#pages[ticks >> PAGE_BITS];
    if (page === undefined) {
      if (lots === 0) return;
      page = this.#addPage(ticks >> PAGE_BITS);
    }
    const offset = ticks & PAGE_MASK;
    const before = page.lots[offset];
    page.lots[offset] = lots;
    if ((before === 0) === (lots === 0)) return;
    page.bits[offset >> WORD_BITS] ^= 1 << (offset & WORD_MASK);
    if (before === 0) {
      page.levels++;
      this.levels++;
      const best = this.bestTicks;
      if (best === NO_PRICE || (this.#side === BID ? ticks > best : ticks < best)) this.bestTicks = ticks;
    } else {
      page.levels--;
      this.levels--;
      if (ticks === this.bestTicks) this.bestTicks = this.worseThan(ticks);
    }
  }

  #addPage(index: number): Page {
    // Filled up to the index, so that the array stays dense and reads stay fast.
    while (this.#pages.length <= index) this.#pages.push(undefined);
    const page = new Page();
    this.#pages[index] = page;
    return page;
  }

  /** The next price worse than `ticks` that has a level, or NO_PRICE. */
  worseThan(ticks: number): number {
    if (this.levels === 0) return NO_PRICE;
    return this.#side === BID ? this.#below(ticks) : this.#above(ticks);
  }

  #below(ticks: number): number {
    let index = ticks >> PAGE_BITS;
    let word = (ticks & PAGE_MASK) >> WORD_BITS;
    // Of the first word only the bits below the price.
    let mask = (1 << (ticks & WORD_MASK)) - 1;
    for (; index >= 0; index--, word = WORDS_IN_PAGE - 1, mask = -1) {
      const page = this.#pages[index];
      if (page === undefined || page.levels === 0) continue;
      for (; word >= 0; word--, mask = -1) {
        const found = page.bits[word] & mask;
        if (found !== 0) return (index << PAGE_BITS) | (word << WORD_BITS) | topBit(found);
      }
    }
    return NO_PRICE;
  }

  #above(ticks: number): number {
    const pages = this.#pages.length;
    let index = ticks >> PAGE_BITS;
    let word = (ticks & PAGE_MASK) >> WORD_BITS;
    // Of the first word only the bits above the price. Shifted in two steps, because a shift by 32 is one by 0.
    let mask = (-1 << (ticks & WORD_MASK)) << 1;
    for (; index < pages; index++, word = 0, mask = -1) {
      const page = this.#pages[index];
      if (page === undefined || page.levels === 0) continue;
      for (; word < WORDS_IN_PAGE; word++, mask = -1) {
        const found = page.bits[word] & mask;
        if (found !== 0) return (index << PAGE_BITS) | (word << WORD_BITS) | topBit(found & -found);
      }
    }
    return NO_PRICE;
  }

  /** Empties page after page, best first, until no level is left: a snapshot comes with every frame of some venues. */
  clear(): void {
    const step = this.#side === BID ? -1 : 1;
    for (let index = this.bestTicks >> PAGE_BITS; this.levels > 0; index += step) {
      const page = this.#pages[index];
      if (page === undefined || page.levels === 0) continue;
      this.levels -= page.levels;
      page.clear();
    }
    this.bestTicks = NO_PRICE;
  }
}

export class Book {
  readonly #bids = new BookSide(BID);
  readonly #asks = new BookSide(ASK);

  get bestBidTicks(): number {
    return this.#bids.bestTicks;
  }

  get bestAskTicks(): number {
    return this.#asks.bestTicks;
  }

  bestTicks(side: Side): number {
    return side === BID ? this.#bids.bestTicks : this.#asks.bestTicks;
  }

  /** Number of levels of a side. */
  levels(side: Side): number {
    return side === BID ? this.#bids.levels : this.#asks.levels;
  }

  /** Size at a price, 0 where there is no level. */
  sizeLots(side: Side, ticks: number): number {
    return side === BID ? this.#bids.get(ticks) : this.#asks.get(ticks);
  }

  /** The next worse price that has a level, or NO_PRICE. */
  worseThan(side: Side, ticks: number): number {
    return side === BID ? this.#bids.worseThan(ticks) : this.#asks.worseThan(ticks);
  }

  set(side: Side, ticks: number, lots: number): void {
    if (side === BID) this.#bids.set(ticks, lots);
    else this.#asks.set(ticks, lots);
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
  }

  /** Replaces everything by the frame's levels. */
  applySnapshot(levels: LevelColumns, first: number, count: number): void {
    this.clear();
    this.applyDelta(levels, first, count);
  }

  /** Sets the frame's levels; a size of 0 removes one. */
  applyDelta(levels: LevelColumns, first: number, count: number): void {
    const { side, priceTicks, sizeLots } = levels;
    const bids = this.#bids;
    const asks = this.#asks;
    const end = first + count;
    for (let row = first; row < end; row++) {
      if (side[row] === BID) bids.set(priceTicks[row], sizeLots[row]);
      else asks.set(priceTicks[row], sizeLots[row]);
    }
  }

  /**
   * Takes a best bid and ask as the newest truth: sets them and removes every level that contradicts them. A side that
   * the frame leaves out is empty.
   */
  applyBbo(levels: LevelColumns, first: number, count: number): void {
    let bid = NO_PRICE;
    let bidLots = 0;
    let ask = NO_PRICE;
    let askLots = 0;
    for (let row = first; row < first + count; row++) {
      if (levels.side[row] === BID) {
        bid = levels.priceTicks[row];
        bidLots = levels.sizeLots[row];
      } else {
        ask = levels.priceTicks[row];
        askLots = levels.sizeLots[row];
      }
    }
    this.#setBest(BID, bid, bidLots);
    this.#setBest(ASK, ask, askLots);
  }

  #setBest(sideOfBook: Side, ticks: number, lots: number): void {
    const side = sideOfBook === BID ? this.#bids : this.#asks;
    if (ticks === NO_PRICE || lots === 0) {
      side.clear();
      return;
    }
    while (side.bestTicks !== NO_PRICE && (sideOfBook === BID ? side.bestTicks > ticks : side.bestTicks < ticks)) {
      side.set(side.bestTicks, 0);
    }
    side.set(ticks, lots);
  }

  /**
   * Writes the levels, bids best to worst, then asks best to worst, at most `depth` a side, and returns their number.
   * `into` must have room.
   */
  writeLevels(into: LevelColumns, depth: number): number {
    let row = 0;
    for (const side of [this.#bids, this.#asks]) {
      const code = side === this.#bids ? BID : ASK;
      let ticks = side.bestTicks;
      for (let level = 0; level < depth && ticks !== NO_PRICE; level++) {
        into.side[row] = code;
        into.priceTicks[row] = ticks;
        into.sizeLots[row] = side.get(ticks);
        into.orders[row] = 0;
        row++;
        ticks = side.worseThan(ticks);
      }
    }
    return row;
  }
}
