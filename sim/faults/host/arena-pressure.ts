/** Something else keeps bytes in the arena of the quote cycle, which then does not fit any more (playbook 4.2). */
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

class ArenaPressure implements Overlay {
  readonly #bytes: number;
  readonly #world: OverlayWorld;

  constructor(bytes: number, world: OverlayWorld) {
    this.#bytes = bytes;
    this.#world = world;
  }

  arenaTakenBytes(): number {
    this.#world.tookEffect(`took ${this.#bytes} bytes of the arena`);
    return this.#bytes;
  }
}

export const arenaPressure: FaultKind = {
  info: faultInfo({
    kind: 'arena-pressure',
    group: 'host',
    description:
      'Something else in the process keeps bytes in the arena of the quote cycle. Of its 8,192 bytes a cycle of 5 levels a side ' +
      'takes 3,872, and 205 for each order spec.',
    parameters: [
      {
        name: 'bytes',
        type: 'integer',
        description: 'How many it keeps.',
        unit: 'B',
        min: 1,
        max: 1_048_576,
        default: 4_320,
      },
    ],
    primary: '4.2',
    allowed: ['4.1'],
    symptoms: ['high-latency'],
  }),
  create: (fault, world) => new ArenaPressure(numberOf(fault, 'bytes'), world),
};
