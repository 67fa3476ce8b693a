/** Planted bugs of the family orders-not-sending (playbook). */
import type { Defect } from './defect.ts';
import { fallbackLosesFirstAnswer } from './orders-not-sending/fallback-loses-first-answer.ts';
import { lowQuotaOneSided } from './orders-not-sending/low-quota-one-sided.ts';
import { crossOnIsolatedOnly, sizerIgnoresMargin } from './orders-not-sending/margin.ts';
import { minimumSizeFixed } from './orders-not-sending/minimum-size-fixed.ts';
import { modificationForgotten } from './orders-not-sending/modification-forgotten.ts';
import { orphanDismissed } from './orders-not-sending/orphan-dismissed.ts';
import { postTimeoutIgnored } from './orders-not-sending/post-timeout-ignored.ts';
import { quotaHardWall } from './orders-not-sending/quota-hard-wall.ts';
import { rateLimitNeverReset } from './orders-not-sending/rate-limit-never-reset.ts';
import {
  cascadeUnheard,
  drawdownOfPeak,
  killResetsItself,
  overLimitBlocksBothSides,
  positionVelocityLax,
} from './orders-not-sending/risk.ts';
import { riskOnlyLogged } from './orders-not-sending/risk-only-logged.ts';
import { refusalsCountedByOrder, sideBackoffIgnored } from './orders-not-sending/side-backoff.ts';
import { tooManyRequestsUnheard } from './orders-not-sending/too-many-requests-unheard.ts';

export const ORDERS_NOT_SENDING_DEFECTS: readonly Defect[] = [
  tooManyRequestsUnheard,
  rateLimitNeverReset,
  sideBackoffIgnored,
  refusalsCountedByOrder,
  quotaHardWall,
  lowQuotaOneSided,
  postTimeoutIgnored,
  fallbackLosesFirstAnswer,
  riskOnlyLogged,
  orphanDismissed,
  sizerIgnoresMargin,
  crossOnIsolatedOnly,
  drawdownOfPeak,
  killResetsItself,
  cascadeUnheard,
  positionVelocityLax,
  overLimitBlocksBothSides,
  modificationForgotten,
  minimumSizeFixed,
];
