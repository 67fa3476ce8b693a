/** All planted bugs that a scenario can name. */
import type { Defect } from './defect.ts';
import { HIGH_LATENCY_DEFECTS } from './high-latency.ts';
import { ORDERS_NOT_SENDING_DEFECTS } from './orders-not-sending.ts';
import { POSITION_MISMATCH_DEFECTS } from './position-mismatch.ts';
import { STALE_QUOTES_DEFECTS } from './stale-quotes.ts';

export const DEFECTS: readonly Defect[] = [
  ...ORDERS_NOT_SENDING_DEFECTS,
  ...STALE_QUOTES_DEFECTS,
  ...POSITION_MISMATCH_DEFECTS,
  ...HIGH_LATENCY_DEFECTS,
];

/** The defect of that name, which was checked before. */
export function defectOf(name: string): Defect {
  const defect = DEFECTS.find(candidate => candidate.name === name);
  if (defect === undefined) throw new TypeError(`there is no defect called ${name}`);
  return defect;
}
