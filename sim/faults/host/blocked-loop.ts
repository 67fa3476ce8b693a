/**
 * Something beside the core holds its CPU, once or again and again: a collector of garbage, a neighbour on the machine, a debugger
 * (playbook 4.3). Messages that come meanwhile wait.
 */
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

class BlockedLoop implements Overlay {
  readonly #world: OverlayWorld;
  readonly #holdNs: number;
  readonly #everyNs: number;
  readonly #endNs: number;
  #isOver = false;

  constructor(fault: Fault, world: OverlayWorld) {
    const everyNs = numberOf(fault, 'every');
    const share = numberOf(fault, 'share');
    this.#world = world;
    this.#everyNs = everyNs;
    this.#endNs = fault.atNs + fault.forNs;
    this.#holdNs = share > 0 && everyNs > 0 ? Math.round(share * everyNs) : numberOf(fault, 'hold');
  }

  begin(): void {
    this.#hold();
  }

  end(): void {
    this.#isOver = true;
  }

  due(): void {
    if (!this.#isOver) this.#hold();
  }

  #hold(): void {
    const { host, nowNs } = this.#world;
    const holdNs = Math.min(this.#holdNs, this.#endNs - nowNs);
    host.occupy(nowNs, holdNs);
    this.#world.tookEffect(`held the CPU for ${holdNs / NS_PER_MS} ms`);
    // Where holds are longer than what is between them the next one waits its turn, as the messages do.
    if (this.#everyNs > 0) this.#world.wakeAt(nowNs + Math.max(this.#everyNs, holdNs));
  }

  snapshot(): unknown {
    return this.#isOver;
  }

  restore(state: unknown): void {
    this.#isOver = state as boolean;
  }
}

export const blockedLoop: FaultKind = {
  info: faultInfo({
    kind: 'blocked-loop',
    group: 'host',
    description:
      'Something else holds the CPU of the core, once or again and again. What the core is at is finished first; what arrives ' +
      'meanwhile waits.',
    parameters: [
      {
        name: 'hold',
        type: 'time',
        description: 'How long it is held each time, at most until the fault ends.',
        min: NS_PER_MS,
        max: 30 * NS_PER_S,
        default: 50 * NS_PER_MS,
      },
      {
        name: 'every',
        type: 'time',
        description: 'From one hold to the next; 0s: once.',
        min: 0,
        max: 600 * NS_PER_S,
        default: 500 * NS_PER_MS,
      },
      {
        name: 'share',
        type: 'number',
        description: 'In place of hold: share of every for which it is held; 0: as hold says.',
        unit: '',
        min: 0,
        max: 0.99,
        default: 0,
      },
    ],
    primary: '4.3',
    allowed: ['1.2', '3.2', '4.4'],
    symptoms: ['high-latency', 'stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  contradiction: fault =>
    numberOf(fault, 'share') > 0 && numberOf(fault, 'every') === 0 ? 'share is of every, which is 0s' : null,
  create: (fault, world) => new BlockedLoop(fault, world),
};
