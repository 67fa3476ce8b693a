/**
 * What the parts of a scenario mean to each other, whatever tape it runs on: each outcome asks for some expectations and
 * leaves no room for others.
 */
import type { Complaints } from './complaints.ts';
import { checkFault } from './faults.ts';
import { checkMarket } from './market.ts';
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
    needs: ['symptom', 'appearsWithin', 'resolvesWithin', 'diagnosis'],
    refuses: [],
    why: 'a symptom turns hot',
  },
  absorbed: {
    needs: ['diagnosis'],
    refuses: ['appearsWithin', 'resolvesWithin'],
    why: 'nothing turns hot when a cause is absorbed',
  },
  decoy: {
    needs: ['notDiagnosed'],
    refuses: ['symptom', 'appearsWithin', 'resolvesWithin', 'diagnosis'],
    why: 'a decoy is judged by the steps that it must not be taken for',
  },
  healthy: {
    needs: [],
    refuses: ['symptom', 'appearsWithin', 'resolvesWithin', 'diagnosis', 'notDiagnosed'],
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
    if (playbook === null)
      complaints.add(['playbook'], `expected a step such as "2.3": outcome ${outcome} is about one`);
  }
  checkMarket(baseline, complaints);
  cause?.faults.forEach((fault, index) => {
    checkFault(fault, ['cause', 'faults', index], complaints);
  });
}
