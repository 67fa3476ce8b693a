/**
 * Playbook 1.2: the connection that orders go over. Its marks are posts that nobody answers in their 500 ms, and a user connection
 * that is lost.
 *
 * What is sent again beside the websocket is handled, and so is a connection that comes back soon. It is the cause where cycles
 * stand still for want of a connection, where posts go unanswered one after the other and nothing goes beside the websocket, where
 * the timeout is not the one that is set, or where the second sending of a request is taken for news of its orders.
 *
 * Orders that turn up at the exchange although their post was never answered show that the requests arrived: then what is lost is
 * the word of them, which is step 1.4.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import type { StepFinding } from '../../verdict.ts';
import type { Signs } from '../signs.ts';
import { APART_NS } from '../silent-posts.ts';
import { lengthNs, seconds, span } from '../spells.ts';
import type { Step } from '../step.ts';

/** Cycles without a connection, or posts without an answer, for longer than this cost the quotes (playbook matrix). */
const LONG_NS = 5 * NS_PER_S;
/** So many posts in a row without an answer are no accident. */
const MANY = 3;
/** A timeout on the websocket is 500 ms; one of more than twice that is another setting than the one that is meant. */
const LATE_TIMEOUT_NS = NS_PER_S;
/** How many of a kind are told one by one. */
const TOLD = 3;

type Weight = Pick<StepFinding, 'status' | 'score'>;
const CAUSE: Weight = { status: 'cause', score: 0.95 };
/** Requests that never arrived: what is stuck after that is stuck because of it. */
const SURE_CAUSE: Weight = { status: 'cause', score: 0.98 };
/** What another step explains better. */
const LESSER_CAUSE: Weight = { status: 'cause', score: 0.7 };
const HANDLED: Weight = { status: 'handled', score: 0.5 };

interface Found {
  readonly weight: Weight;
  readonly atNs: number;
  readonly evidence: readonly string[];
  readonly resolution: string;
}

const CHECK_FALLBACK =
  'The websocket does not answer and nothing goes beside it: set fallback_to_rest, and check the network.';

export const wsExecutor: Step = {
  step: '1.2',
  look({ entries, endNs }, signs) {
    const found = [
      ...secondSendings(entries),
      ...lostConnections(signs, endNs),
      ...unanswered(entries, signs),
      ...fallbacks(entries),
    ];
    const [worst] = [...found].sort((a, b) => b.weight.score - a.weight.score);
    if (worst === undefined) return { step: '1.2', status: 'ok', score: 0, evidence: [] };
    const same = found.filter(({ weight }) => weight.status === worst.weight.status);
    return {
      step: '1.2',
      ...worst.weight,
      evidence: [worst, ...found.filter(one => one !== worst)].flatMap(one => one.evidence),
      firstEvidenceNs: Math.min(...same.map(({ atNs }) => atNs)),
      resolution: worst.resolution,
    };
  },
};

/** A request was sent twice, and the refusal of the second sending taken for the fate of its orders. */
function secondSendings(entries: readonly LogEntry[]): Found[] {
  const first = entries.findIndex(entry => entry.type === 'rest-fallback');
  if (first < 0) return [];
  const refused = entries
    .slice(first)
    .filter(entry => entry.type === 'request-rejected' || entry.type === 'order-rejected')
    .filter(({ error }) => /duplicate nonce|duplicate cloid/i.test(error));
  if (refused.length === 0) return [];
  const told = refused.slice(0, TOLD).map(({ atNs, error }) => `refused at ${seconds(atNs)}: ${error}`);
  return [
    {
      weight: CAUSE,
      atNs: refused[0].atNs,
      evidence: [...told, `${refused.length} second sendings beside the websocket were taken for the order's fate`],
      resolution:
        'The request had been carried out: after "duplicate nonce" the exchange has to be asked for the order by its CLOID.',
    },
  ];
}

/** Times in which the user connection was lost, with what it cost. */
function lostConnections({ stops, userLosses }: Signs, endNs: number): Found[] {
  return userLosses.map((loss): Found => {
    const { fromNs, reason, toNs } = loss;
    const lastNs = toNs ?? endNs;
    const stop = stops.find(
      s =>
        s.reason === 'NotConnected' &&
        s.fromNs <= lastNs &&
        (s.toNs ?? endNs) >= fromNs &&
        lengthNs(s, endNs) > LONG_NS,
    );
    const evidence = [`user connection: Disconnected ${span(loss)} (${reason})`];
    if (stop === undefined) {
      return {
        weight: HANDLED,
        atNs: fromNs,
        evidence,
        resolution: 'The user connection came back by itself: check the network.',
      };
    }
    evidence.unshift(`cycles stopped ${span(stop)}: NotConnected, no way to send anything`);
    return {
      weight: CAUSE,
      atNs: fromNs,
      evidence,
      resolution:
        'The user connection is down and nothing goes beside it: verify fallback_to_rest, check the network; if it reconnects in a loop, raise the back-off limits.',
    };
  });
}

/** Posts on the websocket that timed out and were not sent again. */
function unanswered(entries: readonly LogEntry[], { silentPosts, unheardOrders }: Signs): Found[] {
  return silentPosts.map(({ posts, fromNs, silentNs, toNs }): Found => {
    const evidence = [
      `${posts} posts without an answer from ${seconds(fromNs)} to ${seconds(toNs)}, and none sent beside the websocket`,
    ];
    const carried = unheardOrders.filter(({ sentNs }) => sentNs >= fromNs && sentNs <= toNs).length;
    if (carried > 0) evidence.push(`${carried} of their orders turned up at the exchange: see step 1.4`);
    const givenUp = entries
      .filter(entry => entry.type === 'safety-audit')
      .filter(({ atNs }) => atNs >= fromNs && atNs <= toNs + APART_NS)
      .reduce((sum, { stalePendingRemoved }) => sum + stalePendingRemoved, 0);
    const neverArrived = givenUp > 0 && carried === 0;
    if (neverArrived)
      evidence.push(`${givenUp} orders were given up, and none sent after the first post ever turned up`);
    const isLong = posts >= MANY && toNs - fromNs > LONG_NS;
    const weight = !isLong ? HANDLED : neverArrived ? SURE_CAUSE : carried > 0 ? LESSER_CAUSE : CAUSE;
    return { weight, atNs: silentNs, evidence, resolution: CHECK_FALLBACK };
  });
}

/** Posts that were sent again beside the websocket. */
function fallbacks(entries: readonly LogEntry[]): Found[] {
  const sent = entries.filter(entry => entry.type === 'rest-fallback');
  if (sent.length === 0) return [];
  const late = entries.filter(entry => entry.type === 'late-reply').length;
  const evidence = [
    `${sent.length} posts timed out on the websocket and went beside it from ${seconds(sent[0].atNs)} on`,
    ...(late > 0 ? [`${late} answers came late, and were applied to their orders`] : []),
  ];
  const slow = sent.filter(({ ageNs }) => ageNs > LATE_TIMEOUT_NS);
  if (slow.length < MANY) {
    const resolution =
      'The REST fallback does its work: check the network, and what keeps the answers on the websocket.';
    return [{ weight: HANDLED, atNs: sent[0].atNs, evidence, resolution }];
  }
  const oldest = slow.reduce((age, { ageNs }) => Math.max(age, ageNs), 0);
  evidence.unshift(
    `${slow.length} posts were given up after up to ${Math.round(oldest / NS_PER_MS)} ms, not after 500 ms`,
  );
  const resolution = 'The timeout of posts that is set (WsPostConfig, 500 ms) is not the one in use.';
  return [{ weight: CAUSE, atNs: slow[0].atNs, evidence, resolution }];
}
