/**
 * How likely own orders are to be filled where they stand, from what lies before them and from how fast the market trades
 * (playbook 2.1, queue depletion). Before an order lie all better levels, and at its own price what stood there when it came, as far as that
 * has not been taken or cancelled since. The chance of a fill within a horizon is taken as
 *
 *   P = 1 - e^(-traded within the horizon / lots before the order)
 *
 * When it falls through a threshold that order has lost its place: it stands for nothing, and may as well lie where its quote is.
 */
import type { Book } from '../book.ts';
import type { TrackedOrder } from '../execution/tracked-order.ts';
import { QUEUE_ENTRIES } from '../infra/capacity.ts';
import { ASK, BID, type BySide, opposite, SIDES, type Side } from '../market.ts';
import { exp } from '../math.ts';
import { LotsBefore } from './lots-before.ts';

export interface QueueWatchSettings {
  /** Below this chance of a fill an order has lost its place. */
  minFillProbability: number;
  /** Time within which the fill is looked for. */
  horizonNs: number;
  /** Time constant of the traded volume. */
  volumeDecayNs: number;
}

export const DEFAULT_QUEUE_WATCH: QueueWatchSettings = {
  // core-facts 2.1.
  minFillProbability: 0.05,
  // The horizon over which a position is thought to be held, and the long horizon of the volatility (playbook 4.5).
  horizonNs: 60_000_000_000,
  volumeDecayNs: 60_000_000_000,
};

const NONE: readonly TrackedOrder[] = [];

/** What is known of one order. */
interface Entry {
  readonly cloid: number;
  /** Lots of others that stand before it at its own price. */
  aheadLots: number;
  isLikely: boolean;
}

export class QueueWatch {
  readonly #settings: QueueWatchSettings;
  readonly #entries = new Map<number, Entry>();
  /** By the side whose orders they fill: lots traded, as a mean that decays in time. */
  readonly #tradedLots: BySide<number> = [0, 0];
  readonly #lotsBefore: BySide<LotsBefore> = [new LotsBefore(BID), new LotsBefore(ASK)];
  #tradedNs = 0;
  #sinceNs = -1;

  constructor(settings: QueueWatchSettings) {
    this.#settings = settings;
  }

  /** A public trade; `aggressor`: `BID` where a buyer took, that is what asks are filled by. */
  onTrade(aggressor: Side, sizeLots: number, nowNs: number): void {
    this.#decay(nowNs);
    this.#tradedLots[opposite(aggressor)] += sizeLots;
  }

  #decay(nowNs: number): void {
    if (this.#sinceNs < 0) this.#sinceNs = nowNs;
    const { volumeDecayNs } = this.#settings;
    const keep = volumeDecayNs / (volumeDecayNs + Math.max(0, nowNs - this.#tradedNs));
    for (const side of SIDES) this.#tradedLots[side] *= keep;
    this.#tradedNs = nowNs;
  }

  /** Looks at own orders again and gives those that have lost their place since the last time. */
  check(book: Book, orders: readonly TrackedOrder[], nowNs: number): readonly TrackedOrder[] {
    // Where nobody was seen to trade there is no chance to tell.
    if (this.#sinceNs < 0) return NONE;
    this.#decay(nowNs);
    const lost: TrackedOrder[] = [];
    for (const side of SIDES) this.#lotsBefore[side].begin(book);
    const isKnown = this.#sinceNs >= 0 && nowNs - this.#sinceNs >= this.#settings.volumeDecayNs;
    for (const order of orders) {
      if (order.state !== 'Resting' && order.state !== 'PartiallyFilled') continue;
      const isLikely = this.#isLikely(book, order);
      const entry = this.#entries.get(order.cloid);
      if (entry === undefined) continue;
      if (isKnown && entry.isLikely && !isLikely) lost.push(order);
      entry.isLikely = isLikely;
    }
    this.#forget(orders);
    return lost;
  }

  #isLikely(book: Book, order: TrackedOrder): boolean {
    const { side, priceTicks, cloid } = order;
    const levelLots = Math.max(0, book.sizeLots(side, priceTicks) - (order.originalLots - order.filledLots));
    let entry = this.#entries.get(cloid);
    if (entry === undefined) {
      entry = { cloid, aheadLots: levelLots, isLikely: true };
      if (this.#entries.size < QUEUE_ENTRIES) this.#entries.set(cloid, entry);
    }
    // Who comes later stands behind: the queue before an order only grows shorter.
    entry.aheadLots = Math.min(entry.aheadLots, levelLots);
    const beforeLots = entry.aheadLots + this.#lotsBefore[side].betterThan(book, priceTicks);
    if (beforeLots <= 0) return true;
    const { horizonNs, volumeDecayNs, minFillProbability } = this.#settings;
    const expectedLots = (this.#tradedLots[side] * horizonNs) / volumeDecayNs;
    return 1 - exp(-expectedLots / beforeLots) >= minFillProbability;
  }

  /** Orders that have ended. */
  #forget(orders: readonly TrackedOrder[]): void {
    if (this.#entries.size <= orders.length) return;
    const live = new Set(orders.map(order => order.cloid));
    for (const cloid of this.#entries.keys()) if (!live.has(cloid)) this.#entries.delete(cloid);
  }

  snapshot(): unknown {
    return {
      entries: [...this.#entries.values()].map(entry => ({ ...entry })),
      tradedLots: [...this.#tradedLots],
      tradedNs: this.#tradedNs,
      sinceNs: this.#sinceNs,
    };
  }

  restore(state: unknown): void {
    const from = state as { entries: readonly Entry[]; tradedLots: BySide<number>; tradedNs: number; sinceNs: number };
    this.#entries.clear();
    for (const entry of from.entries) this.#entries.set(entry.cloid, { ...entry });
    for (const side of SIDES) this.#tradedLots[side] = from.tradedLots[side];
    this.#tradedNs = from.tradedNs;
    this.#sinceNs = from.sinceNs;
  }
}
