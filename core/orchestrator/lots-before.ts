/**
 * How much of a book's side stands at better prices than a given one, for several prices at a time: the levels are walked once, as far
 * as the farthest price asked for, and not once for each.
 */
import type { Book } from '../book.ts';
import { NO_PRICE } from '../book.ts';
import { BID, type Side } from '../market.ts';

export class LotsBefore {
  readonly #side: Side;
  /** Levels walked so far, best first: their prices, and all lots up to and with each. */
  readonly #ticks: number[] = [];
  readonly #lots: number[] = [];
  #nextTicks = NO_PRICE;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Begins anew: the book has changed. */
  begin(book: Book): void {
    this.#ticks.length = 0;
    this.#lots.length = 0;
    this.#nextTicks = book.bestTicks(this.#side);
  }

  /** Lots at prices better than this one, in the book that `begin` was told of. */
  betterThan(book: Book, priceTicks: number): number {
    while (this.#isBetter(this.#nextTicks, priceTicks)) {
      const ticks = this.#nextTicks;
      const { length } = this.#lots;
      this.#lots.push((length === 0 ? 0 : this.#lots[length - 1]) + book.sizeLots(this.#side, ticks));
      this.#ticks.push(ticks);
      this.#nextTicks = book.worseThan(this.#side, ticks);
    }
    // The number of walked levels that are better: by halves, as an order asked for before may lie much deeper.
    let low = 0;
    let high = this.#ticks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isBetter(this.#ticks[middle], priceTicks)) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.#lots[low - 1];
  }

  /** Whether a level lies nearer to the other side than a price; false for a side that has no level left. */
  #isBetter(ticks: number, thanTicks: number): boolean {
    if (ticks === NO_PRICE) return false;
    return this.#side === BID ? ticks > thanTicks : ticks < thanTicks;
  }
}
