/**
 * The book of one instrument as the feeds tell it: snapshots, deltas and best bid and ask, put in the right order.
 *
 * Deltas before a first snapshot, and those that a snapshot already holds, are ignored. Where the venue numbers its updates,
 * a best bid and ask that is older than the book is ignored, and one that is newer is laid over the older levels that come
 * after it, so that the touch never steps back.
 */
import { Book } from '../book.ts';
import { ASK, BID, type LevelColumns, newLevelColumns } from '../market.ts';
import type { BookMessage } from '../port.ts';

export class MarketBook {
  readonly book = new Book();
  #hasSnapshot = false;
  /** The venue's update id of the levels; 0 where it has none. */
  #updateId = 0;
  #bboUpdateId = 0;
  readonly #bbo = newLevelColumns(2);
  #bboCount = 0;

  /** Applies a frame; false where it says nothing new. */
  apply(message: BookMessage): boolean {
    return message.feed === 'bbo' ? this.#applyBbo(message) : this.#applyLevels(message);
  }

  #applyBbo(message: BookMessage): boolean {
    const { updateId, levels, first, count } = message;
    if (updateId !== 0 && updateId < this.#updateId) return false;
    this.book.applyBbo(levels, first, count);
    this.#bboUpdateId = updateId;
    this.#bboCount = Math.min(count, 2);
    for (let row = 0; row < this.#bboCount; row++) {
      this.#bbo.side[row] = levels.side[first + row];
      this.#bbo.priceTicks[row] = levels.priceTicks[first + row];
      this.#bbo.sizeLots[row] = levels.sizeLots[first + row];
    }
    return true;
  }

  #applyLevels(message: BookMessage): boolean {
    const { updateId, levels, first, count } = message;
    if (message.isSnapshot) {
      this.book.applySnapshot(levels, first, count);
      this.#hasSnapshot = true;
    } else {
      if (!this.#hasSnapshot || (updateId !== 0 && updateId <= this.#updateId)) return false;
      this.book.applyDelta(levels, first, count);
    }
    this.#updateId = updateId;
    if (updateId !== 0 && this.#bboUpdateId > updateId) this.book.applyBbo(this.#bbo, 0, this.#bboCount);
    return true;
  }

  /** Between the best bid and ask, ticks (halves are possible); 0 where a side is empty. */
  get midTicks(): number {
    const bid = this.book.bestBidTicks;
    const ask = this.book.bestAskTicks;
    return bid > 0 && ask > 0 ? (bid + ask) / 2 : 0;
  }

  snapshot(): unknown {
    const rows = this.book.levels(BID) + this.book.levels(ASK);
    const levels = newLevelColumns(rows);
    this.book.writeLevels(levels, rows);
    return {
      levels: copyOf(levels),
      hasSnapshot: this.#hasSnapshot,
      updateId: this.#updateId,
      bboUpdateId: this.#bboUpdateId,
      bbo: copyOf(this.#bbo),
      bboCount: this.#bboCount,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      levels: LevelColumns;
      hasSnapshot: boolean;
      updateId: number;
      bboUpdateId: number;
      bbo: LevelColumns;
      bboCount: number;
    };
    this.book.applySnapshot(from.levels, 0, from.levels.side.length);
    this.#hasSnapshot = from.hasSnapshot;
    this.#updateId = from.updateId;
    this.#bboUpdateId = from.bboUpdateId;
    this.#bbo.side.set(from.bbo.side);
    this.#bbo.priceTicks.set(from.bbo.priceTicks);
    this.#bbo.sizeLots.set(from.bbo.sizeLots);
    this.#bboCount = from.bboCount;
  }
}

function copyOf(levels: LevelColumns): LevelColumns {
  return {
    side: levels.side.slice(),
    priceTicks: levels.priceTicks.slice(),
    sizeLots: levels.sizeLots.slice(),
    orders: levels.orders.slice(),
  };
}
