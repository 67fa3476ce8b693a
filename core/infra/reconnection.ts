/**
 * State of one connection or one feed, and when the next attempt to get it back is made (playbook 1.2, 2.3).
 *
 *   Connected ──lost──▶ Disconnected ──attempt──▶ Reconnecting ──data or open──▶ Connected
 *                            ▲                         │
 *                            └──────────failed─────────┘
 *
 * The first attempt after a loss goes out at once; each one after it waits twice as long as the one before, with jitter from
 * the random stream, up to a longest wait. Success sets the count back, so a later loss begins anew.
 */
import type { ConnectionState, LogEntry } from '../evidence.ts';
import type { Feed } from '../market.ts';
import type { Connection } from '../port.ts';
import { NS_PER_S } from '../scale.ts';

export interface ReconnectionConfig {
  /** Wait before the second attempt. */
  initialBackoffNs: number;
  maxBackoffNs: number;
  /** Each wait is so many times the one before. */
  factor: number;
  /** A wait is drawn evenly from (1 - jitter) to (1 + jitter) times its length. */
  jitter: number;
}

/** core-facts 1.2, health monitor. */
export const DEFAULT_RECONNECTION: ReconnectionConfig = {
  initialBackoffNs: NS_PER_S,
  maxBackoffNs: 60 * NS_PER_S,
  factor: 2,
  jitter: 0.2,
};

export class ConnectionHealthMonitor {
  readonly #target: Feed | Connection;
  readonly #config: ReconnectionConfig;
  readonly #draw: () => number;
  readonly #log: (entry: LogEntry) => void;
  /** The first connection is being made when the core starts. */
  #state: ConnectionState = 'Reconnecting';
  /** Attempts since it was last connected. */
  #attempt = 0;
  #nextAttemptNs = Number.POSITIVE_INFINITY;
  #attemptNs = 0;

  /** `draw`: a number in [0, 1) from the random stream. */
  constructor(
    target: Feed | Connection,
    config: ReconnectionConfig,
    draw: () => number,
    log: (entry: LogEntry) => void,
  ) {
    this.#target = target;
    this.#config = config;
    this.#draw = draw;
    this.#log = log;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** When the next attempt is to be made; Infinity while none is wanted. */
  get nextAttemptNs(): number {
    return this.#nextAttemptNs;
  }

  /** When the last attempt was made, or the connection opened without data as yet. */
  get attemptNs(): number {
    return this.#attemptNs;
  }

  /** It works: open, or delivering. What was planned is off. */
  connected(nowNs: number): void {
    if (this.#state === 'Connected') return;
    if (this.#state === 'Disconnected') this.#enter('Reconnecting', nowNs, 'came back by itself', 0);
    this.#attempt = this.attemptsAfterSuccess(this.#attempt);
    this.#nextAttemptNs = Number.POSITIVE_INFINITY;
    this.#enter('Connected', nowNs, 'connected', 0);
  }

  /** Success sets the count of attempts back: a counter that went on once killed a healthy session (incident I-32). */
  protected attemptsAfterSuccess(_attempts: number): number {
    return 0;
  }

  /** Open, but nothing has come by it yet: the attempt under way has not failed and its time begins anew. */
  opened(nowNs: number): void {
    if (this.#state === 'Connected') return;
    this.#attemptNs = nowNs;
    this.#nextAttemptNs = Number.POSITIVE_INFINITY;
    if (this.#state === 'Disconnected') this.#enter('Reconnecting', nowNs, 'opened', 0);
  }

  /**
   * It is lost, or the attempt under way has failed. Plans the next attempt: at once after a loss, by back-off after a failed
   * attempt. Ignored while it is lost already.
   */
  disconnected(nowNs: number, reason: string): void {
    if (this.#state === 'Disconnected') return;
    const waitNs = this.#attempt === 0 ? 0 : this.#backoffNs();
    this.#nextAttemptNs = nowNs + waitNs;
    this.#enter('Disconnected', nowNs, reason, waitNs);
  }

  /** The wait after the attempt made last, whole ns. */
  #backoffNs(): number {
    const { initialBackoffNs, maxBackoffNs, factor, jitter } = this.#config;
    let waitNs = initialBackoffNs;
    for (let i = 1; i < this.#attempt && waitNs < maxBackoffNs; i++) waitNs *= factor;
    return Math.round(Math.min(waitNs, maxBackoffNs) * (1 + jitter * (2 * this.#draw() - 1)));
  }

  /** An attempt is made now. */
  attempting(nowNs: number): void {
    if (this.#state === 'Connected') return;
    this.#attempt++;
    this.#attemptNs = nowNs;
    this.#nextAttemptNs = Number.POSITIVE_INFINITY;
    this.#enter('Reconnecting', nowNs, 'attempt', 0);
  }

  #enter(state: ConnectionState, nowNs: number, reason: string, backoffNs: number): void {
    this.#state = state;
    this.#log({
      type: 'reconnection',
      atNs: nowNs,
      target: this.#target,
      state,
      attempt: this.#attempt,
      reason,
      backoffNs,
    });
  }

  snapshot(): unknown {
    return {
      state: this.#state,
      attempt: this.#attempt,
      attemptNs: this.#attemptNs,
      // Infinity is no plain number in every codec.
      nextAttemptNs: this.#nextAttemptNs === Number.POSITIVE_INFINITY ? null : this.#nextAttemptNs,
    };
  }

  restore(state: unknown): void {
    const from = state as { state: ConnectionState; attempt: number; attemptNs: number; nextAttemptNs: number | null };
    this.#state = from.state;
    this.#attempt = from.attempt;
    this.#attemptNs = from.attemptNs;
    this.#nextAttemptNs = from.nextAttemptNs ?? Number.POSITIVE_INFINITY;
  }
}
