/**
 * Posts on the websocket that nobody answered and that were not sent again beside it (playbook 1.2), and orders that were given up and
 * turned up at the exchange all the same (playbook 1.4).
 *
 * What was on its way when a socket went dead arrives all the same, and says nothing. Any other order that turns up shows more: what
 * it was sent over carried it, and only the word of it was lost.
 */
import type { LogEntry } from '../../core/evidence.ts';
import { NS_PER_S } from '../../core/scale.ts';

/** A post beside the websocket has 5 s: what timed out before that was on the websocket. */
const REST_TIMEOUT_NS = 5 * NS_PER_S;
/** Posts that are further apart than this do not belong together. */
export const APART_NS = 15 * NS_PER_S;

/** Posts without an answer, close to each other. */
export interface SilentPosts {
  posts: number;
  /** When the first of them was sent, and when it and the last one were given up. */
  readonly fromNs: number;
  readonly silentNs: number;
  toNs: number;
}

/** In the order of time. `entries`: those of a run, in its order. */
export function findSilentPosts(entries: readonly LogEntry[]): SilentPosts[] {
  const again = new Set(
    entries.filter(entry => entry.type === 'rest-fallback').flatMap(({ id, restId }) => [id, restId]),
  );
  const groups: SilentPosts[] = [];
  for (const entry of entries) {
    if (entry.type !== 'request-timeout' || again.has(entry.id) || entry.ageNs >= REST_TIMEOUT_NS) continue;
    const { ageNs, atNs } = entry;
    const group = groups.at(-1);
    if (group === undefined || atNs - group.toNs > APART_NS) {
      groups.push({ posts: 1, fromNs: atNs - ageNs, silentNs: atNs, toNs: atNs });
    } else {
      group.posts++;
      group.toNs = atNs;
    }
  }
  return groups;
}

export type TurnedUp = Extract<LogEntry, { type: 'order-turned-up' }>;

/** Orders that turned up and were not on their way when posts fell silent. */
export function findUnheardOrders(entries: readonly LogEntry[], silent: readonly SilentPosts[]): TurnedUp[] {
  return entries
    .filter(entry => entry.type === 'order-turned-up')
    .filter(({ sentNs }) => !silent.some(({ fromNs, silentNs }) => sentNs >= fromNs && sentNs < silentNs));
}
