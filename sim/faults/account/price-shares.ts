/** What the faults of a fair price share: whom they move, and how a change reads. */
import { type InstrumentParameter, type NumberParameter, numberOf } from '../fault-kind.ts';
import type { OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

/** Changes are in per cent, as the playbook has them. */
export const PERCENT = 100;

/** The instruments that a fault is about. */
export function instrumentsOf(fault: Fault, world: OverlayWorld): number[] {
  const chosen = fault.params.instrument;
  return world.instruments.map((_, instrument) => instrument).filter(each => chosen === -1 || each === chosen);
}

/** A fair price that moves by less is hardly one that does, and one that moves by more is outside of what a recording shows. */
export const CHANGE: NumberParameter = {
  name: 'change',
  description: 'Change of the fair price; negative: down.',
  type: 'number',
  unit: '%',
  min: -20,
  max: 20,
  default: 6,
};

export function changesNothing(fault: Fault): string | null {
  return numberOf(fault, 'change') === 0 ? 'a change of 0 % changes nothing' : null;
}

export const INSTRUMENT: InstrumentParameter = {
  name: 'instrument',
  description: 'Its symbol; without it every instrument.',
  type: 'instrument',
};
