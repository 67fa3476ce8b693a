/** Family 1, orders not sending: from the rate limiter to margin. */
import type { Step } from '../step.ts';
import { rateLimiter } from '../steps/1.1-rate-limiter.ts';
import { wsExecutor } from '../steps/1.2-ws-executor.ts';
import { riskGating } from '../steps/1.3-risk-gating.ts';
import { orderLifecycle } from '../steps/1.4-order-lifecycle.ts';
import { margin } from '../steps/1.5-margin.ts';

export const ORDERS_NOT_SENDING_CHAIN: readonly Step[] = [rateLimiter, wsExecutor, riskGating, orderLifecycle, margin];
