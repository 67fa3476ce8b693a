/**
 * The server sends again what a new subscriber gets first: the book as it stands, the trades of late, the newest fills (playbook 3.3).
 * Trades and fills are old ones, which must not be counted again.
 */
import type { Feed } from '../../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

const TARGETS = ['l2Book', 'fastBook', 'trades', 'userFills'] as const satisfies readonly Feed[];

class SnapshotResent implements Overlay {
  readonly #feed: Feed;
  readonly #world: OverlayWorld;
  readonly #everyNs: number;
  #isActive = false;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#feed = TARGETS.find(feed => feed === fault.target) ?? 'userFills';
    this.#world = world;
    this.#everyNs = numberOf(fault, 'every');
  }

  begin(): void {
    this.#isActive = true;
    this.#send();
  }

  due(): void {
    if (this.#isActive) this.#send();
  }

  #send(): void {
    const { instruments, links, nowNs, tookEffect, wakeAt } = this.#world;
    // Account streams hold all instruments.
    const count = this.#feed === 'userFills' ? 1 : instruments.length;
    for (let instrument = 0; instrument < count; instrument++) {
      if (links.sendFirst(this.#feed, instrument)) tookEffect(`sent the snapshot of ${this.#feed} again`);
    }
    wakeAt(nowNs + this.#everyNs);
  }

  end(): void {
    this.#isActive = false;
  }

  snapshot(): unknown {
    return this.#isActive;
  }

  restore(state: unknown): void {
    this.#isActive = state as boolean;
  }
}

export const snapshotResent: FaultKind = {
  info: faultInfo({
    kind: 'snapshot-resent',
    group: 'connection',
    description: 'What a new subscriber gets first is sent again and again on the live connection.',
    targets: TARGETS,
    defaultTarget: 'userFills',
    parameters: [
      {
        name: 'every',
        type: 'time',
        min: 10 * NS_PER_MS,
        max: 600 * NS_PER_S,
        default: NS_PER_S,
        description: 'Time from one to the next; the first comes at once.',
      },
    ],
    primary: '3.3',
    allowed: ['2.2', '2.4'],
    symptoms: [],
  }),
  create: (fault, world) => new SnapshotResent(fault, world),
};
