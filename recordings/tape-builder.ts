/**
 * Builds a tape frame by frame: rows first (`addLevel`, `addTrade`), then `endFrame`, which takes them as its own, or
 * `dropFrame`, which forgets them. Columns grow by doubling; nothing is allocated per row.
 *
 * The first frame's receive time is the origin. Receive times never fall on a tape: where the recorder's clock stepped
 * back, the frame keeps its place and gets the time of the frame before, and `clockStepsBack` counts it.
 */
import { ReplaybookError } from '../core/errors.ts';
import { type Instrument, type LevelColumns, newLevelColumns, type TradeColumns } from '../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../core/scale.ts';
import { orderByExchange } from './exchange-order.ts';
import { tapeIdentity } from './identity.ts';
import { type FrameColumns, type Tape, TRADES } from './tape.ts';

/**
 * Integers up to 104 days in nanoseconds are exact in a `number`. Times keep within half of that on either side of the
 * origin, so that the difference of any two is exact too, and an exchange time still is when the shift was taken off it.
 */
const LIMIT_NS = Math.floor(Number.MAX_SAFE_INTEGER / 2);
const MS_PER_S = 1_000;
/** Prices are kept as int32. */
export const MAX_PRICE_TICKS = 0x7fff_ffff;
/** Rows of one kind: list offsets are int32, and so are first rows. */
const MAX_ROWS = 0x7fff_ffff;

export interface TapeMeta {
  name: string;
  format: string;
  /** Name of the source file, without its folder. */
  file: string;
  recorded: boolean;
  instruments: readonly Instrument[];
}

export class TapeBuilder {
  frames = newFrameColumns(1_024);
  levels: LevelColumns = newLevelColumns(4_096);
  trades: TradeColumns = newTradeColumns(1_024);
  frameCount = 0;
  /** Rows written, those of the open frame included. Whoever fills `levels` directly counts up here. */
  levelRows = 0;
  tradeRows = 0;
  clockStepsBack = 0;
  /** Rows of frames already ended. */
  #endedLevelRows = 0;
  #endedTradeRows = 0;
  #originSeconds = 0;
  #originNanos = 0;
  #originMs = 0;
  #originNanosOfMs = 0;

  /** First row of the open frame. */
  get openLevelRow(): number {
    return this.#endedLevelRows;
  }

  get openTradeRow(): number {
    return this.#endedTradeRows;
  }

  /**
   * Receive time, ns since the origin, from whole seconds since 1970 and the nanoseconds in that second. Until a frame has
   * ended, each call sets the origin anew. Throws `format` for a time more than 52 days from the origin.
   */
  receive(seconds: number, nanos: number): number {
    if (this.frameCount === 0) {
      this.#originSeconds = seconds;
      this.#originNanos = nanos;
      this.#originMs = seconds * MS_PER_S + Math.floor(nanos / NS_PER_MS);
      this.#originNanosOfMs = nanos % NS_PER_MS;
      return 0;
    }
    return within((seconds - this.#originSeconds) * NS_PER_S + (nanos - this.#originNanos), 'receive time');
  }

  /** Exchange time, ns since the origin, from milliseconds since 1970. Throws as `receive`, which is called first. */
  exchange(ms: number): number {
    return within((ms - this.#originMs) * NS_PER_MS - this.#originNanosOfMs, 'exchange time');
  }

  /** Exchange time as `receive` takes its own: whole seconds since 1970 and the nanoseconds in that second. */
  exchangeAt(seconds: number, nanos: number): number {
    return within((seconds - this.#originSeconds) * NS_PER_S + (nanos - this.#originNanos), 'exchange time');
  }

  /** Makes room for `rows` more levels, so that they can be written to `levels` directly. */
  reserveLevels(rows: number): void {
    const needed = this.levelRows + rows;
    const capacity = this.levels.side.length;
    if (needed <= capacity) return;
    const rowsNow = grown(capacity, needed);
    const { side, priceTicks, sizeLots, orders } = this.levels;
    this.levels = {
      side: copied(new Uint8Array(rowsNow), side),
      priceTicks: copied(new Int32Array(rowsNow), priceTicks),
      sizeLots: copied(new Float64Array(rowsNow), sizeLots),
      orders: copied(new Uint32Array(rowsNow), orders),
    };
  }

  reserveTrades(rows: number): void {
    const needed = this.tradeRows + rows;
    const capacity = this.trades.aggressor.length;
    if (needed <= capacity) return;
    const rowsNow = grown(capacity, needed);
    const { aggressor, priceTicks, sizeLots, tradeId, exchNs } = this.trades;
    this.trades = {
      aggressor: copied(new Uint8Array(rowsNow), aggressor),
      priceTicks: copied(new Int32Array(rowsNow), priceTicks),
      sizeLots: copied(new Float64Array(rowsNow), sizeLots),
      tradeId: copied(new Float64Array(rowsNow), tradeId),
      exchNs: copied(new Float64Array(rowsNow), exchNs),
    };
  }

  addLevel(side: number, priceTicks: number, sizeLots: number, orders: number): void {
    this.reserveLevels(1);
    const row = this.levelRows++;
    this.levels.side[row] = side;
    this.levels.priceTicks[row] = priceTicks;
    this.levels.sizeLots[row] = sizeLots;
    this.levels.orders[row] = orders;
  }

  addTrade(aggressor: number, priceTicks: number, sizeLots: number, tradeId: number, exchNs: number): void {
    this.reserveTrades(1);
    const row = this.tradeRows++;
    this.trades.aggressor[row] = aggressor;
    this.trades.priceTicks[row] = priceTicks;
    this.trades.sizeLots[row] = sizeLots;
    this.trades.tradeId[row] = tradeId;
    this.trades.exchNs[row] = exchNs;
  }

  /** Ends the open frame and returns its number. */
  endFrame(
    kind: number,
    feed: number,
    instrument: number,
    flags: number,
    recvNs: number,
    exchNs: number,
    updateId: number,
    previousUpdateId: number,
  ): number {
    const frame = this.frameCount;
    if (frame === this.frames.recvNs.length) this.#growFrames();
    const { frames } = this;
    let received = recvNs;
    if (frame > 0 && received < frames.recvNs[frame - 1]) {
      received = frames.recvNs[frame - 1];
      this.clockStepsBack++;
    }
    frames.recvNs[frame] = received;
    frames.exchNs[frame] = exchNs;
    frames.kind[frame] = kind;
    frames.feed[frame] = feed;
    frames.instrument[frame] = instrument;
    frames.flags[frame] = flags;
    frames.updateId[frame] = updateId;
    frames.previousUpdateId[frame] = previousUpdateId;
    const isTrades = kind === TRADES;
    frames.firstRow[frame] = isTrades ? this.#endedTradeRows : this.#endedLevelRows;
    frames.rowCount[frame] = isTrades ? this.tradeRows - this.#endedTradeRows : this.levelRows - this.#endedLevelRows;
    this.#endedLevelRows = this.levelRows;
    this.#endedTradeRows = this.tradeRows;
    this.frameCount = frame + 1;
    return frame;
  }

  /** Forgets the rows added since the last frame ended. */
  dropFrame(): void {
    this.levelRows = this.#endedLevelRows;
    this.tradeRows = this.#endedTradeRows;
  }

  /**
   * Multiplies prices and sizes of an instrument's frames, because it turned out to have finer ticks or lots. Throws
   * `format`, and changes nothing, where a value would no longer fit.
   */
  rescale(instrument: number, priceFactor: number, sizeFactor: number): void {
    for (const write of [false, true]) {
      for (let frame = 0; frame < this.frameCount; frame++) {
        if (this.frames.instrument[frame] !== instrument) continue;
        const rows = this.frames.kind[frame] === TRADES ? this.trades : this.levels;
        const first = this.frames.firstRow[frame];
        const end = first + this.frames.rowCount[frame];
        for (let row = first; row < end; row++) {
          const ticks = rows.priceTicks[row] * priceFactor;
          const lots = rows.sizeLots[row] * sizeFactor;
          if (write) {
            rows.priceTicks[row] = ticks;
            rows.sizeLots[row] = lots;
          } else if (ticks > MAX_PRICE_TICKS || lots > Number.MAX_SAFE_INTEGER) {
            throw new ReplaybookError('format', 'more digits than fit beside the values seen before');
          }
        }
      }
    }
  }

  /**
   * The tape. Where the recorder's clock ran behind the exchange's, every receive time is moved by the smallest shift that
   * makes no latency negative; since the origin is a receive time and moves along, it is the exchange times that change.
   * The builder must not be used afterwards.
   */
  finish(meta: TapeMeta): Tape {
    const { frames, levels, trades } = this;
    const count = this.frameCount;
    let shiftNs = 0;
    for (let i = 0; i < count; i++) shiftNs = Math.max(shiftNs, frames.exchNs[i] - frames.recvNs[i]);
    if (shiftNs > 0) {
      for (let i = 0; i < count; i++) frames.exchNs[i] -= shiftNs;
      for (let row = 0; row < this.#endedTradeRows; row++) trades.exchNs[row] -= shiftNs;
    }
    const levelRows = this.#endedLevelRows;
    const tradeRows = this.#endedTradeRows;
    const exchNs = frames.exchNs.slice(0, count);
    const tape = {
      name: meta.name,
      originNs: this.#originText(shiftNs),
      source: { format: meta.format, file: meta.file, recvShiftNs: shiftNs, recorded: meta.recorded },
      instruments: meta.instruments,
      frames: {
        recvNs: frames.recvNs.slice(0, count),
        exchNs,
        kind: frames.kind.slice(0, count),
        feed: frames.feed.slice(0, count),
        instrument: frames.instrument.slice(0, count),
        flags: frames.flags.slice(0, count),
        updateId: frames.updateId.slice(0, count),
        previousUpdateId: frames.previousUpdateId.slice(0, count),
        firstRow: frames.firstRow.slice(0, count),
        rowCount: frames.rowCount.slice(0, count),
      },
      levels: {
        side: levels.side.slice(0, levelRows),
        priceTicks: levels.priceTicks.slice(0, levelRows),
        sizeLots: levels.sizeLots.slice(0, levelRows),
        orders: levels.orders.slice(0, levelRows),
      },
      trades: {
        aggressor: trades.aggressor.slice(0, tradeRows),
        priceTicks: trades.priceTicks.slice(0, tradeRows),
        sizeLots: trades.sizeLots.slice(0, tradeRows),
        tradeId: trades.tradeId.slice(0, tradeRows),
        exchNs: trades.exchNs.slice(0, tradeRows),
      },
      exchangeOrder: orderByExchange(exchNs),
    };
    return { ...tape, identity: tapeIdentity(tape) };
  }

  #originText(shiftNs: number): string {
    const origin = BigInt(this.#originSeconds) * BigInt(NS_PER_S) + BigInt(this.#originNanos) + BigInt(shiftNs);
    return origin.toString();
  }

  #growFrames(): void {
    const { frames } = this;
    const size = grown(this.frameCount, this.frameCount + 1);
    this.frames = {
      recvNs: copied(new Float64Array(size), frames.recvNs),
      exchNs: copied(new Float64Array(size), frames.exchNs),
      kind: copied(new Uint8Array(size), frames.kind),
      feed: copied(new Uint8Array(size), frames.feed),
      instrument: copied(new Uint16Array(size), frames.instrument),
      flags: copied(new Uint8Array(size), frames.flags),
      updateId: copied(new Float64Array(size), frames.updateId),
      previousUpdateId: copied(new Float64Array(size), frames.previousUpdateId),
      firstRow: copied(new Int32Array(size), frames.firstRow),
      rowCount: copied(new Int32Array(size), frames.rowCount),
    };
  }
}

function within(ns: number, what: string): number {
  if (ns >= -LIMIT_NS && ns <= LIMIT_NS) return ns;
  throw new ReplaybookError('format', `${what} lies more than 52 days from the first frame's receive time`);
}

function grown(capacity: number, needed: number): number {
  if (needed > MAX_ROWS) throw new ReplaybookError('format', 'more rows than a tape can hold (2,147,483,647)');
  return Math.min(MAX_ROWS, Math.max(needed, capacity * 2));
}

function copied<T extends { set(values: T): void }>(into: T, from: T): T {
  into.set(from);
  return into;
}

function newTradeColumns(rows: number): TradeColumns {
  return {
    aggressor: new Uint8Array(rows),
    priceTicks: new Int32Array(rows),
    sizeLots: new Float64Array(rows),
    tradeId: new Float64Array(rows),
    exchNs: new Float64Array(rows),
  };
}

function newFrameColumns(frames: number): FrameColumns {
  return {
    recvNs: new Float64Array(frames),
    exchNs: new Float64Array(frames),
    kind: new Uint8Array(frames),
    feed: new Uint8Array(frames),
    instrument: new Uint16Array(frames),
    flags: new Uint8Array(frames),
    updateId: new Float64Array(frames),
    previousUpdateId: new Float64Array(frames),
    firstRow: new Int32Array(frames),
    rowCount: new Int32Array(frames),
  };
}
