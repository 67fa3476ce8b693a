/**
 * A link on which messages take longer: actions, their answers and the account's streams on the user connection, frames on the market
 * connection. A socket stays in order whatever its link does: nothing overtakes what was sent before it.
 *
 * What is on its way on the market connection when the fault ends arrives at once.
 */
import { type Feed, MARKET_FEEDS } from '../../../core/market.ts';
import type { Connection, PostCommand } from '../../../core/port.ts';
import type { ArrivedPost } from '../../market/market.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

interface OnItsWay {
  readonly atNs: number;
  readonly item: MarketItem;
}

/** What is sent up the market connection are requests for feeds alone, and no link holds those up. */
export function upOfMarket({ direction, target }: Fault): string | null {
  return target === 'market' && direction === 'up' ? 'on market only what comes down takes longer' : null;
}

/** `extraNs`: what one message takes longer; 0 where it is spared. */
export class SlowLink implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #target: Connection;
  readonly #direction: Fault['direction'];
  readonly #world: OverlayWorld;
  readonly #extraNs: () => number;
  /** On the market connection, in order. */
  #onTheirWay: OnItsWay[] = [];

  constructor({ target, direction }: Fault, world: OverlayWorld, extraNs: () => number) {
    this.#target = target === 'market' ? 'market' : 'user';
    this.#direction = direction;
    this.#world = world;
    this.#extraNs = extraNs;
    this.feeds = this.#target === 'market' && direction !== 'up' ? MARKET_FEEDS : [];
  }

  #delayNs(direction: 'up' | 'down', what: string): number {
    if (this.#target !== 'user' || (this.#direction !== 'both' && this.#direction !== direction)) return 0;
    const delayNs = this.#extraNs();
    if (delayNs > 0) this.#world.tookEffect(`held ${what} up`);
    return delayNs;
  }

  postDelayNs({ via }: PostCommand): number {
    return via === 'websocket' ? this.#delayNs('up', 'a post') : 0;
  }

  replyDelayNs({ via }: ArrivedPost): number {
    return via === 'websocket' ? this.#delayNs('down', 'a reply') : 0;
  }

  pushDelayNs(feed: Feed): number {
    return this.#delayNs('down', `a message of ${feed}`);
  }

  market(item: MarketItem): MarketItem | null {
    const delayNs = this.#extraNs();
    const lastNs = this.#onTheirWay.at(-1)?.atNs ?? 0;
    const atNs = Math.max(lastNs, this.#world.nowNs + delayNs);
    if (atNs <= this.#world.nowNs) return item;
    this.#world.tookEffect('held a frame up');
    this.#onTheirWay.push({ atNs, item });
    this.#world.wakeAt(atNs);
    return null;
  }

  due(): void {
    while (this.#onTheirWay.length > 0 && this.#onTheirWay[0].atNs <= this.#world.nowNs) {
      const first = this.#onTheirWay.shift();
      if (first !== undefined) this.#world.links.passOn(first.item);
    }
  }

  end(): void {
    for (const { item } of this.#onTheirWay.splice(0)) this.#world.links.release(item);
  }

  snapshot(): unknown {
    return this.#onTheirWay.map(one => ({ ...one }));
  }

  restore(state: unknown): void {
    this.#onTheirWay = (state as OnItsWay[]).map(one => ({ ...one }));
  }
}
