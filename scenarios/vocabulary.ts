/** The words that a scenario may use, apart from those that come from the registry of faults and the tree of settings. */

/**
 * What a right core is expected to make of the cause (playbook-matrix): a symptom turns hot and resolves; the cause is
 * absorbed; it only looks like the step's cause; or there is no cause at all.
 */
export const OUTCOMES = ['symptom', 'absorbed', 'decoy', 'healthy'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Keys that the scenario format has a place for and this version cannot run yet, each with what can be written instead. */
export const NOT_BUILT: Readonly<Record<string, string>> = {
  'cause.set': 'a cause is made of `faults`; settings of the baseline go under `baseline.core`',
  'cause.defect': 'a cause is made of `faults`',
  'expect.pairedDefect': 'leave it out',
  pairedDefect: 'leave it out',
  mustFail: 'leave it out',
  'resolution.operator': 'write { selfHeal: true }',
  'resolution.at': 'write { selfHeal: true }',
  'resolution.counterfactual': 'write { selfHeal: true }',
  'cause.faults.*.probability': 'a fault acts on every message while it lasts',
  'cause.faults.*.direction': 'a feed comes in, a connection has both directions',
  'cause.faults.*.params': 'the faults of this version take `target`, `at` and `for`',
};
