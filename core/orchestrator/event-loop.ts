/**
 * The event loop (playbook 4.3): takes one message up, hands it to its handler, then asks whether quotes have to be reconciled,
 * and sets the timers. It never waits: what has to happen later is a timer. How long each handler keeps it busy is counted, and told
 * where that is too long.
 */

import type { LoopWatch } from '../infra/loop-watch.ts';
import {
  HANDLERS,
  type Handler,
  handlerMaxMetric,
  handlerMetric,
  METRIC,
  triggerMetric,
} from '../infra/metrics/fields.ts';
import type { Inbound, TimerMessage } from '../port.ts';
import { NS_PER_S, NS_PER_US } from '../scale.ts';
import { AccountHandlers } from './account-handlers.ts';
import type { HandlerParts } from './handler-parts.ts';
import { Handlers } from './handlers.ts';
import type { Timers } from './timers.ts';

const HANDLER_OF: Readonly<Record<Inbound['kind'], Handler>> = {
  start: 'connection',
  connection: 'connection',
  subscribed: 'connection',
  'channel-error': 'connection',
  book: 'book',
  trades: 'trades',
  'all-mids': 'market',
  'asset-context': 'market',
  'order-updates': 'orderUpdates',
  fills: 'fills',
  'post-reply': 'postReply',
  'rest-reply': 'restReply',
  'user-events': 'account',
  timer: 'timer',
  operator: 'operator',
};

/** By kind of message: the place of its handler in `HANDLERS`. */
const HANDLER_INDEX = Object.fromEntries(
  Object.entries(HANDLER_OF).map(([kind, handler]) => [kind, HANDLERS.indexOf(handler)]),
) as Readonly<Record<Inbound['kind'], number>>;

/** A handler that took longer than this is slow: orders are stale by then (playbook 4.1). */
const SLOW_US = 5_000;
/** Of each handler one slow message in this time is told of. */
const TOLD_EVERY_NS = NS_PER_S;
/** Work without hurry is looked for half-way between two checks. */
const IDLE_AFTER_SHARE = 0.5;

export class EventLoop {
  readonly #parts: HandlerParts;
  readonly #handlers: Handlers;
  readonly #account: AccountHandlers;
  readonly #timers: Timers;
  readonly #watch: LoopWatch;
  /** By handler: when a slow message of it was last told of. */
  readonly #toldNs = new Float64Array(HANDLERS.length).fill(Number.NEGATIVE_INFINITY);

  constructor(parts: HandlerParts, timers: Timers, watch: LoopWatch) {
    this.#parts = parts;
    this.#watch = watch;
    this.#account = new AccountHandlers(parts);
    this.#handlers = new Handlers(parts, this.#account);
    this.#timers = timers;
  }

  receive(message: Inbound): void {
    const { desks, executor, metrics, state, supervisor } = this.#parts;
    const { killSwitch } = state.account;
    metrics.add(METRIC.events, 1);
    state.session.nowNs = message.nowNs;
    const wasKilled = killSwitch.isKilled;
    const cyclesBeforeUs = metrics.values[METRIC.quoteCycleUsTotal];
    this.#dispatch(message);
    const { nowNs } = message;
    // A handler may have run a cycle that could not wait.
    const handlerUs = this.#chargedUs() - (metrics.values[METRIC.quoteCycleUsTotal] - cyclesBeforeUs);
    const handler = HANDLER_INDEX[message.kind];
    this.#noteTime(handler, handlerUs, nowNs);
    // One instrument may throw the switch, and none may quote on.
    if (killSwitch.isKilled && !wasKilled) for (const { quoteEngine } of desks) quoteEngine.run(nowNs);
    // Market data concerns its own instrument, everything else may concern all.
    if (message.kind === 'book' || message.kind === 'trades') {
      this.#quoteIfDue(message.instrument, nowNs);
    } else {
      for (let index = 0; index < desks.length; index++) this.#quoteIfDue(index, nowNs);
      this.#handlers.accountTouched();
    }
    this.#timers.postTimeout.set(executor.nextTimeoutNs);
    this.#timers.reconnect.set(supervisor.nextAttemptNs());
    const cyclesUs = metrics.values[METRIC.quoteCycleUsTotal] - cyclesBeforeUs;
    this.#watch.handled(nowNs, this.#parts.host.queuedNs(), handler, handlerUs, cyclesUs);
  }

  #chargedUs(): number {
    return this.#parts.host.chargedNs() / NS_PER_US;
  }

  #dispatch(message: Inbound): void {
    switch (message.kind) {
      case 'book':
        return this.#handlers.book(message);
      case 'trades':
        return this.#handlers.trades(message);
      case 'all-mids':
        return this.#handlers.allMids(message);
      case 'asset-context':
        return this.#handlers.assetContext(message);
      case 'timer':
        return this.#timer(message);
      case 'order-updates':
        return this.#account.orderUpdates(message);
      case 'fills':
        return this.#account.fills(message);
      case 'user-events':
        return this.#account.userEvents(message);
      case 'post-reply':
        return this.#account.postReply(message);
      case 'rest-reply':
        return this.#account.restReply(message);
      case 'connection':
        return this.#handlers.connection(message);
      case 'subscribed':
        return this.#handlers.subscribed(message);
      case 'channel-error':
        return this.#handlers.channelError(message);
      case 'operator':
        return this.#handlers.operator(message);
      case 'start':
        this.#handlers.start(message.nowNs);
        this.#timers.check.set(message.nowNs + this.#checkIntervalNs);
    }
  }

  get #checkIntervalNs(): number {
    return this.#parts.settings.infra.supervisor.checkIntervalNs;
  }

  #timer({ timer, nowNs }: TimerMessage): void {
    const { check, idle, postTimeout, reconnect } = this.#timers;
    this.#parts.host.charge('timer', 1);
    const fired = this.#timers.fired(timer);
    if (fired === check) {
      this.#handlers.check(nowNs);
      this.#watch.check(nowNs);
      check.set(nowNs + this.#checkIntervalNs);
      if (this.#hasIdleWork()) idle.set(nowNs + IDLE_AFTER_SHARE * this.#checkIntervalNs);
    } else if (fired === postTimeout) {
      this.#account.postTimeout(nowNs);
    } else if (fired === reconnect) {
      this.#handlers.reconnect(nowNs);
    } else if (fired === idle) {
      this.#handlers.idle(nowNs);
    }
  }

  #hasIdleWork(): boolean {
    return this.#parts.desks.some(({ state }) => state.beliefs.recalibrationDue || state.signals.recalibrationDue);
  }

  #noteTime(handler: number, us: number, nowNs: number): void {
    const { log, metrics } = this.#parts;
    metrics.add(handlerMetric(handler), us);
    if (us > metrics.values[handlerMaxMetric(handler)]) metrics.set(handlerMaxMetric(handler), us);
    if (us <= SLOW_US || nowNs - this.#toldNs[handler] < TOLD_EVERY_NS) return;
    this.#toldNs[handler] = nowNs;
    log({ type: 'handler-slow', atNs: nowNs, handler: HANDLERS[handler], us });
  }

  #quoteIfDue(index: number, nowNs: number): void {
    const { state, quoteEngine } = this.#parts.desks[index];
    const trigger = state.accumulator.due(nowNs);
    if (trigger !== null) {
      this.#parts.metrics.add(triggerMetric(trigger), 1);
      quoteEngine.run(nowNs, trigger === 'FallbackTimer' ? undefined : state.accumulator.scope);
      this.#handlers.accountTouched();
    }
    this.#timers.quotes[index].set(state.accumulator.nextCheckNs(nowNs));
  }

  snapshot(): unknown {
    return this.#toldNs.slice();
  }

  restore(state: unknown): void {
    this.#toldNs.set(state as Float64Array);
  }
}
