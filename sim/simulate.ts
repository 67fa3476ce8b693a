/**
 * One run: the world around one core, from a plan to a digest (design, section 3).
 *
 *   market ──┬─ its moves → exchange: true book, own orders, fills ───────┐
 *            └─ its frames → faults → core's inbox → virtual CPU          │
 *     commands → network → exchange → replies and user streams → network ─┘→ core's inbox
 *
 * The run is a pure function of its plan. Observers see the truth of it and change nothing.
 */
import type { CoreFactory, QuotingCore } from '../core/port.ts';
import { overlayWorld } from './faults/overlay-world.ts';
import { CLASS_MARKET, CLASS_TIMER } from './kernel/kernel.ts';
import { BLOCK_STREAM } from './market/market.ts';
import { Gateway } from './network/gateway.ts';
import { MarketFeed } from './network/market-feed.ts';
import type { RunPlan, RunResult, SimulationOptions } from './run-plan.ts';
import { RunState, type RunStateSnapshot } from './run-state.ts';
import type { Observer } from './truth.ts';
import { WORLD_EVENT_INDEX, type WorldEvent } from './world.ts';

export interface SimulationState {
  run: RunStateSnapshot;
  gateway: ReturnType<Gateway<unknown>['snapshot']>;
}

export class Simulation<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  readonly #marketFeed: MarketFeed<CoreSettings>;
  readonly #gateway: Gateway<CoreSettings>;
  #isStarted = false;

  constructor(
    plan: RunPlan<CoreSettings>,
    observers: readonly Observer[],
    createCore: CoreFactory<CoreSettings>,
    options: SimulationOptions = {},
  ) {
    this.#run = new RunState(plan, observers, createCore, options, {
      dispatch: (event, eventClass) => this.#dispatch(event, eventClass),
      frameReceived: frame => this.#marketFeed.frameReceived(frame),
      blockBegins: actions => this.#run.recordEvent(CLASS_MARKET, BLOCK_STREAM, actions, 0, 0, 0),
      moved: (stream, rows, instrument, bidTicks, askTicks) =>
        this.#marketMoved(stream, rows, instrument, bidTicks, askTicks),
      settled: () => this.#gateway.sendUserStreams(),
      answered: (post, reply) => this.#gateway.posts.answered(post, reply),
      contextSent: (instrument, recvNs, context) => this.#marketFeed.sendContext(instrument, recvNs, context),
      midsSent: (recvNs, midTicks) => this.#marketFeed.sendMids(recvNs, midTicks),
      wantsContext: instrument => this.#run.connections.isSubscribed('activeAssetCtx', instrument),
      wantsMids: () => this.#run.connections.isSubscribed('allMids', 0),
      exchange: {
        accepted: (order, replaces) => this.#gateway.accepted(order, replaces),
        removed: (order, why) => this.#gateway.removed(order, why),
        rejected: (type, error) => this.#gateway.rejected(type, error),
        filled: (fill, positionLots) => this.#gateway.filled(fill, positionLots),
        refuses: order => this.#gateway.refuses(order),
        orderUpdate: update => this.#gateway.orderUpdate(update),
        userEvent: event => this.#gateway.userEvent(event),
      },
    });
    this.#marketFeed = new MarketFeed(this.#run);
    this.#gateway = new Gateway(this.#run, this.#marketFeed);
    const worldOf = (index: number) => overlayWorld(this.#run, this.#marketFeed, this.#gateway, index);
    this.#run.faults.attach(worldOf, this.#run.coreProcess);
  }

  get nowNs(): number {
    return this.#run.nowNs;
  }

  /** Number of the digest record of the latest event, for an error that has to say where it happened. */
  get event(): number {
    return this.#run.event;
  }

  get core(): QuotingCore {
    return this.#run.coreProcess.core;
  }

  /** Runs to the plan's end. */
  run(): RunResult {
    const { digest, observers, plan, stats } = this.#run;
    this.runUntil(plan.toNs);
    observers.end(plan.toNs, this.#run.event);
    digest.tellOpenBlock();
    return {
      digest: digest.value(),
      blocks: digest.blocks,
      stats: { ...stats, virtualNs: plan.toNs - plan.fromNs },
    };
  }

  /** Dispatches every event up to and including `untilNs`, at most to the plan's end. */
  runUntil(untilNs: number): void {
    if (!this.#isStarted) this.#start();
    this.#run.kernel.runUntil(Math.min(untilNs, this.#run.plan.toNs));
  }

  #start(): void {
    const { market, plan } = this.#run;
    this.#isStarted = true;
    this.#run.observeStart();
    market.begin();
    this.#gateway.begin();
    this.#run.faults.scheduleAll();
    (plan.operator ?? []).forEach(({ atNs }, index) => {
      this.#run.kernel.schedule(atNs, CLASS_TIMER, { kind: 'operator', index });
    });
    this.#run.deliverAt(plan.fromNs, null, { kind: 'start', nowNs: plan.fromNs });
  }

  #marketMoved(stream: number, rows: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    const run = this.#run;
    run.recordEvent(CLASS_MARKET, stream, rows, bestBidTicks, bestAskTicks, instrument);
    run.stats.rows += rows;
    run.observers.market(run.nowNs, run.event, instrument, bestBidTicks, bestAskTicks);
  }

  #dispatch(event: WorldEvent, eventClass: number): void {
    this.#run.recordEvent(eventClass, WORLD_EVENT_INDEX[event.kind], 0, 0, 0, 0);
    switch (event.kind) {
      case 'fault-begin':
        return this.#run.faults.begin(event.index);
      case 'fault-end':
        return this.#run.faults.end(event.index);
      case 'fault-due':
        return this.#run.faults.due(event.index);
      case 'operator':
        return this.#gateway.operatorActs(event.index);
      case 'connect':
        return this.#gateway.sockets.connectArrives(event.connection, event.epoch);
      case 'subscribe':
        return this.#gateway.sockets.subscribeArrives(event);
      case 'unsubscribe':
        return this.#gateway.sockets.unsubscribeArrives(event);
      case 'post':
        return this.#gateway.posts.arrives(event.post);
      case 'silence-check':
        return this.#gateway.sockets.silenceChecked(event.connection, event.epoch);
      case 'exchange-due':
        return this.#gateway.exchangeDue();
      case 'rest':
        return this.#gateway.queries.arrives(event);
      case 'message':
        return this.#gateway.messageArrives(event);
      case 'market-message':
        return this.#marketFeed.messageArrives(event.epoch, event.message);
      case 'timer':
        return this.#gateway.timerFires(event.timer, event.generation);
      case 'cpu':
        for (const command of this.#run.coreProcess.departures()) this.#gateway.execute(command);
        return this.#run.coreProcess.takeNext(this.#run.nowNs);
    }
  }

  /** The whole run between two events, as plain data. Encode it before the run goes on. */
  snapshot(): SimulationState {
    return {
      run: this.#run.snapshot(),
      gateway: this.#gateway.snapshot(),
    };
  }

  /** Takes over the state of a run of the same plan, with observers of the same names; `run` goes on from there. */
  restore(state: SimulationState): void {
    this.#isStarted = true;
    this.#gateway.restore(state.gateway);
    this.#run.restore(state.run);
  }
}
