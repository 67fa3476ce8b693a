/** Faults of a plan as tests write them. */
import type { Fault, ParameterValue } from '../../sim/faults/plan.ts';
import { FAULTS } from '../../sim/faults/registry.ts';

/** A fault that hits everything, with the parameters given or the defaults of its kind. */
export function fault(kind: string, at: Partial<Fault> & Pick<Fault, 'atNs' | 'forNs'>): Fault {
  const params: Record<string, ParameterValue> = {};
  for (const parameter of FAULTS.find(info => info.kind === kind)?.parameters ?? []) {
    params[parameter.name] = parameter.type === 'instrument' ? -1 : parameter.default;
  }
  return { kind, target: '', direction: 'both', probability: 1, atLeast: 1, params, ...at };
}
