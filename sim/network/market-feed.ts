/**
 * The market connection, from the exchange to the core: frames of the tape at their recorded receive times, and what the
 * exchange makes for a new subscriber. Silences lie between it and the core.
 */
import { FEED_INDEX, FEEDS, type Feed, type LevelColumns } from '../../core/market.ts';
import type { AllMidsMessage, AssetContext, AssetContextMessage } from '../../core/port.ts';
import { FLAG_BACKLOG } from '../../recordings/tape.ts';
import { itemOf, type MarketItem, type MarketMessage } from '../faults/market-item.ts';
import { CLASS_DELIVERY } from '../kernel/kernel.ts';
import { FAST_BOOK_DEPTH } from '../market/publishing.ts';
import type { RunState } from '../run-state.ts';

/** How many trades the exchange repeats to a new subscriber (hyperliquid, section 1.4: recent trades, not flagged). */
const TRADE_BACKLOG_ROWS = 30;

/** Detail of a delivery's digest record: what became of the frame. What is in a fault's hands may come later, or otherwise. */
const DELIVERED = 0;
const NOT_FOR_US = 1;
const FAULTED = 2;

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
    const outcome = !isForUs ? NOT_FOR_US : run.faults.covers(feed) ? FAULTED : DELIVERED;
    const book = run.exchange.book(instrument);
    const rows = frames.rowCount[frame];
    run.recordEvent(CLASS_DELIVERY, feed, rows, book.bestBidTicks, book.bestAskTicks, outcome);
    if (outcome === NOT_FOR_US) return;
    const sequence = run.connections.nextSequence(feed, instrument);
    if (outcome === DELIVERED) this.#deliverFrame(frame, sequence);
    else this.#deliver(run.faults.market({ type: 'frame', feed, instrument, frame, sequence }));
  }

  #deliver(item: MarketItem | null): void {
    if (item === null) return;
    if (item.type === 'frame') this.#deliverFrame(item.frame, item.sequence);
    else this.#arrive(item.message, item.feed, item.instrument);
  }

  /** What the fault of this number kept back or made: those after it in the plan are asked, then it comes through. */
  passOn(index: number, item: MarketItem): void {
    if (this.#isWanted(item)) this.#deliver(this.#run.faults.marketAfter(index, item));
  }

  /** What a fault that is over kept back comes through, if no other has something to say. */
  release(item: MarketItem): void {
    if (this.#isWanted(item)) this.#deliver(this.#run.faults.market(item));
  }

  /** Whether somebody still listens. */
  #isWanted(item: MarketItem): boolean {
    const { connections, tape } = this.#run;
    return item.type === 'frame'
      ? connections.isLive(item.feed, item.instrument, tape.frames.exchNs[item.frame])
      : connections.isSubscribed(FEEDS[item.feed], item.instrument);
  }

  /** The first message after a subscription: the book as it stands now, or the trades of late. */
  sendFirst(feed: Feed, instrument: number): void {
    if (feed === 'l2Book' || feed === 'fastBook') this.#sendBook(feed, instrument);
    else if (feed === 'trades') this.#sendTradeBacklog(instrument);
  }

  #sendBook(feed: 'l2Book' | 'fastBook', instrument: number): void {
    const run = this.#run;
    const frame = run.exchange.bookFrame(instrument);
    if (frame === null) return;
    const { levels } = frame;
    this.#deliverMessage({
      kind: 'book',
      nowNs: run.nowNs,
      feed,
      instrument,
      exchNs: run.nowNs,
      sequence: run.connections.nextSequence(FEED_INDEX[feed], instrument),
      updateId: frame.updateId,
      previousUpdateId: 0,
      isSnapshot: true,
      levels,
      first: 0,
      count: feed === 'fastBook' ? cutLevels(levels, frame.count, FAST_BOOK_DEPTH) : frame.count,
    });
  }

  #sendTradeBacklog(instrument: number): void {
    const run = this.#run;
    const trades = run.market.recentTrades(instrument, TRADE_BACKLOG_ROWS);
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
    const instrument = run.tape.frames.instrument[frame];
    run.connections.delivered(feed, instrument, run.nowNs);
    run.observers.delivered(run.nowNs, run.event, FEEDS[feed], instrument);
    run.coreProcess.arriveFrame(run.nowNs, frame, sequence);
  }

  /** The exchange sends an asset's context; it arrives at `recvNs`. */
  sendContext(instrument: number, recvNs: number, context: AssetContext): void {
    const { connections, nowNs } = this.#run;
    const sequence = connections.nextSequence(FEED_INDEX.activeAssetCtx, instrument);
    this.#send({ kind: 'asset-context', nowNs: recvNs, instrument, exchNs: nowNs, sequence, context });
  }

  /** The exchange sends all mids; they arrive at `recvNs`. */
  sendMids(recvNs: number, midTicks: readonly number[]): void {
    const { connections, nowNs } = this.#run;
    const sequence = connections.nextSequence(FEED_INDEX.allMids, 0);
    this.#send({ kind: 'all-mids', nowNs: recvNs, exchNs: nowNs, sequence, midTicks });
  }

  #send(message: AllMidsMessage | AssetContextMessage): void {
    const { connections, kernel } = this.#run;
    const epoch = connections.epoch('market');
    kernel.schedule(message.nowNs, CLASS_DELIVERY, { kind: 'market-message', epoch, message });
  }

  /** A message that was sent arrives, if its connection is still the same and somebody listens. */
  messageArrives(epoch: number, message: AllMidsMessage | AssetContextMessage): void {
    const { connections } = this.#run;
    if (epoch === connections.epoch('market') && this.#isWanted(itemOf(message))) this.#deliverMessage(message);
  }

  #deliverMessage(message: MarketMessage): void {
    const { faults } = this.#run;
    const item = itemOf(message);
    this.#deliver(faults.covers(item.feed) ? faults.market(item) : item);
  }

  #arrive(message: MarketMessage, feed: number, instrument: number): void {
    const run = this.#run;
    run.connections.delivered(feed, instrument, run.nowNs);
    run.observers.delivered(run.nowNs, run.event, FEEDS[feed], instrument);
    run.coreProcess.arrive(run.nowNs, message);
  }
}

/** Keeps the best `depth` levels a side, in place, and answers how many that are. */
function cutLevels(levels: LevelColumns, count: number, depth: number): number {
  const seen = [0, 0];
  let kept = 0;
  for (let row = 0; row < count; row++) {
    const side = levels.side[row];
    if (seen[side]++ >= depth) continue;
    levels.side[kept] = side;
    levels.priceTicks[kept] = levels.priceTicks[row];
    levels.sizeLots[kept] = levels.sizeLots[row];
    levels.orders[kept] = levels.orders[row];
    kept++;
  }
  return kept;
}
