/**
 * Own fills are told twice (playbook 3.3): twice in one frame; again after so many newer ones; or with a whole snapshot of the
 * newest fills, as it comes after a subscription.
 *
 * A fill that is to be told again after newer ones needs those: the aggressor makes them, one lot each, all at the moment of the
 * first one and told in one frame, so that nothing can come in between.
 */
import type { Fill } from '../../../core/port.ts';
import { type FaultKind, faultInfo, numberOf, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { orderToHit } from './aggressor.ts';
import { ArmedFills, type ArmedFillsState, FILL_FAULT, FILL_PARAMETERS } from './armed-fills.ts';

const MODES = ['same-frame', 'after-newer', 'snapshot'] as const;

/** What is to be done when it is woken up. */
type Next = 'nothing' | 'sweep' | 'snapshot';

interface State {
  armed: ArmedFillsState;
  /** Fills that are kept back until the newer ones have been made, and which of them is to be told again. */
  kept: Fill[];
  again: number;
  next: Next;
}

class DuplicateFill implements Overlay {
  readonly #world: OverlayWorld;
  readonly #armed: ArmedFills;
  readonly #mode: string;
  readonly #newer: number;
  #kept: Fill[] = [];
  #again = 0;
  #next: Next = 'nothing';

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#armed = new ArmedFills(fault, world);
    this.#mode = textOf(fault, 'mode');
    this.#newer = numberOf(fault, 'newer');
  }

  begin(): void {
    this.#armed.begin();
  }

  end(): void {
    this.#armed.end();
  }

  due(): void {
    this.#armed.due();
    const next = this.#next;
    this.#next = 'nothing';
    if (next === 'sweep') this.#sweep();
    if (next === 'snapshot') this.#world.links.sendFillSnapshot();
  }

  #do(next: Next): void {
    this.#next = next;
    this.#world.wakeAt(this.#world.nowNs);
  }

  fills(fills: readonly Fill[]): readonly Fill[] {
    if (this.#kept.length > 0) {
      this.#kept.push(...fills);
      return [];
    }
    const taken = fills.filter(fill => this.#armed.takes(fill));
    if (taken.length === 0) return fills;
    if (this.#mode === 'after-newer') {
      this.#kept = [...fills];
      this.#again = fills.indexOf(taken[0]);
      this.#do('sweep');
      return [];
    }
    for (const { tid } of taken) this.#world.tookEffect(`told fill ${tid} twice (${this.#mode})${this.#armed.maker}`);
    if (this.#mode === 'same-frame') return fills.flatMap(fill => (taken.includes(fill) ? [fill, fill] : [fill]));
    this.#do('snapshot');
    return fills;
  }

  /** Makes the newer fills as far as there are too few, and tells of all of them and of the taken one again. */
  #sweep(): void {
    const again = this.#kept[this.#again];
    const told = this.#kept.length;
    while (this.#kept.length - 1 - this.#again < this.#newer) {
      const order = orderToHit(this.#world, this.#armed.scope);
      if (order === null || this.#world.market.fillOutOfTurn(this.#world.nowNs, order.oid, 1) === 0) break;
    }
    const fills = [...this.#kept, again];
    const newer = this.#kept.length - 1 - this.#again;
    const maker = this.#kept.length > told ? ', which a marked aggressor made' : '';
    this.#kept = [];
    const { nowNs, latency, links } = this.#world;
    links.sendToUser({ kind: 'fills', nowNs: 0, isSnapshot: false, fills }, nowNs + latency.pushMedianNs);
    this.#world.tookEffect(`told fill ${again.tid} again after ${newer} newer ones${maker}`);
  }

  snapshot(): unknown {
    const state: State = {
      armed: this.#armed.snapshot(),
      kept: [...this.#kept],
      again: this.#again,
      next: this.#next,
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#armed.restore(state.armed);
    this.#kept = [...state.kept];
    this.#again = state.again;
    this.#next = state.next;
  }
}

export const duplicateFill: FaultKind = {
  info: faultInfo({
    ...FILL_FAULT,
    kind: 'duplicate-fill',
    description:
      'Own fills are told twice: in one frame, again after so many newer ones, or with a snapshot of the newest hundred. Without ' +
      'an own fill in the first half of its time a marked aggressor fills the best order; the newer ones it makes itself.',
    parameters: [
      ...FILL_PARAMETERS,
      {
        name: 'mode',
        type: 'choice',
        choices: MODES,
        default: 'same-frame',
        description: 'How they are told again: in the same frame, after newer ones, or in a snapshot sent again.',
      },
      {
        name: 'newer',
        type: 'integer',
        unit: '',
        min: 1,
        max: 500,
        default: 50,
        description: 'Of `after-newer`: so many fills, of one lot each, come before it is told again.',
      },
    ],
    primary: '3.3',
    allowed: ['3.4'],
    symptoms: ['position-mismatch'],
  }),
  create: (fault, world) => new DuplicateFill(fault, world),
};
