/** What a scenario's verdict is held against, in one of its forms. */
import type { Symptom } from '../core/playbook.ts';
import { defectOf } from './defects/defects.ts';
import { writtenTime } from './duration.ts';
import { infoOf } from './faults.ts';
import type { Form } from './forms.ts';
import type { Scenario } from './load.ts';
import type { Outcome } from './vocabulary.ts';

/** Times in ns. */
export interface Expectations {
  readonly outcome: Outcome;
  readonly form: Form;
  /** The symptom that turns hot (outcome `symptom`, or the form with the paired defect); null for none. */
  readonly symptom: Symptom | null;
  /** The invariant that the paired defect breaks in place of a symptom, or as well; null for none. */
  readonly breaks: string | null;
  /** From the cause's first effect; null: any time will do. */
  readonly appearsWithinNs: number | null;
  /** From the end of the faults, or from the operator's action; null: by the end of the run. */
  readonly resolvesWithinNs: number | null;
  /** The primary step. Of several each has to be found, and any may be named first. Empty where none is to be named. */
  readonly diagnosis: readonly string[];
  /** What the diagnosis has to find of it; null where none is to be named. */
  readonly finding: 'cause' | 'handled' | null;
  /** Steps that may be named after the primary one. */
  readonly allowed: readonly string[];
  /** Steps that must not be named. */
  readonly notDiagnosed: readonly string[];
  /** Invariants that the cause breaks. */
  readonly mayBreak: readonly string[];
  /** Symptoms that may turn hot beside the expected one. */
  readonly symptomsAllowed: readonly string[];
  /** Whether the cause ends by itself, with its faults, and the symptoms with it. */
  readonly heals: boolean;
  /** When the operator acts decides whether the symptom resolves. */
  readonly isOperated: boolean;
}

/** The scenario has been checked. */
export function expectationsOf({ document }: Scenario, form: Form): Expectations {
  const { cause, expect, pairedDefect, resolution } = document;
  const isDefectForm = form === 'defect';
  const isHot = expect.outcome === 'symptom' || isDefectForm;
  const paired = typeof pairedDefect === 'string' ? pairedDefect : pairedDefect?.defect;
  const defects = [cause?.defect, isDefectForm ? paired : undefined].filter(name => name !== undefined).map(defectOf);
  // A decoy only looks like what its faults stand for: nothing is wrong but what it says itself.
  const declared = expect.outcome === 'decoy' ? [] : [...(cause?.faults ?? []).map(infoOf), ...defects];
  const diagnosis = [expect.diagnosis ?? []].flat();
  const steps = declared.flatMap(({ primary, allowed }) => [primary, ...allowed]).concat(expect.mayDiagnose ?? []);
  const symptoms: string[] = declared.flatMap(info => info.symptoms);
  return {
    outcome: expect.outcome,
    form,
    symptom: isHot ? (expect.symptom ?? null) : null,
    breaks: isDefectForm ? (expect.breaks ?? null) : null,
    appearsWithinNs: writtenTime(expect.appearsWithin),
    resolvesWithinNs: writtenTime(expect.resolvesWithin),
    diagnosis,
    finding: diagnosis.length === 0 ? null : isHot ? 'cause' : 'handled',
    allowed: unique(steps.filter(step => !diagnosis.includes(step))),
    notDiagnosed: expect.notDiagnosed ?? [],
    mayBreak: expect.mayBreak ?? [],
    symptomsAllowed: unique([...(isHot ? symptoms : []), ...(expect.mayTurnHot ?? [])]),
    heals: cause?.set === undefined && defects.length === 0,
    isOperated: !isDefectForm && resolution?.operator !== undefined,
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
