/**
 * The clock of a feed runs backwards: each message that is hit is stamped earlier than the one before it (playbook 2.2). What it
 * says is of now.
 */
import { FEEDS } from '../../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import { itemOf, type MarketMessage } from '../market-item.ts';
import type { OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { type Alteration, AlteredFeed } from './altered-feed.ts';
import { FEED_TARGETS } from './feed-targets.ts';
import { MESSAGES_PARAMETER } from './hit-count.ts';

class Backwards implements Alteration {
  readonly #byNs: number;
  readonly #instruments: number;
  /** By feed and instrument: the time on the last message. */
  readonly #lastNs: Float64Array;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#byNs = numberOf(fault, 'by');
    this.#instruments = world.instruments.length;
    this.#lastNs = new Float64Array(FEEDS.length * this.#instruments).fill(Number.POSITIVE_INFINITY);
  }

  alter(message: MarketMessage): void {
    const slot = this.#slotOf(message);
    message.exchNs = Math.min(message.exchNs, this.#lastNs[slot]) - this.#byNs;
    this.#lastNs[slot] = message.exchNs;
  }

  passes(message: MarketMessage): void {
    this.#lastNs[this.#slotOf(message)] = message.exchNs;
  }

  #slotOf(message: MarketMessage): number {
    const { feed, instrument } = itemOf(message);
    return feed * this.#instruments + instrument;
  }

  snapshot(): unknown {
    return this.#lastNs.slice();
  }

  restore(state: unknown): void {
    this.#lastNs.set(state as Float64Array);
  }
}

export const timestampRegression: FaultKind = {
  info: faultInfo({
    kind: 'timestamp-regression',
    group: 'feed',
    description: 'Each message is stamped earlier than the one before it; what it says is of now.',
    targets: FEED_TARGETS,
    hasProbability: true,
    parameters: [
      {
        name: 'by',
        type: 'time',
        min: NS_PER_MS,
        max: 60 * NS_PER_S,
        default: 10 * NS_PER_S,
        description: 'How much earlier, longer than the feed is usually silent.',
      },
      MESSAGES_PARAMETER,
    ],
    primary: '2.2',
    allowed: ['2.3'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => new AlteredFeed(fault, world, new Backwards(fault, world), 'set back the time of'),
};
