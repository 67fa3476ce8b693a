/** Family 1, orders not sending: from the rate limiter to margin. */
import type { Step } from '../step.ts';
import { riskGating } from '../steps/1.3-risk-gating.ts';
import { orderLifecycle } from '../steps/1.4-order-lifecycle.ts';

export const ORDERS_NOT_SENDING_CHAIN: readonly Step[] = [riskGating, orderLifecycle];
