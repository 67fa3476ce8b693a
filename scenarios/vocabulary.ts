/** The words that a scenario may use, apart from those that come from the registry of faults and the tree of settings. */

/**
 * What a right core is expected to make of the cause (playbook-matrix): a symptom turns hot and resolves; the cause is
 * absorbed; it only looks like the step's cause; or there is no cause at all.
 */
export const OUTCOMES = ['symptom', 'absorbed', 'decoy', 'healthy'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What an operator can do (playbook 1.3, 1.4, 3.1). */
export const OPERATOR_ACTIONS = ['reset-kill-switch', 'run-safety-audit', 'set'] as const;
