/** Market messages in the hands of a fault that alters them. What the tape or the exchange holds stays as it is. */
import { FEED_INDEX, FEEDS, type LevelColumns, type TradeColumns } from '../../core/market.ts';
import type { BookMessage, TradesMessage } from '../../core/port.ts';
import { SNAPSHOT, TRADES } from '../../recordings/tape.ts';
import { type DigestChain, RECORD_ROW } from '../kernel/digest.ts';
import type { MarketFrames } from '../market/frames.ts';
import type { MarketItem, MarketMessage } from './market-item.ts';

/** A message of its own, with rows from 0: every part of it may be changed. */
export function copyOf(item: MarketItem, tape: MarketFrames): MarketMessage {
  if (item.type === 'message') return copyOfMessage(item.message);
  const { frames } = tape;
  const { frame, instrument, sequence } = item;
  const first = frames.firstRow[frame];
  const count = frames.rowCount[frame];
  const exchNs = frames.exchNs[frame];
  if (frames.kind[frame] === TRADES) {
    const trades = copyOfTrades(tape.trades, first, count);
    return { kind: 'trades', nowNs: 0, feed: 'trades', instrument, exchNs, sequence, trades, first: 0, count };
  }
  return {
    kind: 'book',
    nowNs: 0,
    feed: FEEDS[item.feed] as BookMessage['feed'],
    instrument,
    exchNs,
    sequence,
    updateId: frames.updateId[frame],
    previousUpdateId: frames.previousUpdateId[frame],
    isSnapshot: frames.kind[frame] === SNAPSHOT,
    levels: copyOfLevels(tape.levels, first, count),
    first: 0,
    count,
  };
}

function copyOfMessage(message: MarketMessage): MarketMessage {
  switch (message.kind) {
    case 'book':
      return { ...message, levels: copyOfLevels(message.levels, message.first, message.count), first: 0 };
    case 'trades':
      return { ...message, trades: copyOfTrades(message.trades, message.first, message.count), first: 0 };
    case 'all-mids':
      return { ...message, midTicks: [...message.midTicks] };
    case 'asset-context':
      return { ...message, context: { ...message.context } };
  }
}

function copyOfLevels(levels: LevelColumns, first: number, count: number): LevelColumns {
  const end = first + count;
  return {
    side: levels.side.slice(first, end),
    priceTicks: levels.priceTicks.slice(first, end),
    sizeLots: levels.sizeLots.slice(first, end),
    orders: levels.orders.slice(first, end),
  };
}

function copyOfTrades(trades: TradeColumns, first: number, count: number): TradeColumns {
  const end = first + count;
  return {
    aggressor: trades.aggressor.slice(first, end),
    priceTicks: trades.priceTicks.slice(first, end),
    sizeLots: trades.sizeLots.slice(first, end),
    tradeId: trades.tradeId.slice(first, end),
    exchNs: trades.exchNs.slice(first, end),
  };
}

/** Room for 16 feeds beside the instrument. */
const FEED_SLOTS = 16;

/** Writes a message that was altered into the digest, row by row. */
export function recordAltered(message: BookMessage | TradesMessage, digest: DigestChain, nowNs: number): void {
  const rows = message.kind === 'book' ? message.levels : message.trades;
  const sides = message.kind === 'book' ? message.levels.side : message.trades.aggressor;
  const source = FEED_INDEX[message.feed] + FEED_SLOTS * message.instrument;
  for (let row = message.first; row < message.first + message.count; row++) {
    digest.record(RECORD_ROW, nowNs, sides[row], source, rows.priceTicks[row], 0, 0, rows.sizeLots[row]);
  }
}
