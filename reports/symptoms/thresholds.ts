/** The numbers that the symptoms are judged by, all of them here (playbook matrix, "the four symptoms are judged from outside"). */
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';

export interface StaleQuotesThresholds {
  /** A quote is old when its side's last accepted action is longer ago than this, ns (strictly). */
  readonly quoteAgeNs: number;
  /** … and the true mid has moved by so much since, bps (at least). */
  readonly midMoveBps: number;
  /**
   * … and has been so far away for so long, ns (at least): news needs its time to come in and a new quote to get out. A
   * missing quote counts when the twin's has stood for so long.
   */
  readonly reactionNs: number;
  /** A side is bare when nothing of ours has rested there for longer than this, ns (strictly). */
  readonly bareNs: number;
}

export const STALE_QUOTES: StaleQuotesThresholds = {
  quoteAgeNs: 5 * NS_PER_S,
  midMoveBps: 5,
  // One frame in a thousand takes 1.1 s to arrive on the recorded hour, and a post at most 0.4 s: no core is faster.
  reactionNs: 1_500 * NS_PER_MS,
  bareNs: 5 * NS_PER_S,
};

export interface OrdersNotSendingThresholds {
  /** A side sends nothing when the exchange has accepted nothing there for longer than this, ns (strictly) … */
  readonly quietNs: number;
  /** … and the twin had so many acceptances there in that time (at least), the first and last of them so far apart, ns (at least) … */
  readonly twinAcceptances: number;
  readonly twinApartNs: number;
  /** … and our best order is absent, or so much nearer to or farther from the mid than the twin's, bps (at least). */
  readonly distanceBps: number;
  /**
   * … and all of this but the quiet has held for so long, ns (at least): a run whose market data or fills came a moment later than the
   * twin's sends the same a moment later.
   */
  readonly reactionNs: number;
}

export const ORDERS_NOT_SENDING: OrdersNotSendingThresholds = {
  quietNs: 10 * NS_PER_S,
  twinAcceptances: 2,
  twinApartNs: NS_PER_S,
  distanceBps: 2.5,
  reactionNs: STALE_QUOTES.reactionNs,
};

export interface PositionMismatchThresholds {
  /** The local position may differ from the exchange's for so long, ns (hot strictly after it). */
  readonly positionNs: number;
  /** An order may be in one book of record alone for so long, ns (hot strictly after it). */
  readonly orderNs: number;
  /** The reported adverse-selection rate may be off by so much, 0 to 1 (hot strictly over it) … */
  readonly rateOff: number;
  /** … and by so many fills (hot strictly over it): near a turn of the price, what is told late falls on the other side … */
  readonly rateFillsOff: number;
  /** … of so many fills (at least), the newest `rateWindow` of those whose outcome is known … */
  readonly rateFills: number;
  readonly rateWindow: number;
  /** … and for so long, ns (hot strictly after it): news of a fill and of the price after it needs its time to come in. */
  readonly rateNs: number;
  /** A fill is adverse where the price stands against it after this time, ns. */
  readonly horizonNs: number;
}

export const POSITION_MISMATCH: PositionMismatchThresholds = {
  positionNs: NS_PER_S,
  orderNs: 10 * NS_PER_S,
  rateOff: 0.1,
  // The most that a twin without any fault was off by, in 3,000 runs, a price that had just turned: 3 of 25 fills.
  rateFillsOff: 3,
  rateFills: 20,
  // Playbook 3.5: the fill tracker's window, and the time after which the price is looked at.
  rateWindow: 1_000,
  horizonNs: NS_PER_S,
  // A fill's news takes up to 0.16 s, a price's up to 1.1 s on the recorded hour, and rates are reported once a second.
  rateNs: 2_500 * NS_PER_MS,
};

export interface HighLatencyThresholds {
  /** Everything is counted over the trailing time of this length, ns. */
  readonly windowNs: number;
  /** A quote cycle is slow when it takes longer than this, ns (strictly), and slow enough to be critical over this. */
  readonly cycleNs: number;
  readonly criticalCycleNs: number;
  /** So many slow cycles are too many (at least) where they are also more than this percentage of all (strictly). */
  readonly slowCycles: number;
  readonly slowPercent: number;
  /** With so many cycles (at least), this percentage of them (at least) may not outgrow the arena. */
  readonly arenaCycles: number;
  readonly arenaPercent: number;
  /** With so many posts on the websocket (at least), the median of their round trips may not be over this, ns (strictly). */
  readonly roundTrips: number;
  readonly roundTripNs: number;
  /** A message waits too long for the CPU when for longer than this, ns (strictly); more than this percentage may not (strictly). */
  readonly queueNs: number;
  readonly queuePercent: number;
}

export const HIGH_LATENCY: HighLatencyThresholds = {
  windowNs: 10 * NS_PER_S,
  // Playbook 4.1: over 1 ms a warning, over 5 ms critical.
  cycleNs: NS_PER_MS,
  criticalCycleNs: 5 * NS_PER_MS,
  slowCycles: 3,
  slowPercent: 1,
  arenaCycles: 20,
  arenaPercent: 5,
  // Playbook 4.1: under 200 ms.
  // The matrix says five: of those three were over the limit by chance in one run of three hundred.
  roundTrips: 9,
  roundTripNs: 200 * NS_PER_MS,
  queueNs: 5 * NS_PER_MS,
  queuePercent: 1,
};

/**
 * The recording has a gap where the true market gave no news for longer than this, ns (strictly). The same 5 s as a
 * stale quote: in a shorter pause even a quote of the last moment is not stale yet.
 */
export const RECORDING_GAP_NS = 5 * NS_PER_S;

/**
 * What a gap of the recording brings about may show for so long after its end, ns: the first news after it reveals a move
 * that nobody could follow, and the core gets the time of one stale quote to do so.
 */
export const GAP_AFTERMATH_NS = 5 * NS_PER_S;
