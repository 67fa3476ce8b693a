/**
 * The proactive rate limiter (playbook 1.1): foresees that the exchange will refuse and holds order calls back before they are
 * sent, and after a refusal for too many requests waits ever longer.
 *
 * It looks at five things, in this order: the back-off after an answer 429; that of an address without any requests left; the
 * weight of the trailing minute; the time since the last requote; the time since the last modification. Cancels are never held
 * back, whatever is exceeded. One success ends both back-offs: a counter that nothing resets would only ever grow (list L, L2).
 *
 * Refusals that arrive while a back-off is running answer calls from before it. They do not make it longer.
 */
import type { LogEntry, RateLimitErrorType, SuppressionReason } from '../../evidence.ts';
import { NS_PER_MS, NS_PER_S } from '../../scale.ts';
import { Backoff } from './backoff.ts';
import { actionWeight, WeightWindow } from './weight-window.ts';

export interface ProactiveConfig {
  /** Weight a minute that the exchange allows one address on the internet. */
  maxWeight: number;
  /** Share of it from which on it warns. */
  warnShare: number;
  /** Shortest time from one requote of an instrument to the next, and from one modification to the next. */
  minRequoteNs: number;
  minModifyNs: number;
  /** Back-off after a first 429, its growth with each further one, and its bound. */
  initialBackoffNs: number;
  backoffFactor: number;
  maxBackoffNs: number;
  /** The same where the address has no requests left; the length is drawn from the half to one and a half times. */
  initialExhaustionNs: number;
  maxExhaustionNs: number;
  /** True: actions over the websocket weigh too. The exchange's own page does not say. */
  websocketPostsWeigh: boolean;
}

/** core-facts 1.1; the weight: hyperliquid, section 5.1. */
export const DEFAULT_PROACTIVE: ProactiveConfig = {
  maxWeight: 1_200,
  warnShare: 0.8,
  minRequoteNs: 100 * NS_PER_MS,
  minModifyNs: 500 * NS_PER_MS,
  initialBackoffNs: 10 * NS_PER_S,
  backoffFactor: 1.5,
  maxBackoffNs: 60 * NS_PER_S,
  initialExhaustionNs: 30 * NS_PER_S,
  maxExhaustionNs: 600 * NS_PER_S,
  // As the simulated exchange has it.
  websocketPostsWeigh: false,
};

/** The exhaustion's back-off is doubled so often at most, and then drawn for (core-facts 1.1). */
const MAX_DOUBLINGS = 4;

/** What of orders a call does. A batch of new orders is `place`, of changed ones `modify`. */
export type OrderCall = 'place' | 'modify';

export class ProactiveRateLimiter {
  readonly #config: ProactiveConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #draw: () => number;
  readonly #window = new WeightWindow();
  readonly #tooMany: Backoff;
  readonly #exhausted: Backoff;
  /** By instrument: when orders, and when modifications last went out; long ago at the start. */
  readonly #requoteNs: Float64Array;
  readonly #modifyNs: Float64Array;
  #isNear = false;
  #suppressed = 0;
  #reason: SuppressionReason | null = null;

  /** `draw`: a number in [0, 1) from the random stream. */
  constructor(config: ProactiveConfig, instruments: number, draw: () => number, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#draw = draw;
    this.#log = log;
    this.#tooMany = new Backoff(config.initialBackoffNs, config.backoffFactor, config.maxBackoffNs);
    this.#exhausted = new Backoff(config.initialExhaustionNs, 2, config.maxExhaustionNs, MAX_DOUBLINGS);
    this.#requoteNs = new Float64Array(instruments).fill(Number.NEGATIVE_INFINITY);
    this.#modifyNs = new Float64Array(instruments).fill(Number.NEGATIVE_INFINITY);
  }

  // --------------------------------------------------------------------------------------- what was sent

  /** A request that weighs was sent: a question, a cancel or an order call. */
  sent(weight: number, nowNs: number): void {
    if (weight > 0) this.#window.add(weight, nowNs);
    this.#warn(nowNs);
  }

  /** An order call was sent, besides what it weighs. */
  orderSent(instrument: number, call: OrderCall, nowNs: number): void {
    this.#requoteNs[instrument] = nowNs;
    if (call === 'modify') this.#modifyNs[instrument] = nowNs;
  }

  #warn(nowNs: number): void {
    const { maxWeight, warnShare } = this.#config;
    const usedWeight = this.#window.used(nowNs);
    const isNear = usedWeight >= warnShare * maxWeight;
    if (isNear === this.#isNear) return;
    this.#isNear = isNear;
    this.#log({ type: 'rate-limit-warning', atNs: nowNs, isNear, usedWeight, maxWeight });
  }

  // -------------------------------------------------------------------------------- what the exchange said

  /** It refused because too much was asked. */
  refused(error: RateLimitErrorType, nowNs: number): void {
    const isTooMany = error === 'TooManyRequests';
    const backoff = isTooMany ? this.#tooMany : this.#exhausted;
    if (backoff.isRunning(nowNs)) return;
    backoff.failed(nowNs, isTooMany ? 1 : 0.5 + this.#draw());
    const { errors, untilNs } = backoff;
    this.#log({ type: 'rate-limit-error', atNs: nowNs, error, errors, untilNs });
  }

  /** It carried an action out, if only a cancel: not too many requests any more. A question that it answered proves nothing of actions. */
  answered(): void {
    this.#tooMany.reset();
  }

  /** It took orders or modifications: the address has requests left, too. A cancel proves nothing of that, it has more. */
  tookOrders(): void {
    this.#tooMany.reset();
    this.#exhausted.reset();
  }

  /** Steps of the 429 back-off that is running; 0 while none is. */
  rateLimitErrors(nowNs: number): number {
    return this.#tooMany.isRunning(nowNs) ? this.#tooMany.errors : 0;
  }

  /** The back-off of an address without requests is running. */
  isExhausted(nowNs: number): boolean {
    return this.#exhausted.isRunning(nowNs);
  }

  // ----------------------------------------------------------------------------------- what may be sent now

  /** Weight of the trailing minute. */
  usedWeight(nowNs: number): number {
    return this.#window.used(nowNs);
  }

  /** Weight of an action with so many items, by the way it is sent. */
  actionWeight(via: 'websocket' | 'rest', items: number): number {
    return via === 'websocket' && !this.#config.websocketPostsWeigh ? 0 : actionWeight(items);
  }

  /** Calls that were held back so far. */
  get suppressedCalls(): number {
    return this.#suppressed;
  }

  /**
   * Whether an order call has to wait, and why; null: it may go out. Counts and logs what is held back, so it is to be asked
   * once for each call that is meant to be sent. Calls of one and the same moment are one requote.
   */
  suppresses(instrument: number, call: OrderCall, weight: number, nowNs: number): SuppressionReason | null {
    const reason = this.#reasonToWait(instrument, call, weight, nowNs);
    if (reason !== null) this.#suppressed++;
    // The shortest intervals are how it always works: they are counted, and no news.
    const news = reason === 'RequoteInterval' || reason === 'ModifyInterval' ? null : reason;
    if (news !== this.#reason) {
      this.#reason = news;
      const usedWeight = this.#window.used(nowNs);
      this.#log({ type: 'calls-suppressed', atNs: nowNs, reason: news, calls: this.#suppressed, usedWeight });
    }
    return reason;
  }

  #reasonToWait(instrument: number, call: OrderCall, weight: number, nowNs: number): SuppressionReason | null {
    const { maxWeight, minRequoteNs, minModifyNs } = this.#config;
    if (this.#tooMany.isRunning(nowNs)) return 'TooManyRequestsBackoff';
    if (this.#exhausted.isRunning(nowNs)) return 'CumulativeRequestsBackoff';
    if (this.#window.used(nowNs) + weight > maxWeight) return 'WeightWindow';
    if (isTooSoon(this.#requoteNs[instrument], minRequoteNs, nowNs)) return 'RequoteInterval';
    if (call === 'modify' && isTooSoon(this.#modifyNs[instrument], minModifyNs, nowNs)) return 'ModifyInterval';
    return null;
  }

  /** The first moment at which such a call may go out, as things stand; Infinity where it weighs more than there can be. */
  allowedNs(instrument: number, call: OrderCall, weight: number, nowNs: number): number {
    if (this.#reasonToWait(instrument, call, weight, nowNs) === null) return nowNs;
    const { maxWeight, minRequoteNs, minModifyNs } = this.#config;
    return Math.max(
      this.#tooMany.untilNs,
      this.#exhausted.untilNs,
      this.#window.freeNs(weight, maxWeight, nowNs),
      this.#requoteNs[instrument] + minRequoteNs,
      call === 'modify' ? this.#modifyNs[instrument] + minModifyNs : nowNs,
    );
  }

  snapshot(): unknown {
    return {
      window: this.#window.snapshot(),
      tooMany: this.#tooMany.snapshot(),
      exhausted: this.#exhausted.snapshot(),
      requoteNs: this.#requoteNs.slice(),
      modifyNs: this.#modifyNs.slice(),
      isNear: this.#isNear,
      suppressed: this.#suppressed,
      reason: this.#reason,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      window: unknown;
      tooMany: unknown;
      exhausted: unknown;
      requoteNs: Float64Array;
      modifyNs: Float64Array;
      isNear: boolean;
      suppressed: number;
      reason: SuppressionReason | null;
    };
    this.#window.restore(from.window);
    this.#tooMany.restore(from.tooMany);
    this.#exhausted.restore(from.exhausted);
    this.#requoteNs.set(from.requoteNs);
    this.#modifyNs.set(from.modifyNs);
    this.#isNear = from.isNear;
    this.#suppressed = from.suppressed;
    this.#reason = from.reason;
  }
}

function isTooSoon(lastNs: number, intervalNs: number, nowNs: number): boolean {
  return lastNs !== nowNs && nowNs - lastNs < intervalNs;
}
