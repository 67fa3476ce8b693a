/**
 * Everything between core and exchange but market frames: commands on their way out, replies and the user streams
 * (`user-streams.ts`) on their way back. Latency is drawn when a message is sent, before anything decides what becomes of it.
 */
import type { Feed } from '../../core/market.ts';
import type { Action, Command, Connection, Fill, Inbound, OrderUpdate, RestBody } from '../../core/port.ts';
import type { ExchangeEvents } from '../exchange/exchange.ts';
import { RECORD_FILL } from '../kernel/digest.ts';
import { CLASS_EXCHANGE, CLASS_TIMER } from '../kernel/kernel.ts';
import type { RunState } from '../run-state.ts';
import type { OrderRemoval, OrderTruth } from '../truth.ts';
import type { WorldEvent } from '../world.ts';
import { recordCommand } from './command-records.ts';
import { connectionOf } from './connections.ts';
import type { MarketFeed } from './market-feed.ts';
import { UserStreams, type UserStreamsState } from './user-streams.ts';

interface GatewayState {
  timers: { name: string; generation: number }[];
  userStreams: UserStreamsState;
}

export class Gateway<CoreSettings> implements ExchangeEvents {
  readonly #run: RunState<CoreSettings>;
  readonly #marketFeed: MarketFeed<CoreSettings>;
  /** By name: a timer that was set again has a newer generation, and the older firing is ignored. */
  readonly #timers = new Map<string, number>();
  readonly #userStreams: UserStreams<CoreSettings>;

  constructor(run: RunState<CoreSettings>, marketFeed: MarketFeed<CoreSettings>) {
    this.#run = run;
    this.#marketFeed = marketFeed;
    this.#userStreams = new UserStreams(run);
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
        return this.#post(command.id, command.nonce, command.action);
      case 'rest':
        return this.#rest(command.id, command.request);
      case 'set-timer':
        return this.#setTimer(command.timer, command.atNs);
    }
  }

  #connect(connection: Connection): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    if (connections.isOpen(connection)) connections.close(connection);
    const epoch = connections.epoch(connection);
    kernel.schedule(nowNs + latency.connectNs, CLASS_EXCHANGE, { kind: 'connect', connection, epoch });
  }

  #subscribe(feed: Feed, instrument: number): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    const connection = connectionOf(feed);
    if (!connections.isOpen(connection)) return;
    const epoch = connections.epoch(connection);
    // The answer's way back is added to the request's way out: the feed's own frames carry their recorded latency, so
    // none of them can overtake the answer.
    const atNs = connections.upNs(connection, nowNs + latency.subscribeNs);
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'subscribe', connection, epoch, feed, instrument });
  }

  #post(id: number, nonce: number, action: Action): void {
    const { connections, kernel, latency, nowNs } = this.#run;
    const roundTripNs = latency.postRoundTripNs();
    if (!connections.isOpen('user')) return;
    const upNs = latency.postUpNs(roundTripNs);
    const epoch = connections.epoch('user');
    const event: WorldEvent = { kind: 'post', epoch, id, nonce, action, replyNs: roundTripNs - upNs };
    kernel.schedule(connections.upNs('user', nowNs + upNs), CLASS_EXCHANGE, event);
  }

  #rest(id: number, request: RestBody['request']): void {
    const { kernel, latency, nowNs } = this.#run;
    const roundTripNs = latency.restRoundTripNs();
    const upNs = Math.floor(roundTripNs / 2);
    kernel.schedule(nowNs + upNs, CLASS_EXCHANGE, { kind: 'rest', id, request, replyNs: roundTripNs - upNs });
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
    if (refusal < 0) connections.open(connection);
    else this.#run.faultTookEffect(refusal, `refused a ${connection} connection`);
    this.#tellConnection(connection, refusal < 0 ? 'open' : 'refused');
    const message: Inbound = { kind: 'connection', nowNs, connection, status: refusal < 0 ? 'open' : 'refused' };
    this.#run.coreProcess.arrive(nowNs, message);
  }

  /** The server closes the connection. False: it was not open. */
  closeByServer(connection: Connection): boolean {
    const { connections, nowNs, coreProcess } = this.#run;
    if (!connections.isOpen(connection)) return false;
    connections.close(connection);
    this.#tellConnection(connection, 'closed');
    coreProcess.arrive(nowNs, { kind: 'connection', nowNs, connection, status: 'closed' });
    return true;
  }

  #tellConnection(connection: Connection, status: 'open' | 'closed' | 'refused'): void {
    this.#run.observers.connection(this.#run.nowNs, this.#run.event, connection, status);
  }

  /** A subscription takes effect: it is confirmed, and the feeds that have one send their first message. */
  subscribeArrives(event: Extract<WorldEvent, { kind: 'subscribe' }>): void {
    const { connections, nowNs, coreProcess } = this.#run;
    const { feed, instrument } = event;
    if (event.epoch !== connections.epoch(event.connection)) return;
    connections.subscribe(feed, instrument, nowNs);
    coreProcess.arrive(nowNs, { kind: 'subscribed', nowNs, feed, instrument });
    if (feed === 'userFills')
      coreProcess.arrive(nowNs, { kind: 'fills', nowNs, isSnapshot: true, fills: this.#userStreams.fillSnapshot() });
    else this.#marketFeed.sendFirst(feed, instrument);
  }

  postArrives(event: Extract<WorldEvent, { kind: 'post' }>): void {
    const run = this.#run;
    if (event.epoch !== run.connections.epoch('user')) return;
    run.observers.action(run.nowNs, run.event, event.id, event.action);
    const { error, items } = run.exchange.handleAction(run.nowNs, event.nonce, event.action);
    const atNs = run.connections.downNs('user', run.nowNs + event.replyNs);
    run.deliverAt(atNs, 'user', { kind: 'post-reply', nowNs: atNs, id: event.id, error, items });
    this.sendUserStreams();
  }

  restArrives(event: Extract<WorldEvent, { kind: 'rest' }>): void {
    const { exchange, nowNs, tape } = this.#run;
    const { id, request } = event;
    const body: RestBody =
      request === 'openOrders'
        ? { request, orders: exchange.openOrders() }
        : {
            request,
            positions: tape.instruments.map((_, instrument) => ({
              instrument,
              positionLots: exchange.positionLots(instrument),
            })),
          };
    const atNs = nowNs + event.replyNs;
    this.#run.deliverAt(atNs, null, { kind: 'rest-reply', nowNs: atNs, id, exchNs: nowNs, body });
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
    this.#run.observers.accepted(this.#run.nowNs, this.#run.event, order, replaces);
  }

  removed(order: OrderTruth, why: OrderRemoval): void {
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
    this.#userStreams.addFill(fill);
    observers.fill(nowNs, event, fill, positionLots);
  }

  orderUpdate(update: OrderUpdate): void {
    this.#userStreams.addUpdate(update);
  }

  /** Sends what the event under way put on the user streams, one frame each. */
  sendUserStreams(): void {
    this.#userStreams.send();
  }

  snapshot(): GatewayState {
    return {
      timers: [...this.#timers].map(([name, generation]) => ({ name, generation })),
      userStreams: this.#userStreams.snapshot(),
    };
  }

  restore(state: GatewayState): void {
    this.#timers.clear();
    for (const { name, generation } of state.timers) this.#timers.set(name, generation);
    this.#userStreams.restore(state.userStreams);
  }
}
