/**
 * The symptom `high-latency` (playbook 4, playbook matrix): in the trailing 10 s
 *
 * (a) more than 1 % of the quote cycles, and at least 3, took longer than 1 ms (critical: 5 ms); or
 * (b) of 20 cycles or more at least 5 % outgrew their arena; or
 * (c) of 9 posts or more on the websocket, the median round trip is over 200 ms, where one without a reply counts as a round
 *     trip of its age; or
 * (d) the 99th percentile of the time that messages wait for the CPU is over 5 ms.
 *
 * Cold as soon as none of them holds. Cycles, spills and waiting times are the virtual CPU's own account, not the core's: a message that brought
 * about quote cycles took as long as it was charged for, shared among them evenly. Cycles and waiting times count from when
 * the message was taken up, a message waits for the CPU while that is busy with others, round trips from when the post left. Percentiles are by nearest rank: the median is over a limit when more than
 * half of the samples are, the 99th percentile when more than 1 % are.
 *
 * Where nothing in the windows is slow nothing can turn hot but by a new sample: there is nothing to wake for, and a message costs a
 * comparison and a place in a ring.
 */
import type { Instrument } from '../../core/market.ts';
import type { Command, PostReplyMessage } from '../../core/port.ts';
import { NS_PER_MS } from '../../core/scale.ts';
import type { HandledWork } from '../../sim/truth.ts';
import { HotList } from './hot-list.ts';
import { MomentJudge, type MomentState } from './moment-judge.ts';
import { RollingSamples } from './rolling-samples.ts';
import { RoundTrips } from './round-trips.ts';
import { HIGH_LATENCY, type HighLatencyThresholds } from './thresholds.ts';

/** Flags of a cycle, by bit number. */
const SLOW = 0;
const CRITICAL = 1;
const SPILLED = 2;
/** Of a message that waited too long. */
const LATE = 0;

interface HighLatencyState extends MomentState {
  cycles: unknown;
  queue: unknown;
  roundTrips: unknown;
}

export class HighLatency extends MomentJudge {
  readonly symptom = 'high-latency';
  readonly #thresholds: HighLatencyThresholds;
  readonly #cycles: RollingSamples;
  readonly #queue: RollingSamples;
  readonly #roundTrips: RoundTrips;

  constructor(instruments: readonly Instrument[], thresholds: HighLatencyThresholds = HIGH_LATENCY) {
    // One process runs all instruments: no interval is any one's.
    super(new HotList(instruments.slice(0, 1), 1));
    const { windowNs, roundTripNs } = thresholds;
    this.#thresholds = thresholds;
    this.#cycles = new RollingSamples(windowNs);
    this.#queue = new RollingSamples(windowNs);
    this.#roundTrips = new RoundTrips(windowNs, roundTripNs);
  }

  onHandled(startNs: number, endNs: number, _queuedNs: number, work: HandledWork): void {
    this.pass(startNs, work.event);
    const isLate = work.waitedNs > this.#thresholds.queueNs;
    this.#queue.add(startNs, isLate ? 1 << LATE : 0);
    if (this.#queue.hasFlagged) this.wakeNs = startNs;
    if (work.cycles > 0) this.#cycle(startNs, endNs, work);
  }

  #cycle(startNs: number, endNs: number, { cycles, spills }: HandledWork): void {
    const { cycleNs, criticalCycleNs } = this.#thresholds;
    const eachNs = (endNs - startNs) / cycles;
    const slow = (eachNs > cycleNs ? 1 << SLOW : 0) | (eachNs > criticalCycleNs ? 1 << CRITICAL : 0);
    for (let cycle = 0; cycle < cycles; cycle++) {
      this.#cycles.add(startNs, slow | (cycle < spills ? 1 << SPILLED : 0));
    }
    if (this.#cycles.hasFlagged) this.wakeNs = startNs;
  }

  onCommand(atNs: number, event: number, command: Command): void {
    if (command.kind !== 'post' || command.via !== 'websocket') return;
    this.begin(atNs, event);
    this.#roundTrips.sent(command.id, atNs);
  }

  onReply(atNs: number, event: number, reply: PostReplyMessage): void {
    this.begin(atNs, event);
    this.#roundTrips.answered(reply.id, atNs);
  }

  protected judge(ns: number): number {
    this.#cycles.expire(ns);
    this.#queue.expire(ns);
    this.#roundTrips.passTime(ns);
    const words = this.#wrong();
    const { isHot } = this;
    if (words !== null && !isHot) this.hot.open(0, ns, this.lastEvent, 0, null, words);
    else if (words === null && isHot) this.hot.close(0, ns, this.lastEvent, 'latencies are back within their limits');
    let wakeNs = this.#roundTrips.nextChangeNs;
    if (this.#cycles.hasFlagged) wakeNs = Math.min(wakeNs, this.#cycles.nextExpiryNs);
    if (this.#queue.hasFlagged) wakeNs = Math.min(wakeNs, this.#queue.nextExpiryNs);
    return wakeNs;
  }

  /** What is over its limit, in words; null: nothing. */
  #wrong(): string | null {
    const { arenaCycles, arenaPercent, roundTrips, roundTripNs, queueNs, queuePercent } = this.#thresholds;
    const cycles = this.#cycles.count;
    const critical = this.#tooSlow(CRITICAL);
    if (critical !== null) return critical;
    const slow = this.#tooSlow(SLOW);
    if (slow !== null) return slow;
    const spilled = this.#cycles.flagged(SPILLED);
    if (spilled > 0 && cycles >= arenaCycles && 100 * spilled >= arenaPercent * cycles) {
      return `${spilled} of ${cycles} quote cycles outgrew the arena`;
    }
    const { count, slowCount } = this.#roundTrips;
    if (count >= roundTrips && 2 * slowCount > count) {
      return `${slowCount} of ${count} round trips to the exchange are over ${ms(roundTripNs)}`;
    }
    const late = this.#queue.flagged(LATE);
    const messages = this.#queue.count;
    if (100 * late > queuePercent * messages)
      return `${late} of ${messages} messages waited over ${ms(queueNs)} for the CPU`;
    return null;
  }

  #tooSlow(flag: typeof SLOW | typeof CRITICAL): string | null {
    const { cycleNs, criticalCycleNs, slowCycles, slowPercent } = this.#thresholds;
    const slow = this.#cycles.flagged(flag);
    const cycles = this.#cycles.count;
    if (slow < slowCycles || 100 * slow <= slowPercent * cycles) return null;
    const limit = flag === CRITICAL ? `${ms(criticalCycleNs)} (critical)` : ms(cycleNs);
    return `${slow} of ${cycles} quote cycles took over ${limit}`;
  }

  snapshot(): unknown {
    return {
      ...this.moment(),
      cycles: this.#cycles.snapshot(),
      queue: this.#queue.snapshot(),
      roundTrips: this.#roundTrips.snapshot(),
    } satisfies HighLatencyState;
  }

  restore(state: unknown): void {
    const from = state as HighLatencyState;
    this.restoreMoment(from);
    this.#cycles.restore(from.cycles);
    this.#queue.restore(from.queue);
    this.#roundTrips.restore(from.roundTrips);
  }
}

function ms(ns: number): string {
  return `${ns / NS_PER_MS} ms`;
}
