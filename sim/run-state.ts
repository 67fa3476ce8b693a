/**
 * What the parts of one run share: its clock, its digest and the world around the core. The parts act through it
 * (`network/market-feed.ts`, `network/gateway.ts`, `faults/fault-driver.ts`); `Simulation` owns it.
 */
import type { Connection, CoreFactory, Inbound } from '../core/port.ts';
import type { Tape } from '../recordings/tape.ts';
import { type ExchangeEvents, ReplayExchange } from './exchange/exchange.ts';
import { FaultOverlays } from './faults/overlays.ts';
import { exchangeCursor, type FeedCursor, receiveCursor } from './feed-cursors.ts';
import { CoreProcess } from './host/core-process.ts';
import { DigestChain, type DigestState, RECORD_EVENT } from './kernel/digest.ts';
import { CLASS_CPU, CLASS_DELIVERY, Kernel, type KernelState } from './kernel/kernel.ts';
import { RandomStreams } from './kernel/random.ts';
import { Connections } from './network/connections.ts';
import { Latency } from './network/latency.ts';
import { ObserverHub } from './observer-hub.ts';
import type { RunPlan, RunStats, SimulationOptions } from './run-plan.ts';
import type { Observer } from './truth.ts';
import type { WorldEvent } from './world.ts';

/** Who takes up what the kernel dispatches and the exchange tells. */
export interface RunHandlers {
  dispatch(event: WorldEvent, eventClass: number): void;
  /** The next frame in exchange order. */
  marketMoves(frame: number): void;
  /** The next frame in receive order. */
  frameReceived(frame: number): void;
  exchange: ExchangeEvents;
}

export interface RunStateSnapshot {
  kernel: KernelState<WorldEvent>;
  exchangePosition: number;
  receivePosition: number;
  random: ReturnType<RandomStreams['snapshot']>;
  connections: ReturnType<Connections['snapshot']>;
  faults: ReturnType<FaultOverlays['snapshot']>;
  exchange: ReturnType<ReplayExchange['snapshot']>;
  coreProcess: ReturnType<CoreProcess<unknown>['snapshot']>;
  digest: DigestState;
  stats: RunStats;
  observers: Record<string, unknown>;
}

export class RunState<CoreSettings> {
  readonly plan: RunPlan<CoreSettings>;
  readonly tape: Tape;
  readonly kernel: Kernel<WorldEvent>;
  readonly exchangeCursor: FeedCursor;
  readonly receiveCursor: FeedCursor;
  readonly random: RandomStreams;
  readonly latency: Latency;
  readonly connections: Connections;
  readonly faults: FaultOverlays;
  readonly exchange: ReplayExchange;
  readonly coreProcess: CoreProcess<CoreSettings>;
  readonly digest: DigestChain;
  readonly observers: ObserverHub;
  readonly stats: RunStats = { events: 0, rows: 0, commands: 0, fills: 0, virtualNs: 0 };
  /** Number of the digest record of the event under way. */
  event = 0;

  constructor(
    plan: RunPlan<CoreSettings>,
    observers: readonly Observer[],
    createCore: CoreFactory<CoreSettings>,
    options: SimulationOptions,
    handlers: RunHandlers,
  ) {
    const { tape, world, fromNs } = plan;
    const { instruments } = tape;
    this.plan = plan;
    this.tape = tape;
    this.exchangeCursor = exchangeCursor(tape, handlers.marketMoves);
    this.receiveCursor = receiveCursor(tape, fromNs, handlers.frameReceived);
    this.kernel = new Kernel(fromNs, [this.exchangeCursor, this.receiveCursor], handlers.dispatch);
    this.random = new RandomStreams(String(plan.seed));
    this.latency = new Latency(world.latency, this.random);
    this.connections = new Connections(instruments.length);
    this.faults = new FaultOverlays(plan.faults, instruments.length);
    this.exchange = new ReplayExchange(instruments, world.exchange, handlers.exchange);
    this.digest = new DigestChain(tape.identity, options.keepBlock);
    this.observers = new ObserverHub(observers);
    this.coreProcess = new CoreProcess(tape, plan.core, createCore, world.costs, this.random, {
      wakeAt: atNs => this.kernel.schedule(atNs, CLASS_CPU, { kind: 'cpu' }),
      evidence: entry => this.observers.evidence(entry),
      handled: (startNs, endNs, queuedNs) => this.observers.handled(startNs, endNs, queuedNs),
    });
  }

  get nowNs(): number {
    return this.kernel.nowNs;
  }

  /** Writes the record of the event that is dispatched now; what it brings about refers to it by `event`. */
  recordEvent(
    eventClass: number,
    stream: number,
    rows: number,
    bidTicks: number,
    askTicks: number,
    detail: number,
  ): void {
    this.event = this.digest.count;
    this.digest.record(RECORD_EVENT, this.kernel.nowNs, eventClass, stream, rows, bidTicks, askTicks, detail);
    this.stats.events++;
  }

  /** Sends a message to the core on a connection (null: on none, as a REST reply). It is lost if that closes before. */
  deliverAt(atNs: number, connection: Connection | null, message: Inbound): void {
    const epoch = connection === null ? 0 : this.connections.epoch(connection);
    this.kernel.schedule(atNs, CLASS_DELIVERY, { kind: 'message', connection, epoch, message });
  }

  faultTookEffect(index: number, what: string): void {
    const { kind } = this.plan.faults[index];
    this.observers.fault({ index, kind, atNs: this.nowNs, event: this.event, what });
  }

  /** Tells the observers what they are about to see. */
  observeStart(): void {
    const { fromNs, toNs, healNs } = this.plan;
    this.observers.start({ instruments: this.tape.instruments, fromNs, toNs, healNs, core: this.coreProcess.core });
  }

  snapshot(): RunStateSnapshot {
    return {
      kernel: this.kernel.snapshot(),
      exchangePosition: this.exchangeCursor.position,
      receivePosition: this.receiveCursor.position,
      random: this.random.snapshot(),
      connections: this.connections.snapshot(),
      faults: this.faults.snapshot(),
      exchange: this.exchange.snapshot(),
      coreProcess: this.coreProcess.snapshot(),
      digest: this.digest.snapshot(),
      stats: { ...this.stats },
      observers: this.observers.snapshot(),
    };
  }

  restore(state: RunStateSnapshot): void {
    this.kernel.restore(state.kernel);
    this.exchangeCursor.position = state.exchangePosition;
    this.receiveCursor.position = state.receivePosition;
    this.random.restore(state.random);
    this.connections.restore(state.connections);
    this.faults.restore(state.faults);
    this.exchange.restore(state.exchange);
    this.coreProcess.restore(state.coreProcess);
    this.digest.restore(state.digest);
    Object.assign(this.stats, state.stats);
    this.observeStart();
    this.observers.restore(state.observers);
  }
}
