/** Notifications of own fills are lost: the exchange has traded for us and we do not hear of it (playbook 3.4). */
import type { Fill } from '../../../core/port.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { ArmedFills, type ArmedFillsState, FILL_FAULT, FILL_PARAMETERS } from './armed-fills.ts';

class LostFill implements Overlay {
  readonly #world: OverlayWorld;
  readonly #armed: ArmedFills;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#armed = new ArmedFills(fault, world);
  }

  begin(): void {
    this.#armed.begin();
  }

  end(): void {
    this.#armed.end();
  }

  due(): void {
    this.#armed.due();
  }

  fills(fills: readonly Fill[]): readonly Fill[] {
    return fills.filter(fill => {
      if (!this.#armed.takes(fill)) return true;
      this.#world.tookEffect(`lost the notification of fill ${fill.tid}, ${fill.sizeLots} lots${this.#armed.maker}`);
      return false;
    });
  }

  snapshot(): unknown {
    return this.#armed.snapshot();
  }

  restore(state: unknown): void {
    this.#armed.restore(state as ArmedFillsState);
  }
}

export const lostFill: FaultKind = {
  info: faultInfo({
    ...FILL_FAULT,
    kind: 'lost-fill',
    description:
      'The notifications of own fills are lost; order updates come. Without an own fill in the first half of its time a ' +
      'marked aggressor fills the best order.',
    parameters: FILL_PARAMETERS,
    primary: '3.4',
    allowed: ['3.1'],
    symptoms: ['position-mismatch'],
  }),
  create: (fault, world) => new LostFill(fault, world),
};
