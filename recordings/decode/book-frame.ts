/** Ends a frame of a full book or a best bid and ask, and notices what is odd about it. */
import { ASK, BID, FEEDS, type LevelColumns } from '../../core/market.ts';
import type { Tally } from '../importers/report.ts';
import { FLAG_NONE, FLAG_REPEATED } from '../tape.ts';
import type { TapeBuilder } from '../tape-builder.ts';

export class BookFrames {
  readonly #builder: TapeBuilder;
  readonly #tally: Tally;
  /** The newest frame of each (instrument, feed). */
  readonly #newest = new Map<number, number>();

  constructor(builder: TapeBuilder, tally: Tally) {
    this.#builder = builder;
    this.#tally = tally;
  }

  /** Ends the open frame, whose rows are its levels. */
  end(
    kind: number,
    feed: number,
    instrument: number,
    recvNs: number,
    exchNs: number,
    updateId: number,
    previousUpdateId: number,
  ): void {
    const builder = this.#builder;
    const first = builder.openLevelRow;
    const count = builder.levelRows - first;
    const stream = instrument * FEEDS.length + feed;
    const before = this.#newest.get(stream);
    let flags = FLAG_NONE;
    if (before !== undefined && this.#repeats(before, exchNs, updateId, first, count)) {
      flags = FLAG_REPEATED;
      this.#tally.repeatedBooks++;
    }
    if (isCrossed(builder.levels, first, count)) this.#tally.crossedBooks++;
    this.#newest.set(
      stream,
      builder.endFrame(kind, feed, instrument, flags, recvNs, exchNs, updateId, previousUpdateId),
    );
  }

  /** Same exchange time and same levels. */
  #repeats(frame: number, exchNs: number, updateId: number, first: number, count: number): boolean {
    const { frames, levels } = this.#builder;
    if (frames.exchNs[frame] !== exchNs || frames.updateId[frame] !== updateId) return false;
    if (frames.rowCount[frame] !== count) return false;
    const { side, priceTicks, sizeLots, orders } = levels;
    let other = frames.firstRow[frame];
    for (let row = first; row < first + count; row++, other++) {
      if (priceTicks[row] !== priceTicks[other] || sizeLots[row] !== sizeLots[other]) return false;
      if (side[row] !== side[other] || orders[row] !== orders[other]) return false;
    }
    return true;
  }
}

/** True where the best bid is not below the best ask. Bids come first and each side's best stands first. */
function isCrossed({ side, priceTicks }: LevelColumns, first: number, count: number): boolean {
  if (count < 2 || side[first] !== BID) return false;
  let ask = first + 1;
  while (ask < first + count && side[ask] !== ASK) ask++;
  return ask < first + count && priceTicks[first] >= priceTicks[ask];
}
