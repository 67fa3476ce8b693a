/** Faults of the market's feeds. */
import type { FaultKind } from '../fault-kind.ts';
import { badValue } from './bad-value.ts';
import { crossedBook } from './crossed-book.ts';
import { eventStorm, feedDuplicate } from './feed-copies.ts';
import { feedDelay } from './feed-delay.ts';
import { feedDrop } from './feed-drop.ts';
import { feedReorder } from './feed-reorder.ts';
import { feedSilence } from './feed-silence.ts';
import { sequenceGap } from './sequence-gap.ts';
import { staleBook } from './stale-book.ts';
import { timestampRegression } from './timestamp-regression.ts';

export const FEED_FAULTS: readonly FaultKind[] = [
  feedSilence,
  feedDrop,
  feedDelay,
  feedDuplicate,
  feedReorder,
  sequenceGap,
  crossedBook,
  staleBook,
  timestampRegression,
  badValue,
  eventStorm,
];
