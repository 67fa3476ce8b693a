/** Notifications of own fills come late: the exchange has traded for us, and tells so only after a while (playbook 3.2). */
import type { Fill } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { ArmedFills, type ArmedFillsState, FILL_FAULT, FILL_PARAMETERS } from './armed-fills.ts';

interface Kept {
  readonly atNs: number;
  readonly fill: Fill;
}

interface State {
  armed: ArmedFillsState;
  kept: Kept[];
}

class LateFill implements Overlay {
  readonly #world: OverlayWorld;
  readonly #armed: ArmedFills;
  readonly #delayNs: number;
  /** Notifications that are kept back, in the order in which they are let go. */
  #kept: Kept[] = [];

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#armed = new ArmedFills(fault, world);
    this.#delayNs = numberOf(fault, 'delay');
  }

  begin(): void {
    this.#armed.begin();
  }

  end(): void {
    this.#armed.end();
  }

  due(): void {
    this.#armed.due();
    const { latency, links, nowNs } = this.#world;
    const fills = this.#kept.filter(({ atNs }) => atNs <= nowNs).map(({ fill }) => fill);
    if (fills.length === 0) return;
    this.#kept = this.#kept.filter(({ atNs }) => atNs > nowNs);
    links.sendToUser({ kind: 'fills', nowNs: 0, isSnapshot: false, fills }, nowNs + latency.pushMedianNs);
  }

  fills(fills: readonly Fill[]): readonly Fill[] {
    return fills.filter(fill => {
      if (!this.#armed.takes(fill)) return true;
      const atNs = this.#world.nowNs + this.#delayNs;
      this.#kept.push({ atNs, fill });
      this.#world.wakeAt(atNs);
      this.#world.tookEffect(
        `kept the notification of fill ${fill.tid} back, ${fill.sizeLots} lots${this.#armed.maker}`,
      );
      return false;
    });
  }

  snapshot(): unknown {
    const state: State = { armed: this.#armed.snapshot(), kept: [...this.#kept] };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#armed.restore(state.armed);
    this.#kept = [...state.kept];
  }
}

export const lateFill: FaultKind = {
  info: faultInfo({
    ...FILL_FAULT,
    kind: 'late-fill',
    description:
      'The notifications of own fills come late; order updates come in time. Without an own fill in the first half of its ' +
      'time a marked aggressor fills the best order.',
    parameters: [
      ...FILL_PARAMETERS,
      {
        name: 'delay',
        type: 'time',
        min: NS_PER_MS,
        max: 60 * NS_PER_S,
        default: 3 * NS_PER_S,
        description: 'How much later than otherwise the notification comes.',
      },
    ],
    primary: '3.2',
    allowed: ['3.1', '3.4'],
    symptoms: ['position-mismatch'],
  }),
  create: (fault, world) => new LateFill(fault, world),
};
