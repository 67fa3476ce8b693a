/** Planted bugs of the family position-mismatch (playbook). */
import type { Defect } from './defect.ts';
import {
  fillsOfDisconnectSkipped,
  fillsWithoutDedup,
  ownFillsLearntTwice,
  racedFillsBookedTwice,
  twoFillHandlers,
  unknownFillsDropped,
} from './position-mismatch/fills.ts';
import { auditTrustsOldPicture, partialFillEndsCancelled, staleLocalKept } from './position-mismatch/orders.ts';
import {
  fillOrderTrusted,
  noPositionSync,
  pictureOverwritesFills,
  unmatchedFillIgnored,
} from './position-mismatch/position.ts';
import { fillsNotRecorded, priceAfterNotUpdated } from './position-mismatch/tracking.ts';

export const POSITION_MISMATCH_DEFECTS: readonly Defect[] = [
  staleLocalKept,
  auditTrustsOldPicture,
  partialFillEndsCancelled,
  unknownFillsDropped,
  unmatchedFillIgnored,
  racedFillsBookedTwice,
  fillsWithoutDedup,
  twoFillHandlers,
  ownFillsLearntTwice,
  fillOrderTrusted,
  pictureOverwritesFills,
  noPositionSync,
  fillsOfDisconnectSkipped,
  priceAfterNotUpdated,
  fillsNotRecorded,
];
