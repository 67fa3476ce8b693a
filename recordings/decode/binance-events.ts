/**
 * Ends the frames of Binance USD-M events, from either reader, and keeps what spans frames: the chain of update ids, the
 * chain of trade ids, and the merge of a REST snapshot with the updates that came before it.
 */
import { ASK, BID, FEED_INDEX } from '../../core/market.ts';
import type { Tally } from '../importers/report.ts';
import type { InstrumentEntry } from '../instruments.ts';
import { BBO, DELTA, FLAG_NONE, SNAPSHOT, TRADES } from '../tape.ts';
import type { TapeBuilder } from '../tape-builder.ts';
import { BookFrames } from './book-frame.ts';

export class BinanceEvents {
  readonly #builder: TapeBuilder;
  readonly #tally: Tally;
  readonly #bookFrames: BookFrames;
  /** By instrument: newest update id of the depth stream, newest trade id. */
  readonly #lastUpdateId = new Map<number, number>();
  readonly #lastTradeId = new Map<number, number>();

  constructor(builder: TapeBuilder, tally: Tally) {
    this.#builder = builder;
    this.#tally = tally;
    this.#bookFrames = new BookFrames(builder, tally);
  }

  /** A `depthUpdate`, whose levels are the open frame's. */
  endDepth(entry: InstrumentEntry, recvNs: number, exchNs: number, updateId: number, previousUpdateId: number): void {
    const { index } = entry;
    const before = this.#lastUpdateId.get(index);
    if (before !== undefined && before !== previousUpdateId) this.#tally.sequenceBreaks++;
    this.#lastUpdateId.set(index, updateId);
    const feed = FEED_INDEX.l2Book;
    this.#builder.endFrame(DELTA, feed, index, FLAG_NONE, recvNs, exchNs, updateId, previousUpdateId);
  }

  /** A `bookTicker`, whose two levels are the open frame's. */
  endTicker(entry: InstrumentEntry, recvNs: number, exchNs: number, updateId: number): void {
    this.#bookFrames.end(BBO, FEED_INDEX.bbo, entry.index, recvNs, exchNs, updateId, 0);
  }

  endTrade(
    entry: InstrumentEntry,
    recvNs: number,
    exchNs: number,
    aggressor: number,
    ticks: number,
    lots: number,
    tradeId: number,
  ): void {
    const { index } = entry;
    const before = this.#lastTradeId.get(index);
    if (before !== undefined && before + 1 !== tradeId) this.#tally.tradeIdGaps++;
    this.#lastTradeId.set(index, tradeId);
    this.#builder.addTrade(aggressor, ticks, lots, tradeId, exchNs);
    this.#builder.endFrame(TRADES, FEED_INDEX.trades, index, FLAG_NONE, recvNs, exchNs, 0, 0);
  }

  /**
   * A REST snapshot, whose levels are the open frame's. It is older than updates already received, so those beyond
   * `lastUpdateId` are applied to it again, and the frame says what the book is after the newest of them. Sides are merged
   * in maps and not in a Book, whose pages a few scattered prices would fill the memory with.
   */
  endSnapshot(entry: InstrumentEntry, recvNs: number, snapshotNs: number, lastUpdateId: number): void {
    const builder = this.#builder;
    const { index } = entry;
    const sides = [new Map<number, number>(), new Map<number, number>()];
    applyRows(builder, builder.openLevelRow, builder.levelRows, sides);
    const first = firstUpdateAfter(builder, index, lastUpdateId);
    let updateId = lastUpdateId;
    // In exchange order the snapshot stands after the updates that it holds.
    let exchNs = snapshotNs;
    for (let frame = first; frame < builder.frameCount; frame++) {
      const { frames } = builder;
      if (frames.kind[frame] !== DELTA || frames.instrument[frame] !== index) continue;
      // A gap between the snapshot and its first update, or between two updates.
      if (frames.previousUpdateId[frame] > updateId) this.#tally.sequenceBreaks++;
      applyRows(builder, frames.firstRow[frame], frames.firstRow[frame] + frames.rowCount[frame], sides);
      updateId = frames.updateId[frame];
      exchNs = Math.max(exchNs, frames.exchNs[frame]);
    }
    builder.dropFrame();
    writeSide(builder, sides[BID], BID);
    writeSide(builder, sides[ASK], ASK);
    this.#bookFrames.end(SNAPSHOT, FEED_INDEX.l2Book, index, recvNs, exchNs, updateId, 0);
  }
}

/** The first of the newest updates that all lie beyond `lastUpdateId`; the number of frames where there is none. */
function firstUpdateAfter(builder: TapeBuilder, instrument: number, lastUpdateId: number): number {
  const { kind, instrument: instruments, updateId } = builder.frames;
  let first = builder.frameCount;
  for (let frame = builder.frameCount - 1; frame >= 0; frame--) {
    if (kind[frame] !== DELTA || instruments[frame] !== instrument) continue;
    if (updateId[frame] <= lastUpdateId) break;
    first = frame;
  }
  return first;
}

function applyRows(builder: TapeBuilder, first: number, end: number, sides: Map<number, number>[]): void {
  const { side, priceTicks, sizeLots } = builder.levels;
  for (let row = first; row < end; row++) {
    const levels = sides[side[row]];
    if (sizeLots[row] === 0) levels.delete(priceTicks[row]);
    else levels.set(priceTicks[row], sizeLots[row]);
  }
}

function writeSide(builder: TapeBuilder, levels: Map<number, number>, side: number): void {
  const prices = Int32Array.from(levels.keys()).sort((a, b) => a - b);
  if (side === BID) prices.reverse();
  for (const ticks of prices) builder.addLevel(side, ticks, levels.get(ticks) ?? 0, 0);
}
