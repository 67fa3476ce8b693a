/**
 * The lists that a reconciliation works with, by number: own orders that stand for a quote, best first, and the orders and quotes that
 * have found no partner. They are the fixed part of what a quote cycle takes from its arena.
 */
import type { QuoteCycleArena } from '../infra/arena.ts';
import { CYCLE_OVERHEAD_BYTES } from '../infra/capacity.ts';

const INT_BYTES = 4;
const LISTS = 3;
/** Orders, or quotes, of a side that there is room for; a larger side takes more from the arena. */
const CAPACITY = CYCLE_OVERHEAD_BYTES / (LISTS * INT_BYTES);

export class WorkLists {
  /** Numbers of orders. */
  own = new Int32Array(0);
  freeOrders = new Int32Array(0);
  /** Numbers of quotes. */
  freeQuotes = new Int32Array(0);
  ownCount = 0;
  freeOrderCount = 0;
  freeQuoteCount = 0;

  /** Takes its room from the arena. `entries`: the most that a side has of orders or quotes. */
  moveTo(arena: QuoteCycleArena, entries: number): void {
    const capacity = Math.max(CAPACITY, entries);
    const offset = arena.take(LISTS * capacity * INT_BYTES, 1, INT_BYTES);
    const { buffer } = arena.chunk;
    this.own = new Int32Array(buffer, offset, capacity);
    this.freeOrders = new Int32Array(buffer, offset + capacity * INT_BYTES, capacity);
    this.freeQuotes = new Int32Array(buffer, offset + 2 * capacity * INT_BYTES, capacity);
  }

  clear(): void {
    this.ownCount = 0;
    this.freeOrderCount = 0;
    this.freeQuoteCount = 0;
  }

  freeOrder(index: number): void {
    this.freeOrders[this.freeOrderCount++] = index;
  }

  freeQuote(index: number): void {
    this.freeQuotes[this.freeQuoteCount++] = index;
  }
}
