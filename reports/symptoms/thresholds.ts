/**
 * The numbers that the symptoms are judged by, all of them here. They are defaults: a scenario that overrides one says so
 * in its verdict (playbook matrix, "the four symptoms are judged from outside").
 */
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';

export interface StaleQuotesThresholds {
  /** A quote is old when its side's last accepted action is longer ago than this, ns (strictly). */
  readonly quoteAgeNs: number;
  /** … and the true mid has moved by so much since, bps (at least). */
  readonly midMoveBps: number;
  /**
   * … and has been so far away for so long, ns (at least): news needs its time to come in and a new quote to get out. A
   * missing quote counts when the twin's has stood for so long.
   */
  readonly reactionNs: number;
  /** A side is bare when nothing of ours has rested there for longer than this, ns (strictly). */
  readonly bareNs: number;
}

export const STALE_QUOTES: StaleQuotesThresholds = {
  quoteAgeNs: 5 * NS_PER_S,
  midMoveBps: 5,
  // One frame in a thousand takes 1.1 s to arrive on the recorded hour, and a post at most 0.4 s: no core is faster.
  reactionNs: 1_500 * NS_PER_MS,
  bareNs: 5 * NS_PER_S,
};

/**
 * The recording has a gap where the true market gave no news for longer than this, ns (strictly). The same 5 s as a
 * stale quote: in a shorter pause even a quote of the last moment is not stale yet.
 */
export const RECORDING_GAP_NS = 5 * NS_PER_S;

/**
 * What a gap of the recording brings about may show for so long after its end, ns: the first news after it reveals a move
 * that nobody could follow, and the core gets the time of one stale quote to do so.
 */
export const GAP_AFTERMATH_NS = 5 * NS_PER_S;
