/**
 * The kill switch (playbook 1.3): once thrown it stays, whatever happens to what threw it, until an operator resets it. While it
 * is thrown no order goes out but cancels, and none of ours may rest.
 *
 * It is the account's: one instrument's loss stops all. Whoever throws it cancels everything; a snapshot keeps it thrown.
 */
import type { LogEntry } from '../evidence.ts';
import type { KillReason } from './monitor.ts';

export class KillSwitch {
  readonly #log: (entry: LogEntry) => void;
  #reasons: KillReason[] = [];

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  get isKilled(): boolean {
    return this.#reasons.length > 0;
  }

  /** Why, in the order in which they came; empty: it is not thrown. */
  get reasons(): readonly KillReason[] {
    return this.#reasons;
  }

  /** Throws it, or adds reasons. True where it was not thrown before: now everything has to be cancelled. */
  trigger(reasons: readonly KillReason[], nowNs: number): boolean {
    const wasKilled = this.isKilled;
    const more = reasons.filter(reason => !this.#reasons.includes(reason));
    if (more.length === 0) return false;
    this.#reasons = [...this.#reasons, ...more];
    this.#log({ type: 'kill-switch', atNs: nowNs, isKilled: true, reasons: this.#reasons });
    return !wasKilled;
  }

  /**
   * An operator resets it. True where it was thrown: then the count of losses has to begin anew too (`ProfitTracker.rebase`),
   * or it is thrown again at once.
   */
  reset(nowNs: number): boolean {
    if (!this.isKilled) return false;
    this.#log({ type: 'kill-switch', atNs: nowNs, isKilled: false, reasons: this.#reasons });
    this.#reasons = [];
    return true;
  }

  snapshot(): unknown {
    return this.#reasons.slice();
  }

  restore(state: unknown): void {
    this.#reasons = (state as readonly KillReason[]).slice();
  }
}
