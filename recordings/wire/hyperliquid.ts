/**
 * Market frames in Hyperliquid's wire format (hyperliquid, sections 1.2 and 1.5): what the decoder reads, written. Compact JSON,
 * keys in the exchange's order, prices and sizes as text, times in whole milliseconds.
 */
import { BID, FEED_INDEX, type Instrument, type LevelColumns } from '../../core/market.ts';
import { type Tape, TRADES } from '../tape.ts';
import { decimalText } from './decimal-text.ts';

/** A transaction that is not named: the exchange itself sends zeros for some (hyperliquid, section 1.5). */
const NO_HASH = `0x${'0'.repeat(64)}`;
const NO_USER = `0x${'0'.repeat(40)}`;

/** The exchange's clock, whole ms since 1970, at a time in ns since the tape's origin. */
export type ClockMs = (atNs: number) => number;

/** The wire's name of each feed that a tape can hold, and what its subscription asks for beside the coin. */
const SUBSCRIPTIONS: Readonly<Record<number, { type: string; extra: string; echo: string }>> = {
  [FEED_INDEX.l2Book]: { type: 'l2Book', extra: '', echo: ',"nSigFigs":null,"mantissa":null' },
  [FEED_INDEX.fastBook]: {
    type: 'l2Book',
    extra: ',"fast":true',
    echo: ',"nSigFigs":null,"mantissa":null,"fast":true',
  },
  [FEED_INDEX.bbo]: { type: 'bbo', extra: '', echo: '' },
  [FEED_INDEX.trades]: { type: 'trades', extra: '', echo: '' },
};

/** The request for a feed of market data, and the exchange's answer. */
export function subscriptionFrames(feed: number, symbol: string): { request: string; answer: string } {
  const { type, extra, echo } = SUBSCRIPTIONS[feed];
  const head = `{"type":"${type}","coin":${JSON.stringify(symbol)}`;
  return {
    request: `{"method":"subscribe","subscription":${head}${extra}}}`,
    answer: `{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":${head}${echo}}}}`,
  };
}

/**
 * A frame of a tape as it was, or would have been, on the wire. Only books that are snapshots, bests and trades have a form
 * there. `clockMs`: the exchange's clock, ms since 1970, at a time of the tape, whole.
 */
export function wireFrame(tape: Tape, frame: number, clockMs: ClockMs): string {
  const { frames } = tape;
  const instrument = tape.instruments[frames.instrument[frame]];
  const first = frames.firstRow[frame];
  const count = frames.rowCount[frame];
  if (frames.kind[frame] === TRADES) return tradesFrame(tape, instrument, first, count, clockMs);
  const timeMs = clockMs(frames.exchNs[frame]);
  const feed = frames.feed[frame];
  if (feed === FEED_INDEX.bbo) return bboFrame(instrument, timeMs, tape.levels, first, count);
  return bookFrame(instrument, timeMs, tape.levels, first, count, feed === FEED_INDEX.fastBook);
}

function bookFrame(
  instrument: Instrument,
  timeMs: number,
  levels: LevelColumns,
  first: number,
  count: number,
  isFast: boolean,
): string {
  const end = first + count;
  let asks = first;
  while (asks < end && levels.side[asks] === BID) asks++;
  const bids = levelList(instrument, levels, first, asks);
  const fast = isFast ? ',"fast":true' : '';
  const coin = JSON.stringify(instrument.symbol);
  return `{"channel":"l2Book","data":{"coin":${coin},"time":${timeMs},"levels":[[${bids}],[${levelList(instrument, levels, asks, end)}]]${fast}}}`;
}

function levelList(instrument: Instrument, levels: LevelColumns, first: number, end: number): string {
  let text = '';
  for (let row = first; row < end; row++) text += (row === first ? '' : ',') + levelText(instrument, levels, row);
  return text;
}

function bboFrame(instrument: Instrument, timeMs: number, levels: LevelColumns, first: number, count: number): string {
  let bid = 'null';
  let ask = 'null';
  for (let row = first; row < first + count; row++) {
    if (levels.side[row] === BID) bid = levelText(instrument, levels, row);
    else ask = levelText(instrument, levels, row);
  }
  const coin = JSON.stringify(instrument.symbol);
  return `{"channel":"bbo","data":{"coin":${coin},"time":${timeMs},"bbo":[${bid},${ask}]}}`;
}

function levelText({ priceDecimals, sizeDecimals }: Instrument, levels: LevelColumns, row: number): string {
  const px = decimalText(levels.priceTicks[row], priceDecimals);
  const sz = decimalText(levels.sizeLots[row], sizeDecimals);
  return `{"px":"${px}","sz":"${sz}","n":${levels.orders[row]}}`;
}

function tradesFrame(tape: Tape, instrument: Instrument, first: number, count: number, clockMs: ClockMs): string {
  const { aggressor, priceTicks, sizeLots, tradeId, exchNs } = tape.trades;
  const coin = JSON.stringify(instrument.symbol);
  const items: string[] = [];
  for (let row = first; row < first + count; row++) {
    const side = aggressor[row] === BID ? 'B' : 'A';
    const px = decimalText(priceTicks[row], instrument.priceDecimals);
    const sz = decimalText(sizeLots[row], instrument.sizeDecimals);
    const time = clockMs(exchNs[row]);
    items.push(
      `{"coin":${coin},"side":"${side}","px":"${px}","sz":"${sz}","time":${time},"hash":"${NO_HASH}","tid":${tradeId[row]},"users":["${NO_USER}","${NO_USER}"]}`,
    );
  }
  return `{"channel":"trades","data":[${items.join(',')}]}`;
}
