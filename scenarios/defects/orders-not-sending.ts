/** Planted bugs of the family orders-not-sending (playbook). */
import type { Defect } from './defect.ts';

export const ORDERS_NOT_SENDING_DEFECTS: readonly Defect[] = [];
