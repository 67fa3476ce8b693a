/**
 * The user streams: order updates, fills and what happened to the account without an action of its own, on their way from the
 * exchange to the core. What one event at the exchange brings about goes out as one frame of each stream.
 */
import type { Feed } from '../../core/market.ts';
import type { Fill, Inbound, OrderUpdate, UserEvent } from '../../core/port.ts';
import type { RunState } from '../run-state.ts';

export class UserStreams<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  /** Of the exchange's event under way; empty between events. */
  #orderUpdates: OrderUpdate[] = [];
  #fills: Fill[] = [];
  #events: UserEvent[] = [];

  constructor(run: RunState<CoreSettings>) {
    this.#run = run;
  }

  addUpdate(update: OrderUpdate): void {
    this.#orderUpdates.push(update);
  }

  addFill(fill: Fill): void {
    this.#fills.push(fill);
  }

  addEvent(event: UserEvent): void {
    this.#events.push(event);
  }

  /** Sends what the event under way has brought about. */
  send(): void {
    const { connections, event, faults, nowNs, observers } = this.#run;
    // Faults are shown what is sent: to a core that has not subscribed that is nothing.
    if (this.#orderUpdates.length > 0) {
      const made = this.#orderUpdates;
      this.#orderUpdates = [];
      const updates = connections.isSubscribed('orderUpdates', 0) ? faults.orderUpdates(made) : made;
      if (updates.length > 0) this.#push('orderUpdates', { kind: 'order-updates', nowNs: 0, updates });
    }
    if (this.#fills.length > 0) {
      const made = this.#fills;
      this.#fills = [];
      const fills = connections.isSubscribed('userFills', 0) ? faults.fills(made) : made;
      const dueNs = this.#push('userFills', { kind: 'fills', nowNs: 0, isSnapshot: false, fills });
      for (const fill of made) observers.fillSent(nowNs, event, fill, dueNs);
    }
    if (this.#events.length > 0) {
      const events = this.#events;
      this.#events = [];
      this.#push('userEvents', { kind: 'user-events', nowNs: 0, events });
    }
  }

  /** Returns when the message is at the core if nothing holds it up. */
  #push(feed: Feed, message: Inbound): number {
    const { connections, faults, latency, nowNs } = this.#run;
    const dueNs = nowNs + latency.pushNs();
    if (!connections.isSubscribed(feed, 0) || isEmpty(message)) return dueNs;
    const atNs = connections.downNs('user', dueNs + faults.pushDelayNs(feed));
    this.#run.deliverAt(atNs, 'user', message);
    return dueNs;
  }
}

/** A message of which a fault has left nothing. */
function isEmpty(message: Inbound): boolean {
  return message.kind === 'fills' && message.fills.length === 0;
}
