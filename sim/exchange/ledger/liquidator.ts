/**
 * Liquidation (hyperliquid, section 6.4), each time that a mark moved, money left or a fill was booked.
 *
 * Below its maintenance margin a position is closed by market orders: whole, or a fifth of it where it is larger than
 * $100,000, after which there are 30 s in which orders are for the whole again. What the book does not take stays. Below
 * two thirds of the maintenance margin the liquidator takes over what is left, and the margin with it. Open orders end
 * first. Cross positions share their margin and are closed one after the other, in order of instrument, until it is
 * enough; an isolated one stands and falls alone.
 */
import { ASK, BID, type Side } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { MarginAccount } from './margin-account.ts';
import { type Money, toUsd } from './money.ts';

/** What a liquidation makes of the exchange. */
export interface LiquidationActions {
  /** Ends every open order of an instrument as `liquidatedCanceled`. */
  cancelOrders(nowNs: number, instrument: number): void;
  /** Sends a market order for the account, at any price. Its fills are booked when this returns. */
  closeAtMarket(nowNs: number, instrument: number, side: Side, sizeLots: number): void;
  /** The liquidator takes over a position; it is booked by the caller afterwards. */
  takeOver(nowNs: number, instrument: number, side: Side, sizeLots: number, priceTicks: number): void;
  /** Something was closed or taken over; the figures are those before. */
  liquidated(nowNs: number, notionalUsd: number, accountValueUsd: number): void;
}

const PARTIAL_ABOVE_USD = 100_000;
/** A partial order is for a fifth. */
const PARTIAL_DIVISOR = 5;
const COOLDOWN_NS = 30 * NS_PER_S;

interface State {
  wholeUntilNs: number;
}

export class Liquidator {
  readonly #account: MarginAccount;
  readonly #actions: LiquidationActions;
  /** Until then orders are for whole positions. */
  #wholeUntilNs = Number.NEGATIVE_INFINITY;

  constructor(account: MarginAccount, actions: LiquidationActions) {
    this.#account = account;
    this.#actions = actions;
  }

  /** Liquidates what is below its maintenance margin now. Cheap while nothing is. */
  check(nowNs: number): void {
    const account = this.#account;
    if (account.isCalm) return;
    if (!account.crossIsMaintained()) this.#liquidateCross(nowNs);
    for (let instrument = 0; instrument < account.ledger.instruments; instrument++) {
      const { isCross, lots } = account.ledger.holding(instrument);
      if (isCross || lots === 0 || account.isolatedIsMaintained(instrument)) continue;
      this.#liquidateIsolated(nowNs, instrument);
    }
  }

  #liquidateCross(nowNs: number): void {
    const account = this.#account;
    const { notionalUsd, valueUsd } = account.margin.cross();
    const instruments: number[] = [];
    for (let instrument = 0; instrument < account.ledger.instruments; instrument++) {
      const { isCross, lots } = account.ledger.holding(instrument);
      if (!isCross) continue;
      this.#actions.cancelOrders(nowNs, instrument);
      if (lots !== 0) instruments.push(instrument);
    }
    const wholeUntilNs = this.#wholeUntilNs;
    let changed = false;
    for (const instrument of instruments) {
      if (this.#sendOrder(nowNs, instrument, nowNs < wholeUntilNs)) changed = true;
      if (account.crossIsMaintained()) break;
    }
    const after = account.margin.cross();
    if (isBackstopped(after.valueUsd, after.maintenanceUsd)) {
      const held = instruments.filter(instrument => account.ledger.holding(instrument).lots !== 0);
      for (const instrument of held) this.#takeOver(nowNs, instrument);
      account.seizeCross(held);
      changed = true;
    }
    if (changed) this.#actions.liquidated(nowNs, toUsd(notionalUsd), toUsd(valueUsd));
  }

  #liquidateIsolated(nowNs: number, instrument: number): void {
    const account = this.#account;
    const notional = account.margin.worth(instrument).abs();
    const value = account.margin.isolatedEquity(instrument);
    this.#actions.cancelOrders(nowNs, instrument);
    let changed = this.#sendOrder(nowNs, instrument, nowNs < this.#wholeUntilNs);
    const isHeld = account.ledger.holding(instrument).lots !== 0;
    if (isHeld && isBackstopped(account.margin.isolatedEquity(instrument), account.margin.maintenance(instrument))) {
      this.#takeOver(nowNs, instrument);
      account.seizeIsolated(instrument);
      changed = true;
    }
    if (changed) this.#actions.liquidated(nowNs, toUsd(notional), toUsd(value));
  }

  /** True: some of it was filled. */
  #sendOrder(nowNs: number, instrument: number, whole: boolean): boolean {
    const { lots } = this.#account.ledger.holding(instrument);
    const size = Math.abs(lots);
    const isPartial = !whole && this.#account.margin.worth(instrument).abs().gt(PARTIAL_ABOVE_USD);
    if (isPartial) this.#wholeUntilNs = nowNs + COOLDOWN_NS;
    const sizeLots = isPartial ? Math.ceil(size / PARTIAL_DIVISOR) : size;
    this.#actions.closeAtMarket(nowNs, instrument, lots > 0 ? ASK : BID, sizeLots);
    return this.#account.ledger.holding(instrument).lots !== lots;
  }

  #takeOver(nowNs: number, instrument: number): void {
    const { lots } = this.#account.ledger.holding(instrument);
    const side = lots > 0 ? ASK : BID;
    this.#actions.takeOver(nowNs, instrument, side, Math.abs(lots), this.#account.markTicks(instrument));
  }

  snapshot(): unknown {
    const state: State = { wholeUntilNs: this.#wholeUntilNs };
    return state;
  }

  restore(from: unknown): void {
    this.#wholeUntilNs = (from as State).wholeUntilNs;
  }
}

/** Below two thirds of the maintenance margin, and of some: an account that holds nothing any more is not. */
function isBackstopped(valueUsd: Money, maintenanceUsd: Money): boolean {
  return maintenanceUsd.gt(0) && valueUsd.times(3).lt(maintenanceUsd.times(2));
}
