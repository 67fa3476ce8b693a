/**
 * The forms in which a scenario is run. One whose cause a right core absorbs is run a second time with the defect that it is
 * paired with: only then is it shown that the cause was one (design, section 10).
 */
import type { Scenario } from './load.ts';

export const FORMS = ['plain', 'defect'] as const;
export type Form = (typeof FORMS)[number];

export function formsOf({ document }: Scenario): readonly Form[] {
  return document.pairedDefect === undefined ? ['plain'] : FORMS;
}

/** What verdicts call it: the id, with `+defect` for that form. */
export function nameOf(id: string, form: Form): string {
  return form === 'defect' ? `${id}+defect` : id;
}
