/**
 * The log (playbook 4.3): takes an entry and goes on. A writer of its own takes the entries to where they are kept, in the background;
 * between the two stands a bounded queue. Where entries come faster than they are written and the queue is full, an entry is dropped
 * and counted: the way of a message never waits for a disk.
 *
 * Set to be synchronous, whoever logs waits until his entry is written. That is what the playbook warns of, and it costs what it
 * costs: see the stage `log-sync`.
 */
import type { LogEntry } from '../evidence.ts';
import type { CoreHost } from '../port.ts';
import { NS_PER_S, NS_PER_US } from '../scale.ts';
import { LOG_QUEUE_CAPACITY } from './capacity.ts';
import { METRIC } from './metrics/fields.ts';
import type { Metrics } from './metrics/updates.ts';

export interface LoggingSettings {
  /** True: every entry is written before its sender goes on. */
  synchronous: boolean;
  /** Entries that may wait for the writer. */
  queueCapacity: number;
  /** Entries that the writer writes. */
  writtenPerSecond: number;
}

export const DEFAULT_LOGGING: LoggingSettings = {
  // Playbook 4.3: structured, asynchronous logging.
  synchronous: false,
  queueCapacity: LOG_QUEUE_CAPACITY,
  // A line of some hundred bytes each, so some megabytes a second: what an ordinary disk takes without being asked to hurry.
  writtenPerSecond: 10_000,
};

export class Logger {
  readonly #settings: LoggingSettings;
  readonly #host: CoreHost;
  readonly #metrics: Metrics;
  /** Entries in the queue at `#atNs`; parts of one while it is being written. */
  #queued = 0;
  #atNs = 0;

  constructor(settings: LoggingSettings, host: CoreHost, metrics: Metrics) {
    this.#settings = settings;
    this.#host = host;
    this.#metrics = metrics;
  }

  /** Logs an entry. A method that can be handed on by itself. */
  readonly write = (entry: LogEntry): void => {
    this.#metrics.logged(entry);
    const { synchronous } = this.#settings;
    const begunNs = this.#host.chargedNs();
    this.#host.charge(synchronous ? 'log-sync' : 'log', 1);
    this.#metrics.add(METRIC.logUsTotal, (this.#host.chargedNs() - begunNs) / NS_PER_US);
    if (synchronous) {
      this.#host.log(entry);
      return;
    }
    if (this.#enqueue(entry.atNs)) this.#host.log(entry);
    else this.#metrics.add(METRIC.logEntriesDropped, 1);
  };

  #enqueue(nowNs: number): boolean {
    const { queueCapacity, writtenPerSecond } = this.#settings;
    const written = (writtenPerSecond * Math.max(0, nowNs - this.#atNs)) / NS_PER_S;
    this.#queued = Math.max(0, this.#queued - written);
    this.#atNs = Math.max(this.#atNs, nowNs);
    if (this.#queued + 1 > queueCapacity) return false;
    this.#queued++;
    return true;
  }

  snapshot(): unknown {
    return [this.#queued, this.#atNs];
  }

  restore(state: unknown): void {
    [this.#queued, this.#atNs] = state as number[];
  }
}
