/**
 * The event loop (playbook 4.3): takes one message up, hands it to its handler, then asks whether quotes have to be reconciled,
 * and sets the timers. It never waits: what has to happen later is a timer.
 */
import { METRIC, triggerMetric } from '../infra/metrics/fields.ts';
import type { Inbound, TimerMessage } from '../port.ts';
import type { HandlerParts, Handlers } from './handlers.ts';
import type { Timers } from './timers.ts';

export class EventLoop {
  readonly #parts: HandlerParts;
  readonly #handlers: Handlers;
  readonly #timers: Timers;
  readonly #checkIntervalNs: number;

  constructor(parts: HandlerParts, handlers: Handlers, timers: Timers, checkIntervalNs: number) {
    this.#parts = parts;
    this.#handlers = handlers;
    this.#timers = timers;
    this.#checkIntervalNs = checkIntervalNs;
  }

  receive(message: Inbound): void {
    this.#parts.metrics.add(METRIC.events, 1);
    this.#dispatch(message);
    const { nowNs } = message;
    // Market data concerns its own instrument, everything else may concern all.
    if (message.kind === 'book' || message.kind === 'trades') {
      this.#quoteIfDue(message.instrument, nowNs);
    } else {
      for (let index = 0; index < this.#parts.desks.length; index++) this.#quoteIfDue(index, nowNs);
      this.#handlers.accountTouched();
    }
    this.#timers.postTimeout.set(this.#parts.executor.nextTimeoutNs);
    this.#timers.reconnect.set(this.#parts.supervisor.nextAttemptNs());
  }

  #dispatch(message: Inbound): void {
    switch (message.kind) {
      case 'book':
        return this.#handlers.book(message);
      case 'trades':
        return this.#handlers.trades(message);
      case 'timer':
        return this.#timer(message);
      case 'order-updates':
        return this.#handlers.orderUpdates(message);
      case 'fills':
        return this.#handlers.fills(message);
      case 'post-reply':
        return this.#handlers.postReply(message);
      case 'rest-reply':
        return this.#handlers.restReply(message);
      case 'connection':
        return this.#handlers.connection(message);
      case 'subscribed':
        return this.#handlers.subscribed(message);
      case 'start':
        this.#handlers.start(message.nowNs);
        this.#timers.check.set(message.nowNs + this.#checkIntervalNs);
    }
  }

  #timer({ timer, nowNs }: TimerMessage): void {
    const { check, postTimeout, reconnect } = this.#timers;
    this.#parts.host.charge('timer', 1);
    const fired = this.#timers.fired(timer);
    if (fired === check) {
      this.#handlers.check(nowNs);
      check.set(nowNs + this.#checkIntervalNs);
    } else if (fired === postTimeout) {
      this.#handlers.postTimeout(nowNs);
    } else if (fired === reconnect) {
      this.#handlers.reconnect(nowNs);
    }
  }

  #quoteIfDue(index: number, nowNs: number): void {
    const { state, quoteEngine } = this.#parts.desks[index];
    const trigger = state.accumulator.due(nowNs);
    if (trigger !== null) {
      this.#parts.metrics.add(triggerMetric(trigger), 1);
      quoteEngine.run(nowNs);
      this.#handlers.accountTouched();
    }
    this.#timers.quotes[index].set(state.accumulator.nextCheckNs(nowNs));
  }
}
