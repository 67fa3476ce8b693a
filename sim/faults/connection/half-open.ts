/**
 * A connection that looks open and is dead (playbook 1.2): what is sent over it is swallowed without a word, in both directions or in
 * one. It is the socket that stood when the fault began, or the next one that opens; one that is opened in its place works.
 */
import { type Feed, MARKET_FEEDS } from '../../../core/market.ts';
import { CONNECTIONS, type Connection } from '../../../core/port.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

class HalfOpen implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #connection: Connection;
  readonly #direction: Fault['direction'];
  readonly #world: OverlayWorld;
  /** Of the socket that is dead; -1: none yet. */
  #epoch = -1;

  constructor({ target, direction }: Fault, world: OverlayWorld) {
    this.#connection = target === 'market' ? 'market' : 'user';
    this.#direction = direction;
    this.#world = world;
    // Frames of the market come by a way of their own.
    this.feeds = target === 'market' && direction !== 'up' ? MARKET_FEEDS : [];
  }

  begin(): void {
    if (this.#world.connections.isOpen(this.#connection)) this.opened(this.#connection);
  }

  opened(connection: Connection): void {
    if (connection === this.#connection && this.#epoch < 0) this.#epoch = this.#world.connections.epoch(connection);
  }

  loses(connection: Connection, direction: 'up' | 'down'): boolean {
    if (connection !== this.#connection || !this.#isDead) return false;
    if (this.#direction !== 'both' && this.#direction !== direction) return false;
    this.#world.tookEffect(`swallowed a message of the ${connection} connection on its way ${direction}`);
    return true;
  }

  market(item: MarketItem): MarketItem | null {
    if (!this.#isDead) return item;
    this.#world.tookEffect('swallowed a frame of the market connection');
    return null;
  }

  get #isDead(): boolean {
    return this.#world.connections.epoch(this.#connection) === this.#epoch;
  }

  snapshot(): unknown {
    return this.#epoch;
  }

  restore(state: unknown): void {
    this.#epoch = state as number;
  }
}

export const halfOpen: FaultKind = {
  info: faultInfo({
    kind: 'half-open',
    group: 'connection',
    description:
      'The connection stays open and swallows all that is sent over it; one that is opened in its place works.',
    targets: CONNECTIONS,
    defaultTarget: 'user',
    hasDirection: true,
    primary: '1.2',
    // What is missed of orders and fills is found later; a dead market connection is silence.
    allowed: ['1.4', '2.2', '2.3', '3.1', '3.4', '4.4'],
    symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch', 'high-latency'],
  }),
  create: (fault, world) => new HalfOpen(fault, world),
};
