/** What every symptom's observer gives: hot intervals, and whether one is open. */

import type { Symptom } from '../../core/playbook.ts';
import type { Observer } from '../../sim/truth.ts';
import type { SymptomInterval } from '../verdict.ts';

/** A hot interval with all that the judge needs; a verdict shows the part that is a `SymptomInterval`. */
export interface HotInterval extends SymptomInterval {
  /** Index of the instrument. */
  instrument: number;
  /** Number of the digest record that ended it; null: still hot. */
  toEvent: number | null;
  /** What ended it, in words; null: still hot. */
  by: string | null;
}

export interface SymptomObserver extends Observer {
  readonly symptom: Symptom;
  /** True while any instrument and side is hot. */
  readonly isHot: boolean;
  /** Hot intervals so far, by their beginning; copies. */
  intervals(): HotInterval[];
}

/** The part of an interval that a verdict shows. */
export function shown(interval: HotInterval): SymptomInterval {
  const { fromNs, toNs, side, event, why } = interval;
  return { fromNs, toNs, side, event, why };
}

/** ` on the bid`, or nothing where the symptom has no sides. */
export function onSide({ side }: Pick<HotInterval, 'side'>): string {
  return side === null ? '' : ` on the ${side}`;
}
