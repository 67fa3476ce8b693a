/**
 * The exchange in replay mode.
 *
 * The recorded market moves as it did. Own orders are laid over it: they wait in its queues by a queue model and fill
 * when it trades (`replay-matching.ts`), but they have NO IMPACT: nobody else sees them, what they are filled with is
 * taken from nobody, and an order that takes does not use up the levels that it took. So the same recorded volume can
 * be taken twice, and results hold for sizes that the market would not have noticed. What remains of a GTC order rests
 * at its limit although the recording may go on showing the level there that it took: then the next frame of the book
 * fills the rest.
 *
 * Rules, texts and answers are Hyperliquid's (hyperliquid, sections 2 to 4). There is no latency in here: an action is
 * carried out when it is handed in, answers are returned, and everything else that happens is told to `ExchangeEvents`
 * in the order in which it happens. The same calls in the same order always give the same answers and events.
 */
import type { Book } from '../../core/book.ts';
import type { Instrument } from '../../core/market.ts';
import type { Action, OpenOrder, PostItem } from '../../core/port.ts';
import { BBO, FLAG_NONE, type Tape, TRADES } from '../../recordings/tape.ts';
import { Account, type ExchangeEvents } from './account.ts';
import { Nonces } from './nonces.ts';
import { OrderEntry } from './order-entry.ts';
import { duplicateNonce, ORDERS_ARE_EMPTY, overWeightLimit } from './order-rules.ts';
import { QUEUE_MODELS, type QueueModelName } from './queue-models.ts';
import { type BookFrame, RecordedBook } from './recorded-book.ts';
import { ReplayMatching } from './replay-matching.ts';

export type { ExchangeEvents } from './account.ts';
export type { BookFrame } from './recorded-book.ts';

export interface ExchangeSettings {
  readonly queueModel: QueueModelName;
  /** Negative: a rebate. */
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  /** Signed, by instrument. Without it every position starts flat. */
  readonly startPositionLots?: readonly number[];
  /** Most items of one action. */
  readonly maxBatch: number;
  readonly maxOpenOrders: number;
}

/** Hyperliquid's tier 0 (hyperliquid, section 6.1), its largest action (2.5) and its first cap on open orders (4). */
export const DEFAULT_EXCHANGE: ExchangeSettings = {
  queueModel: 'RiskAdverseQueueModel',
  makerFeeBps: 1.5,
  takerFeeBps: 4.5,
  maxBatch: 200,
  maxOpenOrders: 1000,
};

/** The answer to an action, as `PostReplyMessage` carries it. */
export interface ActionReply {
  error: string | null;
  items: PostItem[];
}

interface State {
  books: unknown[];
  account: unknown;
  nonces: unknown;
  entry: unknown;
}

export class ReplayExchange {
  readonly #settings: ExchangeSettings;
  readonly #events: ExchangeEvents;
  readonly #recorded: readonly RecordedBook[];
  readonly #account: Account;
  readonly #entry: OrderEntry;
  readonly #matching: ReplayMatching;
  readonly #nonces = new Nonces();

  constructor(instruments: readonly Instrument[], settings: ExchangeSettings, events: ExchangeEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#recorded = instruments.map(() => new RecordedBook());
    this.#account = new Account(instruments, settings, settings.startPositionLots ?? [], events);
    const model = QUEUE_MODELS[settings.queueModel];
    this.#matching = new ReplayMatching(this.#account, model);
    this.#entry = new OrderEntry(instruments, this.#recorded, this.#account, model, settings.maxOpenOrders, events);
  }

  /** The next frame in exchange order: the market moves, then the queues, then own orders fill. */
  applyFrame(nowNs: number, tape: Tape, frame: number): void {
    this.moveMarket(nowNs, tape, frame);
    this.fillOwnOrders(nowNs, tape, frame);
  }

  /** The first half of `applyFrame`: the recorded book moves and nothing else. */
  moveMarket(nowNs: number, tape: Tape, frame: number): void {
    const { kind, instrument } = tape.frames;
    if (kind[frame] !== TRADES) this.#recorded[instrument[frame]].applyFrame(nowNs, tape, frame);
  }

  /**
   * The second half: what the frame does to own orders. Trades that the exchange only repeated (backlog, sent twice)
   * traded nothing and are ignored.
   */
  fillOwnOrders(nowNs: number, tape: Tape, frame: number): void {
    const { instrument: instruments, kind, flags, firstRow, rowCount, exchNs } = tape.frames;
    const instrument = instruments[frame];
    if (!this.#account.orders.any(instrument)) return;
    if (kind[frame] !== TRADES) {
      this.#matching.bookMoved(nowNs, exchNs[frame], instrument, this.#recorded[instrument], kind[frame] === BBO);
    } else if (flags[frame] === FLAG_NONE) {
      this.#matching.traded(nowNs, instrument, tape.trades, firstRow[frame], rowCount[frame]);
    }
  }

  /** Carries an action out, item by item in the order of the batch. */
  handleAction(nowNs: number, nonce: number, action: Action): ActionReply {
    if (!this.#nonces.use(nonce)) return this.#refuseWhole(action.type, duplicateNonce(nonce));
    const { maxBatch } = this.#settings;
    const size = batchSize(action);
    if (size === 0) return this.#refuseWhole(action.type, ORDERS_ARE_EMPTY);
    if (size > maxBatch) return this.#refuseWhole(action.type, overWeightLimit(maxBatch));
    return { error: null, items: this.#carryOut(nowNs, action) };
  }

  #carryOut(nowNs: number, action: Action): PostItem[] {
    const { orders } = this.#account;
    const entry = this.#entry;
    switch (action.type) {
      case 'order':
        return action.orders.map(order => entry.place(nowNs, order));
      case 'cancel':
        return action.cancels.map(item => entry.cancel(nowNs, action.type, item.instrument, orders.byOid(item.oid)));
      case 'cancelByCloid':
        return action.cancels.map(item =>
          entry.cancel(nowNs, action.type, item.instrument, orders.byCloid(item.cloid)),
        );
      case 'batchModify':
        return action.modifies.map(item => entry.modify(nowNs, item.oid, item.order));
    }
  }

  #refuseWhole(type: Action['type'], error: string): ActionReply {
    this.#events.rejected(type, error);
    return { error, items: [] };
  }

  /** All open orders in order of oid, fresh objects. */
  openOrders(): OpenOrder[] {
    return this.#account.orders.list();
  }

  /** Signed. */
  positionLots(instrument: number): number {
    return this.#account.positionLots(instrument);
  }

  /** The recorded book as it stands at the exchange, without our own orders. Read it, do not change it. */
  book(instrument: number): Book {
    return this.#recorded[instrument].book;
  }

  /** What a new subscriber of the book is sent; null before the first frame. */
  bookFrame(instrument: number): BookFrame | null {
    return this.#recorded[instrument].bookFrame();
  }

  snapshot(): unknown {
    const state: State = {
      books: this.#recorded.map(recorded => recorded.snapshot()),
      account: this.#account.snapshot(),
      nonces: this.#nonces.snapshot(),
      entry: this.#entry.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    for (const [instrument, recorded] of this.#recorded.entries()) recorded.restore(state.books[instrument]);
    this.#account.restore(state.account);
    this.#nonces.restore(state.nonces);
    this.#entry.restore(state.entry);
  }
}

function batchSize(action: Action): number {
  switch (action.type) {
    case 'order':
      return action.orders.length;
    case 'cancel':
    case 'cancelByCloid':
      return action.cancels.length;
    case 'batchModify':
      return action.modifies.length;
  }
}
