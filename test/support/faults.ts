/** Faults of a plan as tests write them. */
import type { Fault } from '../../sim/faults/plan.ts';

/** A fault that hits everything, with the parameters given. */
export function fault(kind: string, at: Partial<Fault> & Pick<Fault, 'atNs' | 'forNs'>): Fault {
  return { kind, target: '', direction: 'both', probability: 1, atLeast: 1, params: {}, ...at };
}
