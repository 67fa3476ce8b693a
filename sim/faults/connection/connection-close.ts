/** The server closes a connection and refuses every new one until the fault ends (playbook 1.2, 2.3). */
import { CONNECTIONS, type Connection } from '../../../core/port.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

class ConnectionClose implements Overlay {
  readonly #target: string;
  readonly #world: OverlayWorld;

  constructor(target: string, world: OverlayWorld) {
    this.#target = target;
    this.#world = world;
  }

  begin(): void {
    for (const connection of CONNECTIONS) {
      if (connection !== this.#target || !this.#world.links.closeByServer(connection)) continue;
      this.#world.tookEffect(`closed the ${connection} connection`);
    }
  }

  refuses(connection: Connection): boolean {
    if (connection !== this.#target) return false;
    this.#world.tookEffect(`refused a ${connection} connection`);
    return true;
  }
}

export const connectionClose: FaultKind = {
  info: faultInfo({
    kind: 'connection-close',
    group: 'connection',
    description: 'The server closes the connection and refuses every new one until the fault ends.',
    targets: CONNECTIONS,
    primary: '2.3',
    allowed: ['1.2', '2.2', '3.4'],
    symptoms: ['stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  create: ({ target }, world) => new ConnectionClose(target, world),
};
