/**
 * The dead man's switch: at a time that was set ahead every open order of the account is cancelled (hyperliquid, section 2.3).
 *
 * It may be set again and again; what is counted is how often it fires, at most ten times a day of UTC. The exchange lets
 * only those use it who have traded enough.
 */
import { NS_PER_S } from '../../core/scale.ts';

const LEAST_AHEAD_NS = 5 * NS_PER_S;
const MOST_A_DAY = 10;
const REQUIRED_VOLUME_USD = 1_000_000;
const NS_PER_DAY = 86_400 * NS_PER_S;

/** Ours: the rules are documented, these texts are not. */
const TOO_SOON = 'Scheduled cancel time must be at least 5 seconds in the future.';
const TOO_OFTEN = 'Cannot set scheduled cancel time: it has triggered 10 times today.';

interface State {
  /** null: not armed. */
  atNs: number | null;
  day: number;
  firedToday: number;
}

export class ScheduledCancel {
  /** Where the day begins on the run's clock: ns from midnight UTC to the run's time 0. */
  readonly #midnightNs: number;
  #atNs = Infinity;
  #day = 0;
  #firedToday = 0;

  constructor(midnightNs: number) {
    this.#midnightNs = midnightNs;
  }

  /** When it fires; Infinity: it is not armed. */
  get atNs(): number {
    return this.#atNs;
  }

  /** Sets or (null) disarms it. Returns why not, or null. */
  set(nowNs: number, atNs: number | null, volumeUsd: number): string | null {
    if (volumeUsd < REQUIRED_VOLUME_USD) {
      return (
        'Cannot set scheduled cancel time until enough volume traded. ' +
        `Required: $${REQUIRED_VOLUME_USD}. Traded: $${volumeUsd}.`
      );
    }
    if (atNs === null) {
      this.#atNs = Infinity;
      return null;
    }
    if (atNs < nowNs + LEAST_AHEAD_NS) return TOO_SOON;
    this.#beginDay(nowNs);
    if (this.#firedToday >= MOST_A_DAY) return TOO_OFTEN;
    this.#atNs = atNs;
    return null;
  }

  /** True once when its time has come. It is disarmed then. */
  fires(nowNs: number): boolean {
    if (nowNs < this.#atNs) return false;
    this.#beginDay(this.#atNs);
    this.#firedToday++;
    this.#atNs = Infinity;
    return true;
  }

  #beginDay(nowNs: number): void {
    const day = Math.floor((nowNs + this.#midnightNs) / NS_PER_DAY);
    if (day === this.#day) return;
    this.#day = day;
    this.#firedToday = 0;
  }

  snapshot(): unknown {
    const state: State = {
      atNs: this.#atNs === Infinity ? null : this.#atNs,
      day: this.#day,
      firedToday: this.#firedToday,
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#atNs = state.atNs ?? Infinity;
    this.#day = state.day;
    this.#firedToday = state.firedToday;
  }
}
