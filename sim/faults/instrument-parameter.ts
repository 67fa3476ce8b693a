/** Faults of feeds that can be those of one instrument. */
import { type InstrumentParameter, numberOf } from './fault-kind.ts';
import type { Fault } from './plan.ts';

export const INSTRUMENT_OR_ALL: InstrumentParameter = {
  name: 'instrument',
  type: 'instrument',
  description: 'Its symbol; without it the feeds of every one.',
};

/** Number of the instrument that a fault is about; -1: every one. */
export function instrumentOf(fault: Fault): number {
  return numberOf(fault, INSTRUMENT_OR_ALL.name);
}

/** One message of all mids is of every instrument. */
export function midsOfOne(fault: Fault): string | null {
  return fault.target === 'allMids' && instrumentOf(fault) !== -1 ? 'allMids is of all instruments at once' : null;
}
