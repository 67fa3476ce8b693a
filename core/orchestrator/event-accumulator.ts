/**
 * Gathers events and says when quotes have to be reconciled (playbook 2.1).
 *
 * At once, but never within the debounce of the last time: after a fill, after an own order vanished, when the feed is back,
 * when the mid jumped or crept by `midMoveBps` since the last reconciliation, when it is `quoteDriftBps` away from the mid that
 * the resting quotes were made for, or when `maxPendingEvents` are waiting. Else after `fallbackNs`.
 *
 * Events are consumed by `reconciled` alone. A cycle that was stopped half-way leaves them pending; then the accumulator asks
 * again with the next new event, or after one fallback interval, not with every message.
 *
 * Meanwhile the affected tracker notes which sides and orders the events touch: a move of the price both sides, a fill its side and its
 * order, an order that has lost its place in the queue that order alone. `scope` is how much the next reconciliation has to look at.
 */
import {
  HIGH_PRIORITY,
  midMovePriority,
  type QuoteUpdateTrigger,
  signalPriority,
  triggerPriority,
} from '../events/quote-trigger.ts';
import type { LogEntry } from '../evidence.ts';
import type { Side } from '../market.ts';
import { BPS, NS_PER_MS, NS_PER_S } from '../scale.ts';
import { AffectedTracker, FULL_SCOPE, type ReconcileScope } from './affected-tracker.ts';

export interface EventAccumulatorConfig {
  /** False: only the fallback timer asks. */
  enabled: boolean;
  /** A jump, or a move in steps since the last reconciliation, that asks for new quotes. */
  midMoveBps: number;
  /** Distance between the mid and the one that the resting quotes were made for that asks for new ones. */
  quoteDriftBps: number;
  /** Quotes are looked at this often though nothing happens. */
  fallbackNs: number;
  /** So many events ask together, whatever they are. */
  maxPendingEvents: number;
  /** Shortest time between two reconciliations. */
  debounceNs: number;
  /** The volatility asks once it is so many times what it was when it last asked, or that part of it. */
  volatilityRatio: number;
  /** Change of what the signals expect that is an event, as a share of what it was. */
  signalChange: number;
}

/** core-facts 2.1; at the drift a reconciliation re-prices what it would else leave alone (`refreshMoveBps`). */
export const DEFAULT_EVENT_ACCUMULATOR: EventAccumulatorConfig = {
  enabled: true,
  midMoveBps: 5,
  quoteDriftBps: 2,
  fallbackNs: 5 * NS_PER_S,
  maxPendingEvents: 10,
  debounceNs: 100 * NS_PER_MS,
  volatilityRatio: 1.5,
  signalChange: 0.2,
};

/** Signals that expect less than this, bps, are weighed as if they expected as much: of next to nothing every change is large. */
const SMALLEST_SIGNAL_BPS = 0.5;

/** Events that nobody has asked about for longer are a sign of trouble (playbook 2.1: accumulating but not triggering). */
const PENDING_TOO_LONG_NS = 5 * NS_PER_S;
/** So many events within a second are no market's doing: a block of the exchange brings one frame of trades, and has 70 ms. */
const STORM_EVENTS = 60;
/** A move is a jump when it takes no longer than makers need to follow. */
const JUMP_WINDOW_NS = 4 * NS_PER_S;
/** Jumps and storms are told of so often at most. */
const TOLD_EVERY_NS = 10 * NS_PER_S;
/** With the same drift standing, the mid has to move by this share of it before it asks again. */
const DRIFT_STEP_SHARE = 0.2;

export class EventAccumulator {
  readonly #config: EventAccumulatorConfig;
  readonly #log: (entry: LogEntry) => void;

  /** Newest mid, that of the last question asked, and the lowest and highest that quotes are made for; ticks, 0: none. */
  #midTicks = 0;
  #askedMidTicks = 0;
  #quotedLowTicks = 0;
  #quotedHighTicks = 0;
  /** Sum of the mid's moves, up and down, since the last reconciliation or the last move that was an event. */
  #movedBps = 0;
  /** When a reconciliation was last asked for or done. */
  #askedNs = Number.NEGATIVE_INFINITY;

  /** At the last event of each kind: σ per square root of a second (0: none), expected move, regime (-1: none). */
  #sigma = 0;
  #signalBps = 0;
  #regime = -1;
  readonly #affected = new AffectedTracker();
  /** When the second began in which events are counted, how many there were, and when a storm was last told of. */
  #secondNs = 0;
  #inSecond = 0;
  #stormNs = -1;
  /** Mids at the beginnings of the last two half windows in which jumps are looked for, and when one was last told of. */
  #earlierTicks = 0;
  #earlierNs = 0;
  #laterTicks = 0;
  #laterNs = 0;
  #jumpNs = -1;

  #pending = 0;
  #oldestNs = 0;
  #topPriority = 0;
  #topTrigger: QuoteUpdateTrigger = 'FallbackTimer';
  /** Something new came since the last question, and what is pending is enough to ask. */
  #armed = false;
  #pileUpLogged = false;
  /** When to ask again for what could not be sent; Infinity: there is nothing of that kind. Until then only what cannot wait asks. */
  #retryNs = Number.POSITIVE_INFINITY;
  /** Of what came since the last question something cannot wait: a jump, a fill, an order that is gone. */
  #isUrgent = false;

  constructor(config: EventAccumulatorConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  /** The book's mid after a frame, in ticks (halves are fine). The very first mid asks for quotes. */
  onMid(midTicks: number, nowNs: number): void {
    const before = this.#midTicks;
    if (midTicks === before) return;
    this.#midTicks = midTicks;
    if (before === 0) {
      this.#record('FeedRestored', triggerPriority('FeedRestored'), nowNs);
      return;
    }
    const moveBps = distanceBps(midTicks, before);
    this.#movedBps += moveBps;
    this.#watchForJump(before, midTicks, nowNs);
    if (this.#movedBps >= this.#config.midMoveBps) {
      this.#record('MidMove', midMovePriority(this.#movedBps), nowNs);
      this.#movedBps = 0;
    } else if (this.#quotedLowTicks !== 0 && !this.#armed) {
      this.#checkDrift(midTicks, nowNs);
    }
  }

  #checkDrift(midTicks: number, nowNs: number): void {
    const risenBps = ((midTicks - this.#quotedLowTicks) * BPS) / this.#quotedLowTicks;
    const fallenBps = ((this.#quotedHighTicks - midTicks) * BPS) / this.#quotedHighTicks;
    if (Math.max(risenBps, fallenBps) < this.#config.quoteDriftBps) return;
    if (
      this.#askedMidTicks !== 0 &&
      distanceBps(midTicks, this.#askedMidTicks) < this.#config.quoteDriftBps * DRIFT_STEP_SHARE
    )
      return;
    this.#record('QuoteDrift', triggerPriority('QuoteDrift'), nowNs);
  }

  /** The volatility, per square root of a second. The first one is only noted. */
  onSigma(sigma: number, nowNs: number): void {
    const before = this.#sigma;
    if (before === 0) this.#sigma = sigma;
    if (
      before === 0 ||
      (sigma < before * this.#config.volatilityRatio && before < sigma * this.#config.volatilityRatio)
    ) {
      return;
    }
    this.#sigma = sigma;
    this.#record('VolatilityChange', triggerPriority('VolatilityChange'), nowNs);
  }

  /** Number of the regime that the market is in. The first one is only noted. */
  onRegime(regime: number, nowNs: number): void {
    const before = this.#regime;
    this.#regime = regime;
    if (before >= 0 && before !== regime) this.#record('RegimeChange', triggerPriority('RegimeChange'), nowNs);
  }

  /** What the signals together expect of the price, bps. */
  onSignal(expectedMoveBps: number, nowNs: number): void {
    const change = Math.abs(expectedMoveBps - this.#signalBps);
    const share = change / Math.max(SMALLEST_SIGNAL_BPS, Math.abs(this.#signalBps));
    if (share < this.#config.signalChange) return;
    this.#signalBps = expectedMoveBps;
    this.#record('SignalChange', signalPriority(share), nowNs);
  }

  /** An own order will hardly be filled any longer where it stands. */
  onQueueDepletion(side: Side, oid: number, nowNs: number): void {
    this.#affected.markLevel(side, oid);
    this.#count('QueueDepletion', triggerPriority('QueueDepletion'), nowNs);
  }

  /** A public trade. */
  onTrade(nowNs: number): void {
    this.#record('Trade', triggerPriority('Trade'), nowNs);
  }

  /** An own fill, of the order that the exchange calls `oid`. `full`: it was the last of its order. */
  onFill(full: boolean, side: Side, oid: number, nowNs: number): void {
    const trigger = full ? 'FullFill' : 'PartialFill';
    this.#affected.markOrder(side, oid);
    this.#count(trigger, triggerPriority(trigger), nowNs);
  }

  /** The feed is back, or whatever else stopped quoting is over. */
  onFeedRestored(nowNs: number): void {
    this.#record('FeedRestored', triggerPriority('FeedRestored'), nowNs);
  }

  /** An own order ended without our asking. Not for a rejection: the same order would be sent again at once. */
  onOrderGone(side: Side, nowNs: number): void {
    this.#affected.markSide(side);
    this.#count('OrderGone', triggerPriority('OrderGone'), nowNs);
  }

  /** An event that touches both sides. */
  #record(trigger: QuoteUpdateTrigger, priority: number, nowNs: number): void {
    this.#affected.markBoth();
    this.#count(trigger, priority, nowNs);
  }

  #count(trigger: QuoteUpdateTrigger, priority: number, nowNs: number): void {
    this.#watchForStorm(nowNs);
    if (this.#pending === 0) this.#oldestNs = nowNs;
    this.#pending++;
    if (priority > this.#topPriority) {
      this.#topPriority = priority;
      this.#topTrigger = trigger;
    }
    if (this.#config.enabled) {
      this.#isUrgent ||= trigger === 'MidMove' || priority >= HIGH_PRIORITY;
      this.#armed ||=
        trigger === 'MidMove' ||
        trigger === 'QuoteDrift' ||
        priority >= HIGH_PRIORITY ||
        this.#pending >= this.#config.maxPendingEvents;
    }
  }

  /** Two windows that overlap by half: a move that takes half a window lies within one of them. The mid was `before` until now. */
  #watchForJump(before: number, midTicks: number, nowNs: number): void {
    const sinceNs = nowNs - this.#laterNs;
    if (sinceNs >= JUMP_WINDOW_NS / 2) {
      const isLongAgo = sinceNs >= JUMP_WINDOW_NS || this.#laterTicks === 0;
      this.#earlierTicks = isLongAgo ? before : this.#laterTicks;
      this.#earlierNs = isLongAgo ? nowNs : this.#laterNs;
      this.#laterTicks = before;
      this.#laterNs = nowNs;
    }
    const isTold = this.#jumpNs >= 0 && nowNs - this.#jumpNs < TOLD_EVERY_NS;
    const isRecent = nowNs - this.#earlierNs <= JUMP_WINDOW_NS;
    const fromTicks = isRecent ? this.#earlierTicks : this.#laterTicks;
    const moveBps = distanceBps(midTicks, fromTicks);
    if (isTold || fromTicks === 0 || moveBps < this.#config.midMoveBps) return;
    this.#jumpNs = nowNs;
    this.#log({ type: 'mid-jump', atNs: nowNs, moveBps, spanNs: nowNs - (isRecent ? this.#earlierNs : this.#laterNs) });
  }

  #watchForStorm(nowNs: number): void {
    if (nowNs - this.#secondNs >= NS_PER_S) {
      this.#secondNs = nowNs;
      this.#inSecond = 0;
    }
    this.#inSecond++;
    if (this.#inSecond < STORM_EVENTS || (this.#stormNs >= 0 && nowNs - this.#stormNs < TOLD_EVERY_NS)) return;
    this.#stormNs = nowNs;
    this.#log({ type: 'event-storm', atNs: nowNs, events: this.#inSecond, spanNs: nowNs - this.#secondNs });
  }

  /**
   * What asks for a reconciliation now, the most urgent of all; null where none is due. To be asked after every message and by a
   * timer. An answer that is not null counts as the question put: it is not repeated before something new comes or the fallback
   * interval is over.
   */
  due(nowNs: number): QuoteUpdateTrigger | null {
    const sinceNs = nowNs - this.#askedNs;
    if (sinceNs >= this.#config.debounceNs) {
      if (this.#armed && !this.#isPaused(nowNs)) return this.#ask(nowNs, this.#topTrigger);
      if (nowNs >= this.#retryNs) return this.#ask(nowNs, this.#topTrigger);
      if (sinceNs >= this.#config.fallbackNs) return this.#ask(nowNs, 'FallbackTimer');
    }
    if (this.#pending !== 0 && !this.#pileUpLogged) this.#checkPileUp(nowNs);
    return null;
  }

  /** How much a reconciliation asked for now has to look at: what the events touch; all where there are none, or many. */
  get scope(): ReconcileScope {
    if (this.#pending >= this.#config.maxPendingEvents) return FULL_SCOPE;
    return this.#affected.scope() ?? FULL_SCOPE;
  }

  #ask(nowNs: number, trigger: QuoteUpdateTrigger): QuoteUpdateTrigger {
    this.#askedNs = nowNs;
    this.#askedMidTicks = this.#midTicks;
    this.#armed = false;
    this.#isUrgent = false;
    this.#retryNs = Number.POSITIVE_INFINITY;
    return trigger;
  }

  #isPaused(nowNs: number): boolean {
    return !this.#isUrgent && this.#retryNs !== Number.POSITIVE_INFINITY && nowNs < this.#retryNs;
  }

  /** What the cycle wanted to send had to wait: it is to be asked for again then. */
  retryAt(atNs: number): void {
    this.#retryNs = atNs;
  }

  /** A cycle that was asked for and stopped has a stated reason: what it left pending is no pile-up. */
  #checkPileUp(nowNs: number): void {
    const unaskedNs = nowNs - Math.max(this.#oldestNs, this.#askedNs);
    if (unaskedNs > PENDING_TOO_LONG_NS) this.#logPileUp(nowNs);
  }

  /** When `due` has to be asked again at the latest; it may well be past. */
  nextCheckNs(nowNs: number): number {
    const waitNs =
      this.#armed && !this.#isPaused(nowNs)
        ? this.#config.debounceNs
        : Math.max(this.#config.fallbackNs, this.#config.debounceNs);
    const retryNs = Math.max(this.#retryNs, this.#askedNs + this.#config.debounceNs);
    return Math.max(nowNs, Math.min(this.#askedNs + waitNs, retryNs));
  }

  /**
   * A cycle ran to its end at this mid; the resting quotes are made for mids from `quotedLowTicks` to `quotedHighTicks`, which
   * are the same where all of them are made for one. Not to be called for a cycle that was stopped. `isFull`: it looked at
   * everything; else steps of the mid, which touch both sides, are added up further.
   */
  reconciled(
    nowNs: number,
    midTicks: number,
    quotedLowTicks: number,
    quotedHighTicks = quotedLowTicks,
    isFull = true,
  ): void {
    this.#askedNs = nowNs;
    this.#askedMidTicks = midTicks;
    this.#quotedLowTicks = quotedLowTicks;
    this.#quotedHighTicks = quotedHighTicks;
    if (isFull) this.#movedBps = 0;
    this.#affected.clear();
    this.#pending = 0;
    this.#topPriority = 0;
    this.#topTrigger = 'FallbackTimer';
    this.#armed = false;
    this.#isUrgent = false;
    this.#retryNs = Number.POSITIVE_INFINITY;
    this.#pileUpLogged = false;
  }

  #logPileUp(nowNs: number): void {
    this.#pileUpLogged = true;
    this.#log({
      type: 'events-pending',
      atNs: nowNs,
      events: this.#pending,
      oldestAgeNs: nowNs - this.#oldestNs,
      debounceNs: this.#config.debounceNs,
    });
  }

  snapshot(): unknown {
    return {
      midTicks: this.#midTicks,
      askedMidTicks: this.#askedMidTicks,
      quotedLowTicks: this.#quotedLowTicks,
      quotedHighTicks: this.#quotedHighTicks,
      movedBps: this.#movedBps,
      // -Infinity is no plain number in every codec.
      askedNs: this.#askedNs === Number.NEGATIVE_INFINITY ? null : this.#askedNs,
      pending: this.#pending,
      oldestNs: this.#oldestNs,
      topPriority: this.#topPriority,
      topTrigger: this.#topTrigger,
      armed: this.#armed,
      pileUpLogged: this.#pileUpLogged,
      isUrgent: this.#isUrgent,
      retryNs: this.#retryNs === Number.POSITIVE_INFINITY ? null : this.#retryNs,
      affected: this.#affected.snapshot(),
      sigma: this.#sigma,
      signalBps: this.#signalBps,
      regime: this.#regime,
      storm: [this.#secondNs, this.#inSecond, this.#stormNs],
      jump: [this.#earlierTicks, this.#earlierNs, this.#laterTicks, this.#laterNs, this.#jumpNs],
    };
  }

  restore(state: unknown): void {
    const from = state as {
      midTicks: number;
      askedMidTicks: number;
      quotedLowTicks: number;
      quotedHighTicks: number;
      movedBps: number;
      askedNs: number | null;
      pending: number;
      oldestNs: number;
      topPriority: number;
      topTrigger: QuoteUpdateTrigger;
      armed: boolean;
      pileUpLogged: boolean;
      isUrgent: boolean;
      retryNs: number | null;
      affected: unknown;
      sigma: number;
      signalBps: number;
      regime: number;
      storm: readonly [number, number, number];
      jump: readonly [number, number, number, number, number];
    };
    this.#midTicks = from.midTicks;
    this.#askedMidTicks = from.askedMidTicks;
    this.#quotedLowTicks = from.quotedLowTicks;
    this.#quotedHighTicks = from.quotedHighTicks;
    this.#movedBps = from.movedBps;
    this.#askedNs = from.askedNs ?? Number.NEGATIVE_INFINITY;
    this.#pending = from.pending;
    this.#oldestNs = from.oldestNs;
    this.#topPriority = from.topPriority;
    this.#topTrigger = from.topTrigger;
    this.#armed = from.armed;
    this.#pileUpLogged = from.pileUpLogged;
    this.#isUrgent = from.isUrgent;
    this.#retryNs = from.retryNs ?? Number.POSITIVE_INFINITY;
    this.#affected.restore(from.affected);
    this.#sigma = from.sigma;
    this.#signalBps = from.signalBps;
    this.#regime = from.regime;
    [this.#secondNs, this.#inSecond, this.#stormNs] = from.storm;
    [this.#earlierTicks, this.#earlierNs, this.#laterTicks, this.#laterNs, this.#jumpNs] = from.jump;
  }
}

function distanceBps(ticks: number, fromTicks: number): number {
  return (Math.abs(ticks - fromTicks) * BPS) / fromTicks;
}
