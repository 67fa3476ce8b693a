/**
 * A recorded market: it moves as it did, in exchange order, and its frames arrive as they did, in receive order. Actions are
 * carried out when they arrive: a recording does not show the exchange's blocks.
 */
import type { TradeColumns } from '../../core/market.ts';
import type { Tape } from '../../recordings/tape.ts';
import type { ExchangeSettings } from '../exchange/exchange.ts';
import { ReplayExchange } from '../exchange/replay/replay-exchange.ts';
import { exchangeCursor, type FeedCursor, receiveCursor } from '../feed-cursors.ts';
import { recentTrades } from '../network/recent-trades.ts';
import type { ArrivedPost, Market, MarketHandlers } from './market.ts';

interface ReplayMarketState {
  exchangePosition: number;
  receivePosition: number;
  exchange: unknown;
}

export class ReplayMarket implements Market {
  readonly hasBlocks = false;
  readonly tape: Tape;
  readonly exchange: ReplayExchange;
  readonly sources: readonly FeedCursor[];
  readonly #fromNs: number;
  readonly #handlers: MarketHandlers;
  readonly #exchangeCursor: FeedCursor;
  readonly #receiveCursor: FeedCursor;

  constructor(tape: Tape, fromNs: number, settings: ExchangeSettings, handlers: MarketHandlers) {
    const { instruments } = tape;
    this.tape = tape;
    this.#fromNs = fromNs;
    this.#handlers = handlers;
    this.exchange = new ReplayExchange(instruments, settings, handlers.exchange);
    this.#exchangeCursor = exchangeCursor(tape, frame => this.#moves(frame));
    this.#receiveCursor = receiveCursor(tape, fromNs, handlers.frameReceived);
    this.sources = [this.#exchangeCursor, this.#receiveCursor];
  }

  get instruments(): Tape['instruments'] {
    return this.tape.instruments;
  }

  get identity(): string {
    return this.tape.identity;
  }

  /** What happened before the run begins made the book that it begins with. */
  begin(): void {
    const cursor = this.#exchangeCursor;
    while (cursor.headNs < this.#fromNs) {
      const nowNs = cursor.headNs;
      this.exchange.moveMarket(nowNs, this.tape, cursor.next());
    }
  }

  #moves(frame: number): void {
    const { exchange, tape } = this;
    const { exchNs, feed, instrument, rowCount } = tape.frames;
    const nowNs = exchNs[frame];
    exchange.moveMarket(nowNs, tape, frame);
    const book = exchange.book(instrument[frame]);
    this.#handlers.moved(feed[frame], rowCount[frame], instrument[frame], book.bestBidTicks, book.bestAskTicks);
    exchange.fillOwnOrders(nowNs, tape, frame);
    this.#handlers.settled();
  }

  submit(nowNs: number, post: ArrivedPost): void {
    const reply = this.exchange.handleAction(nowNs, post.nonce, post.action, post.expiresAfterNs);
    this.#handlers.answered(post, reply);
    this.#handlers.settled();
  }

  fillOutOfTurn(nowNs: number, oid: number, lots: number): number {
    this.exchange.passTime(nowNs);
    const filledLots = this.exchange.fillOutOfTurn(nowNs, oid, lots);
    this.exchange.settle(nowNs);
    this.#handlers.settled();
    return filledLots;
  }

  displacePrice(): void {
    throw new TypeError('a recorded market moves as it did');
  }

  hideInterest(): void {
    throw new TypeError('a recorded market tells of the open interest that there was');
  }

  recentTrades(instrument: number, limit: number): TradeColumns {
    return recentTrades(this.tape, this.tape.exchangeOrder, this.#exchangeCursor.position, instrument, limit);
  }

  snapshot(): ReplayMarketState {
    return {
      exchangePosition: this.#exchangeCursor.position,
      receivePosition: this.#receiveCursor.position,
      exchange: this.exchange.snapshot(),
    };
  }

  restore(from: unknown): void {
    const state = from as ReplayMarketState;
    this.#exchangeCursor.position = state.exchangePosition;
    this.#receiveCursor.position = state.receivePosition;
    this.exchange.restore(state.exchange);
  }
}
