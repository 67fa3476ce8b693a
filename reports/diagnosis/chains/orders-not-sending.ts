/** Family 1, orders not sending: from the rate limiter to margin. */
import type { Step } from '../step.ts';

export const ORDERS_NOT_SENDING_CHAIN: readonly Step[] = [];
