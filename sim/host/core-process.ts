/**
 * The process that the core runs in: an inbox and one virtual CPU (design, sections 3 and 4).
 *
 * A message is taken up when it arrives, or, where the CPU is still busy with earlier ones, in its turn when they are done.
 * Taking it up runs the core's handler at once; what the handler charges keeps the CPU busy afterwards, and the commands
 * leave when that time has passed. Queueing, and latency under load, follow from this and from nothing else.
 */
import type { LogEntry } from '../../core/evidence.ts';
import { FEEDS, type Instrument } from '../../core/market.ts';
import {
  type BookMessage,
  type Command,
  type CoreFactory,
  type CoreHost,
  type Inbound,
  type QuotingCore,
  STAGES,
  type Stage,
  type TradesMessage,
} from '../../core/port.ts';
import { SNAPSHOT, TRADES } from '../../recordings/tape.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { MarketFrames } from '../market/frames.ts';
import type { HandledWork } from '../truth.ts';
import type { StageCosts } from './costs.ts';
import type { HostOverlay } from './host-overlay.ts';

/** What waits in the inbox: a frame of the tape by its number (nothing is copied), or a message. */
type Waiting =
  | { type: 'frame'; arrivedNs: number; arrivedBusyNs: number; frame: number; sequence: number }
  | { type: 'message'; arrivedNs: number; arrivedBusyNs: number; message: Inbound };

/** What the process tells its surroundings. */
export interface ProcessEvents {
  /** Asks for `cpuReady` to be called at that time. */
  wakeAt(atNs: number): void;
  evidence(entry: LogEntry): void;
  handled(startNs: number, endNs: number, queuedNs: number, work: HandledWork): void;
}

interface ProcessState {
  inbox: Waiting[];
  departing: Command[];
  busyUntilNs: number;
  busyNs: number;
  isWakeSet: boolean;
  core: unknown;
}

export class CoreProcess<Settings> implements CoreHost {
  readonly core: QuotingCore;
  readonly #tape: MarketFrames;
  readonly #usualCosts: StageCosts;
  /** What work costs now: the usual, stretched by the faults that are active. */
  #costs: StageCosts;
  #overlays: readonly HostOverlay[] = [];
  readonly #random: RandomStreams;
  readonly #events: ProcessEvents;
  /** Waiting messages are `#inbox[#head]` and after: taking one moves the head, so that a long queue costs nothing. */
  #inbox: Waiting[] = [];
  #head = 0;
  #departing: Command[] = [];
  #busyUntilNs = 0;
  /** All that was charged so far. */
  #busyNs = 0;
  #chargedNs = 0;
  /** How long the message under way had waited. */
  #queuedNs = 0;
  /** How often the message under way has charged each of the stages of a quote cycle. */
  #strategies = 0;
  #ladders = 0;
  #reconciles = 0;
  /** `event` is filled in by who passes it on. */
  readonly #work: HandledWork = { event: 0, kind: 'start', waitedNs: 0, cycles: 0, spills: 0 };
  #isWakeSet = false;
  readonly #bookMessage: BookMessage;
  readonly #tradesMessage: TradesMessage;

  constructor(
    tape: MarketFrames,
    instruments: readonly Instrument[],
    settings: Settings,
    createCore: CoreFactory<Settings>,
    costs: StageCosts,
    random: RandomStreams,
    events: ProcessEvents,
  ) {
    this.#tape = tape;
    this.#usualCosts = costs;
    this.#costs = costs;
    this.#random = random;
    this.#events = events;
    this.#bookMessage = {
      kind: 'book',
      nowNs: 0,
      feed: 'l2Book',
      instrument: 0,
      exchNs: 0,
      sequence: 0,
      updateId: 0,
      previousUpdateId: 0,
      isSnapshot: false,
      levels: tape.levels,
      first: 0,
      count: 0,
    };
    this.#tradesMessage = {
      kind: 'trades',
      nowNs: 0,
      feed: 'trades',
      instrument: 0,
      exchNs: 0,
      sequence: 0,
      trades: tape.trades,
      first: 0,
      count: 0,
    };
    this.core = createCore(this, settings, instruments);
  }

  // ------------------------------------------------------------------------------------ what the core calls

  send(command: Command): void {
    this.#departing.push(command);
  }

  charge(stage: Stage, units: number): void {
    const cost = this.#costs[stage];
    this.#chargedNs += cost.fixedNs + cost.perUnitNs * units;
    if (this.#overlays.length > 0) this.#tellStretched(stage, units);
    if (stage === 'strategy') this.#strategies++;
    else if (stage === 'ladder') this.#ladders++;
    else if (stage === 'reconcile') this.#reconciles++;
    else if (stage === 'arena-spill' && units > 0) this.#work.spills++;
  }

  #tellStretched(stage: Stage, units: number): void {
    const { fixedNs, perUnitNs } = this.#costs[stage];
    const usual = this.#usualCosts[stage];
    const extraNs = fixedNs - usual.fixedNs + (perUnitNs - usual.perUnitNs) * units;
    if (extraNs !== 0) for (const overlay of this.#overlays) overlay.stretched?.(stage, extraNs);
  }

  chargedNs(): number {
    return this.#chargedNs;
  }

  queuedNs(): number {
    return this.#queuedNs;
  }

  arenaTakenBytes(): number {
    let bytes = 0;
    for (const overlay of this.#overlays) bytes += overlay.arenaTakenBytes?.() ?? 0;
    return bytes;
  }

  draw(stream: string): number {
    return this.#random.stream(`core.${stream}`).next();
  }

  log(entry: LogEntry): void {
    this.#events.evidence(entry);
  }

  // ----------------------------------------------------------------------------------- what the world calls

  /** A frame of the tape arrives. */
  arriveFrame(nowNs: number, frame: number, sequence: number): void {
    const arrivedBusyNs = this.#busyUntil(nowNs);
    if (this.#isBusy(nowNs)) return this.#queue({ type: 'frame', arrivedNs: nowNs, arrivedBusyNs, frame, sequence });
    this.#takeUp(nowNs, nowNs, arrivedBusyNs, this.#messageOf(frame, sequence));
    this.#wakeWhenFree();
  }

  /** Any other message arrives. */
  arrive(nowNs: number, message: Inbound): void {
    const arrivedBusyNs = this.#busyUntil(nowNs);
    if (this.#isBusy(nowNs)) return this.#queue({ type: 'message', arrivedNs: nowNs, arrivedBusyNs, message });
    this.#takeUp(nowNs, nowNs, arrivedBusyNs, message);
    this.#wakeWhenFree();
  }

  /** The CPU is free: hands out the commands that may leave now. The caller executes them, then calls `takeNext`. */
  departures(): readonly Command[] {
    this.#isWakeSet = false;
    const departing = this.#departing;
    this.#departing = [];
    return departing;
  }

  /** Takes the next waiting message up, if there is one and the CPU is free. */
  takeNext(nowNs: number): void {
    while (this.#head < this.#inbox.length && this.#busyUntilNs <= nowNs && this.#departing.length === 0) {
      const waiting = this.#inbox[this.#head++];
      if (this.#head === this.#inbox.length) {
        this.#inbox = [];
        this.#head = 0;
      }
      const message = waiting.type === 'frame' ? this.#messageOf(waiting.frame, waiting.sequence) : waiting.message;
      this.#takeUp(nowNs, waiting.arrivedNs, waiting.arrivedBusyNs, message);
    }
    this.#wakeWhenFree();
  }

  /** The faults of the host that are active from now on. */
  setOverlays(overlays: readonly HostOverlay[]): void {
    this.#overlays = overlays;
    const stretching = overlays.filter(({ costFactor }) => costFactor !== undefined);
    this.#costs = stretching.length === 0 ? this.#usualCosts : stretchedCosts(this.#usualCosts, stretching);
  }

  /** Something else holds the CPU for so long; what is being computed is done first. */
  occupy(nowNs: number, ns: number): void {
    this.#busyUntilNs = Math.max(nowNs, this.#busyUntilNs) + ns;
    this.#busyNs += ns;
  }

  /** Busy: still computing, or with messages or commands that come first. */
  #isBusy(nowNs: number): boolean {
    return this.#busyUntilNs > nowNs || this.#isWakeSet;
  }

  #queue(waiting: Waiting): void {
    this.#inbox.push(waiting);
    this.#wake();
  }

  /** How long the CPU has been busy until now. */
  #busyUntil(nowNs: number): number {
    return this.#busyNs - Math.max(0, this.#busyUntilNs - nowNs);
  }

  #takeUp(nowNs: number, arrivedNs: number, arrivedBusyNs: number, message: Inbound): void {
    message.nowNs = nowNs;
    this.#chargedNs = 0;
    this.#queuedNs = nowNs - arrivedNs;
    for (const overlay of this.#overlays) this.#chargedNs += overlay.handlerExtraNs?.(message.kind) ?? 0;
    this.#strategies = 0;
    this.#ladders = 0;
    this.#reconciles = 0;
    const work = this.#work;
    work.kind = message.kind;
    work.waitedNs = this.#busyNs - arrivedBusyNs;
    work.spills = 0;
    this.core.receive(message);
    this.#busyUntilNs = nowNs + this.#chargedNs;
    this.#busyNs += this.#chargedNs;
    work.cycles = Math.max(this.#strategies, this.#ladders, this.#reconciles);
    this.#events.handled(nowNs, this.#busyUntilNs, nowNs - arrivedNs, work);
  }

  /** Only when all that can be taken up now has been: a message that costs nothing must not wake the CPU before the next is done. */
  #wakeWhenFree(): void {
    if (this.#departing.length > 0 || this.#head < this.#inbox.length) this.#wake();
  }

  #wake(): void {
    if (this.#isWakeSet) return;
    this.#isWakeSet = true;
    this.#events.wakeAt(this.#busyUntilNs);
  }

  #messageOf(frame: number, sequence: number): BookMessage | TradesMessage {
    const { frames } = this.#tape;
    const isTrades = frames.kind[frame] === TRADES;
    const message = isTrades ? this.#tradesMessage : this.#bookMessage;
    message.instrument = frames.instrument[frame];
    message.exchNs = frames.exchNs[frame];
    message.sequence = sequence;
    message.first = frames.firstRow[frame];
    message.count = frames.rowCount[frame];
    // A live tape's columns are replaced when they grow.
    if (isTrades) {
      this.#tradesMessage.trades = this.#tape.trades;
    } else {
      const book = this.#bookMessage;
      book.levels = this.#tape.levels;
      book.feed = FEEDS[frames.feed[frame]] as BookMessage['feed'];
      book.updateId = frames.updateId[frame];
      book.previousUpdateId = frames.previousUpdateId[frame];
      book.isSnapshot = frames.kind[frame] === SNAPSHOT;
    }
    return message;
  }

  /** Between two messages; active faults are set again by whoever has them. */
  snapshot(): ProcessState {
    return {
      inbox: this.#inbox.slice(this.#head),
      departing: [...this.#departing],
      busyUntilNs: this.#busyUntilNs,
      busyNs: this.#busyNs,
      isWakeSet: this.#isWakeSet,
      core: this.core.snapshot(),
    };
  }

  restore(state: ProcessState): void {
    this.#inbox = [...state.inbox];
    this.#head = 0;
    this.#departing = [...state.departing];
    this.#busyUntilNs = state.busyUntilNs;
    this.#busyNs = state.busyNs;
    this.#isWakeSet = state.isWakeSet;
    this.core.restore(state.core);
  }
}

function stretchedCosts(usual: StageCosts, overlays: readonly HostOverlay[]): StageCosts {
  const stretched = STAGES.map(stage => {
    const factor = overlays.reduce((product, overlay) => product * (overlay.costFactor?.(stage) ?? 1), 1);
    const { fixedNs, perUnitNs } = usual[stage];
    // Time is counted in whole nanoseconds.
    return [stage, { fixedNs: Math.round(fixedNs * factor), perUnitNs: Math.round(perUnitNs * factor) }] as const;
  });
  return Object.fromEntries(stretched) as StageCosts;
}
