/**
 * Playbook 4.4: posts on the websocket take over 200 ms to be answered. Measured from the moment in which a post leaves to that in
 * which its reply is received, so that a core which is slow itself (4.1, 4.3) does not show here. Posts that are never answered are no
 * round trips: a dead socket is step 1.2.
 */
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

const US_PER_MS = 1_000;
/** Playbook 1.2: a post that is not answered by then is sent again beside the websocket. */
const TIMEOUT_MS = 500;
const TOLD = 3;

export const wsRoundtrip: Step = {
  step: '4.4',
  look({ entries }) {
    const slow = entries.filter(entry => entry.type === 'ws-roundtrip').filter(({ isSlow }) => isSlow);
    const fallbacks = entries.filter(entry => entry.type === 'rest-fallback').length;
    const late = entries.filter(entry => entry.type === 'late-reply');
    const evidence = slow
      .slice(0, TOLD)
      .map(
        ({ atNs, medianUs, samples }) =>
          `ws_roundtrip_us ${Math.round(medianUs)} at the median of ${samples} at ${seconds(atNs)}: over 200 ms`,
      );
    if (slow.length === 0) {
      if (late.length === 0) return { step: '4.4', status: 'ok', score: 0, evidence };
      evidence.push(`${late.length} replies came after their post had timed out, others in time`);
      const resolution = 'Single replies are late: see step 1.2.';
      return { step: '4.4', status: 'suspect', score: 0.25, evidence, firstEvidenceNs: late[0].atNs, resolution };
    }
    if (fallbacks > 0)
      evidence.push(`${fallbacks} posts were not answered within ${TIMEOUT_MS} ms and went out again beside it`);
    if (late.length > 0) evidence.push(`${late.length} replies came after that`);
    const isBeyond = slow.some(({ medianUs }) => medianUs > TIMEOUT_MS * US_PER_MS);
    const resolution = isBeyond
      ? 'Replies take longer than the timeout, so every post is sent twice: mend the network or move nearer. WsPostConfig::fast() has ' +
        'the numbers of the default and changes nothing.'
      : 'Check the network and the quality of the connection; REST is slower still. WsPostConfig::fast() changes nothing.';
    return { step: '4.4', status: 'cause', score: 0.9, evidence, firstEvidenceNs: slow[0].atNs, resolution };
  },
};
