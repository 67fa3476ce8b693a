/**
 * The tape that a synthetic market writes while it runs: the columns of a recorded tape, growing. Frames are appended as they
 * are sent, so frame numbers, exchange times and receive times all rise together; a run reads them by number as it reads those of
 * a recording. `sealLiveTape` makes an ordinary tape of it.
 *
 * Columns are longer than what is written, and are replaced when they are full: nobody may keep them from one event to the next.
 */
import type { LevelColumns, TradeColumns } from '../../core/market.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { FLAG_BACKLOG, FLAG_NONE, type FrameColumns, type Tape, TRADES } from '../../recordings/tape.ts';
import { TapeBuilder, type TapeMeta } from '../../recordings/tape-builder.ts';
import type { MarketFrames } from './frames.ts';

interface LiveTapeState {
  frames: FrameColumns;
  levels: LevelColumns;
  trades: TradeColumns;
}

export class LiveTape implements MarketFrames {
  #builder = new TapeBuilder();
  frames: FrameColumns = this.#builder.frames;
  levels: LevelColumns = this.#builder.levels;
  trades: TradeColumns = this.#builder.trades;

  /** Number of frames written; the next has this number. */
  get frameCount(): number {
    return this.#builder.frameCount;
  }

  /** Adds a level to the open frame: bids best first, then asks best first. */
  addLevel(side: number, priceTicks: number, sizeLots: number, orders: number): void {
    this.#builder.addLevel(side, priceTicks, sizeLots, orders);
  }

  addTrade(aggressor: number, priceTicks: number, sizeLots: number, tradeId: number, exchNs: number): void {
    this.#builder.addTrade(aggressor, priceTicks, sizeLots, tradeId, exchNs);
  }

  /** Ends the open frame and answers its number. `recvNs` is not before that of the frame before. */
  endFrame(kind: number, feed: number, instrument: number, recvNs: number, exchNs: number): number {
    const frame = this.#builder.endFrame(kind, feed, instrument, FLAG_NONE, recvNs, exchNs, 0, 0);
    this.#readColumns();
    return frame;
  }

  #readColumns(): void {
    this.frames = this.#builder.frames;
    this.levels = this.#builder.levels;
    this.trades = this.#builder.trades;
  }

  snapshot(): LiveTapeState {
    const { frameCount, levelRows, tradeRows } = this.#builder;
    return {
      frames: sliced(this.frames, frameCount),
      levels: sliced(this.levels, levelRows),
      trades: sliced(this.trades, tradeRows),
    };
  }

  restore(state: LiveTapeState): void {
    this.#builder = new TapeBuilder();
    const { recvNs, exchNs } = state.frames;
    for (let frame = 0; frame < recvNs.length; frame++) {
      copyFrame(state, frame, this.#builder, FLAG_NONE, recvNs[frame], exchNs[frame], 0);
    }
    this.#readColumns();
  }
}

/**
 * An ordinary tape of the frames. Its origin is the first one's receive time, as it is of a recording. The first trades of each
 * instrument are marked as old ones that the exchange repeats to a new subscriber, because no recorder could tell them from those.
 *
 * `originNs`: the live tape's own, a whole second, ns since 1970 as decimal digits.
 */
export function sealLiveTape(live: LiveTape, originNs: string, meta: TapeMeta): Tape {
  const builder = new TapeBuilder();
  const originSeconds = Number(BigInt(originNs) / BigInt(NS_PER_S));
  const hasTraded = new Set<number>();
  const { recvNs, exchNs, kind, instrument } = live.frames;
  for (let frame = 0; frame < live.frameCount; frame++) {
    const received = builder.receive(originSeconds + Math.floor(recvNs[frame] / NS_PER_S), recvNs[frame] % NS_PER_S);
    const shiftNs = received - recvNs[frame];
    let flags = FLAG_NONE;
    if (kind[frame] === TRADES && !hasTraded.has(instrument[frame])) {
      hasTraded.add(instrument[frame]);
      flags = FLAG_BACKLOG;
    }
    copyFrame(live, frame, builder, flags, received, exchNs[frame] + shiftNs, shiftNs);
  }
  return builder.finish(meta);
}

/** Appends a frame with its rows. `shiftNs`: added to the times of its trades. */
function copyFrame(
  from: MarketFrames,
  frame: number,
  to: TapeBuilder,
  flags: number,
  recvNs: number,
  exchNs: number,
  shiftNs: number,
): void {
  const { kind, feed, instrument, firstRow, rowCount } = from.frames;
  const first = firstRow[frame];
  const end = first + rowCount[frame];
  if (kind[frame] === TRADES) {
    const { aggressor, priceTicks, sizeLots, tradeId, exchNs: tradedNs } = from.trades;
    for (let row = first; row < end; row++) {
      to.addTrade(aggressor[row], priceTicks[row], sizeLots[row], tradeId[row], tradedNs[row] + shiftNs);
    }
  } else {
    const { side, priceTicks, sizeLots, orders } = from.levels;
    for (let row = first; row < end; row++) to.addLevel(side[row], priceTicks[row], sizeLots[row], orders[row]);
  }
  to.endFrame(kind[frame], feed[frame], instrument[frame], flags, recvNs, exchNs, 0, 0);
}

interface Sliceable<T> {
  slice(start: number, end: number): T;
}

/** A copy of the first `rows` rows of each column. */
function sliced<Columns extends object>(columns: Columns, rows: number): Columns {
  const copies = Object.entries<Sliceable<unknown>>(columns as Record<string, Sliceable<unknown>>).map(
    ([name, column]) => [name, column.slice(0, rows)] as const,
  );
  return Object.fromEntries(copies) as Columns;
}
