/**
 * How a symptom is expected to resolve: by itself when the faults are over, by what an operator does, or not in this run at all:
 * then one more run with a fix decides (`counterfactual`, or `withoutDefect` where the cause is a defect). Settings and defects do not
 * heal by themselves.
 */
import type { OperatorAction } from '../core/port.ts';
import type { Complaints } from './complaints.ts';
import type { Scenario } from './load.ts';
import type { ScenarioDocument } from './schema.ts';

/** Adds what does not go together. */
export function checkResolution({ cause, expect, resolution }: ScenarioDocument, complaints: Complaints): void {
  const { selfHeal, operator, at, set, counterfactual, withoutDefect, helps } = resolution ?? {};
  const ways = [selfHeal, operator, counterfactual, withoutDefect].filter(way => way !== undefined).length;
  if (ways > 1) complaints.add(['resolution'], 'expected one of selfHeal, operator, counterfactual and withoutDefect');
  if (withoutDefect !== undefined && cause?.defect === undefined) {
    complaints.add(['resolution', 'withoutDefect'], 'has no place where the cause has no defect', 'key');
  }
  if (operator === undefined) {
    for (const [key, value] of Object.entries({ at, set })) {
      if (value !== undefined) complaints.add(['resolution', key], 'has no place without operator', 'key');
    }
  } else {
    if (at === undefined) complaints.add(['resolution', 'at'], 'is missing: when does the operator do it?');
    if (operator === 'set' && set === undefined) complaints.add(['resolution', 'set'], 'is missing: what is set?');
    if (operator !== 'set' && set !== undefined) {
      complaints.add(['resolution', 'set'], `has no place with operator ${operator}`, 'key');
    }
    for (const path of Object.keys(set ?? {})) {
      if (path.startsWith('core.')) continue;
      complaints.add(['resolution', 'set', path], 'expected a setting of the core: core.…', 'key');
    }
  }
  if (helps !== undefined && counterfactual === undefined) {
    complaints.add(['resolution', 'helps'], 'has no place without counterfactual', 'key');
  }
  if (expect.outcome !== 'symptom') {
    for (const [key, value] of Object.entries({ counterfactual, withoutDefect })) {
      if (value === undefined) continue;
      const why = 'there is no symptom that a fix could take away';
      complaints.add(['resolution', key], `has no place with outcome ${expect.outcome}: ${why}`, 'key');
    }
    return;
  }
  const heals = cause?.set === undefined && cause?.defect === undefined;
  const isTriedAgain = counterfactual !== undefined || withoutDefect !== undefined;
  if (!heals && operator === undefined && !isTriedAgain) {
    const why = 'settings and defects do not heal by themselves';
    const ways =
      cause?.defect === undefined ? 'operator or counterfactual' : 'operator, counterfactual or withoutDefect';
    complaints.add(['resolution'], `expected ${ways}: ${why}`);
  }
  if (!isTriedAgain && expect.resolvesWithin === undefined) {
    complaints.add(['expect', 'resolvesWithin'], 'is missing: outcome symptom needs it');
  }
}

/** What the operator of a checked scenario does, in the order of the settings. */
export function operatorActions({ document, caused, operated }: Scenario): OperatorAction[] {
  const operator = document.resolution?.operator;
  switch (operator) {
    case undefined:
      return [];
    case 'set':
      return settingsThatDiffer(caused.core as unknown as Branch, operated.core as unknown as Branch, '');
    default:
      return [{ type: operator }];
  }
}

type Branch = { [key: string]: number | boolean | string | null | Branch };

/** A change for each setting of `after` that is another one in `before`, by the core's own paths. */
function settingsThatDiffer(before: Branch, after: Branch, prefix: string): OperatorAction[] {
  return Object.entries(after).flatMap(([key, value]) => {
    const path = prefix + key;
    if (isBranch(value)) return settingsThatDiffer(before[key] as Branch, value, `${path}.`);
    return value === null || value === before[key] ? [] : [{ type: 'set', path, value }];
  });
}

function isBranch(value: Branch[string]): value is Branch {
  return typeof value === 'object' && value !== null;
}
