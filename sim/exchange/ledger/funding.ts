/**
 * Funding rates (hyperliquid, section 6.2): the premium of the book over the oracle, sampled every 5 s, averaged over the
 * hour and paid at its end. The rates themselves are small shares, kept as doubles and rounded to the ten decimals that
 * the exchange shows; what they make of a position is exact (`Ledger.fund`).
 */
import { NS_PER_S } from '../../../core/scale.ts';

export const PREMIUM_SAMPLE_NS = 5 * NS_PER_S;
export const FUNDING_INTERVAL_NS = 3_600 * NS_PER_S;

/** What USD cost to borrow beyond the coin, for eight hours. */
const INTEREST_8H = 0.0001;
const CLAMP_8H = 0.0005;
/** A day's funding is paid in 24 parts, the formula is for a third of a day. */
const HOURS = 8;
const CAP_PER_HOUR = 0.04;
const RATE_UNITS = 10_000_000_000;

/** The rate of the next hour while no premium is known: interest alone. */
export const INTEREST_PER_HOUR = INTEREST_8H / HOURS;

/** Premium of the exchange's own perpetuals. Impact prices are the averages at which the impact notional trades. */
export function premium(impactBid: number, impactAsk: number, oracle: number): number {
  return (Math.max(impactBid - oracle, 0) - Math.max(oracle - impactAsk, 0)) / oracle;
}

/** Premium of a builder's perpetual. */
export function builderPremium(impactBid: number, impactAsk: number, oracle: number): number {
  return (0.5 * (impactBid + impactAsk) - oracle) / oracle;
}

/** The share of the notional that longs pay for one hour; `multiplier` (0 to 10) is a builder's. */
export function fundingPerHour(averagePremium: number, multiplier = 1): number {
  const clamped = Math.min(Math.max(INTEREST_8H - averagePremium, -CLAMP_8H), CLAMP_8H);
  const rate = ((averagePremium + clamped) / HOURS) * multiplier;
  const capped = Math.min(Math.max(rate, -CAP_PER_HOUR), CAP_PER_HOUR);
  return Math.round(capped * RATE_UNITS) / RATE_UNITS;
}

interface State {
  sum: number;
  samples: number;
}

/** The premium of one instrument over the hour under way. */
export class PremiumAverage {
  #sum = 0;
  #samples = 0;

  /** One sample, every `PREMIUM_SAMPLE_NS`. */
  add(sample: number): void {
    this.#sum += sample;
    this.#samples++;
  }

  /** 0 before the first sample. */
  get average(): number {
    return this.#samples === 0 ? 0 : this.#sum / this.#samples;
  }

  /** The hour is over. */
  clear(): void {
    this.#sum = 0;
    this.#samples = 0;
  }

  snapshot(): unknown {
    const state: State = { sum: this.#sum, samples: this.#samples };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#sum = state.sum;
    this.#samples = state.samples;
  }
}
