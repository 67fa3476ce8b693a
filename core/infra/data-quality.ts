/**
 * Data quality of one instrument's market feeds (playbook 2.2).
 *
 * Before a frame is applied it is checked: messages missing, time going backwards, values that cannot be, prices far off the
 * mid, a crossed book, a delta that does not follow on. A frame that fails is logged and not applied. What messages have to do
 * with one another is `feed-continuity.ts`; what a good or a crossed book makes of quoting is `quote-gate.ts`.
 *
 * A delta that is not applied leaves its feed's book out of step: the feed's frames are refused until a snapshot comes, and
 * `feedOutOfStep` says of which feed one has to be asked for.
 */
import type { AnomalyType, LogEntry, QuoteGateReason } from '../evidence.ts';
import { BID, FEED_INDEX, type Feed } from '../market.ts';
import type { AllMidsMessage, AssetContextMessage, BookMessage, TradesMessage } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import { DELTA_FOLLOWS, DELTA_IS_NO_NEWS, FeedContinuity } from './feed-continuity.ts';
import { QuoteGate } from './quote-gate.ts';

export interface DataQualityConfig {
  /** A book older than this is an anomaly. */
  maxDataAgeNs: number;
  /** A book older than this shuts the gate. */
  gateAgeNs: number;
  /** So many missing messages are put up with. */
  maxSequenceGap: number;
  /** Largest distance of a price from the mid, as a share of the mid. */
  maxPriceDeviation: number;
  checkCrossedBooks: boolean;
}

/** Playbook 2.2, all five. */
export const DEFAULT_DATA_QUALITY: DataQualityConfig = {
  maxDataAgeNs: 30 * NS_PER_S,
  gateAgeNs: 15 * NS_PER_S,
  maxSequenceGap: 10,
  maxPriceDeviation: 0.2,
  checkCrossedBooks: true,
};

/** Limits are at least so many of the feed's own gaps (playbook matrix, defaults). */
const DEFAULT_CADENCE_MULTIPLE = 3;

/** Above every price that the columns can hold. */
const MAX_TICKS = 0x7fff_ffff;

export class DataQuality {
  readonly #config: DataQualityConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #continuity = new FeedContinuity();
  readonly #gate: QuoteGate;
  #newestFeed: Feed = 'l2Book';
  #staleRaised = false;

  /** `cadenceMultiple`: age limits are at least so many of the book's own average gaps. */
  constructor(
    config: DataQualityConfig,
    log: (entry: LogEntry) => void,
    cadenceMultiple: number = DEFAULT_CADENCE_MULTIPLE,
  ) {
    this.#config = config;
    this.#log = log;
    this.#gate = new QuoteGate(config.gateAgeNs, cadenceMultiple, log);
  }

  /**
   * Whether a book frame may be applied. `midTicks`: the mid before it, 0 where unknown.
   *
   * Prices are held against the mid at the frame's touch (its first bid and ask, in a whole book) and wherever a level lies on
   * the wrong side of it. A level far out on its own side is no fault: deep books have bids at a tenth of the price. A mid
   * that is itself out of date is no measure: after an outage the market may be anywhere.
   */
  checkBook(message: BookMessage, midTicks: number): boolean {
    const feed = bookFeedIndex(message.feed);
    const gap = this.#checkSequence(message.feed, feed, message.sequence, message.nowNs);
    const measureTicks = this.#measureTicks(midTicks, message.nowNs);
    if (message.isSnapshot || message.feed === 'bbo') return this.#checkWhole(message, feed, measureTicks);
    return this.#checkDelta(message, feed, gap, measureTicks);
  }

  #checkWhole(message: BookMessage, feed: number, midTicks: number): boolean {
    const isGood =
      this.#checkTime(message.feed, feed, message.exchNs, message.nowNs) && this.#checkLevels(message, midTicks, true);
    if (isGood) this.#continuity.wholeTaken(feed, message.updateId);
    else this.#continuity.wholeRefused(feed);
    return isGood;
  }

  #checkDelta(message: BookMessage, feed: number, gap: number, midTicks: number): boolean {
    const found = this.#continuity.delta(message, feed, gap);
    if (found === DELTA_IS_NO_NEWS) return false;
    const isGood =
      found === DELTA_FOLLOWS &&
      this.#checkTime(message.feed, feed, message.exchNs, message.nowNs) &&
      this.#checkLevels(message, midTicks, false);
    if (isGood) this.#continuity.deltaTaken(feed, message.updateId);
    else this.#continuity.lostStep(feed);
    return isGood;
  }

  /** Whether a frame of public trades may be used. `midTicks`: the mid, 0 where unknown. */
  checkTrades(message: TradesMessage, midTicks: number): boolean {
    const feed = FEED_INDEX.trades;
    this.#checkSequence('trades', feed, message.sequence, message.nowNs);
    if (!this.#checkTime('trades', feed, message.exchNs, message.nowNs)) return false;
    const measureTicks = this.#measureTicks(midTicks, message.nowNs);
    const deviation = this.#config.maxPriceDeviation * measureTicks;
    const lowest = measureTicks - deviation;
    const highest = measureTicks === 0 ? Number.POSITIVE_INFINITY : measureTicks + deviation;
    const { priceTicks, sizeLots } = message.trades;
    const end = message.first + message.count;
    for (let row = message.first; row < end; row++) {
      const ticks = priceTicks[row];
      const lots = sizeLots[row];
      if (!(ticks > 0)) return this.#invalid('trades', message.nowNs, 'InvalidPrice', ticks, 0);
      if (ticks < lowest || ticks > highest) return this.#tooFar('trades', message.nowNs, ticks, measureTicks);
      if (!(lots > 0) || lots === Number.POSITIVE_INFINITY) {
        return this.#invalid('trades', message.nowNs, 'InvalidSize', lots, 0);
      }
    }
    return true;
  }

  /** Whether the mids of an `allMids` message may be used. */
  checkMids(message: AllMidsMessage): boolean {
    const { exchNs, midTicks, nowNs, sequence } = message;
    this.#checkSequence('allMids', FEED_INDEX.allMids, sequence, nowNs);
    if (!this.#checkTime('allMids', FEED_INDEX.allMids, exchNs, nowNs)) return false;
    for (const ticks of midTicks) {
      if (!(ticks >= 0 && ticks <= MAX_TICKS)) return this.#invalid('allMids', nowNs, 'InvalidPrice', ticks, 0);
    }
    return true;
  }

  /** Whether an asset context may be used. */
  checkContext(message: AssetContextMessage): boolean {
    const { context, exchNs, nowNs, sequence } = message;
    const feed = FEED_INDEX.activeAssetCtx;
    this.#checkSequence('activeAssetCtx', feed, sequence, nowNs);
    if (!this.#checkTime('activeAssetCtx', feed, exchNs, nowNs)) return false;
    const { oracleTicks, markTicks, openInterestLots, fundingPerHour } = context;
    for (const ticks of [oracleTicks, markTicks]) {
      if (!(ticks > 0 && ticks <= MAX_TICKS)) return this.#invalid('activeAssetCtx', nowNs, 'InvalidPrice', ticks, 0);
    }
    if (openInterestLots >= 0 && openInterestLots <= Number.MAX_VALUE && Math.abs(fundingPerHour) <= 1) return true;
    return this.#invalid('activeAssetCtx', nowNs, 'InvalidSize', openInterestLots, 0);
  }

  /** The mid where it is recent enough to hold prices against, else 0. */
  #measureTicks(midTicks: number, nowNs: number): number {
    const ageNs = this.#gate.ageNs(nowNs);
    return ageNs !== Number.POSITIVE_INFINITY && ageNs > this.#config.maxDataAgeNs ? 0 : midTicks;
  }

  /** Messages missing before this one: 0 as a rule; -1 for one that is not newer than the last. */
  #checkSequence(name: Feed, feed: number, sequence: number, nowNs: number): number {
    const gap = this.#continuity.missingBefore(feed, sequence);
    if (gap > this.#config.maxSequenceGap) this.#raise(name, nowNs, 'SequenceGap', gap, this.#config.maxSequenceGap);
    return gap;
  }

  /** False for a frame older than the one before. One that was overtaken at the subscription is refused without a word. */
  #checkTime(name: Feed, feed: number, exchNs: number, nowNs: number): boolean {
    const behindNs = this.#continuity.behindNs(feed, exchNs);
    if (behindNs > 0) this.#raise(name, nowNs, 'TimestampRegression', behindNs, 0);
    return behindNs === 0;
  }

  #checkLevels(message: BookMessage, midTicks: number, isWhole: boolean): boolean {
    const { side, priceTicks, sizeLots } = message.levels;
    // In a delta a size of 0 removes the level; in a whole book a level has a size.
    const smallestLots = isWhole ? Number.EPSILON : 0;
    const first = message.first | 0;
    const end = (first + message.count) | 0;
    let bids = 0;
    let bestBid = 0;
    let bestAsk = MAX_TICKS;
    for (let row = first; row < end; row++) {
      const ticks = priceTicks[row];
      const lots = sizeLots[row];
      // Written so that NaN fails, too.
      if (ticks <= 0 || !(lots >= smallestLots && lots <= Number.MAX_VALUE)) {
        return this.#invalidRow(message, ticks, lots);
      }
      // Venues also remove levels that are not there, wherever; that puts no price into the book.
      if (lots === 0) continue;
      if (side[row] === BID) {
        bids++;
        if (ticks > bestBid) bestBid = ticks;
      } else if (ticks < bestAsk) {
        bestAsk = ticks;
      }
    }
    if (midTicks !== 0) {
      const deviation = this.#config.maxPriceDeviation * midTicks;
      const lowest = midTicks - deviation;
      const highest = midTicks + deviation;
      if (bestBid > highest) return this.#tooFar(message.feed, message.nowNs, bestBid, midTicks);
      if (bestAsk < lowest) return this.#tooFar(message.feed, message.nowNs, bestAsk, midTicks);
      if (isWhole) {
        const bid = bids > 0 ? priceTicks[first] : midTicks;
        const ask = bids < message.count ? priceTicks[first + bids] : midTicks;
        if (bid < lowest) return this.#tooFar(message.feed, message.nowNs, bid, midTicks);
        if (ask > highest) return this.#tooFar(message.feed, message.nowNs, ask, midTicks);
      }
    }
    if (isWhole && bestBid >= bestAsk && this.#config.checkCrossedBooks) {
      this.#raise(message.feed, message.nowNs, 'CrossedBook', bestBid, bestAsk);
      this.#gate.cross(message.nowNs, bestBid, bestAsk);
      return false;
    }
    return true;
  }

  #invalidRow(message: BookMessage, ticks: number, lots: number): boolean {
    if (ticks <= 0) return this.#invalid(message.feed, message.nowNs, 'InvalidPrice', ticks, 0);
    return this.#invalid(message.feed, message.nowNs, 'InvalidSize', lots, 0);
  }

  #invalid(feed: Feed, nowNs: number, anomaly: AnomalyType, value: number, limit: number): boolean {
    this.#raise(feed, nowNs, anomaly, value, limit);
    return false;
  }

  #tooFar(feed: Feed, nowNs: number, ticks: number, midTicks: number): boolean {
    return this.#invalid(
      feed,
      nowNs,
      'InvalidPrice',
      Math.abs(ticks - midTicks) / midTicks,
      this.#config.maxPriceDeviation,
    );
  }

  #raise(feed: Feed, nowNs: number, anomaly: AnomalyType, value: number, limit: number): void {
    this.#log({ type: 'anomaly', atNs: nowNs, feed, anomaly, value, limit });
  }

  /**
   * A good frame was applied and this is the book's touch now (0 for an empty side). A crossed book is no fresh one: the gate
   * stays shut until it is uncrossed.
   */
  bookApplied(feed: Feed, nowNs: number, bestBidTicks: number, bestAskTicks: number): void {
    if (bestBidTicks >= bestAskTicks && bestAskTicks !== 0 && this.#config.checkCrossedBooks) {
      if (!this.#gate.isCrossed) this.#raise(feed, nowNs, 'CrossedBook', bestBidTicks, bestAskTicks);
      this.#gate.cross(nowNs, bestBidTicks, bestAskTicks);
      return;
    }
    this.#staleRaised = false;
    this.#newestFeed = feed;
    this.#gate.fresh(nowNs);
  }

  /** The feed that lost the base of its deltas and has to be subscribed again; null from its next good snapshot on. */
  get feedOutOfStep(): 'l2Book' | 'fastBook' | null {
    return this.#continuity.outOfStep;
  }

  /** A feed is subscribed again: its sequence and its clock start anew, and its deltas wait for a snapshot. */
  resetFeed(feed: Feed): void {
    this.#continuity.reset(feed);
  }

  /** Age of the newest applied book frame, of whatever feed, ns; Infinity before any. */
  bookAgeNs(nowNs: number): number {
    return this.#gate.ageNs(nowNs);
  }

  /** The book's average gap between frames, ns; 0 before the second. */
  get bookCadenceNs(): number {
    return this.#gate.cadenceNs;
  }

  /** Why quotes may not stand, null where they may (playbook 2.2): no data, then data too old, then a crossed book. */
  shouldGateQuotes(nowNs: number): QuoteGateReason | null {
    return this.#gate.reason(nowNs);
  }

  /** The check of every second: raises StaleData once an outage, and logs where the gate stands when that has changed. */
  check(nowNs: number): void {
    const ageNs = this.bookAgeNs(nowNs);
    const limitNs = this.#gate.limitNs(this.#config.maxDataAgeNs);
    if (!this.#staleRaised && ageNs > limitNs && ageNs !== Number.POSITIVE_INFINITY) {
      this.#staleRaised = true;
      this.#raise(this.#newestFeed, nowNs, 'StaleData', ageNs, limitNs);
    }
    this.#gate.note(nowNs);
  }

  snapshot(): unknown {
    return {
      continuity: this.#continuity.snapshot(),
      gate: this.#gate.snapshot(),
      newestFeed: this.#newestFeed,
      staleRaised: this.#staleRaised,
    };
  }

  restore(state: unknown): void {
    const from = state as { continuity: unknown; gate: unknown; newestFeed: Feed; staleRaised: boolean };
    this.#continuity.restore(from.continuity);
    this.#gate.restore(from.gate);
    this.#newestFeed = from.newestFeed;
    this.#staleRaised = from.staleRaised;
  }
}

/** `FEED_INDEX` for what runs on every frame: comparing names is several times faster than looking one up. */
function bookFeedIndex(feed: BookMessage['feed']): number {
  if (feed === 'l2Book') return FEED_INDEX.l2Book;
  return feed === 'bbo' ? FEED_INDEX.bbo : FEED_INDEX.fastBook;
}
