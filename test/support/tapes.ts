/** Small tapes for tests, made by hand or by repeating a real one. */
import { ASK, BID, FEED_INDEX, type Instrument } from '../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import { FLAG_NONE, SNAPSHOT, type Tape, TRADES } from '../../recordings/tape.ts';
import { TapeBuilder } from '../../recordings/tape-builder.ts';

/** BTC on Hyperliquid: tick 0.1, lot 0.00001. */
export const BTC: Instrument = {
  symbol: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  significantFigures: 5,
  minNotionalUsd: 10,
};

export interface ScriptedFrame {
  /** Receive time, and exchange time (100 ms before, where it is not given), ms since the origin. */
  atMs: number;
  exchMs?: number;
  /** Touch in ticks; five levels a side of 100,000 lots, 10 ticks apart. */
  book?: [bidTicks: number, askTicks: number];
  trade?: { aggressor: typeof BID | typeof ASK; priceTicks: number; sizeLots: number };
}

/** 2024-01-01 12:00:00 UTC, in seconds since 1970. */
const ORIGIN_S = 1_704_110_400;

export function scriptedTape(frames: readonly ScriptedFrame[], name = 'scripted'): Tape {
  const builder = new TapeBuilder();
  const originMs = ORIGIN_S * 1_000;
  frames.forEach(({ atMs, exchMs = atMs - 100, book, trade }, index) => {
    const recvNs = builder.receive(ORIGIN_S + Math.floor(atMs / 1_000), (atMs % 1_000) * NS_PER_MS);
    const exchNs = builder.exchange(originMs + exchMs);
    if (book !== undefined) {
      for (let level = 0; level < 5; level++) builder.addLevel(BID, book[0] - 10 * level, 100_000, 1);
      for (let level = 0; level < 5; level++) builder.addLevel(ASK, book[1] + 10 * level, 100_000, 1);
      builder.endFrame(SNAPSHOT, FEED_INDEX.l2Book, 0, FLAG_NONE, recvNs, exchNs, 0, 0);
    }
    if (trade !== undefined) {
      builder.addTrade(trade.aggressor, trade.priceTicks, trade.sizeLots, index + 1, exchNs);
      builder.endFrame(TRADES, FEED_INDEX.trades, 0, FLAG_NONE, recvNs, exchNs, 0, 0);
    }
  });
  return builder.finish({ name, format: 'scripted', file: name, recorded: false, instruments: [BTC] });
}

/** A book every 500 ms around a mid that `midTicks` gives for each time, ms. */
export function steadyTape(seconds: number, midTicks: (atMs: number) => number): Tape {
  const frames: ScriptedFrame[] = [];
  for (let atMs = 0; atMs <= seconds * 1_000; atMs += 500) {
    const mid = Math.round(midTicks(atMs) / 10) * 10;
    frames.push({ atMs, book: [mid - 10, mid + 10] });
  }
  return scriptedTape(frames, 'steady');
}

/** The tape `times` times, one copy after the other. */
export function repeatTape(tape: Tape, times: number): Tape {
  const { frames, levels, trades } = tape;
  const count = frames.recvNs.length;
  const spanNs = frames.recvNs[count - 1] + NS_PER_S;
  const builder = new TapeBuilder();
  for (let copy = 0; copy < times; copy++) {
    for (let frame = 0; frame < count; frame++) {
      const first = frames.firstRow[frame];
      const end = first + frames.rowCount[frame];
      const shiftNs = copy * spanNs;
      if (frames.kind[frame] === TRADES) {
        for (let row = first; row < end; row++) {
          const { aggressor, priceTicks, sizeLots, tradeId, exchNs } = trades;
          builder.addTrade(aggressor[row], priceTicks[row], sizeLots[row], tradeId[row], exchNs[row] + shiftNs);
        }
      } else {
        for (let row = first; row < end; row++) {
          builder.addLevel(levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]);
        }
      }
      builder.endFrame(
        frames.kind[frame],
        frames.feed[frame],
        frames.instrument[frame],
        frames.flags[frame],
        frames.recvNs[frame] + shiftNs,
        frames.exchNs[frame] + shiftNs,
        frames.updateId[frame],
        frames.previousUpdateId[frame],
      );
    }
  }
  return builder.finish({ ...tape.source, name: `${tape.name} x ${times}`, instruments: tape.instruments });
}
