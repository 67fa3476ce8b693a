/** Family 4, high latency: from the quote cycle to model computation. */
import type { Step } from '../step.ts';
import { quoteCycle } from '../steps/4.1-quote-cycle.ts';
import { arena } from '../steps/4.2-arena.ts';
import { eventLoop } from '../steps/4.3-event-loop.ts';
import { wsRoundtrip } from '../steps/4.4-ws-roundtrip.ts';
import { model } from '../steps/4.5-model.ts';

export const HIGH_LATENCY_CHAIN: readonly Step[] = [quoteCycle, arena, eventLoop, wsRoundtrip, model];
