/** The core's timers. A timer is set again only where its time changes, because every setting is a command. */
import type { CoreHost } from '../port.ts';

export class Timer {
  readonly name: string;
  readonly #host: CoreHost;
  #atNs = Infinity;

  constructor(host: CoreHost, name: string) {
    this.#host = host;
    this.name = name;
  }

  /** Makes it fire at `atNs`; Infinity: not at all. */
  set(atNs: number): void {
    if (this.#atNs === atNs) return;
    this.#atNs = atNs;
    this.#host.send({ kind: 'set-timer', timer: this.name, atNs });
  }

  /** It has fired and is not set any more. */
  fired(): void {
    this.#atNs = Infinity;
  }

  snapshot(): unknown {
    return this.#atNs;
  }

  restore(state: unknown): void {
    this.#atNs = state as number;
  }
}

export class Timers {
  /** What is looked at once a second. */
  readonly check: Timer;
  /** The oldest post in flight times out. */
  readonly postTimeout: Timer;
  /** The next attempt to connect. */
  readonly reconnect: Timer;
  /** Work that has no hurry. */
  readonly idle: Timer;
  /** By instrument: the end of the debounce, or the fallback. */
  readonly quotes: readonly Timer[];
  readonly #all: readonly Timer[];

  constructor(host: CoreHost, instruments: number) {
    this.check = new Timer(host, 'check');
    this.postTimeout = new Timer(host, 'post-timeout');
    this.reconnect = new Timer(host, 'reconnect');
    this.idle = new Timer(host, 'idle');
    this.quotes = Array.from(
      { length: instruments },
      (_, index) => new Timer(host, index === 0 ? 'quote' : `quote.${index}`),
    );
    this.#all = [this.check, this.postTimeout, this.reconnect, this.idle, ...this.quotes];
  }

  /** The timer of a name has fired; null where there is none of that name. */
  fired(name: string): Timer | null {
    const timer = this.#all.find(one => one.name === name) ?? null;
    timer?.fired();
    return timer;
  }

  snapshot(): unknown {
    return this.#all.map(timer => timer.snapshot());
  }

  restore(state: unknown): void {
    const from = state as readonly unknown[];
    this.#all.forEach((timer, index) => {
      timer.restore(from[index]);
    });
  }
}
