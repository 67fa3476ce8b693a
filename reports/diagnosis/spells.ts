/** Spells of time, and how times read in a sentence. */
import { NS_PER_S } from '../../core/scale.ts';

export interface Spell {
  readonly fromNs: number;
  /** null: it lasted to the end of the evidence. */
  readonly toNs: number | null;
}

/** True where `ns` lies in one of the spells; `afterNs` more counts as inside. */
export function within(spells: readonly Spell[], ns: number, afterNs = 0): boolean {
  return spells.some(spell => ns >= spell.fromNs && ns <= (spell.toNs ?? Number.POSITIVE_INFINITY) + afterNs);
}

/** Length of a spell, ns; one without an end lasts to `endNs`. */
export function lengthNs(spell: Spell, endNs: number): number {
  return (spell.toNs ?? endNs) - spell.fromNs;
}

/** `42.0 s` */
export function seconds(ns: number): string {
  return `${(ns / NS_PER_S).toFixed(1)} s`;
}

/** `from 42.0 s to 61.3 s`, or `from 42.0 s to the end` */
export function span(spell: Spell): string {
  return `from ${seconds(spell.fromNs)} to ${spell.toNs === null ? 'the end' : seconds(spell.toNs)}`;
}
