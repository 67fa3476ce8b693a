/**
 * Leveraged accounts of others in one instrument, and their liquidation (hyperliquid, section 6.4): a market order for the
 * whole position once the mark reaches its price, or for a fifth of a position over 100,000 USD, and then, from 30 s later
 * on, for the rest. A market that falls onto many such prices falls further: a cascade.
 *
 * They are looked at when the mark is renewed. What a liquidation closes leaves the open interest, because those on the
 * other side are taken to close as well. A liquidated account comes back after a while with a new position.
 */
import { ASK, BID, type Side } from '../../core/market.ts';
import { BPS, NS_PER_S } from '../../core/scale.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { ActionList } from './action-list.ts';
import { exponential } from './draws.ts';
import type { LotScale } from './lots.ts';
import type { OpenInterest } from './open-interest.ts';
import type { AccountParameters } from './parameters.ts';

const PARTIAL_OVER_USD = 100_000;
const FIRST_SHARE = 0.2;
const COOLDOWN_NS = 30 * NS_PER_S;
/** How far beyond the mark a liquidation goes in one go; what finds nothing there waits for the next mark. Ours. */
const SLIPPAGE_BPS = 100;
/** Sizes of accounts differ by this deviation of their logarithm. */
const SIZE_LOG_DEVIATION = 1;
/** Median of a log-normal by its mean: exp(-1/2) for that deviation. */
const MEDIAN_OF_MEAN = 0.6065;

interface State {
  isLong: Uint8Array;
  partial: Uint8Array;
  lots: Float64Array;
  liquidationTicks: Float64Array;
  dueNs: Float64Array;
}

export class LeveragedAccounts {
  readonly #parameters: AccountParameters;
  readonly #scale: LotScale;
  readonly #interest: OpenInterest;
  readonly #random: RandomStream;
  readonly #meanUsd: number;
  readonly #isLong: Uint8Array;
  /** 1 once the first fifth of a large position has been sent. */
  readonly #partial: Uint8Array;
  /** 0 while an account is away. */
  readonly #lots: Float64Array;
  readonly #liquidationTicks: Float64Array;
  /** Open: from when on it may be liquidated (again). Away: when it comes back. */
  readonly #dueNs: Float64Array;

  /** `interestUsd` is the instrument's open interest; the accounts' positions are part of it. */
  constructor(
    parameters: AccountParameters,
    interestUsd: number,
    startTicks: number,
    fromNs: number,
    scale: LotScale,
    interest: OpenInterest,
    random: RandomStream,
  ) {
    const { accounts, interestShare } = parameters;
    this.#parameters = parameters;
    this.#scale = scale;
    this.#interest = interest;
    this.#random = random;
    this.#meanUsd = accounts === 0 ? 0 : (interestUsd * interestShare) / accounts;
    this.#isLong = new Uint8Array(accounts);
    this.#partial = new Uint8Array(accounts);
    this.#lots = new Float64Array(accounts);
    this.#liquidationTicks = new Float64Array(accounts);
    this.#dueNs = new Float64Array(accounts);
    for (let account = 0; account < accounts; account++) this.#open(account, fromNs, startTicks);
  }

  /** Takes a new position; returns its lots. */
  #open(account: number, atNs: number, markTicks: number): number {
    const random = this.#random;
    const { longShare, liquidationMinBps, liquidationMeanBps } = this.#parameters;
    const isLong = random.next() < longShare;
    const usd = random.logNormal(this.#meanUsd * MEDIAN_OF_MEAN, SIZE_LOG_DEVIATION);
    const distanceBps = Math.min(BPS / 2, liquidationMinBps + exponential(random, liquidationMeanBps));
    const lots = this.#scale.lots(usd, markTicks);
    this.#isLong[account] = isLong ? 1 : 0;
    this.#lots[account] = lots;
    this.#liquidationTicks[account] = markTicks * (1 + (isLong ? -distanceBps : distanceBps) / BPS);
    this.#dueNs[account] = atNs;
    return lots;
  }

  /** The mark was renewed: liquidates whom it has reached, lets those come back whose time it is. */
  markMoved(atNs: number, markTicks: number, takes: ActionList): void {
    const lots = this.#lots;
    for (let account = 0; account < lots.length; account++) {
      if (atNs < this.#dueNs[account]) continue;
      if (lots[account] === 0) {
        this.#interest.change(this.#open(account, atNs, markTicks));
        continue;
      }
      const isLong = this.#isLong[account] === 1;
      const liquidationTicks = this.#liquidationTicks[account];
      if (isLong ? markTicks > liquidationTicks : markTicks < liquidationTicks) continue;
      this.#liquidate(account, atNs, markTicks, isLong ? ASK : BID, takes);
    }
  }

  #liquidate(account: number, atNs: number, markTicks: number, side: Side, takes: ActionList): void {
    const all = this.#lots[account];
    const isLarge = this.#scale.usd(all, markTicks) > PARTIAL_OVER_USD;
    const isFirst = isLarge && this.#partial[account] === 0;
    const limit = markTicks * (1 + (side === BID ? SLIPPAGE_BPS : -SLIPPAGE_BPS) / BPS);
    const lots = isFirst ? Math.max(1, Math.floor(all * FIRST_SHARE)) : all;
    takes.add(atNs, side, Math.max(1, Math.round(limit)), lots, account, 0);
    if (!isFirst) return;
    this.#partial[account] = 1;
    this.#dueNs[account] = atNs + COOLDOWN_NS;
  }

  /** Of a liquidation so much was matched at `atNs`; what was not is tried again at the next mark. */
  liquidated(account: number, atNs: number, lots: number): void {
    this.#interest.change(-lots);
    const left = this.#lots[account] - lots;
    this.#lots[account] = left;
    if (left > 0) return;
    this.#partial[account] = 0;
    this.#dueNs[account] = atNs + Math.round(exponential(this.#random, this.#parameters.returnMeanS * NS_PER_S));
  }

  snapshot(): unknown {
    const state: State = {
      isLong: this.#isLong.slice(),
      partial: this.#partial.slice(),
      lots: this.#lots.slice(),
      liquidationTicks: this.#liquidationTicks.slice(),
      dueNs: this.#dueNs.slice(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#isLong.set(state.isLong);
    this.#partial.set(state.partial);
    this.#lots.set(state.lots);
    this.#liquidationTicks.set(state.liquidationTicks);
    this.#dueNs.set(state.dueNs);
  }
}
