/**
 * What the parts of one run share: its clock, its digest and the world around the core. The parts act through it
 * (`network/market-feed.ts`, `network/gateway.ts`, `faults/fault-driver.ts`); `Simulation` owns it.
 */
import type { Instrument } from '../core/market.ts';
import type { Connection, CoreFactory, Inbound } from '../core/port.ts';
import type { Exchange } from './exchange/exchange.ts';
import { FaultLayer } from './faults/fault-layer.ts';
import { CoreProcess } from './host/core-process.ts';
import { DigestChain, type DigestState, RECORD_EVENT } from './kernel/digest.ts';
import { CLASS_CPU, CLASS_DELIVERY, Kernel, type KernelState } from './kernel/kernel.ts';
import { RandomStreams } from './kernel/random.ts';
import type { MarketFrames } from './market/frames.ts';
import type { Market, MarketHandlers } from './market/market.ts';
import { openMarket } from './market/open-market.ts';
import { Connections } from './network/connections.ts';
import { Latency } from './network/latency.ts';
import { ObserverHub } from './observer-hub.ts';
import type { RunPlan, RunStats, SimulationOptions } from './run-plan.ts';
import type { Observer } from './truth.ts';
import type { WorldEvent } from './world.ts';

/** Who takes up what the kernel dispatches and the market tells. */
export interface RunHandlers extends MarketHandlers {
  dispatch(event: WorldEvent, eventClass: number): void;
}

export interface RunStateSnapshot {
  kernel: KernelState<WorldEvent>;
  market: unknown;
  random: ReturnType<RandomStreams['snapshot']>;
  connections: ReturnType<Connections['snapshot']>;
  faults: ReturnType<FaultLayer['snapshot']>;
  coreProcess: ReturnType<CoreProcess<unknown>['snapshot']>;
  digest: DigestState;
  stats: RunStats;
  observers: Record<string, unknown>;
}

export class RunState<CoreSettings> {
  readonly plan: RunPlan<CoreSettings>;
  readonly market: Market;
  readonly kernel: Kernel<WorldEvent>;
  readonly random: RandomStreams;
  readonly latency: Latency;
  readonly connections: Connections;
  readonly faults: FaultLayer;
  readonly exchange: Exchange;
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
    const { world, fromNs } = plan;
    this.plan = plan;
    this.random = new RandomStreams(String(plan.seed));
    this.latency = new Latency(world.latency, this.random);
    this.market = openMarket(plan, this.random, this.latency, handlers);
    const { instruments, tape } = this.market;
    this.exchange = this.market.exchange;
    this.kernel = new Kernel(fromNs, this.market.sources, handlers.dispatch);
    this.connections = new Connections(instruments.length);
    this.faults = new FaultLayer(plan.faults, this.kernel, () => this.observers.healed(this.nowNs));
    this.digest = new DigestChain(this.market.identity, options.onBlock);
    this.observers = new ObserverHub(observers);
    this.coreProcess = new CoreProcess(tape, instruments, plan.core, createCore, world.costs, this.random, {
      wakeAt: atNs => this.kernel.schedule(atNs, CLASS_CPU, { kind: 'cpu' }),
      evidence: entry => this.observers.evidence(entry),
      handled: (startNs, endNs, queuedNs, work) => {
        work.event = this.event;
        this.observers.handled(startNs, endNs, queuedNs, work);
      },
    });
  }

  get nowNs(): number {
    return this.kernel.nowNs;
  }

  /** The market's frames, by their number. */
  get tape(): MarketFrames {
    return this.market.tape;
  }

  get instruments(): readonly Instrument[] {
    return this.market.instruments;
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

  /**
   * Sends a message to the core on a connection (null: on none, as a REST reply). It is lost if that closes before, or is no
   * longer the one of that epoch.
   */
  deliverAt(
    atNs: number,
    connection: Connection | null,
    message: Inbound,
    epoch: number = connection === null ? 0 : this.connections.epoch(connection),
  ): void {
    this.kernel.schedule(atNs, CLASS_DELIVERY, { kind: 'message', connection, epoch, message });
  }

  faultTookEffect(index: number, what: string): void {
    const { kind } = this.plan.faults[index];
    this.observers.fault({ index, kind, atNs: this.nowNs, event: this.event, what });
  }

  /** Tells the observers what they are about to see. */
  observeStart(): void {
    const { fromNs, toNs, healNs } = this.plan;
    this.observers.start({
      instruments: this.instruments,
      fromNs,
      toNs,
      healNs,
      core: this.coreProcess.core,
      ledger: this.exchange.clearing,
    });
  }

  snapshot(): RunStateSnapshot {
    return {
      kernel: this.kernel.snapshot(),
      market: this.market.snapshot(),
      random: this.random.snapshot(),
      connections: this.connections.snapshot(),
      faults: this.faults.snapshot(),
      coreProcess: this.coreProcess.snapshot(),
      digest: this.digest.snapshot(),
      stats: { ...this.stats },
      observers: this.observers.snapshot(),
    };
  }

  restore(state: RunStateSnapshot): void {
    this.kernel.restore(state.kernel);
    this.market.restore(state.market);
    this.random.restore(state.random);
    this.connections.restore(state.connections);
    this.faults.restore(state.faults);
    this.coreProcess.restore(state.coreProcess);
    this.digest.restore(state.digest);
    Object.assign(this.stats, state.stats);
    this.observeStart();
    this.observers.restore(state.observers);
  }
}
