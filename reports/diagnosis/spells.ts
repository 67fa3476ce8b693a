/** Spells of time, those of each instrument apart, and how times read in a sentence. */
import type { OfInstrument } from '../../core/evidence.ts';
import { NS_PER_S } from '../../core/scale.ts';

export interface Spell {
  readonly fromNs: number;
  /** null: it lasted to the end of the evidence. */
  readonly toNs: number | null;
  /** Whose it is, where the core has several instruments and it is that of one. */
  readonly instrument?: number | undefined;
}

/** Whether two are of one instrument; a core that has one does not name it. */
export function isOfSame(a: OfInstrument, b: OfInstrument): boolean {
  return (a.instrument ?? 0) === (b.instrument ?? 0);
}

/** Those of them that are of the same instrument. */
export function ofSame<One extends OfInstrument>(all: readonly One[], one: OfInstrument): One[] {
  return all.filter(other => isOfSame(other, one));
}

/** Follows one kind of spells: with each instrument one begins where the one before it ends, or later. */
export class Spells<About extends object> {
  /** In the order in which they began. */
  readonly all: (About & Spell)[] = [];
  readonly #open = new Map<number, { toNs: number | null }>();

  /** From `atNs` on it is so with the instrument; null: nothing is. */
  change({ atNs, instrument }: OfInstrument & { readonly atNs: number }, about: About | null): void {
    const former = this.#open.get(instrument ?? 0);
    if (former !== undefined && former.toNs === null) former.toNs = atNs;
    if (about === null) return;
    const spell = { ...about, fromNs: atNs, toNs: null, instrument };
    this.#open.set(instrument ?? 0, spell);
    this.all.push(spell);
  }
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

/** `from 42.0 s to 61.3 s`, or `from 42.0 s to the end`; with the instrument where there are several. */
export function span(spell: Spell): string {
  const { fromNs, toNs } = spell;
  return `from ${seconds(fromNs)} to ${toNs === null ? 'the end' : seconds(toNs)}${onInstrument(spell)}`;
}

/** ` on instrument 1`; nothing where it is of none, or there is only one. */
export function onInstrument({ instrument }: OfInstrument): string {
  return instrument === undefined ? '' : ` on instrument ${instrument}`;
}
