/**
 * The server forgets what is subscribed on the live market connection, and requests to subscribe again are lost until the fault
 * ends (playbook 2.3).
 */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import { FEED_TARGETS, feedsOf } from '../feed/feed-targets.ts';
import { INSTRUMENT_OR_ALL, instrumentOf, midsOfOne } from '../instrument-parameter.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

class SubscriptionLost implements Overlay {
  readonly #lost: readonly Feed[];
  readonly #world: OverlayWorld;
  /** -1: every one. */
  readonly #instrument: number;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#instrument = instrumentOf(fault);
    // The mids of all instruments are one subscription.
    this.#lost = feedsOf(fault.target).filter(feed => this.#instrument === -1 || feed !== 'allMids');
    this.#world = world;
  }

  #isHit(feed: Feed, instrument: number): boolean {
    return this.#lost.includes(feed) && (this.#instrument === -1 || instrument === this.#instrument);
  }

  begin(): void {
    const { connections, instruments, tookEffect } = this.#world;
    for (const feed of FEEDS) {
      for (let instrument = 0; instrument < instruments.length; instrument++) {
        if (!this.#isHit(feed, instrument) || !connections.isSubscribed(feed, instrument)) continue;
        connections.unsubscribe(feed, instrument);
        tookEffect(`forgot the subscription of ${feed}`);
      }
    }
  }

  losesSubscription(feed: Feed, instrument: number): boolean {
    if (!this.#isHit(feed, instrument)) return false;
    this.#world.tookEffect(`lost a request to subscribe to ${feed}`);
    return true;
  }
}

export const subscriptionLost: FaultKind = {
  info: faultInfo({
    kind: 'subscription-lost',
    group: 'connection',
    description:
      'The server forgets the subscription of one feed or all market feeds, and loses each request for a new one.',
    targets: FEED_TARGETS,
    parameters: [INSTRUMENT_OR_ALL],
    primary: '2.3',
    allowed: ['2.2', '1.2'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  contradiction: midsOfOne,
  create: (fault, world) => new SubscriptionLost(fault, world),
};
