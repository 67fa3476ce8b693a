/** The timeout of posts that is set is not the one in use: an answer is waited for 5 s (list L, L8). */
import { WsExecutor } from '../../../core/infra/ws-executor.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { Defect } from '../defect.ts';

const TIMEOUT_NS = 5 * NS_PER_S;

export const postTimeoutIgnored: Defect = {
  name: 'post-timeout-ignored',
  description: 'A post on the websocket times out after 5 s whatever its configuration says.',
  source: 'L8',
  primary: '1.2',
  allowed: ['1.4', '3.1', '4.4'],
  symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch', 'high-latency'],
  parts: usual => ({ ...usual, executor: ({ infra }) => new WsExecutor({ ...infra.wsPost, timeoutNs: TIMEOUT_NS }) }),
};
