/** Planted bugs of the family orders-not-sending (playbook). */
import type { Defect } from './defect.ts';
import { orphanDismissed } from './orders-not-sending/orphan-dismissed.ts';
import { riskOnlyLogged } from './orders-not-sending/risk-only-logged.ts';

export const ORDERS_NOT_SENDING_DEFECTS: readonly Defect[] = [riskOnlyLogged, orphanDismissed];
