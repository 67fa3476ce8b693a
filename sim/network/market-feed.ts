/**
 * The market connection, from the exchange to the core: frames of the tape at their recorded receive times, and what the
 * exchange makes for a new subscriber. Silences lie between it and the core.
 */
import { FEED_INDEX, FEEDS, type Feed } from '../../core/market.ts';
import type { BookMessage, TradesMessage } from '../../core/port.ts';
import { FLAG_BACKLOG } from '../../recordings/tape.ts';
import type { Withheld } from '../faults/overlays.ts';
import { CLASS_DELIVERY } from '../kernel/kernel.ts';
import type { RunState } from '../run-state.ts';
import { recentTrades } from './recent-trades.ts';

/** How many trades the exchange repeats to a new subscriber (hyperliquid, section 1.4: recent trades, not flagged). */
const TRADE_BACKLOG_ROWS = 30;

/** Detail of a delivery's digest record: what became of the frame. */
const DELIVERED = 0;
const NOT_FOR_US = 1;
const WITHHELD = 2;

export class MarketFeed<CoreSettings> {
  readonly #run: RunState<CoreSettings>;

  constructor(run: RunState<CoreSettings>) {
    this.#run = run;
  }

  /** The next frame of the tape in receive order. */
  frameReceived(frame: number): void {
    const run = this.#run;
    const { frames } = run.tape;
    const feed = frames.feed[frame];
    const instrument = frames.instrument[frame];
    // A backlog frame answered the recorder's own subscription; the core's subscription has its own (`subscribed`).
    const isForUs =
      (frames.flags[frame] & FLAG_BACKLOG) === 0 && run.connections.isLive(feed, instrument, frames.exchNs[frame]);
    const silence = isForUs ? run.faults.silenceOf(feed) : -1;
    const outcome = !isForUs ? NOT_FOR_US : silence >= 0 ? WITHHELD : DELIVERED;
    const book = run.exchange.book(instrument);
    const rows = frames.rowCount[frame];
    run.recordEvent(CLASS_DELIVERY, feed, rows, book.bestBidTicks, book.bestAskTicks, outcome);
    if (outcome === NOT_FOR_US) return;
    const sequence = run.connections.nextSequence(feed, instrument);
    if (outcome === DELIVERED) this.#deliverFrame(frame, sequence);
    else this.#withhold(silence, feed, instrument, { type: 'frame', frame, sequence });
  }

  /** What a silence kept back comes through, if somebody still listens and no other silence covers the feed. */
  release(item: Withheld): void {
    const { connections, faults, tape } = this.#run;
    if (item.type === 'message') {
      if (connections.isSubscribed(item.message.feed, item.message.instrument)) this.#deliverMessage(item.message);
      return;
    }
    const feed = tape.frames.feed[item.frame];
    const instrument = tape.frames.instrument[item.frame];
    if (!connections.isLive(feed, instrument, tape.frames.exchNs[item.frame])) return;
    const silence = faults.silenceOf(feed);
    if (silence >= 0) this.#withhold(silence, feed, instrument, item);
    else this.#deliverFrame(item.frame, item.sequence);
  }

  /** The first message after a subscription: the book as it stands now, or the trades of late. */
  sendFirst(feed: Feed, instrument: number): void {
    if (feed === 'l2Book') this.#sendBook(instrument);
    else if (feed === 'trades') this.#sendTradeBacklog(instrument);
  }

  #sendBook(instrument: number): void {
    const run = this.#run;
    const frame = run.exchange.bookFrame(instrument);
    if (frame === null) return;
    this.#deliverMessage({
      kind: 'book',
      nowNs: run.nowNs,
      feed: 'l2Book',
      instrument,
      exchNs: run.nowNs,
      sequence: run.connections.nextSequence(FEED_INDEX.l2Book, instrument),
      updateId: frame.updateId,
      previousUpdateId: 0,
      isSnapshot: true,
      levels: frame.levels,
      first: 0,
      count: frame.count,
    });
  }

  #sendTradeBacklog(instrument: number): void {
    const run = this.#run;
    const trades = recentTrades(run.tape, run.exchangeCursor.position, instrument, TRADE_BACKLOG_ROWS);
    const count = trades.tradeId.length;
    if (count === 0) return;
    this.#deliverMessage({
      kind: 'trades',
      nowNs: run.nowNs,
      feed: 'trades',
      instrument,
      exchNs: trades.exchNs[count - 1],
      sequence: run.connections.nextSequence(FEED_INDEX.trades, instrument),
      trades,
      first: 0,
      count,
    });
  }

  #deliverFrame(frame: number, sequence: number): void {
    const run = this.#run;
    const feed = run.tape.frames.feed[frame];
    run.connections.delivered(feed, run.nowNs);
    run.observers.delivered(run.nowNs, run.event, FEEDS[feed], run.tape.frames.instrument[frame]);
    run.coreProcess.arriveFrame(run.nowNs, frame, sequence);
  }

  #deliverMessage(message: BookMessage | TradesMessage): void {
    const run = this.#run;
    const feed = FEED_INDEX[message.feed];
    const silence = run.faults.silenceOf(feed);
    if (silence >= 0) {
      this.#withhold(silence, feed, message.instrument, { type: 'message', message });
      return;
    }
    run.connections.delivered(feed, run.nowNs);
    run.observers.delivered(run.nowNs, run.event, message.feed, message.instrument);
    run.coreProcess.arrive(run.nowNs, message);
  }

  #withhold(index: number, feed: number, instrument: number, item: Withheld): void {
    this.#run.faults.withhold(index, feed, instrument, item);
    this.#run.faultTookEffect(index, `withheld a frame of ${FEEDS[feed]}`);
  }
}
