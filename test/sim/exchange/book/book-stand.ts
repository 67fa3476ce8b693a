/** An exchange with books of single orders, and everything that it tells. */
import type { Instrument, Side } from '../../../../core/market.ts';
import type { Action, PlaceOrder, PostItem } from '../../../../core/port.ts';
import { type MarginChecks, NO_MARGIN_CHECKS } from '../../../../sim/exchange/account.ts';
import { BookVenue } from '../../../../sim/exchange/book/book-venue.ts';
import { BACKGROUND } from '../../../../sim/exchange/book/matching-engine.ts';
import { DEFAULT_EXCHANGE, Exchange, type ExchangeSettings } from '../../../../sim/exchange/exchange.ts';
import { Auditor } from '../auditor.ts';
import { COIN } from '../support.ts';

/** One public trade, and whose it was. */
export interface Told {
  side: Side;
  ticks: number;
  lots: number;
  tid: number;
  takerOwner: number;
  makerOwner: number;
}

export class BookStand {
  readonly journal = new Auditor();
  readonly trades: Told[] = [];
  readonly exchange: Exchange<BookVenue>;
  nowNs = 0;
  #nonce = 0;
  #cloid = 0;

  constructor(
    settings: Partial<ExchangeSettings> = {},
    instrument: Instrument = COIN,
    margin: Partial<MarginChecks> = {},
  ) {
    this.exchange = new Exchange(
      [instrument],
      { ...DEFAULT_EXCHANGE, ...settings },
      this.journal,
      account =>
        new BookVenue([instrument], account, {
          traded: (_nowNs, _instrument, side, ticks, lots, tid, takerOwner, makerOwner) =>
            this.trades.push({ side, ticks, lots, tid, takerOwner, makerOwner }),
        }),
    );
    this.exchange.account.holdAgainst({ ...NO_MARGIN_CHECKS, ...margin });
  }

  get engine() {
    return this.exchange.venue.engine(0);
  }

  /** Time goes on by one. */
  tick(): number {
    this.exchange.venue.beginBlock(++this.nowNs);
    return this.nowNs;
  }

  /** Somebody else's order rests. Returns its slot. */
  rest(side: Side, ticks: number, lots: number, owner = BACKGROUND): number {
    this.tick();
    return this.engine.rest(owner, side, ticks, lots);
  }

  /** Somebody else takes. */
  take(side: Side, ticks: number, lots: number, owner = BACKGROUND): number {
    this.tick();
    return this.engine.take(owner, side, ticks, lots);
  }

  act(action: Action): PostItem[] {
    return this.exchange.handleAction(this.tick(), ++this.#nonce, action).items;
  }

  order(side: Side, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PlaceOrder {
    const cloid = ++this.#cloid;
    return { cloid, instrument: 0, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly: false, ...more };
  }

  place(side: Side, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PostItem {
    return this.act({ type: 'order', orders: [this.order(side, priceTicks, sizeLots, more)] })[0];
  }

  modify(oid: number, side: Side, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PostItem {
    const order = this.order(side, priceTicks, sizeLots, more);
    return this.act({ type: 'batchModify', modifies: [{ oid, order }] })[0];
  }

  /** Rows of [side, price, size, orders]. */
  levels(depth = 20): number[][] {
    const { venue } = this.exchange;
    const { levels, count } = venue.bookFrame(0);
    return Array.from({ length: Math.min(count, 2 * depth) }, (_, row) => [
      levels.side[row],
      levels.priceTicks[row],
      levels.sizeLots[row],
      levels.orders[row],
    ]);
  }
}
