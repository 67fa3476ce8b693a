/** Whether the ends of what is varied of a fault are within what its kind allows, as they would be checked in `--set`. */
import { Complaints } from './complaints.ts';
import { checkFault } from './faults.ts';
import { addIssues } from './issues.ts';
import { faultSchema, type ScenarioDocument } from './schema.ts';
import type { Plain } from './tree.ts';

/** `cause.faults.0.at`, `cause.faults.0.params.share`. */
const FAULT_PART = /^cause\.faults\.(\d+)\.(params\.)?([^.]+)$/;

/** What does not fit of the ends, with the first end of which that is so; null: all fit, or the path is that of no part of a fault. */
export function wrongEnd({ cause }: ScenarioDocument, path: string, ends: readonly Plain[]): string | null {
  const [, at, isParameter, name] = FAULT_PART.exec(path) ?? [];
  const fault = cause?.faults?.[Number(at)];
  if (fault === undefined) return null;
  for (const end of ends) {
    const part = { [name]: end };
    const changed = isParameter === undefined ? part : { params: { ...fault.params, ...part } };
    const [problem] = problemsOf({ ...fault, ...changed });
    if (problem !== undefined) return `${end} does not fit: ${problem}`;
  }
  return null;
}

function problemsOf(fault: unknown): readonly string[] {
  const complaints = new Complaints({ placeOf: () => ({}) });
  const parsed = faultSchema.safeParse(fault, { reportInput: true });
  if (parsed.success) checkFault(parsed.data, [], complaints);
  else addIssues(parsed.error.issues, complaints);
  return complaints.messages;
}
