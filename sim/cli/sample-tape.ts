/** What the sample is made of, for the script that writes it and the test that it still is. */
import { NS_PER_S } from '../../core/scale.ts';
import { BTC_BUSY } from '../../recordings/samples/samples.ts';
import type { Tape } from '../../recordings/tape.ts';
import { DEFAULT_PUBLISHING } from '../market/publishing.ts';
import { synthesize } from '../market/synthesize.ts';
import { syntheticPlan } from '../market/synthetic-plan.ts';

const SEED = 2;
const DURATION_NS = 165 * NS_PER_S;

/** Makes the sample. */
export function sampleTape(): Tape {
  const plan = syntheticPlan('busy', ['BTC']);
  return { ...synthesize(plan, SEED, DURATION_NS, DEFAULT_PUBLISHING), name: BTC_BUSY };
}
