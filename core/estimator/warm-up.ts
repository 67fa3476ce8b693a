/**
 * Warm-up (playbook 2.4): no quotes until the estimators have seen enough, but never for longer than `maxWaitNs`. After
 * that quotes go out wide until the market was seen well enough. Readiness needs nothing that only quoting could bring
 * (fills), so it cannot lock itself out, and once warm it stays warm (incidents I-8, I-38, I-48).
 */
import type { LogEntry } from '../evidence.ts';

export const WARM_UP_STATES = ['warming', 'wide', 'warm'] as const;
export type WarmUpState = (typeof WARM_UP_STATES)[number];

export interface WarmUpSettings {
  minBookUpdates: number;
  minTrades: number;
  /** Longest wait from the start; then quotes go out wide. */
  maxWaitNs: number;
  /** Half-spread while wide, as a multiple of the usual one. */
  wideFactor: number;
}

export const DEFAULT_WARM_UP: WarmUpSettings = {
  // The reference system's estimator warm-up.
  minBookUpdates: 10,
  minTrades: 5,
  // The matrix' last section: quoting starts when warm or after 10 s, whichever is first.
  maxWaitNs: 10_000_000_000,
  wideFactor: 1.5,
};

export class WarmUp {
  readonly #settings: WarmUpSettings;
  readonly #log: (entry: LogEntry) => void;
  #startNs = 0;
  #bookUpdates = 0;
  #trades = 0;
  #state = 0;

  constructor(settings: WarmUpSettings, log: (entry: LogEntry) => void) {
    this.#settings = settings;
    this.#log = log;
  }

  /** The run begins: the wait is counted from here. */
  start(nowNs: number): void {
    this.#startNs = nowNs;
    this.#report(nowNs, false);
  }

  onBookUpdate(): void {
    this.#bookUpdates++;
  }

  onTrade(): void {
    this.#trades++;
  }

  /** Looks again; true where quoting may go on. */
  check(nowNs: number, sigmaReady: boolean): boolean {
    if (this.#state < 2) {
      const seen = this.#bookUpdates >= this.#settings.minBookUpdates && this.#kappaReady && sigmaReady;
      const waited = nowNs - this.#startNs >= this.#settings.maxWaitNs;
      const state = seen ? 2 : waited ? 1 : 0;
      if (state !== this.#state) {
        this.#state = state;
        this.#report(nowNs, sigmaReady);
      }
    }
    return this.#state > 0;
  }

  get #kappaReady(): boolean {
    return this.#trades >= this.#settings.minTrades;
  }

  get state(): WarmUpState {
    return WARM_UP_STATES[this.#state];
  }

  /** Index into `WARM_UP_STATES`. */
  get index(): number {
    return this.#state;
  }

  /** What the half-spread grows by while wide, as a share of it; 0 once warm. */
  get wideningShare(): number {
    return this.#state === 2 ? 0 : this.#settings.wideFactor - 1;
  }

  #report(nowNs: number, sigmaReady: boolean): void {
    this.#log({
      type: 'warm-up',
      atNs: nowNs,
      state: this.state,
      bookUpdates: this.#bookUpdates,
      trades: this.#trades,
      sigmaReady,
      kappaReady: this.#kappaReady,
    });
  }

  snapshot(): unknown {
    return [this.#startNs, this.#bookUpdates, this.#trades, this.#state];
  }

  restore(state: unknown): void {
    [this.#startNs, this.#bookUpdates, this.#trades, this.#state] = state as number[];
  }
}
