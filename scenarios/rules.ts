/**
 * What the parts of a scenario mean to each other, whatever market it runs in: each outcome asks for some expectations and
 * leaves no room for others.
 */
import type { Complaints } from './complaints.ts';
import { DEFECTS } from './defects/defects.ts';
import { checkFault } from './faults.ts';
import { checkMarket } from './market.ts';
import { didYouMean } from './nearest.ts';
import { checkResolution } from './resolution.ts';
import type { ScenarioDocument } from './schema.ts';
import type { Outcome } from './vocabulary.ts';

type Expectation = keyof ScenarioDocument['expect'];

interface OutcomeRule {
  readonly needs: readonly Expectation[];
  readonly refuses: readonly Expectation[];
  readonly why: string;
}

const RULES: Readonly<Record<Outcome, OutcomeRule>> = {
  symptom: {
    needs: ['symptom', 'appearsWithin', 'diagnosis'],
    refuses: ['breaks'],
    why: 'a symptom turns hot',
  },
  absorbed: {
    needs: ['diagnosis'],
    refuses: ['resolvesWithin'],
    why: 'nothing turns hot when a cause is absorbed',
  },
  decoy: {
    needs: ['notDiagnosed'],
    refuses: ['symptom', 'appearsWithin', 'resolvesWithin', 'diagnosis', 'breaks'],
    why: 'a decoy is judged by the steps that it must not be taken for',
  },
  healthy: {
    needs: [],
    refuses: ['symptom', 'appearsWithin', 'resolvesWithin', 'diagnosis', 'notDiagnosed', 'breaks'],
    why: 'a healthy run has no cause',
  },
};

/** Adds what does not fit together. */
export function checkRules(document: ScenarioDocument, complaints: Complaints): void {
  const { expect, cause, playbook, baseline } = document;
  const { outcome } = expect;
  const rule = RULES[outcome];
  for (const key of rule.needs) {
    if (expect[key] === undefined) complaints.add(['expect', key], `is missing: outcome ${outcome} needs it`);
  }
  for (const key of rule.refuses) {
    if (expect[key] !== undefined)
      complaints.add(['expect', key], `has no place with outcome ${outcome}: ${rule.why}`, 'key');
  }
  if (outcome === 'healthy') {
    if (cause !== undefined) complaints.add(['cause'], 'has no place with outcome healthy', 'key');
    if (playbook !== null) complaints.add(['playbook'], 'expected null: a healthy run is about no step');
  } else {
    if (cause === undefined) complaints.add(['cause'], `is missing: outcome ${outcome} needs one`);
    else if (cause.faults === undefined && cause.set === undefined && cause.defect === undefined) {
      complaints.add(['cause'], 'expected faults, set or defect: a cause is made of at least one');
    }
    if (playbook === null)
      complaints.add(['playbook'], `expected a step such as "2.3": outcome ${outcome} is about one`);
  }
  checkMarket(baseline, complaints);
  cause?.faults?.forEach((fault, index) => {
    checkFault(fault, ['cause', 'faults', index], complaints);
  });
  checkDefects(document, complaints);
  for (const step of [expect.diagnosis ?? []].flat()) {
    if (expect.notDiagnosed?.includes(step) !== true) continue;
    complaints.add(['expect', 'notDiagnosed'], `step ${step} is expected by diagnosis: it cannot be forbidden, too`);
  }
  checkResolution(document, complaints);
}

/** What an absorbed cause shows only with its paired defect. */
const OF_PAIRED_DEFECT = ['symptom', 'appearsWithin', 'breaks'] as const;

function checkDefects({ cause, expect, pairedDefect }: ScenarioDocument, complaints: Complaints): void {
  checkDefect(cause?.defect, ['cause', 'defect'], complaints);
  if (pairedDefect === undefined) {
    for (const key of expect.outcome === 'absorbed' ? OF_PAIRED_DEFECT : []) {
      if (expect[key] === undefined) continue;
      complaints.add(['expect', key], 'has no place without pairedDefect: it says what that shows', 'key');
    }
    return;
  }
  if (expect.outcome !== 'absorbed') {
    const why = 'only a cause that is absorbed shows with a defect that it is one';
    complaints.add(['pairedDefect'], `has no place with outcome ${expect.outcome}: ${why}`, 'key');
  } else if (expect.symptom === undefined && expect.breaks === undefined) {
    const needs = 'expected symptom or breaks: what the paired defect turns hot, or the invariant that it breaks';
    complaints.add(['expect'], needs);
  }
  if (typeof pairedDefect === 'string') return checkDefect(pairedDefect, ['pairedDefect'], complaints);
  checkDefect(pairedDefect.defect, ['pairedDefect', 'defect'], complaints);
  if (pairedDefect.defect === undefined && pairedDefect.set === undefined) {
    complaints.add(['pairedDefect'], 'expected the name of a defect, or { defect, set }');
  }
}

function checkDefect(name: string | undefined, path: readonly string[], complaints: Complaints): void {
  const known = DEFECTS.map(defect => defect.name);
  if (name === undefined || known.includes(name)) return;
  complaints.add(
    path,
    `there is no defect "${name}"${didYouMean(name, known)} (npx replaybook list defects shows them all)`,
  );
}
