/**
 * Whether the event loop keeps up (playbook 4.3): how long messages wait before they are taken up, and what kept the loop busy
 * meanwhile. A loop that is never blocked takes a message up within the few hundred microseconds of the one before.
 *
 * Told once a second, and only where messages waited for too long. Where the work of the loop's own handlers is much less than the
 * wait, something beside it held the processor.
 */
import type { LogEntry } from '../evidence.ts';
import { NS_PER_MS, NS_PER_US } from '../scale.ts';
import { HANDLERS, METRIC } from './metrics/fields.ts';
import { TrailingCounts } from './metrics/trailing-counts.ts';
import type { Metrics } from './metrics/updates.ts';

/** A message that waited for longer is late: what is decided after that is decided on old news (playbook 4.1). */
const LATE_NS = 5 * NS_PER_MS;

const MESSAGES = 0;
const LATE = 1;
/** In place of a handler: the quote cycles. */
const QUOTE_CYCLE = HANDLERS.length;

interface LoopWatchState {
  counts: unknown;
  busyUs: number;
  longest: number;
  longestUs: number;
  worst: Worst | null;
}

/** The longest wait of the second, and what was done until that message's turn came. */
interface Worst {
  readonly waitedUs: number;
  readonly workUs: number;
  readonly busiest: number;
  readonly busiestUs: number;
}

export class LoopWatch {
  readonly #metrics: Metrics;
  readonly #log: (entry: LogEntry) => void;
  readonly #counts = new TrailingCounts(2);
  /** Since the loop was last idle: all work, and the longest piece of it. */
  #busyUs = 0;
  #longest: number = QUOTE_CYCLE;
  #longestUs = 0;
  #worst: Worst | null = null;

  constructor(metrics: Metrics, log: (entry: LogEntry) => void) {
    this.#metrics = metrics;
    this.#log = log;
  }

  /** A message was taken up after so long, and its handler and the quote cycles after it took so long. */
  handled(nowNs: number, queuedNs: number, handler: number, handlerUs: number, cyclesUs: number): void {
    this.#counts.add(MESSAGES, nowNs);
    if (queuedNs === 0) {
      this.#busyUs = 0;
      this.#longestUs = 0;
    } else if (queuedNs > LATE_NS) {
      this.#late(nowNs, queuedNs);
    }
    this.#busyUs += handlerUs + cyclesUs;
    if (handlerUs > this.#longestUs) this.#note(handler, handlerUs);
    if (cyclesUs > this.#longestUs) this.#note(QUOTE_CYCLE, cyclesUs);
  }

  #note(who: number, us: number): void {
    this.#longest = who;
    this.#longestUs = us;
  }

  #late(nowNs: number, queuedNs: number): void {
    const waitedUs = queuedNs / NS_PER_US;
    this.#counts.add(LATE, nowNs);
    this.#metrics.add(METRIC.lateMessages, 1);
    if (waitedUs > this.#metrics.values[METRIC.eventLoopLagMaxUs])
      this.#metrics.set(METRIC.eventLoopLagMaxUs, waitedUs);
    if (waitedUs <= (this.#worst?.waitedUs ?? 0)) return;
    this.#worst = { waitedUs, workUs: this.#busyUs, busiest: this.#longest, busiestUs: this.#longestUs };
  }

  /** Tells of the messages that were late since it was last called. To be called about once a second. */
  check(nowNs: number): void {
    if (this.#worst === null) return;
    const { waitedUs, workUs, busiest, busiestUs } = this.#worst;
    this.#worst = null;
    this.#log({
      type: 'event-loop-lag',
      atNs: nowNs,
      waitedUs,
      late: this.#counts.total(LATE, nowNs),
      messages: this.#counts.total(MESSAGES, nowNs),
      workUs,
      busiest: busiest === QUOTE_CYCLE ? 'quoteCycle' : HANDLERS[busiest],
      busiestUs,
    });
  }

  snapshot(): unknown {
    return {
      counts: this.#counts.snapshot(),
      busyUs: this.#busyUs,
      longest: this.#longest,
      longestUs: this.#longestUs,
      worst: this.#worst,
    } satisfies LoopWatchState;
  }

  restore(state: unknown): void {
    const from = state as LoopWatchState;
    this.#counts.restore(from.counts);
    this.#busyUs = from.busyUs;
    this.#longest = from.longest;
    this.#longestUs = from.longestUs;
    this.#worst = from.worst;
  }
}
