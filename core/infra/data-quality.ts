/**
 * Data quality of one instrument's market feeds, and the gate on quoting that hangs on it (playbook 2.2).
 *
 * Before a frame is applied it is checked: messages missing, time going backwards, values that cannot be, prices far off the
 * mid, a crossed book, a delta that does not follow on. A frame that fails is counted, logged and not applied. After a good
 * frame was applied the book's freshness is kept here, and with it whether quotes may stand.
 *
 * A delta that is not applied leaves its feed's book out of step: the feed's frames are refused until a snapshot comes, and
 * `needsSnapshot` says that one has to be asked for.
 */
import { ANOMALY_TYPES, type AnomalyType, type LogEntry, type QuoteGateReason } from '../evidence.ts';
import { BID, FEED_INDEX, FEEDS, type Feed } from '../market.ts';
import type { BookMessage, TradesMessage } from '../port.ts';
import { NS_PER_MS, NS_PER_S } from '../scale.ts';
import { Cadence } from './cadence.ts';

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

const ANOMALY_INDEX: Readonly<Record<AnomalyType, number>> = {
  SequenceGap: 0,
  TimestampRegression: 1,
  StaleData: 2,
  CrossedBook: 3,
  InvalidPrice: 4,
  InvalidSize: 5,
};

/** What a feed's deltas stand on. Zero first: the state of a feed that has sent nothing. */
const NO_BASE = 0;
const SNAPSHOT_SEEN = 1;
const DELTA_SEEN = 2;
/** A whole book came and was refused: a delta now would stand on nothing. */
const SNAPSHOT_REFUSED = 3;
const OUT_OF_STEP = 4;

/** Above every price that the columns can hold. */
const MAX_TICKS = 0x7fff_ffff;

/** What the log last said of the gate: open, or a reason's type. */
type LoggedGate = 'Open' | QuoteGateReason['type'];

/** State of each feed, by its index, one array for each part of it. */
interface FeedStates {
  /** Last sequence number; -1 before the first message. */
  readonly sequence: Float64Array;
  /** Exchange time of the last frame; -Infinity before the first. */
  readonly exchNs: Float64Array;
  /** Frames since the subscription that came in time: 0, 1, or 2 for more. */
  readonly inTime: Uint8Array;
  /** Update id that the book stands at; 0 where there is none. */
  readonly updateId: Float64Array;
  readonly base: Uint8Array;
}

export class DataQuality {
  readonly #config: DataQualityConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #counts = new Float64Array(ANOMALY_TYPES.length);
  readonly #feeds: FeedStates = {
    sequence: new Float64Array(FEEDS.length).fill(-1),
    exchNs: new Float64Array(FEEDS.length).fill(Number.NEGATIVE_INFINITY),
    inTime: new Uint8Array(FEEDS.length),
    updateId: new Float64Array(FEEDS.length),
    base: new Uint8Array(FEEDS.length),
  };
  /** Of the frames that were applied, whatever book feed they came by. */
  readonly #book: Cadence;
  #newestFeed: Feed = 'l2Book';
  #crossed = false;
  #crossedBidTicks = 0;
  #crossedAskTicks = 0;
  #staleRaised = false;
  #loggedGate: LoggedGate = 'Open';

  /** `cadenceMultiple`: age limits are at least so many of the book's own average gaps. */
  constructor(
    config: DataQualityConfig,
    log: (entry: LogEntry) => void,
    cadenceMultiple: number = DEFAULT_CADENCE_MULTIPLE,
  ) {
    this.#config = config;
    this.#log = log;
    this.#book = new Cadence(config.gateAgeNs, cadenceMultiple);
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
    const { base, updateId } = this.#feeds;
    if (
      !this.#checkTime(message.feed, feed, message.exchNs, message.nowNs) ||
      !this.#checkLevels(message, midTicks, true)
    ) {
      // Deltas that carry ids show by themselves whether they go on from what stands.
      const goesOn = base[feed] === DELTA_SEEN && updateId[feed] !== 0;
      if (!goesOn && base[feed] !== OUT_OF_STEP) base[feed] = SNAPSHOT_REFUSED;
      return false;
    }
    base[feed] = SNAPSHOT_SEEN;
    updateId[feed] = message.updateId;
    return true;
  }

  #checkDelta(message: BookMessage, feed: number, gap: number, midTicks: number): boolean {
    const { base, exchNs, updateId } = this.#feeds;
    const before = base[feed];
    if (before === NO_BASE || before === OUT_OF_STEP) return false;
    const known = updateId[feed];
    const hasIds = known !== 0 && message.updateId !== 0 && message.previousUpdateId !== 0;
    // What the book holds already is no news: what a snapshot overtook, or a message sent twice.
    if (hasIds ? message.updateId <= known : gap < 0) return false;
    const isFirst = before === SNAPSHOT_SEEN;
    if (isFirst && message.exchNs < exchNs[feed]) {
      // A snapshot is stamped when it was made. Where there are ids they tell the order, else the delta is part of it.
      exchNs[feed] = message.exchNs;
      if (!hasIds) return false;
    }
    // The first delta after a snapshot may begin before it: sizes are absolute, so that does no harm.
    const { previousUpdateId } = message;
    const follows = hasIds ? previousUpdateId === known || (isFirst && previousUpdateId < known) : gap === 0;
    if (
      before === SNAPSHOT_REFUSED ||
      !this.#checkTime(message.feed, feed, message.exchNs, message.nowNs) ||
      !follows ||
      !this.#checkLevels(message, midTicks, false)
    ) {
      base[feed] = OUT_OF_STEP;
      return false;
    }
    base[feed] = DELTA_SEEN;
    updateId[feed] = message.updateId;
    return true;
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

  /** The mid where it is recent enough to hold prices against, else 0. */
  #measureTicks(midTicks: number, nowNs: number): number {
    const { lastNs } = this.#book;
    return lastNs >= 0 && nowNs - lastNs > this.#config.maxDataAgeNs ? 0 : midTicks;
  }

  /** Messages missing before this one: 0 as a rule; -1 for one that is not newer than the last. */
  #checkSequence(name: Feed, feed: number, sequence: number, nowNs: number): number {
    const { sequence: last } = this.#feeds;
    const before = last[feed];
    if (sequence === before + 1 || before < 0) {
      last[feed] = sequence;
      return 0;
    }
    if (sequence <= before) return -1;
    last[feed] = sequence;
    const gap = sequence - before - 1;
    if (gap > this.#config.maxSequenceGap) this.#raise(name, nowNs, 'SequenceGap', gap, this.#config.maxSequenceGap);
    return gap;
  }

  /**
   * False for a frame older than the one before. The clock is moved back with it, so that the feed recovers at the next one.
   * The second frame of a subscription may be older than the first, which overtook it: it is refused without a word.
   */
  #checkTime(name: Feed, feed: number, exchNs: number, nowNs: number): boolean {
    const { exchNs: last, inTime } = this.#feeds;
    const behindNs = last[feed] - exchNs;
    last[feed] = exchNs;
    if (behindNs > 0) {
      if (inTime[feed] === 1) inTime[feed] = 2;
      else this.#raise(name, nowNs, 'TimestampRegression', behindNs, 0);
      return false;
    }
    if (inTime[feed] < 2) inTime[feed]++;
    return true;
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
      this.#cross(message.nowNs, bestBid, bestAsk);
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
    this.#counts[ANOMALY_INDEX[anomaly]]++;
    this.#log({ type: 'anomaly', atNs: nowNs, feed, anomaly, value, limit });
  }

  /**
   * A good frame was applied and this is the book's touch now (0 for an empty side). A crossed book is no fresh one: the gate
   * stays shut until it is uncrossed.
   */
  bookApplied(feed: Feed, nowNs: number, bestBidTicks: number, bestAskTicks: number): void {
    if (bestBidTicks >= bestAskTicks && bestAskTicks !== 0 && this.#config.checkCrossedBooks) {
      if (!this.#crossed) this.#raise(feed, nowNs, 'CrossedBook', bestBidTicks, bestAskTicks);
      this.#cross(nowNs, bestBidTicks, bestAskTicks);
      return;
    }
    this.#crossed = false;
    this.#staleRaised = false;
    this.#newestFeed = feed;
    this.#book.observe(nowNs);
    if (this.#loggedGate !== 'Open') this.#noteGate(nowNs);
  }

  #cross(nowNs: number, bidTicks: number, askTicks: number): void {
    this.#crossed = true;
    this.#crossedBidTicks = bidTicks;
    this.#crossedAskTicks = askTicks;
    this.#noteGate(nowNs);
  }

  /** A feed lost the base of its deltas and has to be subscribed again. True until its next good snapshot. */
  get needsSnapshot(): boolean {
    const { base } = this.#feeds;
    return base[FEED_INDEX.l2Book] === OUT_OF_STEP || base[FEED_INDEX.fastBook] === OUT_OF_STEP;
  }

  /** A feed was subscribed again: its sequence and its clock start anew, and its deltas wait for a snapshot. */
  resetFeed(feed: Feed): void {
    const index = FEED_INDEX[feed];
    const { sequence, exchNs, inTime, updateId, base } = this.#feeds;
    sequence[index] = -1;
    exchNs[index] = Number.NEGATIVE_INFINITY;
    inTime[index] = 0;
    updateId[index] = 0;
    if (base[index] !== OUT_OF_STEP) base[index] = NO_BASE;
  }

  /** Age of the newest applied book frame, of whatever feed, ns; Infinity before any. */
  bookAgeNs(nowNs: number): number {
    const { lastNs } = this.#book;
    return lastNs < 0 ? Number.POSITIVE_INFINITY : nowNs - lastNs;
  }

  /** The book's average gap between frames, ns; 0 before the second. */
  get bookCadenceNs(): number {
    return this.#book.averageNs;
  }

  /** Why quotes may not stand, null where they may: no data, then data too old, then a crossed book. */
  gateReason(nowNs: number): QuoteGateReason | null {
    const ageNs = this.bookAgeNs(nowNs);
    if (ageNs === Number.POSITIVE_INFINITY) return { type: 'NoDataReceived' };
    const thresholdNs = this.#book.limitNs(this.#config.gateAgeNs);
    if (ageNs > thresholdNs) {
      return { type: 'StaleData', ageMs: ageNs / NS_PER_MS, thresholdMs: thresholdNs / NS_PER_MS };
    }
    if (this.#crossed) return { type: 'CrossedBook', bestBid: this.#crossedBidTicks, bestAsk: this.#crossedAskTicks };
    return null;
  }

  /** The check of every second: raises StaleData once an outage, and logs where the gate stands when that has changed. */
  check(nowNs: number): void {
    const ageNs = this.bookAgeNs(nowNs);
    const limitNs = this.#book.limitNs(this.#config.maxDataAgeNs);
    if (!this.#staleRaised && ageNs > limitNs && ageNs !== Number.POSITIVE_INFINITY) {
      this.#staleRaised = true;
      this.#raise(this.#newestFeed, nowNs, 'StaleData', ageNs, limitNs);
    }
    this.#noteGate(nowNs);
  }

  #noteGate(nowNs: number): void {
    const reason = this.gateReason(nowNs);
    const gate: LoggedGate = reason === null ? 'Open' : reason.type;
    if (gate === this.#loggedGate) return;
    this.#loggedGate = gate;
    this.#log({ type: 'quote-gate', atNs: nowNs, reason });
  }

  /** How often an anomaly was found. */
  anomalyCount(type: AnomalyType): number {
    return this.#counts[ANOMALY_INDEX[type]];
  }

  snapshot(): unknown {
    const { sequence, exchNs, inTime, updateId, base } = this.#feeds;
    return {
      counts: this.#counts.slice(),
      sequence: sequence.slice(),
      exchNs: exchNs.slice(),
      inTime: inTime.slice(),
      updateId: updateId.slice(),
      base: base.slice(),
      book: this.#book.snapshot(),
      newestFeed: this.#newestFeed,
      crossed: this.#crossed,
      crossedBidTicks: this.#crossedBidTicks,
      crossedAskTicks: this.#crossedAskTicks,
      staleRaised: this.#staleRaised,
      loggedGate: this.#loggedGate,
    };
  }

  restore(state: unknown): void {
    const from = state as FeedStates & {
      counts: Float64Array;
      book: unknown;
      newestFeed: Feed;
      crossed: boolean;
      crossedBidTicks: number;
      crossedAskTicks: number;
      staleRaised: boolean;
      loggedGate: LoggedGate;
    };
    this.#counts.set(from.counts);
    this.#feeds.sequence.set(from.sequence);
    this.#feeds.exchNs.set(from.exchNs);
    this.#feeds.inTime.set(from.inTime);
    this.#feeds.updateId.set(from.updateId);
    this.#feeds.base.set(from.base);
    this.#book.restore(from.book);
    this.#newestFeed = from.newestFeed;
    this.#crossed = from.crossed;
    this.#crossedBidTicks = from.crossedBidTicks;
    this.#crossedAskTicks = from.crossedAskTicks;
    this.#staleRaised = from.staleRaised;
    this.#loggedGate = from.loggedGate;
  }
}

/** `FEED_INDEX` for what runs on every frame: comparing names is several times faster than looking one up. */
function bookFeedIndex(feed: BookMessage['feed']): number {
  if (feed === 'l2Book') return FEED_INDEX.l2Book;
  return feed === 'bbo' ? FEED_INDEX.bbo : FEED_INDEX.fastBook;
}
