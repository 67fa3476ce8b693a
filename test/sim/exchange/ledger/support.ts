/** An account over marks that a test sets, and instruments to hold. */
import type { Instrument } from '../../../../core/market.ts';
import type { PlaceOrder } from '../../../../core/port.ts';
import {
  type AccountSettings,
  DEFAULT_ACCOUNT,
  MarginAccount,
} from '../../../../sim/exchange/ledger/margin-account.ts';
import type { MarginTier } from '../../../../sim/exchange/perps.ts';
import { perpOf } from '../../../../sim/exchange/perps.ts';

export function listed(symbol: string): Instrument {
  const perp = perpOf(symbol);
  if (perp === undefined) throw new Error(`${symbol} is not listed`);
  const { priceDecimals, sizeDecimals, significantFigures, minNotionalUsd } = perp;
  return { symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd };
}

export class Marks {
  readonly ticks: number[];

  constructor(...ticks: number[]) {
    this.ticks = ticks;
  }

  markTicks(instrument: number): number {
    return this.ticks[instrument] ?? 0;
  }
}

export interface Stand {
  account: MarginAccount;
  marks: Marks;
}

/** `tiers`: instead of the listed ones, by instrument. */
export function stand(
  instruments: readonly Instrument[],
  markTicks: readonly number[],
  settings: Partial<AccountSettings> = {},
  tiers: readonly (readonly MarginTier[] | undefined)[] = [],
  startPositionLots: readonly number[] = [],
): Stand {
  const marks = new Marks(...markTicks);
  const account = new MarginAccount(instruments, { ...DEFAULT_ACCOUNT, ...settings }, marks, startPositionLots);
  for (const [instrument, table] of tiers.entries()) if (table !== undefined) account.setTiers(instrument, table);
  return { account, marks };
}

export function order(side: 0 | 1, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PlaceOrder {
  return { cloid: 1, instrument: 0, side, priceTicks, sizeLots, tif: 'Gtc', reduceOnly: false, ...more };
}
