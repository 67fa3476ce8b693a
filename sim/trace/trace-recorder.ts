/**
 * The observer that writes a trace (`trace.ts`). It asks the core what observers may read of it whenever the core may have
 * changed, which is while it takes a message up: when it writes evidence, and when it has done with the message.
 */
import { ReplaybookError } from '../../core/errors.ts';
import type { LogEntry } from '../../core/evidence.ts';
import { FEED_INDEX, type Feed } from '../../core/market.ts';
import type { Action, Command, Connection, Fill, PostReplyMessage, QuotingCore } from '../../core/port.ts';
import { encodeState } from '../kernel/codec.ts';
import type { FaultEffect, HandledWork, Observer, OrderRemoval, OrderTruth, RunContext } from '../truth.ts';
import { AccountWatch } from './core-account.ts';
import { HOOK, type Hook, MESSAGE } from './hooks.ts';
import type { Trace, TraceBatch, TraceStart } from './trace.ts';
import { TraceChunk } from './trace-chunk.ts';

/** Metrics are numbered by uint16. */
const MOST_METRICS = 65_536;
const NOTHING = new Uint8Array();

interface RecorderState {
  start: TraceStart | null;
  batches: TraceBatch[];
  metrics: Float64Array;
  account: unknown;
}

export class TraceRecorder implements Observer {
  readonly name = 'trace';
  #full: TraceBatch[] = [];
  #open = new TraceChunk();
  #start: TraceStart | null = null;
  #core: Pick<QuotingCore, 'metrics' | 'accountView'> | null = null;
  /** The core's metrics as they were when they were last looked at. */
  #metrics = new Float64Array();
  readonly #account = new AccountWatch();

  /** The trace so far; the rows are views on what is written on. Throws `internal` where no run was begun. */
  trace(): Trace {
    if (this.#start === null) throw new ReplaybookError('internal', 'a trace of no run');
    return { start: this.#start, batches: this.#open.rows === 0 ? this.#full : [...this.#full, this.#open.batch()] };
  }

  onStart({ instruments, fromNs, toNs, healNs, core }: RunContext): void {
    const metricCount = core.metrics.length;
    if (metricCount > MOST_METRICS) {
      throw new ReplaybookError('internal', `a trace holds ${MOST_METRICS} metrics, and the core has ${metricCount}`);
    }
    this.#core = core;
    this.#start = { instruments, fromNs, toNs, healNs, metricCount, hasAccountView: core.accountView !== undefined };
    this.#metrics = new Float64Array(metricCount);
    this.#begin('onStart', fromNs, 0);
    this.#end(NOTHING, this.#coreChanges());
  }

  onMarket(atNs: number, event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    const chunk = this.#begin('onMarket', atNs, event);
    chunk.set('instrument', instrument);
    chunk.set('bestBidTicks', bestBidTicks);
    chunk.set('bestAskTicks', bestAskTicks);
    this.#end(NOTHING, NOTHING);
  }

  onDelivered(atNs: number, event: number, feed: Feed, instrument: number): void {
    const chunk = this.#begin('onDelivered', atNs, event);
    chunk.set('feed', FEED_INDEX[feed]);
    chunk.set('instrument', instrument);
    this.#end(NOTHING, NOTHING);
  }

  onHandled(startNs: number, endNs: number, queuedNs: number, work: HandledWork): void {
    const chunk = this.#begin('onHandled', startNs, work.event);
    chunk.set('message', MESSAGE[work.kind]);
    chunk.set('endNs', endNs);
    chunk.set('queuedNs', queuedNs);
    chunk.set('waitedNs', work.waitedNs);
    chunk.set('cycles', work.cycles);
    chunk.set('spills', work.spills);
    this.#end(NOTHING, this.#coreChanges());
  }

  onEvidence(entry: LogEntry): void {
    this.#begin('onEvidence', entry.atNs, 0);
    this.#end(encodeState([plain(entry)]), this.#coreChanges());
  }

  onAccepted(atNs: number, event: number, order: OrderTruth, replaces: number): void {
    this.#call('onAccepted', atNs, event, [orderTruth(order), replaces]);
  }

  onRemoved(atNs: number, event: number, order: OrderTruth, why: OrderRemoval): void {
    this.#call('onRemoved', atNs, event, [orderTruth(order), why]);
  }

  onRejected(atNs: number, event: number, action: Action['type'], error: string): void {
    this.#call('onRejected', atNs, event, [action, error]);
  }

  onFill(atNs: number, event: number, fill: Fill, positionLots: number): void {
    this.#call('onFill', atNs, event, [fill, positionLots]);
  }

  onFillSent(atNs: number, event: number, fill: Fill, dueNs: number): void {
    this.#call('onFillSent', atNs, event, [fill, dueNs]);
  }

  onCommand(atNs: number, event: number, command: Command): void {
    this.#call('onCommand', atNs, event, [command]);
  }

  onAction(atNs: number, event: number, id: number, action: Action): void {
    this.#call('onAction', atNs, event, [id, action]);
  }

  onReply(atNs: number, event: number, reply: PostReplyMessage): void {
    this.#call('onReply', atNs, event, [reply]);
  }

  onConnection(atNs: number, event: number, connection: Connection, status: 'open' | 'closed' | 'refused'): void {
    this.#call('onConnection', atNs, event, [connection, status]);
  }

  onFault(effect: FaultEffect): void {
    this.#call('onFault', effect.atNs, effect.event, [effect]);
  }

  onFaultsHealed(atNs: number): void {
    this.#call('onFaultsHealed', atNs, 0, []);
  }

  onEnd(atNs: number, event: number): void {
    this.#begin('onEnd', atNs, event);
    this.#end(NOTHING, this.#coreChanges());
  }

  #call(hook: Hook, atNs: number, event: number, args: readonly unknown[]): void {
    this.#begin(hook, atNs, event);
    this.#end(encodeState(plain(args)), NOTHING);
  }

  #begin(hook: Hook, atNs: number, event: number): TraceChunk {
    const chunk = this.#open;
    chunk.set('hook', HOOK[hook]);
    chunk.set('atNs', atNs);
    chunk.set('event', event);
    return chunk;
  }

  #end(payload: Uint8Array, account: Uint8Array): void {
    this.#open.endRow(payload, account);
    if (!this.#open.isFull) return;
    this.#full.push(this.#open.batch());
    this.#open = new TraceChunk();
  }

  /** Notes the metrics that have changed in the open row, and gives what has of the account. */
  #coreChanges(): Uint8Array {
    if (this.#core === null) return NOTHING;
    const { metrics } = this.#core;
    const seen = this.#metrics;
    for (let metric = 0; metric < seen.length; metric++) {
      if (Object.is(metrics[metric], seen[metric])) continue;
      seen[metric] = metrics[metric];
      this.#open.addMetric(metric, metrics[metric]);
    }
    const accounts = this.#core.accountView?.();
    return accounts === undefined ? NOTHING : this.#account.changes(accounts);
  }

  snapshot(): unknown {
    const batches = this.#start === null ? [] : [...this.trace().batches];
    return {
      start: this.#start,
      batches,
      metrics: this.#metrics.slice(),
      account: this.#account.snapshot(),
    } satisfies RecorderState;
  }

  restore(state: unknown): void {
    const { start, batches, metrics, account } = state as RecorderState;
    this.#start = start;
    const last = batches.at(-1);
    const open = last === undefined ? new TraceChunk() : TraceChunk.of(last);
    this.#full = open.isFull ? [...batches] : batches.slice(0, -1);
    this.#open = open.isFull ? new TraceChunk() : open;
    this.#metrics = metrics.slice();
    this.#account.restore(account);
  }
}

/** An order as it is now, and nothing else of the exchange's own. */
function orderTruth(order: OrderTruth): OrderTruth {
  const { oid, cloid, instrument, side, priceTicks, originalLots, remainingLots, reduceOnly } = order;
  return { oid, cloid, instrument, side, priceTicks, originalLots, remainingLots, reduceOnly };
}

/** A copy as the codec takes it: another core may leave a property undefined, or hand over objects of a class. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, plain(inner)]));
}
