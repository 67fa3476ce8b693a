/**
 * The price levels of one side of a book of single orders: by price the ends of the queue, its size and number of orders.
 *
 * Paged as the book of sizes is (`core/book.ts`): 512 ticks a page, made when first touched, with one bit for each tick
 * that has a level, so that the next level is found without looking at the empty prices between.
 */
import { NO_PRICE } from '../../../core/book.ts';
import { BID, type Side } from '../../../core/market.ts';

const PAGE_BITS = 9;
const PAGE_TICKS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_TICKS - 1;
/** Bits are kept in words of 32. */
const WORD_BITS = 5;
const WORD_MASK = 31;
const WORDS_IN_PAGE = PAGE_TICKS >> WORD_BITS;

/** Number of the highest bit that is set, from 0. */
function topBit(word: number): number {
  return 31 - Math.clz32(word); // det-ok: ECMAScript fixes clz32 to the bit, it counts and rounds nothing
}

/** What one page holds, by the lower bits of the price. The ends of a queue mean something only where it has orders. */
class Page {
  readonly lots = new Float64Array(PAGE_TICKS);
  readonly orders = new Uint32Array(PAGE_TICKS);
  readonly first = new Int32Array(PAGE_TICKS);
  readonly last = new Int32Array(PAGE_TICKS);
  readonly bits = new Int32Array(WORDS_IN_PAGE);
  levels = 0;
}

/** Stands for every page that was never touched, and is never written. */
const EMPTY_PAGE = new Page();

export class LevelPages {
  readonly #side: Side;
  readonly #pages: Page[] = [];
  levels = 0;
  bestTicks = NO_PRICE;

  constructor(side: Side) {
    this.#side = side;
  }

  #page(ticks: number): Page {
    const index = ticks >> PAGE_BITS;
    return index < this.#pages.length && index >= 0 ? this.#pages[index] : EMPTY_PAGE;
  }

  lots(ticks: number): number {
    return this.#page(ticks).lots[ticks & PAGE_MASK];
  }

  orders(ticks: number): number {
    return this.#page(ticks).orders[ticks & PAGE_MASK];
  }

  /** The oldest order's slot. The level must have one. */
  first(ticks: number): number {
    return this.#page(ticks).first[ticks & PAGE_MASK];
  }

  /** The newest order's slot. The level must have one. */
  last(ticks: number): number {
    return this.#page(ticks).last[ticks & PAGE_MASK];
  }

  setFirst(ticks: number, slot: number): void {
    this.#page(ticks).first[ticks & PAGE_MASK] = slot;
  }

  setLast(ticks: number, slot: number): void {
    this.#page(ticks).last[ticks & PAGE_MASK] = slot;
  }

  /** Counts an order in, as the newest of its level. Returns the slot that was the newest until now, or `none`. */
  append(ticks: number, slot: number, lots: number, none: number): number {
    let page = this.#page(ticks);
    if (page === EMPTY_PAGE) page = this.#addPage(ticks >> PAGE_BITS);
    const offset = ticks & PAGE_MASK;
    page.lots[offset] += lots;
    if (page.orders[offset]++ === 0) {
      page.first[offset] = slot;
      page.last[offset] = slot;
      page.bits[offset >> WORD_BITS] |= 1 << (offset & WORD_MASK);
      page.levels++;
      this.levels++;
      const best = this.bestTicks;
      if (best === NO_PRICE || (this.#side === BID ? ticks > best : ticks < best)) this.bestTicks = ticks;
      return none;
    }
    const newest = page.last[offset];
    page.last[offset] = slot;
    return newest;
  }

  /** Takes size off a level; its orders stay. */
  takeLots(ticks: number, lots: number): void {
    this.#page(ticks).lots[ticks & PAGE_MASK] -= lots;
  }

  /** Counts an order out, with what is left of its size. */
  remove(ticks: number, lots: number): void {
    const page = this.#page(ticks);
    const offset = ticks & PAGE_MASK;
    page.lots[offset] -= lots;
    if (--page.orders[offset] !== 0) return;
    page.bits[offset >> WORD_BITS] ^= 1 << (offset & WORD_MASK);
    page.levels--;
    this.levels--;
    if (ticks === this.bestTicks) this.bestTicks = this.worseThan(ticks);
  }

  #addPage(index: number): Page {
    // Filled up to the index, so that the array stays dense and reads stay fast.
    while (this.#pages.length <= index) this.#pages.push(EMPTY_PAGE);
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
    const pages = this.#pages;
    let index = ticks >> PAGE_BITS;
    let word = (ticks & PAGE_MASK) >> WORD_BITS;
    // Of the first word only the bits below the price.
    let mask = (1 << (ticks & WORD_MASK)) - 1;
    if (index >= pages.length) {
      index = pages.length - 1;
      word = WORDS_IN_PAGE - 1;
      mask = -1;
    }
    for (; index >= 0; index--, word = WORDS_IN_PAGE - 1, mask = -1) {
      const page = pages[index];
      if (page.levels === 0) continue;
      for (; word >= 0; word--, mask = -1) {
        const found = page.bits[word] & mask;
        if (found !== 0) return (index << PAGE_BITS) | (word << WORD_BITS) | topBit(found);
      }
    }
    return NO_PRICE;
  }

  #above(ticks: number): number {
    const pages = this.#pages;
    let index = ticks >> PAGE_BITS;
    let word = (ticks & PAGE_MASK) >> WORD_BITS;
    // Of the first word only the bits above the price. Shifted in two steps, because a shift by 32 is one by 0.
    let mask = (-1 << (ticks & WORD_MASK)) << 1;
    for (; index < pages.length; index++, word = 0, mask = -1) {
      const page = pages[index];
      if (page.levels === 0) continue;
      for (; word < WORDS_IN_PAGE; word++, mask = -1) {
        const found = page.bits[word] & mask;
        if (found !== 0) return (index << PAGE_BITS) | (word << WORD_BITS) | topBit(found & -found);
      }
    }
    return NO_PRICE;
  }

  clear(): void {
    this.#pages.length = 0;
    this.levels = 0;
    this.bestTicks = NO_PRICE;
  }
}
