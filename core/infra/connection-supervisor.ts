/**
 * Watches whether data comes, and says what to reconnect or to subscribe again (playbook 1.2, 2.3).
 *
 * Once a second `check` takes a reading. Two readings in a row over the market threshold recommend a reconnect. Before that,
 * and with other market feeds flowing, the book feeds of each instrument are watched as a group of their own (`book-feeds.ts`). What is
 * found to be down comes back by its `ConnectionHealthMonitor`: first attempt at once, then by back-off.
 *
 * Reading `stats` changes nothing. The market connection counts as connected when data comes, not when the socket opens; the
 * user connection, which may rightly be silent, counts when it opens.
 */
import type { LogEntry, SupervisorEvent } from '../evidence.ts';
import type { Feed } from '../market.ts';
import type { Connection } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import { type BookFeedStats, BookFeeds } from './book-feeds.ts';
import { Cadence } from './cadence.ts';
import { logOf } from './instrument-log.ts';
import { ConnectionHealthMonitor, DEFAULT_RECONNECTION, type ReconnectionConfig } from './reconnection.ts';

export interface SupervisorConfig {
  /** Market data older than this is stale; also how long an attempt may take to bring data before it has failed. */
  marketDataStaleThresholdNs: number;
  /** User events older than this are stale, while orders are open. */
  userEventStaleThresholdNs: number;
  /** So many stale readings in a row recommend a reconnect. */
  staleCountThreshold: number;
  /** Market data older than so many thresholds are critical. */
  criticalFactor: number;
  /** Time from one `check` to the next; the core's timer is set by it. */
  checkIntervalNs: number;
  /** Thresholds are at least so many of a feed's own average gaps. */
  feedStaleFactor: number;
  reconnection: ReconnectionConfig;
}

/** Playbook 1.2 and 2.3; the interval and the factor for feeds are the playbook matrix's, the critical factor core-facts 1.2's. */
export const DEFAULT_SUPERVISOR: SupervisorConfig = {
  marketDataStaleThresholdNs: 10 * NS_PER_S,
  userEventStaleThresholdNs: 60 * NS_PER_S,
  staleCountThreshold: 2,
  criticalFactor: 3,
  checkIntervalNs: NS_PER_S,
  feedStaleFactor: 3,
  reconnection: DEFAULT_RECONNECTION,
};

export type SupervisorAction =
  | { do: 'reconnect'; connection: Connection; reason: string }
  | { do: 'resubscribe'; feed: Feed; instrument: number; reason: string };

export interface SupervisorStats {
  readonly timeSinceMarketDataNs: number;
  readonly timeSinceUserEventNs: number;
  readonly consecutiveStaleCount: number;
  readonly currentEvent: SupervisorEvent;
  readonly isReconnecting: boolean;
  /** Checks that recommended a reconnect, since the start. */
  readonly reconnectSignals: number;
  /** Moving average of the posts' round trips, ns; 0 before the first (playbook 4.4). */
  readonly roundtripNs: number;
}

/** Share of the newest round trip in their average (core-facts 1.2). */
const ROUNDTRIP_WEIGHT = 0.2;

const NO_ACTIONS: readonly SupervisorAction[] = [];
const SILENT = 'silent';

export class ConnectionSupervisor {
  readonly #config: SupervisorConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #market: ConnectionHealthMonitor;
  readonly #user: ConnectionHealthMonitor;
  /** One an instrument. */
  readonly #bookFeeds: readonly BookFeeds[];

  readonly #marketCadence: Cadence;
  /** When the first thing happened: ages count from here before any data. -1: nothing has. */
  #startNs = -1;
  #lastUserNs = -1;
  /** Since when checks see open orders; -1: none are open. */
  #ordersOpenNs = -1;
  #marketOpen = false;
  #staleCount = 0;
  #event: SupervisorEvent = 'Healthy';
  #reconnectSignals = 0;
  #roundtripNs = 0;

  /**
   * `expectedFeeds`: what the core subscribes for each of its `instruments`. `draw`: a number in [0, 1) of a stream, one for each
   * connection and feed.
   */
  constructor(
    config: SupervisorConfig,
    expectedFeeds: readonly Feed[],
    draw: (stream: string) => number,
    log: (entry: LogEntry) => void,
    instruments = 1,
  ) {
    this.#config = config;
    this.#log = log;
    const monitor = (target: Feed | Connection, stream: string, told = log) =>
      this.newMonitor(target, config.reconnection, () => draw(stream), told);
    this.#market = monitor('market', 'reconnect.market');
    this.#user = monitor('user', 'reconnect.user');
    this.#bookFeeds = Array.from({ length: instruments }, (_, instrument) => {
      const told = logOf(instrument, instruments, log);
      const streamOf = (feed: Feed) => (instrument === 0 ? `reconnect.${feed}` : `reconnect.${feed}.${instrument}`);
      return new BookFeeds(config, expectedFeeds, feed => monitor(feed, streamOf(feed), told), told);
    });
    this.#marketCadence = new Cadence(config.marketDataStaleThresholdNs, config.feedStaleFactor);
  }

  /** Makes the monitor of a connection or feed. */
  protected newMonitor(...given: ConstructorParameters<typeof ConnectionHealthMonitor>): ConnectionHealthMonitor {
    return new ConnectionHealthMonitor(...given);
  }

  // ------------------------------------------------------------------------------------------- what happened

  /** A frame of a market feed came, good or bad: the connection is alive. `instrument`: its own; any where it is of all. */
  onMarketData(feed: Feed, nowNs: number, instrument = 0): void {
    this.#begin(nowNs);
    this.#marketCadence.observe(nowNs);
    this.#staleCount = 0;
    if (this.#market.state !== 'Connected' && (this.#marketOpen || this.#market.state === 'Reconnecting')) {
      this.#market.connected(nowNs);
    }
    this.#bookFeeds[instrument].onData(feed, nowNs);
  }

  /** An order update or a fill came. */
  onUserEvent(nowNs: number): void {
    this.#begin(nowNs);
    this.#lastUserNs = nowNs;
  }

  onConnection(connection: Connection, status: 'open' | 'closed' | 'refused', nowNs: number): void {
    this.#begin(nowNs);
    if (connection === 'market') {
      this.#marketOpen = status === 'open';
      if (status === 'open') this.#market.opened(nowNs);
      else this.#market.disconnected(nowNs, status);
    } else if (status === 'open') {
      this.#lastUserNs = nowNs;
      this.#user.connected(nowNs);
    } else {
      this.#user.disconnected(nowNs, status);
    }
  }

  /** The exchange confirmed a subscription: from now on the feed is expected to deliver. */
  onSubscribed(feed: Feed, nowNs: number, instrument = 0): void {
    this.#begin(nowNs);
    this.#bookFeeds[instrument].onSubscribed(feed, nowNs);
  }

  /** A post was answered. */
  onRoundtrip(roundtripNs: number): void {
    const before = this.#roundtripNs;
    this.#roundtripNs = before === 0 ? roundtripNs : before + ROUNDTRIP_WEIGHT * (roundtripNs - before);
  }

  #begin(nowNs: number): void {
    if (this.#startNs < 0) this.#startNs = nowNs;
  }

  // ----------------------------------------------------------------------------------------------- the check

  /**
   * One reading, to be taken once every `checkIntervalNs`, and what to do now. `openOrders`: own orders that may be live.
   */
  check(nowNs: number, openOrders: number): readonly SupervisorAction[] {
    this.#begin(nowNs);
    if (openOrders === 0) this.#ordersOpenNs = -1;
    else if (this.#ordersOpenNs < 0) this.#ordersOpenNs = nowNs;

    const event = this.#readMarket(nowNs) ?? this.#readUser(nowNs) ?? 'Healthy';
    if (event !== this.#event) {
      this.#event = event;
      this.#logEvent(nowNs);
    }
    const actions: SupervisorAction[] = [];
    if (event === 'ReconnectRecommended' || event === 'Critical') this.#loseSilent(this.#market, nowNs);
    if (this.#user.state === 'Reconnecting') this.#loseSilent(this.#user, nowNs);
    this.#addReconnects(nowNs, actions);
    // Only while other market feeds show that the connection itself is alive.
    if (this.#staleCount === 0) {
      for (const [instrument, feeds] of this.#bookFeeds.entries()) {
        for (const feed of feeds.check(nowNs)) actions.push({ do: 'resubscribe', feed, instrument, reason: SILENT });
      }
    }
    return actions.length === 0 ? NO_ACTIONS : actions;
  }

  /** Attempts whose time has come, without a reading: for use right after a connection was lost. */
  attemptsDue(nowNs: number): readonly SupervisorAction[] {
    if (this.nextAttemptNs() > nowNs) return NO_ACTIONS;
    const actions: SupervisorAction[] = [];
    this.#addReconnects(nowNs, actions);
    return actions;
  }

  /** When the next reconnect is to be made; Infinity while none is planned. */
  nextAttemptNs(): number {
    return Math.min(this.#market.nextAttemptNs, this.#user.nextAttemptNs);
  }

  #readMarket(nowNs: number): SupervisorEvent | null {
    const ageNs = this.#marketAgeNs(nowNs);
    const thresholdNs = this.#marketCadence.limitNs(this.#config.marketDataStaleThresholdNs);
    if (ageNs <= thresholdNs) return null;
    this.#staleCount++;
    if (this.#staleCount < this.#config.staleCountThreshold) return 'MarketDataStale';
    this.#reconnectSignals++;
    return ageNs > this.#config.criticalFactor * thresholdNs ? 'Critical' : 'ReconnectRecommended';
  }

  #readUser(nowNs: number): SupervisorEvent | null {
    if (this.#ordersOpenNs < 0) return null;
    const sinceNs = Math.max(this.#lastUserNs, this.#ordersOpenNs);
    return nowNs - sinceNs > this.#config.userEventStaleThresholdNs ? 'UserEventStale' : null;
  }

  /** It should have spoken. One believed to work does not; an attempt has failed once its time is over. */
  #loseSilent(monitor: ConnectionHealthMonitor, nowNs: number): void {
    const sinceNs = nowNs - Math.max(monitor.attemptNs, this.#startNs);
    const isUnderWay = monitor.state === 'Reconnecting' && sinceNs <= this.#config.marketDataStaleThresholdNs;
    if (!isUnderWay) monitor.disconnected(nowNs, SILENT);
  }

  #addReconnects(nowNs: number, actions: SupervisorAction[]): void {
    if (this.#market.nextAttemptNs <= nowNs) {
      const reason = this.#marketOpen ? SILENT : 'closed';
      this.#marketOpen = false;
      this.#market.attempting(nowNs);
      actions.push({ do: 'reconnect', connection: 'market', reason });
    }
    if (this.#user.nextAttemptNs <= nowNs) {
      this.#user.attempting(nowNs);
      actions.push({ do: 'reconnect', connection: 'user', reason: 'closed' });
    }
  }

  // ------------------------------------------------------------------------------------------------- reading

  /** Age of market data of any feed, ns. */
  #marketAgeNs(nowNs: number): number {
    const { lastNs } = this.#marketCadence;
    return nowNs - (lastNs < 0 ? this.#startNs : lastNs);
  }

  /** How things stand; changes nothing. */
  stats(nowNs: number): SupervisorStats {
    const started = this.#startNs >= 0;
    return {
      timeSinceMarketDataNs: started ? this.#marketAgeNs(nowNs) : 0,
      timeSinceUserEventNs: started ? nowNs - Math.max(this.#lastUserNs, this.#startNs) : 0,
      consecutiveStaleCount: this.#staleCount,
      currentEvent: this.#event,
      isReconnecting: this.#market.state === 'Reconnecting' || this.#user.state === 'Reconnecting',
      reconnectSignals: this.#reconnectSignals,
      roundtripNs: this.#roundtripNs,
    };
  }

  /** How each book feed stands by itself, or its connection where that is down; changes nothing (playbook 1.2, 2.3). */
  feedStats(nowNs: number, instrument = 0): readonly BookFeedStats[] {
    const { state } = this.#market;
    return this.#bookFeeds[instrument].stats(nowNs).map(feed => (state === 'Connected' ? feed : { ...feed, state }));
  }

  #logEvent(nowNs: number): void {
    const stats = this.stats(nowNs);
    this.#log({
      type: 'supervisor',
      atNs: nowNs,
      event: stats.currentEvent,
      timeSinceMarketDataNs: stats.timeSinceMarketDataNs,
      timeSinceUserEventNs: stats.timeSinceUserEventNs,
      consecutiveStaleCount: stats.consecutiveStaleCount,
      isReconnecting: stats.isReconnecting,
    });
  }

  snapshot(): unknown {
    return {
      market: this.#market.snapshot(),
      user: this.#user.snapshot(),
      bookFeeds: this.#bookFeeds.map(feeds => feeds.snapshot()),
      marketCadence: this.#marketCadence.snapshot(),
      startNs: this.#startNs,
      lastUserNs: this.#lastUserNs,
      ordersOpenNs: this.#ordersOpenNs,
      marketOpen: this.#marketOpen,
      staleCount: this.#staleCount,
      event: this.#event,
      reconnectSignals: this.#reconnectSignals,
      roundtripNs: this.#roundtripNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      market: unknown;
      user: unknown;
      bookFeeds: readonly unknown[];
      marketCadence: unknown;
      startNs: number;
      lastUserNs: number;
      ordersOpenNs: number;
      marketOpen: boolean;
      staleCount: number;
      event: SupervisorEvent;
      reconnectSignals: number;
      roundtripNs: number;
    };
    this.#market.restore(from.market);
    this.#user.restore(from.user);
    for (const [instrument, feeds] of this.#bookFeeds.entries()) feeds.restore(from.bookFeeds[instrument]);
    this.#marketCadence.restore(from.marketCadence);
    this.#startNs = from.startNs;
    this.#lastUserNs = from.lastUserNs;
    this.#ordersOpenNs = from.ordersOpenNs;
    this.#marketOpen = from.marketOpen;
    this.#staleCount = from.staleCount;
    this.#event = from.event;
    this.#reconnectSignals = from.reconnectSignals;
    this.#roundtripNs = from.roundtripNs;
  }
}
