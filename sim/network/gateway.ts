/**
 * Everything between core and exchange but market frames: commands on their way out, replies and the user streams
 * (`user-streams.ts`) on their way back. Latency is drawn when a message is sent, before anything decides what becomes of it.
 */
import type { Feed } from '../../core/market.ts';
import type {
  Action,
  Command,
  Connection,
  Fill,
  Inbound,
  OrderUpdate,
  PostCommand,
  RestBody,
  RestCommand,
  UserEvent,
} from '../../core/port.ts';
import { type ActionReply, batchSize, type ExchangeEvents } from '../exchange/exchange.ts';
import {
  actionWeight,
  HTTP_TOO_MANY_REQUESTS,
  infoWeight,
  TOO_MANY_REQUESTS,
  TOO_MANY_REQUESTS_PAGE,
} from '../exchange/limits/ip-weight.ts';
import type { Limits } from '../exchange/limits/limits.ts';
import { RECORD_FILL } from '../kernel/digest.ts';
import { CLASS_EXCHANGE, CLASS_TIMER } from '../kernel/kernel.ts';
import type { ArrivedPost } from '../market/market.ts';
import type { RunState } from '../run-state.ts';
import type { OrderRemoval, OrderTruth } from '../truth.ts';
import type { WorldEvent } from '../world.ts';
import { type AccountPicture, AccountPictures, type AccountPicturesState } from './account-pictures.ts';
import { AccountRecords, type AccountRecordsState } from './account-records.ts';
import { recordCommand } from './command-records.ts';
import { connectionOf } from './connections.ts';
import type { MarketFeed } from './market-feed.ts';
import { clearinghouseState, meta, userRateLimit } from './rest-bodies.ts';
import { subscribeError, unsubscribeError } from './socket-rules.ts';
import { UserStreams } from './user-streams.ts';

/** How many fills the exchange repeats to a new subscriber of `userFills`. */
const FILL_SNAPSHOT = 100;

interface GatewayState {
  timers: { name: string; generation: number }[];
  records: AccountRecordsState;
  pictures: AccountPicturesState;
  dueScheduledNs: number;
}

export class Gateway<CoreSettings> implements ExchangeEvents {
  readonly #run: RunState<CoreSettings>;
  readonly #marketFeed: MarketFeed<CoreSettings>;
  /** By name: a timer that was set again has a newer generation, and the older firing is ignored. */
  readonly #timers = new Map<string, number>();
  readonly #userStreams: UserStreams<CoreSettings>;
  readonly #records = new AccountRecords();
  readonly #pictures: AccountPictures;
  /** The account has changed within the event under way. */
  #isAccountChanged = false;
  /** When the next wake-up for the exchange is scheduled. */
  #dueScheduledNs = Infinity;

  constructor(run: RunState<CoreSettings>, marketFeed: MarketFeed<CoreSettings>) {
    this.#run = run;
    this.#marketFeed = marketFeed;
    this.#userStreams = new UserStreams(run);
    this.#pictures = new AccountPictures(run.latency.snapshotLagMaxNs);
  }

  /** The run begins. */
  begin(): void {
    this.#pictures.changed(this.#run.nowNs, () => this.#takePicture());
    this.#scheduleDue();
  }

  get #limits(): Limits {
    return this.#run.exchange.limits;
  }

  // -------------------------------------------------------------------------------------------- commands

  /** A command leaves the core. */
  execute(command: Command): void {
    const run = this.#run;
    recordCommand(run.digest, run.nowNs, command);
    run.stats.commands++;
    run.observers.command(run.nowNs, run.event, command);
    switch (command.kind) {
      case 'connect':
        return this.#connect(command.connection);
      case 'subscribe':
        return this.#subscribe(command.feed, command.instrument);
      case 'post':
        return this.#post(command);
      case 'rest':
        return this.#rest(command);
      case 'unsubscribe':
        return this.#unsubscribe(command.feed, command.instrument);
      case 'set-timer':
        return this.#setTimer(command.timer, command.atNs);
    }
  }

  #connect(connection: Connection): void {
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
  #sendError(connection: Connection, afterNs: number, error: string): void {
    const { connections, nowNs } = this.#run;
    const atNs = connections.downNs(connection, nowNs + afterNs);
    this.#run.deliverAt(atNs, connection, { kind: 'channel-error', nowNs: atNs, connection, error });
  }

  /** Counts a message to the exchange. False: it is one too many, and is answered by an error frame alone. */
  #mayMessage(connection: Connection, roundTripNs: number): boolean {
    const error = this.#limits.sockets.message(this.#run.nowNs);
    if (error !== null) this.#sendError(connection, roundTripNs, error);
    return error === null;
  }

  #subscribe(feed: Feed, instrument: number): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    const connection = connectionOf(feed);
    if (!connections.isOpen(connection) || !this.#mayMessage(connection, latency.subscribeNs)) return;
    const epoch = connections.epoch(connection);
    // The answer's way back is added to the request's way out: the feed's own frames carry their recorded latency, so
    // none of them can overtake the answer.
    const atNs = connections.upNs(connection, nowNs + latency.subscribeNs);
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'subscribe', connection, epoch, feed, instrument });
  }

  #unsubscribe(feed: Feed, instrument: number): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    const connection = connectionOf(feed);
    if (!connections.isOpen(connection) || !this.#mayMessage(connection, latency.subscribeNs)) return;
    const epoch = connections.epoch(connection);
    const atNs = connections.upNs(connection, nowNs + latency.subscribeNs);
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'unsubscribe', connection, epoch, feed, instrument });
  }

  /** An action on the user socket is in order with all else there; one beside it takes longer and goes by itself. */
  #post({ via, id, nonce, expiresAfterNs = Infinity, action }: PostCommand): void {
    const { connections, kernel, latency, market, nowNs } = this.#run;
    const socketNs = latency.postRoundTripNs();
    const isOnSocket = via === 'websocket';
    if (isOnSocket && !connections.isOpen('user')) return;
    const roundTripNs = isOnSocket ? socketNs : socketNs + latency.restPostExtraNs;
    if (isOnSocket && !this.#mayPost(id, roundTripNs)) return;
    const upNs = latency.postUpNs(roundTripNs, market.hasBlocks);
    const atNs = isOnSocket ? connections.upNs('user', nowNs + upNs) : nowNs + upNs;
    const post: ArrivedPost = {
      via,
      epoch: connections.epoch('user'),
      id,
      nonce,
      expiresAfterNs,
      action,
      replyAtNs: atNs + roundTripNs - upNs,
      leastBackNs: latency.postBackNs(roundTripNs),
    };
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'post', post });
  }

  /** Counts a post on the socket. False: there are too many of them, and an error frame says so. */
  #mayPost(id: number, roundTripNs: number): boolean {
    if (!this.#mayMessage('user', roundTripNs)) return false;
    const error = this.#limits.sockets.postSent(id);
    if (error !== null) this.#sendError('user', roundTripNs, error);
    return error === null;
  }

  #rest(command: RestCommand): void {
    const { kernel, latency, nowNs } = this.#run;
    const roundTripNs = latency.restRoundTripNs();
    const lagNs = latency.snapshotLagNs();
    const upNs = Math.floor(roundTripNs / 2);
    const event: WorldEvent = { kind: 'rest', command, replyNs: roundTripNs - upNs, lagNs };
    kernel.schedule(nowNs + upNs, CLASS_EXCHANGE, event);
  }

  #setTimer(timer: string, atNs: number): void {
    const generation = (this.#timers.get(timer) ?? 0) + 1;
    this.#timers.set(timer, generation);
    if (atNs !== Infinity) this.#run.kernel.schedule(atNs, CLASS_TIMER, { kind: 'timer', timer, generation });
  }

  // -------------------------------------------------------------------------------- arriving at the exchange

  connectArrives(connection: Connection, epoch: number): void {
    const { connections, faults, nowNs } = this.#run;
    // A later request has overtaken this one.
    if (epoch !== connections.epoch(connection)) return;
    const refusal = faults.refusalOf(connection);
    if (refusal >= 0) this.#run.faultTookEffect(refusal, `refused a ${connection} connection`);
    const opens = refusal < 0 && this.#limits.sockets.connect(nowNs, connections.openSockets);
    if (opens) {
      connections.open(connection, nowNs);
      this.#watchSilence(connection);
    }
    const status = opens ? 'open' : 'refused';
    this.#tellConnection(connection, status);
    this.#run.coreProcess.arrive(nowNs, { kind: 'connection', nowNs, connection, status });
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
    if (error !== null) return this.#sendError(connection, 0, error);
    connections.subscribe(feed, instrument, nowNs);
    connections.downNs(connection, nowNs);
    coreProcess.arrive(nowNs, { kind: 'subscribed', nowNs, feed, instrument });
    if (feed === 'userFills')
      coreProcess.arrive(nowNs, {
        kind: 'fills',
        nowNs,
        isSnapshot: true,
        fills: this.#records.newestFills(FILL_SNAPSHOT),
      });
    else this.#marketFeed.sendFirst(feed, instrument);
  }

  unsubscribeArrives(event: Extract<WorldEvent, { kind: 'unsubscribe' }>): void {
    const { connections, instruments } = this.#run;
    const { connection, feed, instrument } = event;
    if (event.epoch !== connections.epoch(connection)) return;
    const error = unsubscribeError(feed, instrument, instruments, connections);
    if (error !== null) return this.#sendError(connection, 0, error);
    connections.unsubscribe(feed, instrument);
  }

  /** What is in flight on a socket that closes is lost. */
  postArrives(post: ArrivedPost): void {
    const { connections, market, nowNs, observers } = this.#run;
    if (post.via === 'websocket' && post.epoch !== connections.epoch('user')) return;
    if (!this.#mayWeigh(post)) {
      this.rejected(post.action.type, TOO_MANY_REQUESTS);
      return this.answered(post, { error: TOO_MANY_REQUESTS, items: [] });
    }
    observers.action(nowNs, this.#run.event, post.id, post.action);
    market.submit(nowNs, post);
  }

  /** Whether the weight of an action is still free, where it has one. */
  #mayWeigh({ via, action }: ArrivedPost): boolean {
    const { ip, values } = this.#limits;
    if (via === 'websocket' && !values.websocketPostsWeigh) return true;
    return ip.admit(this.#run.nowNs, actionWeight(batchSize(action)));
  }

  /** The exchange has carried an action out. */
  answered(post: ArrivedPost, { error, items }: ActionReply): void {
    const { connections, nowNs } = this.#run;
    const { id, via, epoch } = post;
    const readyNs = Math.max(post.replyAtNs, nowNs + post.leastBackNs);
    const isOnSocket = via === 'websocket';
    if (isOnSocket && epoch === connections.epoch('user')) this.#limits.sockets.postAnswered();
    const atNs = isOnSocket ? connections.downNs('user', readyNs) : readyNs;
    const message: Inbound = { kind: 'post-reply', nowNs: atNs, id, error, items };
    if (isOnSocket) this.#run.deliverAt(atNs, 'user', message, epoch);
    else this.#run.deliverAt(atNs, null, message);
  }

  /** What the exchange does by itself at a time of its own. */
  exchangeDue(): void {
    const { exchange, nowNs } = this.#run;
    this.#dueScheduledNs = Infinity;
    exchange.passTime(nowNs);
    this.sendUserStreams();
    this.#scheduleDue();
  }

  #scheduleDue(): void {
    const { exchange, kernel, market } = this.#run;
    const { dueNs } = exchange;
    if (market.hasBlocks || dueNs >= this.#dueScheduledNs) return;
    this.#dueScheduledNs = dueNs;
    kernel.schedule(dueNs, CLASS_EXCHANGE, { kind: 'exchange-due' });
  }

  restArrives({ command, replyNs, lagNs }: Extract<WorldEvent, { kind: 'rest' }>): void {
    const { nowNs } = this.#run;
    const exchNs = nowNs - lagNs;
    const atNs = nowNs + replyNs;
    const body = this.#weighedBody(command, exchNs);
    this.#run.deliverAt(atNs, null, { kind: 'rest-reply', nowNs: atNs, id: command.id, exchNs, body });
  }

  /** The answer to a query, or the page that tells that there were too many. */
  #weighedBody(command: RestCommand, asOfNs: number): RestBody {
    const { ip } = this.#limits;
    const { nowNs } = this.#run;
    if (!ip.admit(nowNs, infoWeight(command.request))) {
      return { request: 'failed', httpStatus: HTTP_TOO_MANY_REQUESTS, text: TOO_MANY_REQUESTS_PAGE };
    }
    const body = this.#restBody(command, asOfNs);
    if (body.request === 'userFillsByTime') ip.answered(nowNs, body.request, body.fills.length);
    return body;
  }

  /** What the exchange says of the account as it was at `asOfNs`. */
  #restBody({ request, cloid = 0, fromNs = 0 }: RestCommand, asOfNs: number): RestBody {
    switch (request) {
      case 'openOrders':
      case 'clearinghouseState':
        return (this.#pictures.at(asOfNs) ?? this.#takePicture())[request];
      case 'orderStatus':
        return { request, order: this.#records.orderStatus(cloid, asOfNs) };
      case 'userFillsByTime':
        return { request, fills: this.#records.fillsBetween(fromNs, asOfNs) };
      case 'userRateLimit':
        return userRateLimit(this.#run.exchange);
      case 'meta':
        return meta(this.#run.exchange);
    }
  }

  #takePicture(): AccountPicture {
    const { exchange } = this.#run;
    return {
      openOrders: { request: 'openOrders', orders: exchange.openOrders() },
      clearinghouseState: clearinghouseState(exchange),
    };
  }

  // ---------------------------------------------------------------------------------- arriving at the core

  messageArrives(event: Extract<WorldEvent, { kind: 'message' }>): void {
    const { connections, nowNs, observers, coreProcess } = this.#run;
    if (event.connection !== null && event.epoch !== connections.epoch(event.connection)) return;
    if (event.message.kind === 'post-reply') observers.reply(nowNs, this.#run.event, event.message);
    coreProcess.arrive(nowNs, event.message);
  }

  timerFires(timer: string, generation: number): void {
    const { nowNs, coreProcess } = this.#run;
    if (this.#timers.get(timer) === generation) coreProcess.arrive(nowNs, { kind: 'timer', nowNs, timer });
  }

  // ---------------------------------------------------------------------------- what the exchange tells

  accepted(order: OrderTruth, replaces: number): void {
    this.#isAccountChanged = true;
    this.#run.observers.accepted(this.#run.nowNs, this.#run.event, order, replaces);
  }

  removed(order: OrderTruth, why: OrderRemoval): void {
    this.#isAccountChanged = true;
    this.#run.observers.removed(this.#run.nowNs, this.#run.event, order, why);
  }

  rejected(type: Action['type'], error: string): void {
    this.#run.observers.rejected(this.#run.nowNs, this.#run.event, type, error);
  }

  filled(fill: Fill, positionLots: number): void {
    const { digest, event, nowNs, observers, stats } = this.#run;
    const { side, instrument, priceTicks, oid, sizeLots } = fill;
    digest.recordWithId(RECORD_FILL, nowNs, side, instrument, priceTicks, oid, sizeLots);
    stats.fills++;
    this.#isAccountChanged = true;
    this.#records.addFill(fill);
    this.#userStreams.addFill(fill);
    observers.fill(nowNs, event, fill, positionLots);
  }

  orderUpdate(update: OrderUpdate): void {
    this.#records.addUpdate(update);
    this.#userStreams.addUpdate(update);
  }

  userEvent(event: UserEvent): void {
    this.#isAccountChanged = true;
    this.#userStreams.addEvent(event);
  }

  /** Sends what the event under way put on the user streams, one frame each. */
  sendUserStreams(): void {
    this.#userStreams.send();
    if (!this.#isAccountChanged) return;
    this.#isAccountChanged = false;
    this.#pictures.changed(this.#run.nowNs, () => this.#takePicture());
    this.#scheduleDue();
  }

  snapshot(): GatewayState {
    return {
      timers: [...this.#timers].map(([name, generation]) => ({ name, generation })),
      records: this.#records.snapshot(),
      pictures: this.#pictures.snapshot(),
      dueScheduledNs: this.#dueScheduledNs,
    };
  }

  restore(state: GatewayState): void {
    this.#timers.clear();
    for (const { name, generation } of state.timers) this.#timers.set(name, generation);
    this.#records.restore(state.records);
    this.#pictures.restore(state.pictures);
    this.#dueScheduledNs = state.dueScheduledNs;
  }
}
