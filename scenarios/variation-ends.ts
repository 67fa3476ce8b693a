/** Whether the ends of what is varied of a fault are within what its kind allows, as they would be checked in `--set`. */
import { Complaints } from './complaints.ts';
import { checkFault } from './faults.ts';
import { addIssues } from './issues.ts';
import { applyEdits } from './overrides.ts';
import { faultSchema, type ScenarioDocument } from './schema.ts';
import { isPlainMap, type Plain } from './tree.ts';

const FAULT_PART = /^cause\.faults\.(\d+)\./;

/** What does not fit of the ends (`--set path=end`), with the first end of which that is so; null: all fit, or it is no part of a fault. */
export function wrongEnd({ cause }: ScenarioDocument, path: string, ends: readonly string[]): string | null {
  const at = FAULT_PART.exec(path)?.[1];
  if (at === undefined) return null;
  for (const end of ends) {
    const value = structuredClone({ cause }) as Plain;
    applyEdits({ value, setOrigin: () => undefined }, { set: [`${path}=${end}`] });
    const changed = isPlainMap(value) && isPlainMap(value.cause) ? value.cause.faults : null;
    const [problem] = Array.isArray(changed) ? problemsOf(changed[Number(at)]) : [];
    if (problem !== undefined) return `${end} does not fit: ${problem}`;
  }
  return null;
}

function problemsOf(fault: Plain): readonly string[] {
  const complaints = new Complaints({ placeOf: () => ({}) });
  const parsed = faultSchema.safeParse(fault, { reportInput: true });
  if (parsed.success) checkFault(parsed.data, [], complaints);
  else addIssues(parsed.error.issues, complaints);
  return complaints.messages;
}
