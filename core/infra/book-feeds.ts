/**
 * Watches the feeds of one instrument's book as a group of their own: mids, trades and other coins that flow hide a book that does not
 * (playbook 2.3, incident I-33). The newest of them counts. What is stale at enough checks in a row is subscribed again, each feed by its own
 * back-off.
 */
import type { ConnectionState, LogEntry } from '../evidence.ts';
import { BOOK_FEEDS, type Feed } from '../market.ts';
import { Cadence } from './cadence.ts';
import type { ConnectionHealthMonitor } from './reconnection.ts';

export interface BookFeedsConfig {
  /** A book older than this is stale … */
  marketDataStaleThresholdNs: number;
  /** … but never one that is younger than so many of its own average gaps. */
  feedStaleFactor: number;
  /** So many stale checks in a row ask for a subscription. */
  staleCountThreshold: number;
}

/** One book feed: whether it is watched, and how it is brought back. */
interface WatchedFeed {
  readonly feed: Feed;
  readonly monitor: ConnectionHealthMonitor;
  /** It was acknowledged as subscribed, or has delivered. */
  isActive: boolean;
  /** When it last delivered; before the first, since when it may be expected to: its acknowledgement. */
  lastNs: number;
}

/** What is known of one feed: its state, and the time since its last frame or its confirmation; 0 before either. */
export interface BookFeedStats {
  readonly feed: Feed;
  readonly state: ConnectionState;
  readonly ageNs: number;
}

const NONE: readonly Feed[] = [];

export class BookFeeds {
  readonly #config: BookFeedsConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #feeds: readonly WatchedFeed[];
  readonly #cadence: Cadence;
  #staleCount = 0;
  #isStale = false;

  /** `expected`: the feeds that the core subscribes; those of the book are watched. */
  constructor(
    config: BookFeedsConfig,
    expected: readonly Feed[],
    monitor: (feed: Feed) => ConnectionHealthMonitor,
    log: (entry: LogEntry) => void,
  ) {
    this.#config = config;
    this.#log = log;
    this.#feeds = BOOK_FEEDS.filter(feed => expected.includes(feed)).map(feed => ({
      feed,
      monitor: monitor(feed),
      isActive: false,
      lastNs: -1,
    }));
    this.#cadence = new Cadence(config.marketDataStaleThresholdNs, config.feedStaleFactor);
  }

  /** A frame came. */
  onData(feed: Feed, nowNs: number): void {
    const watched = this.#watched(feed);
    if (watched === null) return;
    watched.isActive = true;
    watched.lastNs = nowNs;
    this.#cadence.observe(nowNs);
    this.#staleCount = 0;
    if (watched.monitor.state !== 'Connected') watched.monitor.connected(nowNs);
    if (this.#isStale) this.#setStale(false, nowNs);
  }

  /** A subscription was confirmed: from now on the feed is expected to deliver. */
  onSubscribed(feed: Feed, nowNs: number): void {
    const watched = this.#watched(feed);
    if (watched === null || watched.isActive) return;
    watched.isActive = true;
    watched.lastNs = nowNs;
  }

  /** The book feed of that name, null for all other feeds. Comparing three names is faster than looking one up. */
  #watched(feed: Feed): WatchedFeed | null {
    for (const watched of this.#feeds) if (watched.feed === feed) return watched;
    return null;
  }

  /** One reading: the feeds to subscribe again now. */
  check(nowNs: number): readonly Feed[] {
    if (this.#ageNs(nowNs) <= this.#thresholdNs) return NONE;
    this.#staleCount++;
    if (this.#staleCount < this.#config.staleCountThreshold) return NONE;
    if (!this.#isStale) this.#setStale(true, nowNs);
    const due: Feed[] = [];
    for (const { feed, isActive, monitor } of this.#feeds) {
      if (!isActive) continue;
      // A subscription answers at once or not at all, so each attempt counts as failed until data comes.
      monitor.disconnected(nowNs, 'silent');
      if (monitor.nextAttemptNs > nowNs) continue;
      monitor.attempting(nowNs);
      due.push(feed);
    }
    return due;
  }

  /** How each feed stands; changes nothing. */
  stats(nowNs: number): readonly BookFeedStats[] {
    return this.#feeds.map(({ feed, monitor, lastNs }) => ({
      feed,
      state: monitor.state,
      ageNs: lastNs < 0 ? 0 : nowNs - lastNs,
    }));
  }

  get #thresholdNs(): number {
    return this.#cadence.limitNs(this.#config.marketDataStaleThresholdNs);
  }

  /** Age of the newest active feed, ns; 0 where none is active. */
  #ageNs(nowNs: number): number {
    let newestNs = -1;
    for (const watched of this.#feeds) if (watched.isActive) newestNs = Math.max(newestNs, watched.lastNs);
    return newestNs < 0 ? 0 : nowNs - newestNs;
  }

  #setStale(stale: boolean, nowNs: number): void {
    this.#isStale = stale;
    const thresholdNs = this.#thresholdNs;
    for (const { feed, isActive, lastNs } of this.#feeds) {
      if (!isActive) continue;
      this.#log({ type: 'feed-staleness', atNs: nowNs, feed, stale, ageNs: nowNs - lastNs, thresholdNs });
    }
  }

  snapshot(): unknown {
    return {
      feeds: this.#feeds.map(({ monitor, isActive, lastNs }) => ({ monitor: monitor.snapshot(), isActive, lastNs })),
      cadence: this.#cadence.snapshot(),
      staleCount: this.#staleCount,
      isStale: this.#isStale,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      feeds: readonly { monitor: unknown; isActive: boolean; lastNs: number }[];
      cadence: unknown;
      staleCount: number;
      isStale: boolean;
    };
    for (const [index, watched] of this.#feeds.entries()) {
      const { monitor, isActive, lastNs } = from.feeds[index];
      watched.monitor.restore(monitor);
      watched.isActive = isActive;
      watched.lastNs = lastNs;
    }
    this.#cadence.restore(from.cadence);
    this.#staleCount = from.staleCount;
    this.#isStale = from.isStale;
  }
}
