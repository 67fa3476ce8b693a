/** The playbook's own words: four symptoms, and for each a chain of five diagnostic steps. */

export const SYMPTOMS = ['orders-not-sending', 'stale-quotes', 'position-mismatch', 'high-latency'] as const;
export type Symptom = (typeof SYMPTOMS)[number];

/** `family.step`, in the playbook's order. */
export const STEPS: readonly string[] = ['1', '2', '3', '4'].flatMap(family =>
  ['1', '2', '3', '4', '5'].map(step => `${family}.${step}`),
);
