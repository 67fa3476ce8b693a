/** Tells each hook of the truth to the observers that have it. Of the frequent ones those that have none are not asked. */
import type { LogEntry } from '../core/evidence.ts';
import type { Feed } from '../core/market.ts';
import type { Action, Command, Connection, Fill, PostReplyMessage } from '../core/port.ts';
import type { FaultEffect, HandledWork, Observer, OrderRemoval, OrderTruth, RunContext } from './truth.ts';

export class ObserverHub {
  readonly #all: readonly Observer[];
  readonly #market: readonly Observer[];
  readonly #delivered: readonly Observer[];
  readonly #handled: readonly Observer[];
  readonly #accepted: readonly Observer[];
  readonly #removed: readonly Observer[];
  readonly #command: readonly Observer[];
  readonly #action: readonly Observer[];
  readonly #reply: readonly Observer[];
  readonly #evidence: readonly Observer[];

  constructor(observers: readonly Observer[]) {
    this.#all = observers;
    const having = (hook: keyof Observer) => observers.filter(observer => observer[hook] !== undefined);
    this.#market = having('onMarket');
    this.#delivered = having('onDelivered');
    this.#handled = having('onHandled');
    this.#accepted = having('onAccepted');
    this.#removed = having('onRemoved');
    this.#command = having('onCommand');
    this.#action = having('onAction');
    this.#reply = having('onReply');
    this.#evidence = having('onEvidence');
  }

  // Every frame.

  market(atNs: number, event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    if (this.#market.length === 0) return;
    for (const observer of this.#market) observer.onMarket?.(atNs, event, instrument, bestBidTicks, bestAskTicks);
  }

  delivered(atNs: number, event: number, feed: Feed, instrument: number): void {
    if (this.#delivered.length === 0) return;
    for (const observer of this.#delivered) observer.onDelivered?.(atNs, event, feed, instrument);
  }

  handled(startNs: number, endNs: number, queuedNs: number, work: HandledWork): void {
    if (this.#handled.length === 0) return;
    for (const observer of this.#handled) observer.onHandled?.(startNs, endNs, queuedNs, work);
  }

  // Now and then.

  start(context: RunContext): void {
    for (const observer of this.#all) observer.onStart?.(context);
  }

  accepted(atNs: number, event: number, order: OrderTruth, replaces: number): void {
    for (const observer of this.#accepted) observer.onAccepted?.(atNs, event, order, replaces);
  }

  removed(atNs: number, event: number, order: OrderTruth, why: OrderRemoval): void {
    for (const observer of this.#removed) observer.onRemoved?.(atNs, event, order, why);
  }

  rejected(atNs: number, event: number, action: Action['type'], error: string): void {
    for (const observer of this.#all) observer.onRejected?.(atNs, event, action, error);
  }

  fill(atNs: number, event: number, fill: Fill, positionLots: number): void {
    for (const observer of this.#all) observer.onFill?.(atNs, event, fill, positionLots);
  }

  fillSent(atNs: number, event: number, fill: Fill, dueNs: number): void {
    for (const observer of this.#all) observer.onFillSent?.(atNs, event, fill, dueNs);
  }

  command(atNs: number, event: number, command: Command): void {
    for (const observer of this.#command) observer.onCommand?.(atNs, event, command);
  }

  action(atNs: number, event: number, id: number, action: Action): void {
    for (const observer of this.#action) observer.onAction?.(atNs, event, id, action);
  }

  reply(atNs: number, event: number, reply: PostReplyMessage): void {
    for (const observer of this.#reply) observer.onReply?.(atNs, event, reply);
  }

  connection(atNs: number, event: number, connection: Connection, status: 'open' | 'closed' | 'refused'): void {
    for (const observer of this.#all) observer.onConnection?.(atNs, event, connection, status);
  }

  fault(effect: FaultEffect): void {
    for (const observer of this.#all) observer.onFault?.(effect);
  }

  healed(atNs: number): void {
    for (const observer of this.#all) observer.onFaultsHealed?.(atNs);
  }

  evidence(entry: LogEntry): void {
    for (const observer of this.#evidence) observer.onEvidence?.(entry);
  }

  end(atNs: number, event: number): void {
    for (const observer of this.#all) observer.onEnd?.(atNs, event);
  }

  /** State of each observer by its name. */
  snapshot(): Record<string, unknown> {
    return Object.fromEntries(this.#all.map(observer => [observer.name, observer.snapshot()]));
  }

  restore(states: Record<string, unknown>): void {
    for (const observer of this.#all) observer.restore(states[observer.name]);
  }
}
