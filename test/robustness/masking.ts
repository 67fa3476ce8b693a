/**
 * Which causes hide which: pairs of playbook steps of which the first, at work, leaves nothing to be seen of the second. They are
 * left out when two causes are tried at once (`pairs.ts`).
 */

export interface Masking {
  readonly masks: string;
  readonly masked: readonly string[];
  readonly why: string;
}

export const MASKING: readonly Masking[] = [];
