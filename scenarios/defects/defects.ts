/** All planted bugs that a scenario can name. */
import type { Defect } from './defect.ts';

export const DEFECTS: readonly Defect[] = [];

/** The defect of that name, which was checked before. */
export function defectOf(name: string): Defect {
  const defect = DEFECTS.find(candidate => candidate.name === name);
  if (defect === undefined) throw new TypeError(`there is no defect called ${name}`);
  return defect;
}
