/**
 * The server closes the connection a little after every opening, and delivers nothing by it in between (playbook 2.3). An attempt to
 * reconnect succeeds each time, and none brings data.
 */
import { type Feed, MARKET_FEEDS } from '../../../core/market.ts';
import { CONNECTIONS, type Connection } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

class ConnectionFlap implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #target: Connection;
  readonly #world: OverlayWorld;
  readonly #afterNs: number;
  #isActive = false;
  /** When the connection that is open now is closed; -1: none is open. */
  #closeNs = -1;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#target = CONNECTIONS.find(connection => connection === fault.target) ?? 'market';
    this.feeds = this.#target === 'market' ? MARKET_FEEDS : [];
    this.#world = world;
    this.#afterNs = numberOf(fault, 'after');
  }

  begin(): void {
    this.#isActive = true;
    this.#close();
  }

  #close(): void {
    this.#closeNs = -1;
    if (this.#world.links.closeByServer(this.#target)) this.#world.tookEffect(`closed the ${this.#target} connection`);
  }

  opened(connection: Connection): void {
    if (connection !== this.#target) return;
    this.#closeNs = this.#world.nowNs + this.#afterNs;
    this.#world.wakeAt(this.#closeNs);
  }

  due(): void {
    if (this.#isActive && this.#closeNs === this.#world.nowNs) this.#close();
  }

  market(): null {
    return null;
  }

  loses(connection: Connection): boolean {
    return connection === this.#target;
  }

  end(): void {
    this.#isActive = false;
    // What is open now has no subscription that arrived: the client would wait for data until it gave up.
    this.#close();
  }

  snapshot(): unknown {
    return { isActive: this.#isActive, closeNs: this.#closeNs };
  }

  restore(state: unknown): void {
    const from = state as { isActive: boolean; closeNs: number };
    this.#isActive = from.isActive;
    this.#closeNs = from.closeNs;
  }
}

export const connectionFlap: FaultKind = {
  info: faultInfo({
    kind: 'connection-flap',
    group: 'connection',
    description:
      'The server closes the connection, and each new one a little after its opening; none of them delivers.',
    targets: CONNECTIONS,
    defaultTarget: 'market',
    parameters: [
      {
        name: 'after',
        type: 'time',
        min: 100 * NS_PER_MS,
        max: 60 * NS_PER_S,
        default: 2 * NS_PER_S,
        description: 'How long each connection stays open.',
      },
    ],
    primary: '2.3',
    allowed: ['1.2', '2.2', '3.4'],
    symptoms: ['stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  create: (fault, world) => new ConnectionFlap(fault, world),
};
