/**
 * A worked example of another core behind the port: one order a side, at a fixed distance from the mid. It shows all that a core has
 * to do to be run and judged, and nothing that only ours does.
 *
 *     npx replaybook run healthy/tape --core dist/test/example-core/one-quote.js
 *
 * A module that `--core` can load exports `createCore`. It gets the world (`host`), the settings under `core` of the scenario, and
 * the instruments; it answers messages with commands, and never waits. See core/port.ts for what each of them means.
 */
import { Book } from '../../core/book.ts';
import { METRIC, METRICS } from '../../core/infra/metrics/fields.ts';
import {
  ASK,
  BID,
  type BySide,
  type Feed,
  type Instrument,
  newLevelColumns,
  SIDES,
  type Side,
} from '../../core/market.ts';
import type {
  Action,
  BookMessage,
  Connection,
  ConnectionMessage,
  CoreFactory,
  CoreHost,
  Fill,
  Inbound,
  OrderUpdate,
  PlaceOrder,
  PostItem,
  PostReplyMessage,
  QuotingCore,
} from '../../core/port.ts';
import { BPS, NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { lotUsd } from '../../core/strategy/ladder.ts';
import { roundDown, roundUp } from '../../core/strategy/price-grid.ts';

const DISTANCE_BPS = 5;
/** An order further than this from where it should lie is moved. */
const TOLERANCE_BPS = 2;
const ORDER_USD = 100;
/** Older than this the book is not to be quoted on. */
const MAX_BOOK_AGE_NS = 10 * NS_PER_S;
const RETRY_NS = NS_PER_S;

const FEEDS: Readonly<Record<Connection, readonly Feed[]>> = {
  market: ['l2Book', 'bbo'],
  user: ['orderUpdates', 'userFills'],
};

/** The one order of a side. */
interface OwnOrder {
  /** Of the order as it is, or as a modification under way will make it; 0: there is none. */
  cloid: number;
  /** 0: the exchange has not answered yet. */
  oid: number;
  /** The order whose place it takes, while that is not answered; else 0. */
  replacesOid: number;
  priceTicks: number;
  lots: number;
  /** Id of the request under way; 0: none is. A side has one at a time. */
  requestId: number;
}

const noOrder = (): OwnOrder => ({ cloid: 0, oid: 0, replacesOid: 0, priceTicks: 0, lots: 0, requestId: 0 });

export class OneQuoteCore implements QuotingCore {
  /** By the index of `METRICS`; what is not known stays 0. The position is held against the exchange's. */
  readonly metrics = new Float64Array(METRICS.length);
  readonly #host: CoreHost;
  readonly #instrument: Instrument;
  readonly #maxUsd: number;
  readonly #book = new Book();
  #orders: BySide<OwnOrder> = [noOrder(), noOrder()];
  #isUserOpen = false;
  #bookNs = Number.NEGATIVE_INFINITY;
  #positionLots = 0;
  #lastId = 0;

  constructor(host: CoreHost, settings: CoreSettings, instruments: readonly Instrument[]) {
    this.#host = host;
    this.#instrument = instruments[0];
    this.#maxUsd = settings.risk.maxInventoryUsd;
  }

  receive(message: Inbound): void {
    const { nowNs } = message;
    switch (message.kind) {
      case 'start':
        this.#connect('market');
        this.#connect('user');
        return this.#wakeIn(RETRY_NS, 'check', nowNs);
      case 'connection':
        return this.#connection(message);
      case 'book':
        return this.#bookFrame(message);
      case 'order-updates':
        for (const update of message.updates) this.#orderUpdate(update);
        return this.#quote(nowNs);
      case 'fills':
        // The first message of a subscription repeats fills from before it.
        if (!message.isSnapshot) for (const fill of message.fills) this.#fill(fill);
        return this.#quote(nowNs);
      case 'post-reply':
        this.#answered(message);
        return this.#quote(nowNs);
      case 'timer':
        return this.#timer(message.timer, nowNs);
    }
  }

  // -------------------------------------------------------------------------------------------- connections

  #connect(connection: Connection): void {
    this.#host.send({ kind: 'connect', connection });
  }

  #connection({ connection, status, nowNs }: ConnectionMessage): void {
    if (connection === 'user') this.#isUserOpen = status === 'open';
    if (status === 'open') {
      for (const feed of FEEDS[connection]) this.#host.send({ kind: 'subscribe', feed, instrument: 0 });
    } else {
      this.#wakeIn(RETRY_NS, connection, nowNs);
    }
    // What was asked over a connection that is gone is never answered.
    if (connection === 'user') for (const side of SIDES) this.#orders[side].requestId = 0;
  }

  #wakeIn(delayNs: number, timer: 'check' | Connection, nowNs: number): void {
    this.#host.send({ kind: 'set-timer', timer, atNs: nowNs + delayNs });
  }

  #timer(timer: string, nowNs: number): void {
    this.#host.charge('timer', 1);
    if (timer === 'market' || timer === 'user') return this.#connect(timer);
    this.#wakeIn(RETRY_NS, 'check', nowNs);
    this.#quote(nowNs);
  }

  // ------------------------------------------------------------------------------------------------- market

  #bookFrame({ count, feed, first, isSnapshot, levels, nowNs }: BookMessage): void {
    // What the work costs on the virtual CPU is the core's to declare.
    this.#host.charge('decode', count);
    if (feed === 'bbo') this.#book.applyBbo(levels, first, count);
    else if (isSnapshot) this.#book.applySnapshot(levels, first, count);
    else this.#book.applyDelta(levels, first, count);
    this.#bookNs = nowNs;
    this.#quote(nowNs);
  }

  /** Between the best prices; 0 where there is none to rely on. */
  #midTicks(nowNs: number): number {
    const { bestBidTicks, bestAskTicks } = this.#book;
    const isGood = bestBidTicks > 0 && bestBidTicks < bestAskTicks && nowNs - this.#bookNs <= MAX_BOOK_AGE_NS;
    return isGood ? (bestBidTicks + bestAskTicks) / 2 : 0;
  }

  // ------------------------------------------------------------------------------------------------- quotes

  #quote(nowNs: number): void {
    if (!this.#isUserOpen) return;
    const midTicks = this.#midTicks(nowNs);
    for (const side of SIDES) {
      const order = this.#orders[side];
      if (order.requestId !== 0) continue;
      if (midTicks === 0) this.#cancel(order, nowNs);
      else this.#follow(side, order, midTicks, nowNs);
    }
  }

  #follow(side: Side, order: OwnOrder, midTicks: number, nowNs: number): void {
    this.#host.charge('strategy', 1);
    const usdPerLot = lotUsd(this.#instrument, midTicks);
    const positionUsd = (side === BID ? this.#positionLots : -this.#positionLots) * usdPerLot;
    if (positionUsd + ORDER_USD > this.#maxUsd) return this.#cancel(order, nowNs);
    const shift = DISTANCE_BPS / BPS;
    const priceTicks =
      side === BID
        ? roundDown(this.#instrument, midTicks * (1 - shift))
        : roundUp(this.#instrument, midTicks * (1 + shift));
    if (order.cloid !== 0 && Math.abs(order.priceTicks - priceTicks) * BPS <= TOLERANCE_BPS * midTicks) return;
    const lots = order.cloid === 0 ? Math.floor(ORDER_USD / usdPerLot) : order.lots;
    this.#send(side, order, priceTicks, lots, nowNs);
  }

  /** Places the order, or moves the one that rests: that makes a new one, with ids of its own. */
  #send(side: Side, order: OwnOrder, priceTicks: number, sizeLots: number, nowNs: number): void {
    const { oid } = order;
    const id = this.#nextId();
    const placed: PlaceOrder = { cloid: id, instrument: 0, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly: false };
    this.#orders[side] = { cloid: id, oid: 0, replacesOid: oid, priceTicks, lots: sizeLots, requestId: id };
    this.#post(
      id,
      oid === 0 ? { type: 'order', orders: [placed] } : { type: 'batchModify', modifies: [{ oid, order: placed }] },
      nowNs,
    );
  }

  #cancel(order: OwnOrder, nowNs: number): void {
    if (order.cloid === 0) return;
    order.requestId = this.#nextId();
    this.#post(order.requestId, { type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: order.cloid }] }, nowNs);
  }

  #post(id: number, action: Action, nowNs: number): void {
    this.#host.charge('execute', 1);
    this.#host.send({ kind: 'post', via: 'websocket', id, nonce: this.#nonce(nowNs), action });
  }

  /** Ids count the requests, and serve as client ids of the orders that they place. */
  #nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }

  /** The exchange takes milliseconds, and each nonce once. */
  #nonce(nowNs: number): number {
    return Math.floor(nowNs / NS_PER_MS) + this.#lastId;
  }

  // ------------------------------------------------------------------------------------------------ answers

  #answered({ error, id, items, nowNs }: PostReplyMessage): void {
    const side = SIDES.find(one => this.#orders[one].requestId === id);
    if (side === undefined) return;
    const item: PostItem = error === null ? items[0] : { status: 'error', error };
    const order = this.#orders[side];
    const { replacesOid } = order;
    order.requestId = 0;
    order.replacesOid = 0;
    if (item.status === 'resting') {
      order.oid = item.oid;
      return;
    }
    // Cancelled, refused, or filled at once: there is no order any more …
    this.#orders[side] = noOrder();
    // … but the one that a refused modification was to replace, if it still rests.
    if (item.status === 'error' && replacesOid !== 0) {
      this.#post(this.#nextId(), { type: 'cancel', cancels: [{ instrument: 0, oid: replacesOid }] }, nowNs);
    }
  }

  #orderUpdate({ cloid, oid, side, status }: OrderUpdate): void {
    const order = this.#orders[side];
    if (order.cloid !== cloid || cloid === 0) return;
    if (status === 'open') order.oid = oid;
    else this.#orders[side] = noOrder();
  }

  #fill({ cloid, side, sizeLots }: Fill): void {
    this.#positionLots += side === BID ? sizeLots : -sizeLots;
    this.metrics[METRIC.positionLots] = this.#positionLots;
    const order = this.#orders[side];
    if (order.cloid !== cloid) return;
    order.lots -= sizeLots;
    if (order.lots <= 0) this.#orders[side] = noOrder();
  }

  // ------------------------------------------------------------------------------------------------- state

  snapshot(): unknown {
    const levels = newLevelColumns(this.#book.levels(BID) + this.#book.levels(ASK));
    this.#book.writeLevels(levels, levels.side.length);
    return {
      levels,
      orders: this.#orders.map(order => ({ ...order })),
      isUserOpen: this.#isUserOpen,
      bookNs: this.#bookNs,
      positionLots: this.#positionLots,
      lastId: this.#lastId,
      metrics: this.metrics.slice(),
    };
  }

  restore(state: unknown): void {
    const from = state as {
      levels: BookMessage['levels'];
      orders: BySide<OwnOrder>;
      isUserOpen: boolean;
      bookNs: number;
      positionLots: number;
      lastId: number;
      metrics: Float64Array;
    };
    this.#book.applySnapshot(from.levels, 0, from.levels.side.length);
    this.#orders = [{ ...from.orders[BID] }, { ...from.orders[ASK] }];
    this.#isUserOpen = from.isUserOpen;
    this.#bookNs = from.bookNs;
    this.#positionLots = from.positionLots;
    this.#lastId = from.lastId;
    this.metrics.set(from.metrics);
  }
}

export const createCore: CoreFactory<CoreSettings> = (host, settings, instruments) =>
  new OneQuoteCore(host, settings, instruments);
