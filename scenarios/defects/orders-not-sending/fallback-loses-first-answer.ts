/**
 * After a timeout the second sending is all that counts (list L, L10): its refusal, "duplicate nonce", is taken for the fate of the
 * orders, and the late answer of the first, with their oids, is dropped as one of an unknown request.
 */
import { type SentPost, WsExecutor } from '../../../core/infra/ws-executor.ts';
import type { Defect } from '../defect.ts';

class LosesFirstAnswer extends WsExecutor {
  override saysNothing(post: SentPost): boolean {
    return post.isRetried;
  }

  override takeLate(): SentPost | null {
    return null;
  }
}

export const fallbackLosesFirstAnswer: Defect = {
  name: 'fallback-loses-first-answer',
  description: 'The refusal of a second sending decides over its orders, and the late answer of the first is dropped.',
  source: 'L10',
  primary: '1.2',
  // What is refused so often silences its side.
  allowed: ['1.1', '1.4', '3.1', '3.4', '4.4'],
  symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch', 'high-latency'],
  parts: usual => ({ ...usual, executor: ({ infra }) => new LosesFirstAnswer(infra.wsPost) }),
};
