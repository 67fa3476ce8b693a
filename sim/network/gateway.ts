/**
 * Everything between core and exchange but market frames: commands on their way out, and what the exchange tells of the
 * account on its way back. Sockets, posts and queries each have their own file; here is what they share, the account's
 * streams and the timers.
 */
import type { Action, Command, Fill, OrderUpdate, PlaceOrder, UserEvent } from '../../core/port.ts';
import type { ExchangeEvents } from '../exchange/exchange.ts';
import type { Refusal } from '../exchange/order-rules.ts';
import { RECORD_FILL } from '../kernel/digest.ts';
import { CLASS_EXCHANGE, CLASS_TIMER } from '../kernel/kernel.ts';
import type { RunState } from '../run-state.ts';
import type { OrderRemoval, OrderTruth } from '../truth.ts';
import type { WorldEvent } from '../world.ts';
import type { AccountPicturesState } from './account-pictures.ts';
import { AccountRecords, type AccountRecordsState } from './account-records.ts';
import { recordCommand } from './command-records.ts';
import type { MarketFeed } from './market-feed.ts';
import { Posts } from './posts.ts';
import { RestQueries } from './rest-queries.ts';
import { Sockets } from './sockets.ts';
import { UserStreams } from './user-streams.ts';

interface GatewayState {
  timers: { name: string; generation: number }[];
  records: AccountRecordsState;
  pictures: AccountPicturesState;
  dueScheduledNs: number;
}

export class Gateway<CoreSettings> implements ExchangeEvents {
  readonly sockets: Sockets<CoreSettings>;
  readonly posts: Posts<CoreSettings>;
  readonly queries: RestQueries<CoreSettings>;
  readonly #run: RunState<CoreSettings>;
  /** By name: a timer that was set again has a newer generation, and the older firing is ignored. */
  readonly #timers = new Map<string, number>();
  readonly #userStreams: UserStreams<CoreSettings>;
  readonly #records = new AccountRecords();
  /** The account has changed within the event under way. */
  #isAccountChanged = false;
  /** When the next wake-up for the exchange is scheduled. */
  #dueScheduledNs = Infinity;

  constructor(run: RunState<CoreSettings>, marketFeed: MarketFeed<CoreSettings>) {
    this.#run = run;
    this.#userStreams = new UserStreams(run);
    this.sockets = new Sockets(run, marketFeed, this.#records);
    this.posts = new Posts(run, this.sockets);
    this.queries = new RestQueries(run, this.#records);
  }

  /** The run begins. */
  begin(): void {
    this.queries.accountChanged();
    this.#scheduleDue();
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
        return this.sockets.connect(command.connection);
      case 'subscribe':
        return this.sockets.subscribe(command.feed, command.instrument);
      case 'unsubscribe':
        return this.sockets.unsubscribe(command.feed, command.instrument);
      case 'post':
        return this.posts.send(command);
      case 'rest':
        return this.queries.send(command);
      case 'set-timer':
        return this.#setTimer(command.timer, command.atNs);
    }
  }

  #setTimer(timer: string, atNs: number): void {
    const generation = (this.#timers.get(timer) ?? 0) + 1;
    this.#timers.set(timer, generation);
    if (atNs !== Infinity) this.#run.kernel.schedule(atNs, CLASS_TIMER, { kind: 'timer', timer, generation });
  }

  // ------------------------------------------------------------------------------------ the exchange's time

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

  // ---------------------------------------------------------------------------------- arriving at the core

  /** An operator's action of the plan. */
  operatorActs(index: number): void {
    const { coreProcess, nowNs, plan } = this.#run;
    const planned = plan.operator?.[index];
    if (planned !== undefined) coreProcess.arrive(nowNs, { kind: 'operator', nowNs, action: planned.action });
  }

  messageArrives(event: Extract<WorldEvent, { kind: 'message' }>): void {
    const { connections, faults, nowNs, observers, coreProcess } = this.#run;
    if (event.connection !== null && event.epoch !== connections.epoch(event.connection)) return;
    if (event.connection !== null && faults.loses(event.connection, 'down')) return;
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
    this.#run.faults.orderAccepted(order);
  }

  removed(order: OrderTruth, why: OrderRemoval): void {
    this.#isAccountChanged = true;
    this.#run.observers.removed(this.#run.nowNs, this.#run.event, order, why);
    this.#run.faults.orderRemoved(order);
  }

  refuses(order: PlaceOrder): Refusal | null {
    return this.#run.faults.orderRefusal(order);
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

  /** Something has changed the account that no stream tells of. */
  accountChanged(): void {
    this.#isAccountChanged = true;
    this.sendUserStreams();
  }

  /** Sends what the event under way put on the user streams, one frame each. */
  sendUserStreams(): void {
    this.#userStreams.send();
    if (!this.#isAccountChanged) return;
    this.#isAccountChanged = false;
    this.queries.accountChanged();
    this.#scheduleDue();
  }

  snapshot(): GatewayState {
    return {
      timers: [...this.#timers].map(([name, generation]) => ({ name, generation })),
      records: this.#records.snapshot(),
      pictures: this.queries.snapshot(),
      dueScheduledNs: this.#dueScheduledNs,
    };
  }

  restore(state: GatewayState): void {
    this.#timers.clear();
    for (const { name, generation } of state.timers) this.#timers.set(name, generation);
    this.#records.restore(state.records);
    this.queries.restore(state.pictures);
    this.#dueScheduledNs = state.dueScheduledNs;
  }
}
