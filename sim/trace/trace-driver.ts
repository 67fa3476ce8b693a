/**
 * Drives observers from a trace: they are called as they were when it was written, with the same arguments in the same order,
 * and read of the core what they could read then.
 */
import { ReplaybookError } from '../../core/errors.ts';
import type { LogEntry } from '../../core/evidence.ts';
import { FEEDS } from '../../core/market.ts';
import type { Action, Command, Connection, Fill, PostReplyMessage, QuotingCore } from '../../core/port.ts';
import { decodeState } from '../kernel/codec.ts';
import { ObserverHub } from '../observer-hub.ts';
import type { FaultEffect, HandledWork, Observer, OrderRemoval, OrderTruth } from '../truth.ts';
import { StoredAccount } from './core-account.ts';
import { HOOKS, MESSAGES } from './hooks.ts';
import type { Trace, TraceBatch } from './trace.ts';

/** Told after each batch of rows, with the time of its last call. */
export type OnProgress = (atNs: number) => void;

/** Calls the observers and gives the core's metrics as they stand at the end. Throws `format` where a row cannot be read. */
export function driveTrace(trace: Trace, observers: readonly Observer[], onProgress?: OnProgress): Float64Array {
  const driver = new TraceDriver(trace, observers);
  for (const batch of trace.batches) {
    driver.drive(batch);
    onProgress?.(batch.numbers.atNs[batch.rows - 1]);
  }
  return driver.metrics;
}

class TraceDriver {
  readonly metrics: Float64Array;
  readonly #trace: Trace;
  readonly #hub: ObserverHub;
  readonly #account = new StoredAccount();
  readonly #work: HandledWork = { event: 0, kind: 'start', waitedNs: 0, cycles: 0, spills: 0 };
  /** Rows of the batches before. */
  #rows = 0;

  constructor(trace: Trace, observers: readonly Observer[]) {
    this.#trace = trace;
    this.metrics = new Float64Array(trace.start.metricCount);
    this.#hub = new ObserverHub(observers);
  }

  drive(batch: TraceBatch): void {
    for (let row = 0; row < batch.rows; row++) {
      this.#changeCore(batch, row);
      this.#call(batch, row);
    }
    this.#rows += batch.rows;
  }

  /** Brings what may be read of the core to where it was at the call. */
  #changeCore({ metrics, account }: TraceBatch, row: number): void {
    const { offsets, metric, value } = metrics;
    for (let change = offsets[row]; change < offsets[row + 1]; change++) this.metrics[metric[change]] = value[change];
    const start = account.offsets[row];
    const end = account.offsets[row + 1];
    if (end === start) return;
    try {
      this.#account.apply(account.bytes.subarray(start, end));
    } catch (cause) {
      throw unreadable(this.#rows + row, cause);
    }
  }

  #call(batch: TraceBatch, row: number): void {
    const hub = this.#hub;
    const { numbers } = batch;
    const atNs = numbers.atNs[row];
    const event = numbers.event[row];
    const hook = HOOKS[numbers.hook[row]];
    switch (hook) {
      case 'onMarket':
        return hub.market(atNs, event, numbers.instrument[row], numbers.bestBidTicks[row], numbers.bestAskTicks[row]);
      case 'onDelivered':
        return hub.delivered(atNs, event, FEEDS[numbers.feed[row]], numbers.instrument[row]);
      case 'onHandled':
        return hub.handled(atNs, numbers.endNs[row], numbers.queuedNs[row], this.#workOf(batch, row));
      case 'onStart':
        return hub.start(this.#context());
      case 'onFaultsHealed':
        return hub.healed(atNs);
      case 'onEnd':
        return hub.end(atNs, event);
    }
    const args = this.#arguments(batch, row);
    switch (hook) {
      case 'onAccepted':
        return hub.accepted(atNs, event, args[0] as OrderTruth, args[1] as number);
      case 'onRemoved':
        return hub.removed(atNs, event, args[0] as OrderTruth, args[1] as OrderRemoval);
      case 'onRejected':
        return hub.rejected(atNs, event, args[0] as Action['type'], args[1] as string);
      case 'onFill':
        return hub.fill(atNs, event, args[0] as Fill, args[1] as number);
      case 'onFillSent':
        return hub.fillSent(atNs, event, args[0] as Fill, args[1] as number);
      case 'onCommand':
        return hub.command(atNs, event, args[0] as Command);
      case 'onAction':
        return hub.action(atNs, event, args[0] as number, args[1] as Action);
      case 'onReply':
        return hub.reply(atNs, event, args[0] as PostReplyMessage);
      case 'onConnection':
        return hub.connection(atNs, event, args[0] as Connection, args[1] as 'open' | 'closed' | 'refused');
      case 'onFault':
        return hub.fault(args[0] as FaultEffect);
      case 'onEvidence':
        return hub.evidence(args[0] as LogEntry);
    }
  }

  #arguments({ payload }: TraceBatch, row: number): readonly unknown[] {
    const { offsets, bytes } = payload;
    try {
      const args = decodeState(bytes.subarray(offsets[row], offsets[row + 1]));
      if (Array.isArray(args)) return args;
    } catch (cause) {
      throw unreadable(this.#rows + row, cause);
    }
    throw unreadable(this.#rows + row, undefined);
  }

  /** One object for all calls, as in a run. */
  #workOf({ numbers }: TraceBatch, row: number): HandledWork {
    const work = this.#work;
    work.event = numbers.event[row];
    work.kind = MESSAGES[numbers.message[row]];
    work.waitedNs = numbers.waitedNs[row];
    work.cycles = numbers.cycles[row];
    work.spills = numbers.spills[row];
    return work;
  }

  #context(): Parameters<ObserverHub['start']>[0] {
    const { instruments, fromNs, toNs, healNs, hasAccountView } = this.#trace.start;
    const core: Pick<QuotingCore, 'metrics' | 'accountView'> = hasAccountView
      ? { metrics: this.metrics, accountView: () => this.#account.accounts }
      : { metrics: this.metrics };
    return { instruments, fromNs, toNs, healNs, core };
  }
}

function unreadable(row: number, cause: unknown): ReplaybookError {
  return new ReplaybookError('format', `row ${row}: what is kept of the call cannot be read`, {}, cause);
}
