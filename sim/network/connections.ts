/**
 * The two sockets between core and exchange: open or closed, what is subscribed on each, and the order of what is in
 * flight. A socket is FIFO in each direction: latency never lets a message overtake another. When it closes, what is in
 * flight on it is lost, which is what its epoch is for.
 */
import { FEED_INDEX, FEEDS, type Feed, MARKET_FEEDS, USER_FEEDS } from '../../core/market.ts';
import { CONNECTIONS, type Connection } from '../../core/port.ts';

interface Socket {
  isOpen: boolean;
  /** Counts openings and closings; a message of an earlier epoch never arrives. */
  epoch: number;
  openedNs: number;
  /** Latest arrival so far, by direction. */
  upNs: number;
  downNs: number;
}

interface ConnectionsState {
  sockets: Socket[];
  liveFromNs: Float64Array;
  sequence: Float64Array;
  lastDeliveredNs: Float64Array;
}

const MARKET_FEED_SET: ReadonlySet<Feed> = new Set(MARKET_FEEDS);

/** The connection that a feed comes on. */
export function connectionOf(feed: Feed): Connection {
  return MARKET_FEED_SET.has(feed) ? 'market' : 'user';
}

export class Connections {
  readonly #instruments: number;
  #sockets: Socket[];
  /** By feed and instrument: exchange time since which its messages are for us; Infinity where not subscribed. */
  #liveFromNs: Float64Array;
  /** By feed and instrument: number of messages sent since the subscription. */
  #sequence: Float64Array;
  /** By feed and instrument: when a frame last reached the core; -1 before the first. */
  #lastDeliveredNs: Float64Array;

  constructor(instruments: number) {
    this.#instruments = instruments;
    this.#sockets = CONNECTIONS.map(() => ({ isOpen: false, epoch: 0, openedNs: 0, upNs: 0, downNs: 0 }));
    this.#liveFromNs = new Float64Array(FEEDS.length * instruments).fill(Infinity);
    this.#sequence = new Float64Array(FEEDS.length * instruments);
    this.#lastDeliveredNs = new Float64Array(FEEDS.length * instruments).fill(-1);
  }

  #socket(connection: Connection): Socket {
    return this.#sockets[connection === 'market' ? 0 : 1];
  }

  isOpen(connection: Connection): boolean {
    return this.#socket(connection).isOpen;
  }

  epoch(connection: Connection): number {
    return this.#socket(connection).epoch;
  }

  open(connection: Connection, nowNs: number): void {
    const socket = this.#socket(connection);
    socket.isOpen = true;
    socket.openedNs = nowNs;
    // What was in flight on the socket before is lost, and holds nothing up on this one.
    socket.upNs = nowNs;
    socket.downNs = nowNs;
    socket.epoch++;
  }

  /** Closes the socket, drops its subscriptions and all that is in flight on it. */
  close(connection: Connection): void {
    const socket = this.#socket(connection);
    socket.isOpen = false;
    socket.epoch++;
    for (let feed = 0; feed < FEEDS.length; feed++) {
      if (connectionOf(FEEDS[feed]) !== connection) continue;
      const at = feed * this.#instruments;
      this.#liveFromNs.fill(Infinity, at, at + this.#instruments);
    }
  }

  /** When a message sent towards the exchange arrives there. */
  upNs(connection: Connection, arrivalNs: number): number {
    const socket = this.#socket(connection);
    if (arrivalNs > socket.upNs) socket.upNs = arrivalNs;
    return socket.upNs;
  }

  /** When a message sent towards the core arrives there. */
  downNs(connection: Connection, arrivalNs: number): number {
    const socket = this.#socket(connection);
    if (arrivalNs > socket.downNs) socket.downNs = arrivalNs;
    return socket.downNs;
  }

  subscribe(feed: Feed, instrument: number, liveFromNs: number): void {
    const at = FEED_INDEX[feed] * this.#instruments + instrument;
    this.#liveFromNs[at] = liveFromNs;
    this.#sequence[at] = 0;
  }

  unsubscribe(feed: Feed, instrument: number): void {
    this.#liveFromNs[FEED_INDEX[feed] * this.#instruments + instrument] = Infinity;
  }

  get openSockets(): number {
    return this.#sockets.reduce((open, socket) => open + (socket.isOpen ? 1 : 0), 0);
  }

  /** Number of subscriptions over both sockets. */
  get subscriptions(): number {
    return this.#liveFromNs.reduce((count, liveFromNs) => count + (liveFromNs === Infinity ? 0 : 1), 0);
  }

  /** True while a stream of the account is subscribed to. */
  get isUserTracked(): boolean {
    return USER_FEEDS.some(feed => this.isSubscribed(feed, 0));
  }

  /** When the exchange last sent something on the socket: its opening, replies, streams, frames. */
  lastServerNs(connection: Connection): number {
    const { openedNs, downNs } = this.#socket(connection);
    const framesNs = this.lastDeliveredNs(connection === 'market' ? MARKET_FEEDS : USER_FEEDS);
    return Math.max(openedNs, downNs, framesNs);
  }

  /** Whether a message that the exchange sent at `exchNs` is for us. */
  isLive(feedIndex: number, instrument: number, exchNs: number): boolean {
    return exchNs > this.#liveFromNs[feedIndex * this.#instruments + instrument];
  }

  isSubscribed(feed: Feed, instrument: number): boolean {
    return this.#liveFromNs[FEED_INDEX[feed] * this.#instruments + instrument] !== Infinity;
  }

  /** Numbers the next message of a feed, from 1. Lost messages are numbered too: that is how a gap is seen. */
  nextSequence(feedIndex: number, instrument: number): number {
    return ++this.#sequence[feedIndex * this.#instruments + instrument];
  }

  delivered(feedIndex: number, instrument: number, atNs: number): void {
    this.#lastDeliveredNs[feedIndex * this.#instruments + instrument] = atNs;
  }

  /** When a frame of any of these feeds last reached the core, of one instrument or of any (-1); -1 if none did. */
  lastDeliveredNs(feeds: readonly Feed[], instrument = -1): number {
    let newestNs = -1;
    for (const feed of feeds) {
      for (let each = 0; each < this.#instruments; each++) {
        if (instrument !== -1 && each !== instrument) continue;
        newestNs = Math.max(newestNs, this.#lastDeliveredNs[FEED_INDEX[feed] * this.#instruments + each]);
      }
    }
    return newestNs;
  }

  snapshot(): ConnectionsState {
    return {
      sockets: this.#sockets.map(socket => ({ ...socket })),
      liveFromNs: this.#liveFromNs.slice(),
      sequence: this.#sequence.slice(),
      lastDeliveredNs: this.#lastDeliveredNs.slice(),
    };
  }

  restore(state: ConnectionsState): void {
    this.#sockets = state.sockets.map(socket => ({ ...socket }));
    this.#liveFromNs = state.liveFromNs.slice();
    this.#sequence = state.sequence.slice();
    this.#lastDeliveredNs = state.lastDeliveredNs.slice();
  }
}
