/**
 * The user streams: order updates and fills on their way from the exchange to the core. What one event at the exchange brings
 * about goes out as one frame of each stream.
 */
import type { Feed } from '../../core/market.ts';
import type { Fill, Inbound, OrderUpdate } from '../../core/port.ts';
import type { RunState } from '../run-state.ts';

/** How many fills the exchange repeats to a new subscriber of `userFills`. */
const FILL_SNAPSHOT = 100;

export interface UserStreamsState {
  recentFills: Fill[];
}

export class UserStreams<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  /** Of the exchange's event under way; empty between events. */
  #orderUpdates: OrderUpdate[] = [];
  #fills: Fill[] = [];
  #recentFills: Fill[] = [];

  constructor(run: RunState<CoreSettings>) {
    this.#run = run;
  }

  addUpdate(update: OrderUpdate): void {
    this.#orderUpdates.push(update);
  }

  addFill(fill: Fill): void {
    this.#fills.push(fill);
    this.#recentFills.push(fill);
    if (this.#recentFills.length > FILL_SNAPSHOT) this.#recentFills.shift();
  }

  /** What a new subscriber of `userFills` is sent first, oldest first. */
  fillSnapshot(): Fill[] {
    return [...this.#recentFills];
  }

  /** Sends what the event under way has brought about. */
  send(): void {
    if (this.#orderUpdates.length > 0) {
      const updates = this.#orderUpdates;
      this.#orderUpdates = [];
      this.#push('orderUpdates', { kind: 'order-updates', nowNs: 0, updates });
    }
    if (this.#fills.length > 0) {
      const fills = this.#fills;
      this.#fills = [];
      this.#push('userFills', { kind: 'fills', nowNs: 0, isSnapshot: false, fills });
    }
  }

  #push(feed: Feed, message: Inbound): void {
    const { connections, latency, nowNs } = this.#run;
    const latencyNs = latency.pushNs();
    if (!connections.isSubscribed(feed, 0)) return;
    this.#run.deliverAt(connections.downNs('user', nowNs + latencyNs), 'user', message);
  }

  snapshot(): UserStreamsState {
    return { recentFills: [...this.#recentFills] };
  }

  restore(state: UserStreamsState): void {
    this.#recentFills = [...state.recentFills];
  }
}
