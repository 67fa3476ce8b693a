/**
 * A book of one instrument: sizes by integer price, with the best bid and ask at hand.
 *
 * Sizes lie in pages of 512 ticks that are made when first touched, so that a level is set or read in a few
 * instructions, however far from the mid it lies, and a deep book costs memory only where it has levels.
 *
 * A frame is applied as it stands. Where the two sides cross, the newer side wins only through `applyBbo`; a crossed
 * snapshot or delta is kept crossed, because telling it is data quality's work (playbook 2.2), not the book's.
 */
import { ASK, BID, type LevelColumns, type Side } from './market.ts';

const PAGE_BITS = 9;
const PAGE_TICKS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_TICKS - 1;
/** Best price of a side that has no level. Real prices are positive. */
export const NO_PRICE = 0;

/** One side: a sparse array of pages, the number of levels in each, and the best price. */
class BookSide {
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #levelsInPage: number[] = [];
  readonly #side: Side;
  levels = 0;
  bestTicks = NO_PRICE;

  constructor(side: Side) {
    this.#side = side;
  }

  get(ticks: number): number {
    const page = this.#pages[ticks >> PAGE_BITS];
    return page === undefined ? 0 : page[ticks & PAGE_MASK];
  }

  set(ticks: number, lots: number): void {
    const index = ticks >> PAGE_BITS;
    let page = this.#pages[index];
    if (page === undefined) {
      if (lots === 0) return;
      page = this.#addPage(index);
    }
    const offset = ticks & PAGE_MASK;
    const before = page[offset];
    page[offset] = lots;
    if (before === 0) {
      if (lots !== 0) this.#added(index, ticks);
    } else if (lots === 0) {
      this.#removed(index, ticks);
    }
  }

  #addPage(index: number): Float64Array {
    // Filled up to the index, so that the arrays stay dense and reads stay fast.
    while (this.#pages.length <= index) {
      this.#pages.push(undefined);
      this.#levelsInPage.push(0);
    }
    const page = new Float64Array(PAGE_TICKS);
    this.#pages[index] = page;
    return page;
  }

  #added(index: number, ticks: number): void {
    this.#levelsInPage[index]++;
    this.levels++;
    const best = this.bestTicks;
    if (best === NO_PRICE || (this.#side === BID ? ticks > best : ticks < best)) this.bestTicks = ticks;
  }

  #removed(index: number, ticks: number): void {
    this.#levelsInPage[index]--;
    this.levels--;
    if (ticks === this.bestTicks) this.bestTicks = this.worseThan(ticks);
  }

  /** The next price worse than `ticks` that has a level, or NO_PRICE. */
  worseThan(ticks: number): number {
    if (this.levels === 0) return NO_PRICE;
    return this.#side === BID ? this.#below(ticks) : this.#above(ticks);
  }

  #below(ticks: number): number {
    let index = ticks >> PAGE_BITS;
    let offset = (ticks & PAGE_MASK) - 1;
    for (; index >= 0; index--, offset = PAGE_MASK) {
      if (this.#levelsInPage[index] === 0) continue;
      const page = this.#pages[index];
      if (page === undefined) continue;
      for (; offset >= 0; offset--) if (page[offset] !== 0) return (index << PAGE_BITS) | offset;
    }
    return NO_PRICE;
  }

  #above(ticks: number): number {
    const pages = this.#pages.length;
    let index = ticks >> PAGE_BITS;
    let offset = (ticks & PAGE_MASK) + 1;
    for (; index < pages; index++, offset = 0) {
      if (this.#levelsInPage[index] === 0) continue;
      const page = this.#pages[index];
      if (page === undefined) continue;
      for (; offset < PAGE_TICKS; offset++) if (page[offset] !== 0) return (index << PAGE_BITS) | offset;
    }
    return NO_PRICE;
  }

  /** Empties whole pages, best first, until no level is left: a snapshot comes with every frame of some venues. */
  clear(): void {
    const step = this.#side === BID ? -1 : 1;
    for (let index = this.bestTicks >> PAGE_BITS; this.levels > 0; index += step) {
      const levels = this.#levelsInPage[index];
      if (levels === 0) continue;
      this.#pages[index]?.fill(0);
      this.#levelsInPage[index] = 0;
      this.levels -= levels;
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
