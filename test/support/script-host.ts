/**
 * A small scripted world for a whole core: virtual time, a market that a test moves, and an exchange that takes every order.
 * Everything that goes in and out is kept, so that a test can look at it or play it again to another core.
 */
import type { LogEntry, LogType } from '../../core/evidence.ts';
import {
  ASK,
  BID,
  type Feed,
  type Instrument,
  MARKET_FEEDS,
  newLevelColumns,
  type Side,
  USER_FEEDS,
} from '../../core/market.ts';
import type {
  Action,
  BookMessage,
  Command,
  Connection,
  CoreHost,
  Fill,
  Inbound,
  MarginRules,
  OpenOrder,
  OrderUpdate,
  PlaceOrder,
  PostCommand,
  PostItem,
  QuotingCore,
  RestBody,
  RestCommand,
  Stage,
} from '../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';

export const BTC: Instrument = {
  symbol: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  significantFigures: 5,
  minNotionalUsd: 10,
};

export const seconds = (count: number): number => count * NS_PER_S;
export const milliseconds = (count: number): number => count * NS_PER_MS;

/** One message with what the core made of it. */
export interface Handled {
  readonly message: Inbound;
  readonly commands: Command[];
  readonly logs: LogEntry[];
  readonly draws: number[];
}

interface Scheduled {
  readonly atNs: number;
  readonly order: number;
  readonly run: () => void;
}

/** What of the world a test may switch at any time. */
export interface Behaviour {
  /** Book frames come. */
  book: boolean;
  trades: boolean;
  /** Time from one book frame to the next. */
  bookEveryNs: number;
  tradeEveryNs: number;
  /** One way to the exchange; the way back takes as long. */
  oneWayNs: number;
  /** How long the exchange keeps its replies back. */
  replyHoldNs: number;
  /** Posts on the websocket get lost on the way there, or are carried out and their replies get lost. */
  losePosts: boolean;
  loseReplies: boolean;
  /** What goes beside the websocket gets lost. */
  loseRest: boolean;
  /** Every post is refused as a whole with this text. */
  refusePostsWith: string | null;
  /** Order updates and fills get lost on the way back. */
  loseUserEvents: boolean;
  /** Connections are refused. */
  refuse: { market: boolean; user: boolean };
  /** The exchange answers an order, or a modification, with this error; of one side alone, where that is given. */
  rejectWith: string | null;
  rejectSide: Side | null;
  /** It answers cancels with this error. */
  rejectCancelsWith: string | null;
  /** Half the distance between the market's best bid and ask, ticks. */
  halfSpreadTicks: number;
  /** Levels a side. */
  depth: number;
}

export class ScriptHost implements CoreHost {
  nowNs = 0;
  readonly behaviour: Behaviour = {
    book: true,
    trades: true,
    bookEveryNs: milliseconds(100),
    tradeEveryNs: milliseconds(700),
    oneWayNs: milliseconds(45),
    replyHoldNs: 0,
    losePosts: false,
    loseReplies: false,
    loseRest: false,
    refusePostsWith: null,
    loseUserEvents: false,
    refuse: { market: false, user: false },
    rejectWith: null,
    rejectSide: null,
    rejectCancelsWith: null,
    halfSpreadTicks: 5,
    depth: 10,
  };
  midTicks = 500_005;
  positionLots = 0;
  equityUsd = 1_000;
  leverage = 3;
  isCross = true;
  rateLimit = { volumeUsd: 0, requestsUsed: 0, requestsCap: 100_000 };
  marginRules: readonly MarginRules[] = [
    { instrument: 0, tiers: [{ lowerBoundUsd: 0, maxLeverage: 50 }], onlyIsolated: false },
  ];
  readonly handled: Handled[] = [];
  readonly openOrders = new Map<number, OpenOrder>();
  readonly allFills: Fill[] = [];
  readonly isOpen: Record<Connection, boolean> = { market: false, user: false };
  readonly #instrument: Instrument;
  #core: QuotingCore | null = null;
  #queue: Scheduled[] = [];
  #scheduled = 0;
  readonly #timers = new Map<string, Scheduled>();
  #epoch: Record<Connection, number> = { market: 0, user: 0 };
  readonly #subscribed = new Set<string>();
  readonly #usedNonces = new Set<number>();
  /** By CLOID: what became of each order last. */
  readonly #lastUpdates = new Map<number, OrderUpdate>();
  #sequence = 0;
  #tradeSequence = 0;
  #lastOid = 1_000;
  #lastTid = 0;
  #chargedNs = 0;
  #drawn = 0;
  #current: Handled = { message: { kind: 'start', nowNs: 0 }, commands: [], logs: [], draws: [] };

  constructor(instrument: Instrument = BTC) {
    this.#instrument = instrument;
  }

  /** Starts the core at time 0. */
  start(core: QuotingCore): void {
    this.#core = core;
    this.deliver({ kind: 'start', nowNs: 0 });
    this.#every(
      () => this.behaviour.bookEveryNs,
      () => this.publishBook(),
    );
    this.#every(
      () => this.behaviour.tradeEveryNs,
      () => this.#publishTrade(false),
    );
  }

  /** Lets time pass up to `untilNs`, that moment included. */
  run(untilNs: number): void {
    for (;;) {
      let next: Scheduled | null = null;
      for (const entry of this.#queue) {
        if (next === null || entry.atNs < next.atNs || (entry.atNs === next.atNs && entry.order < next.order))
          next = entry;
      }
      if (next === null || next.atNs > untilNs) break;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.nowNs = next.atNs;
      next.run();
    }
    this.nowNs = untilNs;
  }

  after(delayNs: number, run: () => void): Scheduled {
    const entry = { atNs: this.nowNs + delayNs, order: this.#scheduled++, run };
    this.#queue.push(entry);
    return entry;
  }

  #every(intervalNs: () => number, run: () => void): void {
    this.after(intervalNs(), () => {
      run();
      this.#every(intervalNs, run);
    });
  }

  deliver(message: Inbound): void {
    if (this.#core === null) throw new Error('no core');
    this.#chargedNs = 0;
    this.#current = { message, commands: [], logs: [], draws: [] };
    this.handled.push(this.#current);
    this.#core.receive(message);
  }

  // ---------------------------------------------------------------------------------------------- CoreHost

  send(command: Command): void {
    this.#current.commands.push(command);
    if (command.kind === 'set-timer') this.#setTimer(command.timer, command.atNs);
    else if (command.kind === 'connect') this.#connect(command.connection);
    else if (command.kind === 'subscribe') this.#subscribe(command.feed, command.instrument);
    else if (command.kind === 'post') this.#post(command);
    else if (command.kind === 'rest') this.#rest(command);
  }

  charge(_stage: Stage, units: number): void {
    this.#chargedNs += 1_000 * units;
  }

  chargedNs(): number {
    return this.#chargedNs;
  }

  queuedNs(): number {
    return 0;
  }

  arenaTakenBytes(): number {
    return 0;
  }

  draw(): number {
    // A fixed sequence that looks random enough for back-off.
    this.#drawn = (this.#drawn * 16_807 + 12_345) % 2_147_483_647;
    const drawn = this.#drawn / 2_147_483_647;
    this.#current.draws.push(drawn);
    return drawn;
  }

  log(entry: LogEntry): void {
    this.#current.logs.push(entry);
  }

  #setTimer(timer: string, atNs: number): void {
    const before = this.#timers.get(timer);
    if (before !== undefined) this.#queue = this.#queue.filter(entry => entry !== before);
    this.#timers.delete(timer);
    if (atNs === Infinity) return;
    const entry = this.after(Math.max(0, atNs - this.nowNs), () => {
      this.#timers.delete(timer);
      this.deliver({ kind: 'timer', nowNs: this.nowNs, timer });
    });
    this.#timers.set(timer, entry);
  }

  #connect(connection: Connection): void {
    if (this.isOpen[connection]) this.#drop(connection);
    const epoch = this.#epoch[connection];
    this.after(2 * this.behaviour.oneWayNs, () => {
      if (epoch !== this.#epoch[connection] || this.isOpen[connection]) return;
      const refused = this.behaviour.refuse[connection];
      this.isOpen[connection] = !refused;
      this.deliver({ kind: 'connection', nowNs: this.nowNs, connection, status: refused ? 'refused' : 'open' });
    });
  }

  #drop(connection: Connection): void {
    this.isOpen[connection] = false;
    this.#epoch[connection]++;
    const feeds: readonly Feed[] = connection === 'market' ? MARKET_FEEDS : USER_FEEDS;
    for (const feed of feeds) this.#subscribed.delete(feed);
  }

  /** Closes a connection from outside. */
  close(connection: Connection): void {
    this.#drop(connection);
    this.deliver({ kind: 'connection', nowNs: this.nowNs, connection, status: 'closed' });
  }

  #subscribe(feed: Feed, instrument: number): void {
    const isUser = USER_FEEDS.some(one => one === feed);
    const connection: Connection = isUser ? 'user' : 'market';
    const epoch = this.#epoch[connection];
    this.after(this.behaviour.oneWayNs, () => {
      if (epoch !== this.#epoch[connection] || !this.isOpen[connection]) return;
      this.#subscribed.add(feed);
      if (feed === 'l2Book' || feed === 'bbo') this.#sequence = 0;
      if (feed === 'trades') this.#tradeSequence = 0;
      this.deliver({ kind: 'subscribed', nowNs: this.nowNs, feed, instrument });
      if (feed === 'trades') this.#publishTrade(true);
      if (feed === 'userFills') {
        this.deliver({ kind: 'fills', nowNs: this.nowNs, isSnapshot: true, fills: [...this.allFills] });
      }
    });
  }

  // ------------------------------------------------------------------------------------------------ market

  /** A book message around the mid, as it would be published now. */
  bookMessage(): BookMessage {
    const { depth, halfSpreadTicks } = this.behaviour;
    const levels = newLevelColumns(2 * depth);
    for (let level = 0; level < depth; level++) {
      levels.side[level] = BID;
      levels.priceTicks[level] = this.midTicks - halfSpreadTicks - 10 * level;
      levels.sizeLots[level] = 50_000;
      levels.side[depth + level] = ASK;
      levels.priceTicks[depth + level] = this.midTicks + halfSpreadTicks + 10 * level;
      levels.sizeLots[depth + level] = 50_000;
    }
    return {
      kind: 'book',
      nowNs: this.nowNs,
      feed: 'l2Book',
      instrument: 0,
      exchNs: this.nowNs - this.behaviour.oneWayNs,
      sequence: this.#sequence++,
      updateId: 0,
      previousUpdateId: 0,
      isSnapshot: true,
      levels,
      first: 0,
      count: 2 * depth,
    };
  }

  /** Publishes a book now, where it is subscribed and not silenced. */
  publishBook(): void {
    if (this.behaviour.book && this.#subscribed.has('l2Book')) this.deliver(this.bookMessage());
  }

  #publishTrade(isBacklog: boolean): void {
    if (!this.behaviour.trades || !this.#subscribed.has('trades')) return;
    const exchNs = isBacklog ? -NS_PER_S : this.nowNs - this.behaviour.oneWayNs;
    this.deliver({
      kind: 'trades',
      nowNs: this.nowNs,
      feed: 'trades',
      instrument: 0,
      exchNs,
      sequence: this.#tradeSequence++,
      trades: {
        aggressor: new Uint8Array([BID]),
        priceTicks: new Int32Array([this.midTicks + this.behaviour.halfSpreadTicks]),
        sizeLots: new Float64Array([100]),
        tradeId: new Float64Array([this.#tradeSequence]),
        exchNs: new Float64Array([exchNs]),
      },
      first: 0,
      count: 1,
    });
  }

  // ---------------------------------------------------------------------------------------------- exchange

  #post(command: PostCommand): void {
    const { via, id, nonce, action } = command;
    const epoch = this.#epoch.user;
    const isOnSocket = via === 'websocket';
    if (isOnSocket ? !this.isOpen.user || this.behaviour.losePosts : this.behaviour.loseRest) return;
    this.after(this.behaviour.oneWayNs, () => {
      if (isOnSocket && epoch !== this.#epoch.user) return;
      const isUsed = this.#usedNonces.has(nonce);
      const error = isUsed ? `Invalid nonce: duplicate nonce ${nonce}` : this.behaviour.refusePostsWith;
      this.#usedNonces.add(nonce);
      const items = error === null ? this.#execute(action) : [];
      if (isOnSocket && this.behaviour.loseReplies) return;
      this.after(this.behaviour.oneWayNs + (isOnSocket ? this.behaviour.replyHoldNs : 0), () => {
        if (isOnSocket && epoch !== this.#epoch.user) return;
        this.deliver({ kind: 'post-reply', nowNs: this.nowNs, id, error, items });
      });
    });
  }

  #execute(action: Action): PostItem[] {
    if (action.type === 'order') return action.orders.map(order => this.#place(order));
    const { rejectCancelsWith } = this.behaviour;
    if (rejectCancelsWith !== null && (action.type === 'cancel' || action.type === 'cancelByCloid')) {
      return action.cancels.map(() => ({ status: 'error', error: rejectCancelsWith }));
    }
    if (action.type === 'cancel') return action.cancels.map(({ oid }) => this.#cancel(oid));
    if (action.type === 'cancelByCloid') {
      return action.cancels.map(({ cloid }) => {
        const order = [...this.openOrders.values()].find(open => open.cloid === cloid);
        return this.#cancel(order?.oid ?? 0);
      });
    }
    if (action.type === 'updateLeverage') {
      this.leverage = action.leverage;
      this.isCross = action.isCross;
    }
    if (action.type !== 'batchModify') return [];
    return action.modifies.map(({ oid, order }) => {
      if (!this.openOrders.has(oid))
        return { status: 'error', error: 'Cannot modify canceled or filled order. asset=0' };
      const error = this.#refusal(order.side);
      if (error !== null) return { status: 'error', error };
      this.#cancel(oid);
      return this.#place(order);
    });
  }

  #refusal(side: Side): string | null {
    const { rejectSide, rejectWith } = this.behaviour;
    return rejectSide === null || rejectSide === side ? rejectWith : null;
  }

  #place(order: PlaceOrder): PostItem {
    const error = this.#refusal(order.side);
    if (error !== null) return { status: 'error', error };
    const oid = ++this.#lastOid;
    const open: OpenOrder = {
      oid,
      cloid: order.cloid,
      instrument: order.instrument,
      side: order.side,
      limitTicks: order.priceTicks,
      remainingLots: order.sizeLots,
      originalLots: order.sizeLots,
    };
    this.openOrders.set(oid, open);
    this.#update(open, 'open', open.remainingLots);
    return { status: 'resting', oid };
  }

  #cancel(oid: number): PostItem {
    const order = this.openOrders.get(oid);
    if (order === undefined) {
      return { status: 'error', error: 'Order was never placed, already canceled, or filled. asset=0' };
    }
    this.openOrders.delete(oid);
    this.#update(order, 'canceled', order.remainingLots);
    return { status: 'success' };
  }

  #update(order: OpenOrder, status: string, remainingLots: number): void {
    const { oid, cloid, instrument, side, limitTicks, originalLots } = order;
    const update: OrderUpdate = {
      oid,
      cloid,
      instrument,
      side,
      limitTicks,
      originalLots,
      remainingLots,
      status,
      statusNs: this.nowNs,
    };
    this.#lastUpdates.set(cloid, update);
    this.#push(() => ({ kind: 'order-updates', nowNs: this.nowNs, updates: [update] }));
  }

  #push(message: () => Inbound): void {
    const epoch = this.#epoch.user;
    if (this.behaviour.loseUserEvents || !this.isOpen.user) return;
    this.after(this.behaviour.oneWayNs, () => {
      if (epoch === this.#epoch.user) this.deliver(message());
    });
  }

  /** Somebody takes own liquidity: the best order of a side is filled, wholly or by so many lots. */
  fillBest(side: Side, lots?: number): Fill {
    const orders = this.restingOrders(side);
    if (orders.length === 0) throw new Error('nothing to fill');
    const order = orders[0];
    const sizeLots = Math.min(lots ?? order.remainingLots, order.remainingLots);
    const fill: Fill = {
      tid: ++this.#lastTid,
      oid: order.oid,
      cloid: order.cloid,
      instrument: 0,
      side,
      priceTicks: order.limitTicks,
      sizeLots,
      exchNs: this.nowNs,
      startPositionLots: this.positionLots,
      crossed: false,
      feeUsd: 0,
    };
    this.allFills.push(fill);
    this.positionLots += side === BID ? sizeLots : -sizeLots;
    const remainingLots = order.remainingLots - sizeLots;
    if (remainingLots === 0) this.openOrders.delete(order.oid);
    else this.openOrders.set(order.oid, { ...order, remainingLots });
    this.#push(() => ({ kind: 'fills', nowNs: this.nowNs, isSnapshot: false, fills: [fill] }));
    if (remainingLots === 0) this.#update(order, 'filled', 0);
    return fill;
  }

  /** An order of the account that this core did not place. */
  placeForeign(side: Side, limitTicks: number, lots: number): number {
    const oid = ++this.#lastOid;
    this.openOrders.set(oid, {
      oid,
      cloid: 0,
      instrument: 0,
      side,
      limitTicks,
      remainingLots: lots,
      originalLots: lots,
    });
    return oid;
  }

  #rest(command: RestCommand): void {
    if (this.behaviour.loseRest) return;
    this.after(this.behaviour.oneWayNs, () => {
      const exchNs = this.nowNs;
      const body = this.#answer(command);
      this.after(this.behaviour.oneWayNs, () => {
        this.deliver({ kind: 'rest-reply', nowNs: this.nowNs, id: command.id, exchNs, body });
      });
    });
  }

  #answer({ request, cloid = 0, fromNs = 0 }: RestCommand): RestBody {
    switch (request) {
      case 'openOrders':
        return { request, orders: [...this.openOrders.values()].map(order => ({ ...order })) };
      case 'orderStatus':
        return { request, order: this.#lastUpdates.get(cloid) ?? null };
      case 'userFillsByTime':
        return { request, fills: this.allFills.filter(({ exchNs }) => exchNs >= fromNs) };
      case 'userRateLimit':
        return { request, ...this.rateLimit };
      case 'meta':
        return { request, instruments: this.marginRules };
      case 'clearinghouseState':
        return {
          request,
          positions: [
            {
              instrument: 0,
              positionLots: this.positionLots,
              entryTicks: 0,
              leverage: this.leverage,
              isCross: this.isCross,
              marginUsedUsd: 0,
              unrealizedUsd: 0,
              liquidationTicks: null,
            },
          ],
          account: { valueUsd: this.equityUsd, marginUsedUsd: 0, withdrawableUsd: this.equityUsd },
        };
    }
  }

  // ----------------------------------------------------------------------------------------------- looking

  /** Orders of a side at the exchange, best first. */
  restingOrders(side: Side): OpenOrder[] {
    return [...this.openOrders.values()]
      .filter(order => order.side === side)
      .sort((a, b) => (side === BID ? b.limitTicks - a.limitTicks : a.limitTicks - b.limitTicks));
  }

  /** Log entries of a type since a time. */
  logged<T extends LogType>(type: T, sinceNs = 0): Extract<LogEntry, { type: T }>[] {
    return this.handled
      .flatMap(({ logs }) => logs)
      .filter((entry): entry is Extract<LogEntry, { type: T }> => entry.type === type && entry.atNs >= sinceNs);
  }

  /** Posts sent since a time. */
  posts(sinceNs = 0): PostCommand[] {
    return this.handled
      .filter(({ message }) => message.nowNs >= sinceNs)
      .flatMap(({ commands }) => commands)
      .filter((command): command is PostCommand => command.kind === 'post');
  }

  lotsOf(usd: number): number {
    const { priceDecimals, sizeDecimals } = this.#instrument;
    return Math.floor((usd * 10 ** (priceDecimals + sizeDecimals)) / this.midTicks);
  }
}
