/**
 * All limits of the exchange in one place: how much a client may ask, and what the state of a market forbids. Each holds to
 * the same values, which `change` can set to others at any moment.
 */
import type { Instrument } from '../../../core/market.ts';
import { POWERS_OF_TEN } from '../../../core/scale.ts';
import { AddressBudget, type Trader } from './address-budget.ts';
import { IpWeight } from './ip-weight.ts';
import { MarketLimits } from './market-limits.ts';
import type { LimitSettings } from './settings.ts';
import { SocketLimits } from './socket-limits.ts';

interface State {
  values: LimitSettings;
  ip: unknown;
  address: unknown;
  sockets: unknown;
  market: unknown;
}

export class Limits {
  readonly ip: IpWeight;
  readonly address: AddressBudget;
  readonly sockets: SocketLimits;
  readonly market: MarketLimits;
  /** The parts look into this object each time, so that a change holds for all at once. */
  readonly #values: LimitSettings;
  readonly #trader: Trader;

  constructor(instruments: readonly Instrument[], settings: LimitSettings, trader: Trader) {
    this.#values = { ...settings };
    this.#trader = trader;
    this.ip = new IpWeight(this.#values);
    this.address = new AddressBudget(this.#values, trader);
    this.sockets = new SocketLimits(this.#values);
    this.market = new MarketLimits(instruments, this.#values);
  }

  /** The values that hold now. */
  get values(): LimitSettings {
    return this.#values;
  }

  /**
   * Sets some values to others, from now on. The start of the account's budget is past then: `address.leave` sets what
   * is left of it.
   */
  change(values: Partial<LimitSettings>): void {
    Object.assign(this.#values, values);
  }

  /** Most orders that may rest, by what the account has traded (hyperliquid, section 4). */
  get maxOpenOrders(): number {
    const { openOrders, openOrdersVolumeUsd, openOrdersMax } = this.#values;
    const volumeUsd = this.#trader.volumeMicroUsd / POWERS_OF_TEN[6];
    return Math.min(openOrders + Math.floor(volumeUsd / openOrdersVolumeUsd), openOrdersMax);
  }

  snapshot(): unknown {
    const state: State = {
      values: { ...this.#values },
      ip: this.ip.snapshot(),
      address: this.address.snapshot(),
      sockets: this.sockets.snapshot(),
      market: this.market.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.change(state.values);
    this.ip.restore(state.ip);
    this.address.restore(state.address);
    this.sockets.restore(state.sockets);
    this.market.restore(state.market);
  }
}
