/** Faults of the market's feeds. */
import type { FaultKind } from '../fault-kind.ts';
import { feedSilence } from './feed-silence.ts';

export const FEED_FAULTS: readonly FaultKind[] = [feedSilence];
