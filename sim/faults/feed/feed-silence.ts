/**
 * Feeds fall silent while their connection stays open (playbook 2.3), of one instrument or of all. Its length is that of the gap: it
 * counts from the last frame that came through, survives reconnects, and at its end the newest withheld message of each feed comes at
 * once.
 */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import { INSTRUMENT_OR_ALL, instrumentOf, midsOfOne } from '../instrument-parameter.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { FEED_TARGETS, feedsOf } from './feed-targets.ts';

class FeedSilence implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #forNs: number;
  /** -1: every one. */
  readonly #instrument: number;
  /** The newest withheld message of each feed and instrument, in the order of the feeds. */
  readonly #withheld: (MarketItem | null)[];

  constructor(fault: Fault, world: OverlayWorld) {
    this.#instrument = instrumentOf(fault);
    // The mids of all instruments come in one message.
    this.feeds = feedsOf(fault.target).filter(feed => this.#instrument === -1 || feed !== 'allMids');
    this.#world = world;
    this.#forNs = fault.forNs;
    this.#withheld = new Array<MarketItem | null>(FEEDS.length * world.instruments.length).fill(null);
  }

  endNs(): number {
    const { connections, nowNs } = this.#world;
    const lastNs = connections.lastDeliveredNs(this.feeds, this.#instrument);
    return (lastNs >= 0 ? lastNs : nowNs) + this.#forNs;
  }

  market(item: MarketItem): MarketItem | null {
    if (this.#instrument !== -1 && item.instrument !== this.#instrument) return item;
    this.#withheld[item.feed * this.#world.instruments.length + item.instrument] = item;
    this.#world.tookEffect(`withheld a frame of ${FEEDS[item.feed]}`);
    return null;
  }

  end(): void {
    const withheld = this.#withheld.filter(item => item !== null);
    this.#withheld.fill(null);
    for (const item of withheld) this.#world.links.release(item);
  }

  snapshot(): unknown {
    return [...this.#withheld];
  }

  restore(state: unknown): void {
    for (const [at, item] of (state as (MarketItem | null)[]).entries()) this.#withheld[at] = item;
  }
}

export const feedSilence: FaultKind = {
  info: faultInfo({
    kind: 'feed-silence',
    group: 'feed',
    description:
      'One feed or all market feeds stop while the connection stays open. Counted from the last delivered frame; ' +
      'survives reconnects; at its end the newest withheld frame of each feed is delivered at once.',
    targets: FEED_TARGETS,
    parameters: [INSTRUMENT_OR_ALL],
    primary: '2.3',
    allowed: ['2.2', '1.2'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  contradiction: midsOfOne,
  create: (fault, world) => new FeedSilence(fault, world),
};
