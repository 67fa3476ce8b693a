/**
 * The requests of an account: 10,000 to begin with and 1 more for each USD that it trades, over its whole life
 * (hyperliquid, section 5.2). Every item of an action is a request. Actions sent over whatever way count, but nothing is
 * counted of an action that was refused as a whole.
 *
 * An account with none left may still send one action every 10 s; a refusal neither costs anything nor makes that wait
 * begin anew. Cancels have a higher cap, so that an account can always take its orders down.
 *
 * The text is the exchange's. In each of the samples that are published its second number is one below the cap, and the
 * first is what was used before: an account is refused where it has used as much as its cap, so the last action within
 * it may go beyond.
 */
import { POWERS_OF_TEN } from '../../../core/scale.ts';
import type { LimitSettings } from './settings.ts';

const MICRO = POWERS_OF_TEN[6];

/** Whose requests they are. */
export interface Trader {
  /** All that the account has ever traded, a whole number of millionths of a USD. */
  readonly volumeMicroUsd: number;
}

interface State {
  used: number;
  lastPassNs: number;
}

export class AddressBudget {
  readonly #limits: LimitSettings;
  readonly #trader: Trader;
  #used = 0;
  /** When the last action beyond the cap was let pass. */
  #lastPassNs = -Infinity;
  /** The same before the action that was counted last. */
  #passBeforeNs = -Infinity;

  constructor(limits: LimitSettings, trader: Trader) {
    this.#limits = limits;
    this.#trader = trader;
    this.leave(limits.addressStartQuota);
  }

  get requestsUsed(): number {
    return this.#used;
  }

  /** All requests that the account has been given so far. */
  get requestsCap(): number {
    const { addressInitialRequests, addressRequestsPerUsd } = this.#limits;
    return addressInitialRequests + Math.floor((this.#trader.volumeMicroUsd * addressRequestsPerUsd) / MICRO);
  }

  /** Sets what was used so that this share of the cap is left, 0 to 1. */
  leave(share: number): void {
    const cap = this.requestsCap;
    this.#used = cap - Math.floor(cap * share);
  }

  #cap(isCancel: boolean): number {
    const cap = this.requestsCap;
    if (!isCancel) return cap;
    const { addressCancelExtra, addressCancelFactor } = this.#limits;
    return Math.min(cap + addressCancelExtra, cap * addressCancelFactor);
  }

  /** The text with which an action that comes now is refused; null: it passes. Changes nothing. */
  refusal(nowNs: number, isCancel: boolean): string | null {
    const cap = this.#cap(isCancel);
    if (this.#used < cap || nowNs - this.#lastPassNs >= this.#limits.addressTrickleNs) return null;
    return (
      `Too many cumulative requests sent (${this.#used} > ${cap - 1}) for cumulative volume traded ` +
      `$${formatUsd(this.#trader.volumeMicroUsd)}. Place taker orders to free up 1 request per USDC traded.`
    );
  }

  /** Counts an action that passed. */
  spend(nowNs: number, requests: number, isCancel: boolean): void {
    this.#passBeforeNs = this.#lastPassNs;
    if (this.#used >= this.#cap(isCancel)) this.#lastPassNs = nowNs;
    this.#used += requests;
  }

  /** Of the action that was counted last and then refused as a whole, nothing is counted; it was no pass beyond the cap, too. */
  refund(requests: number): void {
    this.#used -= requests;
    this.#lastPassNs = this.#passBeforeNs;
  }

  snapshot(): unknown {
    const state: State = { used: this.#used, lastPassNs: this.#lastPassNs };
    return state;
  }

  restore(from: unknown): void {
    const { used, lastPassNs } = from as State;
    this.#used = used;
    this.#lastPassNs = lastPassNs;
  }
}

/** Dollars with at most two decimals, cut off, and none that are zero at the end. */
function formatUsd(microUsd: number): string {
  const cents = Math.floor(microUsd / 10_000);
  const fraction = String(cents % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(cents / 100));
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
