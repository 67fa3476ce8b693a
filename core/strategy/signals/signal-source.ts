/**
 * One source of the hub: what it expects, how old that is, and whether it counts.
 *
 * A source is absent until it has spoken a few times: one whose feed does not exist, or has only just begun, costs nothing (incidents
 * I-3 and I-9: the spread was doubled for as long as a feed was missing). Once it counts and then falls silent it is stale: it is
 * leant on no longer, and widens the spread. After a long silence it is absent again, so that no penalty lasts for ever.
 */
import type { LogEntry } from '../../evidence.ts';

export type SignalState = 'absent' | 'fresh' | 'stale';

export interface StalenessSettings {
  /** A source counts after so many updates. */
  minUpdates: number;
  /** Older than this it is stale, older than twice this very stale. */
  staleAfterNs: number;
  /** Older than this it is absent again. */
  forgetAfterNs: number;
  /** Multiple of the half-spread while a source is stale, and very stale. */
  staleFactor: number;
  veryStaleFactor: number;
}

export class SignalSource {
  readonly name: string;
  readonly #settings: StalenessSettings;
  readonly #log: (entry: LogEntry) => void;
  /** Bound of the move that it may expect, bps. */
  readonly #capBps: number;
  #expectedMoveBps = 0;
  #wideningBps = 0;
  #updates = 0;
  #lastNs = 0;
  #state: SignalState = 'absent';

  constructor(name: string, capBps: number, settings: StalenessSettings, log: (entry: LogEntry) => void) {
    this.name = name;
    this.#capBps = capBps;
    this.#settings = settings;
    this.#log = log;
  }

  /** The source speaks: the move that it expects, and what it adds to the half-spread, bps. */
  update(expectedMoveBps: number, wideningBps: number, nowNs: number): void {
    // With 0 added, for -0 would not come back from a snapshot.
    this.#expectedMoveBps = 0 + Math.min(this.#capBps, Math.max(-this.#capBps, expectedMoveBps));
    this.#wideningBps = Math.max(0, wideningBps);
    this.#updates++;
    this.#lastNs = nowNs;
  }

  /** Looks at its age, and says what it is now. */
  check(nowNs: number): SignalState {
    const { minUpdates, staleAfterNs, forgetAfterNs } = this.#settings;
    const ageNs = nowNs - this.#lastNs;
    let state: SignalState = 'absent';
    if (this.#updates >= minUpdates) {
      if (ageNs <= staleAfterNs) state = 'fresh';
      else if (ageNs <= forgetAfterNs) state = 'stale';
      else this.#updates = 0;
    }
    if (state !== this.#state) {
      this.#state = state;
      this.#log({ type: 'signal', atNs: nowNs, source: this.name, state, ageNs });
    }
    return state;
  }

  /** Multiple of the half-spread that its age asks for: 1 unless it is stale. */
  stalenessFactor(nowNs: number): number {
    if (this.#state !== 'stale') return 1;
    const { staleAfterNs, staleFactor, veryStaleFactor } = this.#settings;
    return nowNs - this.#lastNs > 2 * staleAfterNs ? veryStaleFactor : staleFactor;
  }

  /** What it expects, bps; 0 unless it is fresh. */
  get expectedMoveBps(): number {
    return this.#state === 'fresh' ? this.#expectedMoveBps : 0;
  }

  /** What it adds to the half-spread, bps; 0 unless it is fresh. */
  get wideningBps(): number {
    return this.#state === 'fresh' ? this.#wideningBps : 0;
  }

  snapshot(): unknown {
    return {
      expectedMoveBps: this.#expectedMoveBps,
      wideningBps: this.#wideningBps,
      updates: this.#updates,
      lastNs: this.#lastNs,
      state: this.#state,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      expectedMoveBps: number;
      wideningBps: number;
      updates: number;
      lastNs: number;
      state: SignalState;
    };
    this.#expectedMoveBps = from.expectedMoveBps;
    this.#wideningBps = from.wideningBps;
    this.#updates = from.updates;
    this.#lastNs = from.lastNs;
    this.#state = from.state;
  }
}
