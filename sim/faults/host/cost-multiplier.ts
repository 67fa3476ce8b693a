/** The machine is slow: all that the core computes, or one stage of it, takes several times as long (playbook 4.1, 4.5). */
import { STAGES, type Stage } from '../../../core/port.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

const ALL = 'all';

class CostMultiplier implements Overlay {
  readonly #target: string;
  readonly #factor: number;
  readonly #world: OverlayWorld;

  constructor(target: string, factor: number, world: OverlayWorld) {
    this.#target = target;
    this.#factor = factor;
    this.#world = world;
  }

  costFactor(stage: Stage): number {
    return this.#target === ALL || this.#target === stage ? this.#factor : 1;
  }

  stretched(stage: Stage): void {
    if (this.#target === ALL || this.#target === stage) {
      this.#world.tookEffect(`made ${stage} take ${this.#factor} times as long`);
    }
  }
}

export const costMultiplier: FaultKind = {
  info: faultInfo({
    kind: 'cost-multiplier',
    group: 'host',
    description:
      'The machine is slow: everything that the core computes, or one stage of it (the target), takes so many times as long. ' +
      'A default quote cycle takes about 0.18 ms.',
    targets: [ALL, ...STAGES],
    defaultTarget: ALL,
    parameters: [
      {
        name: 'factor',
        type: 'number',
        description: 'How many times as long.',
        unit: '',
        min: 1.1,
        max: 1_000,
        default: 20,
      },
    ],
    primary: '4.1',
    allowed: ['4.3', '4.5'],
    symptoms: ['high-latency', 'stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  create: (fault, world) => new CostMultiplier(fault.target, numberOf(fault, 'factor'), world),
};
