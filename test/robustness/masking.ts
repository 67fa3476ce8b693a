/**
 * Which causes hide which: pairs of playbook steps of which the first, at work, leaves nothing to be seen of the second. They are
 * left out when two causes are tried at once (`pairs.ts`).
 */

export interface Masking {
  readonly masks: string;
  readonly masked: readonly string[];
  readonly why: string;
}

export const MASKING: readonly Masking[] = [
  { masks: '2.3', masked: ['2.2'], why: 'On a feed that is silent no bad message comes.' },
  { masks: '1.1', masked: ['4.4'], why: 'Where orders are held back, nothing makes a round trip.' },
  { masks: '4.5', masked: ['4.1'], why: 'A model that takes too long is most of a cycle that takes too long.' },
  { masks: '2.1', masked: ['2.5'], why: 'A cycle that nothing triggers is not stopped at any stage.' },
];
