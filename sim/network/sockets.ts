/**
 * The sockets and what is subscribed on them: opened, closed and refused, with the exchange's limits on both and its error
 * frames. Posts over a socket (`posts.ts`) and frames (`market-feed.ts`) have their own places.
 */
import type { Feed } from '../../core/market.ts';
import type { Connection, FillsMessage } from '../../core/port.ts';
import type { Limits } from '../exchange/limits/limits.ts';
import { CLASS_EXCHANGE } from '../kernel/kernel.ts';
import type { RunState } from '../run-state.ts';
import type { WorldEvent } from '../world.ts';
import type { AccountRecords } from './account-records.ts';
import { connectionOf } from './connections.ts';
import type { MarketFeed } from './market-feed.ts';
import { subscribeError, unsubscribeError } from './socket-rules.ts';

/** How many fills the exchange repeats to a new subscriber of `userFills`. */
const FILL_SNAPSHOT = 100;

/** State is the run's: its connections, and the limits of its exchange. */
export class Sockets<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  readonly #marketFeed: MarketFeed<CoreSettings>;
  readonly #records: AccountRecords;

  constructor(run: RunState<CoreSettings>, marketFeed: MarketFeed<CoreSettings>, records: AccountRecords) {
    this.#run = run;
    this.#marketFeed = marketFeed;
    this.#records = records;
  }

  get #limits(): Limits {
    return this.#run.exchange.limits;
  }

  // --------------------------------------------------------------------------------- on the way out

  /** The core asks for a connection; one that is open is closed first. */
  connect(connection: Connection): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    if (connections.isOpen(connection)) this.#close(connection);
    const epoch = connections.epoch(connection);
    kernel.schedule(nowNs + latency.connectNs, CLASS_EXCHANGE, { kind: 'connect', connection, epoch });
  }

  #close(connection: Connection): void {
    this.#run.connections.close(connection);
    if (connection === 'user') this.#limits.sockets.postsDropped();
  }

  /** Sends an error frame that reaches the core `afterNs` from now. */
  sendError(connection: Connection, afterNs: number, error: string): void {
    const { connections, nowNs } = this.#run;
    const atNs = connections.downNs(connection, nowNs + afterNs);
    this.#run.deliverAt(atNs, connection, { kind: 'channel-error', nowNs: atNs, connection, error });
  }

  /** Counts a message to the exchange. False: it is one too many, and is answered by an error frame alone. */
  mayMessage(connection: Connection, roundTripNs: number): boolean {
    const error = this.#limits.sockets.message(this.#run.nowNs);
    if (error !== null) this.sendError(connection, roundTripNs, error);
    return error === null;
  }

  subscribe(feed: Feed, instrument: number): void {
    const { connections, faults, kernel, latency, nowNs } = this.#run;
    const connection = connectionOf(feed);
    if (!connections.isOpen(connection) || !this.mayMessage(connection, latency.subscribeNs)) return;
    if (faults.loses(connection, 'up') || faults.losesSubscription(feed, instrument)) return;
    const epoch = connections.epoch(connection);
    // The answer's way back is added to the request's way out: the feed's own frames carry their recorded latency, so
    // none of them can overtake the answer.
    const atNs = connections.upNs(connection, nowNs + latency.subscribeNs);
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'subscribe', connection, epoch, feed, instrument });
  }

  unsubscribe(feed: Feed, instrument: number): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    const connection = connectionOf(feed);
    if (!connections.isOpen(connection) || !this.mayMessage(connection, latency.subscribeNs)) return;
    const epoch = connections.epoch(connection);
    const atNs = connections.upNs(connection, nowNs + latency.subscribeNs);
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'unsubscribe', connection, epoch, feed, instrument });
  }

  // ---------------------------------------------------------------------------- arriving at the exchange

  /** A request for a connection is answered. */
  connectArrives(connection: Connection, epoch: number): void {
    const { connections, faults, nowNs } = this.#run;
    // A later request has overtaken this one.
    if (epoch !== connections.epoch(connection)) return;
    const opens = !faults.refuses(connection) && this.#limits.sockets.connect(nowNs, connections.openSockets);
    if (opens) {
      connections.open(connection, nowNs);
      this.#watchSilence(connection);
    }
    const status = opens ? 'open' : 'refused';
    this.#tellConnection(connection, status);
    this.#run.coreProcess.arrive(nowNs, { kind: 'connection', nowNs, connection, status });
    if (opens) faults.opened(connection);
  }

  /**
   * The exchange closes a socket on which it has sent nothing for a minute (hyperliquid, section 1.1). As long as the
   * client's library pings more often than that, the answers keep the socket alive and nothing has to be watched.
   */
  #watchSilence(connection: Connection): void {
    const { connections, kernel, nowNs } = this.#run;
    const { clientPingNs, serverSilenceNs } = this.#limits.values;
    if (clientPingNs < serverSilenceNs) return;
    const epoch = connections.epoch(connection);
    const dueNs = Math.max(nowNs, connections.lastServerNs(connection) + serverSilenceNs);
    kernel.schedule(dueNs, CLASS_EXCHANGE, { kind: 'silence-check', connection, epoch });
  }

  /** A socket may have been silent for too long. */
  silenceChecked(connection: Connection, epoch: number): void {
    const { connections, nowNs } = this.#run;
    if (epoch !== connections.epoch(connection)) return;
    const { serverSilenceNs } = this.#limits.values;
    if (nowNs - connections.lastServerNs(connection) >= serverSilenceNs) this.closeByServer(connection);
    else this.#watchSilence(connection);
  }

  /** The server closes the connection. False: it was not open. */
  closeByServer(connection: Connection): boolean {
    const { connections, nowNs, coreProcess } = this.#run;
    if (!connections.isOpen(connection)) return false;
    this.#close(connection);
    this.#tellConnection(connection, 'closed');
    coreProcess.arrive(nowNs, { kind: 'connection', nowNs, connection, status: 'closed' });
    return true;
  }

  #tellConnection(connection: Connection, status: 'open' | 'closed' | 'refused'): void {
    this.#run.observers.connection(this.#run.nowNs, this.#run.event, connection, status);
  }

  /** A subscription takes effect: it is confirmed, and the feeds that have one send their first message. */
  subscribeArrives(event: Extract<WorldEvent, { kind: 'subscribe' }>): void {
    const { connections, nowNs, coreProcess, instruments } = this.#run;
    const { connection, feed, instrument } = event;
    if (event.epoch !== connections.epoch(connection)) return;
    const error = subscribeError(feed, instrument, instruments, connections, this.#limits.sockets);
    if (error !== null) return this.sendError(connection, 0, error);
    connections.subscribe(feed, instrument, nowNs);
    connections.downNs(connection, nowNs);
    coreProcess.arrive(nowNs, { kind: 'subscribed', nowNs, feed, instrument });
    this.sendFirst(feed, instrument);
  }

  /** The first message after a subscription, for the feeds that have one. It arrives now. */
  sendFirst(feed: Feed, instrument: number): void {
    const { coreProcess, nowNs } = this.#run;
    if (feed !== 'userFills') return this.#marketFeed.sendFirst(feed, instrument);
    coreProcess.arrive(nowNs, this.#fillSnapshot(nowNs));
  }

  #fillSnapshot(nowNs: number): FillsMessage {
    return { kind: 'fills', nowNs, isSnapshot: true, fills: this.#records.newestFills(FILL_SNAPSHOT) };
  }

  /** The newest fills are sent once more; they arrive at `atNs`. */
  sendFillSnapshot(atNs: number): void {
    if (this.#run.connections.isSubscribed('userFills', 0)) this.#run.deliverAt(atNs, 'user', this.#fillSnapshot(atNs));
  }

  unsubscribeArrives(event: Extract<WorldEvent, { kind: 'unsubscribe' }>): void {
    const { connections, instruments } = this.#run;
    const { connection, feed, instrument } = event;
    if (event.epoch !== connections.epoch(connection)) return;
    const error = unsubscribeError(feed, instrument, instruments, connections);
    if (error !== null) return this.sendError(connection, 0, error);
    connections.unsubscribe(feed, instrument);
  }
}
