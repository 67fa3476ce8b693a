/**
 * A synthetic market: the flow of others' orders and our own actions meet in the exchange's blocks, and what the exchange
 * publishes of it is written onto a live tape.
 *
 *     flow ─────────┐
 *     our actions ──┴─→ block → matching engines → publisher → live tape → (latency) → receive cursor
 *
 * Everything that happens in a block has its time, also what the exchange does by itself: funding, the dead man's switch,
 * liquidation. Our orders rest in the same books as all others and have impact.
 */
import type { Instrument, TradeColumns } from '../../core/market.ts';
import type { Action } from '../../core/port.ts';
import { ACTION_CLASSES, type ActionClass, actionClass } from '../exchange/book/action-class.ts';
import { type BlockActions, BlockClock, BlockQueue } from '../exchange/book/blocks.ts';
import { BookVenue } from '../exchange/book/book-venue.ts';
import { Exchange, type ExchangeSettings } from '../exchange/exchange.ts';
import { CLASS_MARKET, type Source } from '../kernel/kernel.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Latency } from '../network/latency.ts';
import { recentTrades } from '../network/recent-trades.ts';
import { SyntheticMarket } from '../synthetic/synthetic-market.ts';
import { BlockTrades } from './block-trades.ts';
import { LiveCursor } from './live-cursor.ts';
import { LiveTape } from './live-tape.ts';
import { type ArrivedPost, BLOCK_STREAM, type Market, type MarketHandlers } from './market.ts';
import { Publisher } from './publisher.ts';
import { ALL_MIDS_NS, type PublishingSettings } from './publishing.ts';
import { type SyntheticPlan, syntheticIdentity } from './synthetic-plan.ts';

interface LiveMarketState {
  exchange: unknown;
  flow: unknown;
  clock: unknown;
  queue: unknown;
  trades: ReturnType<BlockTrades['snapshot']>;
  tape: ReturnType<LiveTape['snapshot']>;
  publisher: ReturnType<Publisher['snapshot']>;
  received: number;
  recvNs: number;
  midsNs: number;
  contexts: Float64Array;
}

export class LiveMarket implements Market, Source, BlockActions<ArrivedPost> {
  readonly hasBlocks = true;
  readonly instruments: readonly Instrument[];
  readonly identity: string;
  readonly tape = new LiveTape();
  readonly exchange: Exchange<BookVenue>;
  readonly sources: readonly Source[];
  readonly eventClass = CLASS_MARKET;
  /** Time of the next block. */
  headNs: number;
  readonly #handlers: MarketHandlers;
  readonly #latency: Latency;
  readonly #flow: SyntheticMarket;
  readonly #clock: BlockClock;
  readonly #queue = new BlockQueue<ArrivedPost>();
  readonly #trades: BlockTrades;
  readonly #publisher: Publisher;
  readonly #cursor: LiveCursor;
  /** When the newest frame arrives: no later one may arrive before. */
  #recvNs = 0;
  #midsNs = -Infinity;
  /** By instrument: version of the context that was told last. */
  readonly #contexts: Float64Array;
  /** By instrument: actions of the block under way. */
  readonly #acted: Float64Array;
  #blockNs = 0;

  constructor(
    plan: SyntheticPlan,
    span: { fromNs: number; toNs: number },
    exchange: ExchangeSettings,
    publishing: PublishingSettings,
    random: RandomStreams,
    latency: Latency,
    handlers: MarketHandlers,
  ) {
    const { instruments } = plan;
    this.instruments = instruments;
    this.identity = syntheticIdentity(plan);
    this.#handlers = handlers;
    this.#latency = latency;
    this.#trades = new BlockTrades(instruments.length);
    this.exchange = new Exchange(
      instruments,
      exchange,
      handlers.exchange,
      account =>
        new BookVenue(instruments, account, {
          traded: (atNs, instrument, side, ticks, lots, tid, takerOwner) => {
            this.#trades.add(instrument, side, ticks, lots, tid);
            this.#flow.traded(atNs, instrument, takerOwner, side, ticks, lots);
          },
        }),
    );
    const { venue } = this.exchange;
    const engines = instruments.map((_, instrument) => venue.engine(instrument));
    this.#flow = new SyntheticMarket(plan.parameters, instruments, engines, random, span.fromNs, span.toNs);
    this.#clock = new BlockClock(span.fromNs, random.stream('exchange.blocks'));
    this.headNs = this.#clock.nextNs;
    this.#publisher = new Publisher(this.tape, this.#trades, instruments.length, publishing);
    this.#cursor = new LiveCursor(this.tape, handlers.frameReceived);
    this.sources = [this, this.#cursor];
    this.#contexts = new Float64Array(instruments.length);
    this.#acted = new Float64Array(instruments.length);
  }

  begin(): void {
    this.#flow.open();
  }

  submit(nowNs: number, post: ArrivedPost): void {
    this.#queue.add(nowNs, actionClass(post.action), post);
  }

  /** The next block. */
  dispatch(): void {
    const blockNs = this.headNs;
    this.#blockNs = blockNs;
    this.#clock.advance();
    this.headNs = this.#clock.nextNs;
    this.#flow.advanceTo(blockNs);
    this.#handlers.blockBegins(this.#queue.count);
    this.exchange.venue.beginBlock(blockNs);
    this.exchange.passTime(blockNs);
    this.#countOthers();
    this.#reprice(blockNs);
    this.#queue.run(blockNs, this);
    this.#clear(blockNs);
    this.#tellMoves();
    this.#handlers.settled();
    this.#publish(blockNs);
  }

  /** What a fault has done to fair prices since the block before. */
  #reprice(blockNs: number): void {
    for (let instrument = 0; instrument < this.#acted.length; instrument++) {
      if (this.#flow.flows[instrument].reprice(blockNs)) this.#acted[instrument]++;
    }
  }

  displacePrice(instrument: number, fault: number, share: number): void {
    this.#flow.flows[instrument].displace(fault, share);
  }

  hideInterest(instrument: number, fault: number, share: number): void {
    this.#flow.flows[instrument].hideInterest(fault, share);
  }

  #countOthers(): void {
    for (let instrument = 0; instrument < this.#acted.length; instrument++) {
      const flow = this.#flow.flows[instrument];
      let count = 0;
      for (const kind of ACTION_CLASSES) count += flow.waiting(kind);
      this.#acted[instrument] = count;
    }
  }

  others(kind: ActionClass, untilNs: number): void {
    for (let instrument = 0; instrument < this.instruments.length; instrument++) {
      this.#flow.execute(instrument, kind, untilNs);
    }
  }

  own(post: ArrivedPost): void {
    countItems(post.action, this.#acted);
    const reply = this.exchange.handleAction(this.#blockNs, post.nonce, post.action, post.expiresAfterNs);
    this.#handlers.answered(post, reply);
  }

  /** New marks reach the account's margin, and what they leave without it is liquidated within the block. */
  #clear(blockNs: number): void {
    for (let instrument = 0; instrument < this.instruments.length; instrument++) {
      if (this.#flow.contextVersion(instrument) === this.#contexts[instrument]) continue;
      this.exchange.contextMoved(blockNs, instrument, this.#flow.context(instrument));
    }
    this.exchange.settle(blockNs);
  }

  #tellMoves(): void {
    for (let instrument = 0; instrument < this.#acted.length; instrument++) {
      const actions = this.#acted[instrument];
      if (actions === 0) continue;
      const book = this.exchange.book(instrument);
      this.#handlers.moved(BLOCK_STREAM, actions, instrument, book.bestBidTicks, book.bestAskTicks);
    }
  }

  #publish(blockNs: number): void {
    this.#recvNs = Math.max(this.#recvNs, blockNs + this.#latency.marketNs());
    for (let instrument = 0; instrument < this.instruments.length; instrument++) {
      this.#publisher.publish(instrument, this.exchange.book(instrument), blockNs, this.#recvNs);
      this.#tellContext(instrument);
    }
    this.#tellMids(blockNs);
    this.#cursor.readHead();
  }

  #tellContext(instrument: number): void {
    const version = this.#flow.contextVersion(instrument);
    if (version === this.#contexts[instrument]) return;
    this.#contexts[instrument] = version;
    if (!this.#handlers.wantsContext(instrument)) return;
    this.#handlers.contextSent(instrument, this.#recvNs, this.#flow.context(instrument));
  }

  #tellMids(blockNs: number): void {
    if (blockNs - this.#midsNs < ALL_MIDS_NS || !this.#handlers.wantsMids()) return;
    this.#midsNs = blockNs;
    this.#handlers.midsSent(
      this.#recvNs,
      this.instruments.map((_, instrument) => {
        const { bestBidTicks, bestAskTicks } = this.exchange.book(instrument);
        return bestBidTicks === 0 || bestAskTicks === 0 ? 0 : (bestBidTicks + bestAskTicks) / 2;
      }),
    );
  }

  /** Between two blocks. The trade is published with the next one. */
  fillOutOfTurn(nowNs: number, oid: number, lots: number): number {
    const order = this.exchange.account.orders.byOid(oid);
    if (order === undefined) return 0;
    const { instrument } = order;
    const filledLots = this.exchange.fillOutOfTurn(nowNs, oid, lots);
    const { bestAskTicks, bestBidTicks } = this.exchange.book(instrument);
    this.#handlers.moved(BLOCK_STREAM, 1, instrument, bestBidTicks, bestAskTicks);
    this.#handlers.settled();
    return filledLots;
  }

  recentTrades(instrument: number, limit: number): TradeColumns {
    return recentTrades(this.tape, null, this.tape.frameCount, instrument, limit);
  }

  /** Between two events, at which our own actions wait for their block, and trades of a marked aggressor to be published. */
  snapshot(): LiveMarketState {
    return {
      exchange: this.exchange.snapshot(),
      flow: this.#flow.snapshot(),
      clock: this.#clock.snapshot(),
      queue: this.#queue.snapshot(),
      trades: this.#trades.snapshot(),
      tape: this.tape.snapshot(),
      publisher: this.#publisher.snapshot(),
      received: this.#cursor.position,
      recvNs: this.#recvNs,
      midsNs: this.#midsNs,
      contexts: this.#contexts.slice(),
    };
  }

  restore(from: unknown): void {
    const state = from as LiveMarketState;
    this.exchange.restore(state.exchange);
    this.#flow.restore(state.flow);
    this.#clock.restore(state.clock);
    this.headNs = this.#clock.nextNs;
    this.#queue.restore(state.queue);
    this.#trades.restore(state.trades);
    this.tape.restore(state.tape);
    this.#publisher.restore(state.publisher);
    this.#cursor.position = state.received;
    this.#recvNs = state.recvNs;
    this.#midsNs = state.midsNs;
    this.#contexts.set(state.contexts);
  }
}

/** Adds the items of an action to the count of their instruments. */
function countItems(action: Action, counts: Float64Array): void {
  switch (action.type) {
    case 'order':
      for (const { instrument } of action.orders) counts[instrument]++;
      return;
    case 'cancel':
    case 'cancelByCloid':
      for (const { instrument } of action.cancels) counts[instrument]++;
      return;
    case 'batchModify':
      for (const { order } of action.modifies) counts[order.instrument]++;
  }
}
