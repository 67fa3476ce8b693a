/**
 * The exchange: what is the same in a recorded and in a synthetic market. Rules, texts and answers are Hyperliquid's
 * (hyperliquid, sections 2 to 4); where accepted orders go is the venue's business (`venue.ts`).
 *
 * There is no latency in here: an action is carried out when it is handed in, answers are returned, and everything else
 * that happens is told to `ExchangeEvents` in the order in which it happens. The same calls in the same order always give
 * the same answers and events.
 */
import type { Instrument } from '../../core/market.ts';
import type { Action, AssetContext, OpenOrder, PostItem, UserEvent } from '../../core/port.ts';
import { Account, type ExchangeEvents } from './account.ts';
import { type FeeSettings, feeRatesOf } from './fees.ts';
import { Clearing, type ClearingSettings, DEFAULT_CLEARING } from './ledger/clearing.ts';
import { Limits } from './limits/limits.ts';
import { DEFAULT_LIMITS, type LimitSettings } from './limits/settings.ts';
import { Nonces } from './nonces.ts';
import { OrderEntry } from './order-entry.ts';
import {
  ACTION_EXPIRED,
  duplicateNonce,
  isNonceInWindow,
  nonceOutOfWindow,
  ORDERS_ARE_EMPTY,
  overWeightLimit,
} from './order-rules.ts';
import { DEFAULT_REPLAY_FILLS, type ReplayFillSettings } from './replay/replay-matching.ts';
import { ScheduledCancel } from './scheduled-cancel.ts';
import type { BookFrame, Venue } from './venue.ts';

export type { ExchangeEvents } from './account.ts';
export type { BookFrame, BookView, Venue } from './venue.ts';

/** How own orders fill is of a recorded market only. */
export interface ExchangeSettings extends ReplayFillSettings, FeeSettings, ClearingSettings {
  /** Signed, by instrument. Without it every position starts flat. */
  readonly startPositionLots?: readonly number[];
  readonly limits: LimitSettings;
  /** From midnight UTC to the run's time 0, ns: where the exchange's days begin. Without it the run begins at midnight. */
  readonly midnightNs?: number;
}

/** Hyperliquid's tier 0 (hyperliquid, section 6.1). */
export const DEFAULT_EXCHANGE: ExchangeSettings = {
  ...DEFAULT_REPLAY_FILLS,
  ...DEFAULT_CLEARING,
  ...feeRatesOf({ volumeUsd: 0 }),
  limits: DEFAULT_LIMITS,
};

/** The answer to an action, as `PostReplyMessage` carries it. */
export interface ActionReply {
  error: string | null;
  items: PostItem[];
}

interface State {
  venue: unknown;
  account: unknown;
  nonces: unknown;
  entry: unknown;
  scheduledCancel: unknown;
  limits: unknown;
  clearing: unknown;
}

export class Exchange<V extends Venue = Venue> {
  readonly venue: V;
  readonly account: Account;
  readonly limits: Limits;
  readonly clearing: Clearing;
  readonly #events: ExchangeEvents;
  readonly #entry: OrderEntry;
  readonly #nonces = new Nonces();
  readonly #scheduledCancel: ScheduledCancel;

  /** `open` makes the venue that the account's orders go to. */
  constructor(
    instruments: readonly Instrument[],
    settings: ExchangeSettings,
    events: ExchangeEvents,
    open: (account: Account) => V,
  ) {
    const { limits, startPositionLots = [] } = settings;
    this.#events = events;
    this.account = new Account(instruments, settings, startPositionLots, limits.addressStartVolumeUsd, events);
    this.limits = new Limits(instruments, limits, this.account);
    this.venue = open(this.account);
    this.account.restAt(this.venue);
    const midnightNs = settings.midnightNs ?? 0;
    this.#entry = new OrderEntry(instruments, this.venue, this.account, this.limits, events);
    this.#scheduledCancel = new ScheduledCancel(midnightNs);
    const liquidation = {
      cancelOrders: (nowNs: number, instrument: number) => this.#cancelForLiquidation(nowNs, instrument),
      closeAtMarket: this.#entry.closeAtMarket.bind(this.#entry),
      takeOver: this.#entry.takeOver.bind(this.#entry),
    };
    const tell = (event: UserEvent) => events.userEvent(event);
    this.clearing = new Clearing(instruments, settings, startPositionLots, midnightNs, this.venue, liquidation, tell);
    this.account.holdAgainst(this.clearing);
  }

  // ------------------------------------------------------------------------------------------------ actions

  /**
   * Carries an action out, item by item in the order of the batch. `expiresAfterNs`: it is refused after that time.
   *
   * First comes what is wrong with the action itself, then the account's budget of requests: such a refusal concerns the
   * whole action, costs nothing and leaves the nonce unused (where the exchange looks at nonces is not documented; it
   * answers these refusals before the block, hyperliquid, section 5.2). A nonce that was looked at is used up, whatever
   * becomes of the action.
   */
  handleAction(nowNs: number, nonce: number, action: Action, expiresAfterNs = Infinity): ActionReply {
    this.passTime(nowNs);
    const { address, values } = this.limits;
    const requests = batchSize(action);
    const isCancel = action.type === 'cancel' || action.type === 'cancelByCloid';
    const refused = this.#preValidate(action, requests) ?? address.refusal(nowNs, isCancel);
    if (refused !== null) return this.#refuseWhole(action.type, refused);
    if (!isNonceInWindow(nonce, nowNs)) return this.#refuseWhole(action.type, nonceOutOfWindow(nonce));
    if (!this.#nonces.use(nonce)) return this.#refuseWhole(action.type, duplicateNonce(nonce));
    if (nowNs > expiresAfterNs) {
      address.spend(nowNs, requests * values.addressExpiredFactor, isCancel);
      return this.#refuseWhole(action.type, ACTION_EXPIRED);
    }
    address.spend(nowNs, requests, isCancel);
    const reply = this.#carryOut(nowNs, action);
    if (reply.error !== null) address.refund(requests);
    return reply;
  }

  /** What is wrong with an action whatever the account's state; null: nothing. */
  #preValidate(action: Action, size: number): string | null {
    if (size === 0) return ORDERS_ARE_EMPTY;
    const { actionWeight } = this.limits.values;
    if (size > actionWeight) return overWeightLimit(actionWeight);
    if (action.type === 'order') return firstError(action.orders, order => this.#entry.preValidate(order));
    if (action.type === 'batchModify') return firstError(action.modifies, item => this.#entry.preValidate(item.order));
    return null;
  }

  #carryOut(nowNs: number, action: Action): ActionReply {
    const { orders } = this.account;
    const entry = this.#entry;
    switch (action.type) {
      case 'order':
        return done(action.orders.map(order => entry.place(nowNs, order)));
      case 'cancel':
        return done(
          action.cancels.map(item => entry.cancel(nowNs, action.type, item.instrument, orders.byOid(item.oid))),
        );
      case 'cancelByCloid':
        return done(
          action.cancels.map(item => entry.cancel(nowNs, action.type, item.instrument, orders.byCloid(item.cloid))),
        );
      case 'batchModify': {
        const alwaysPlace = action.alwaysPlace === true;
        return done(action.modifies.map(item => entry.modify(nowNs, item.oid, item.order, alwaysPlace)));
      }
      case 'scheduleCancel':
        return this.#whole(action.type, this.#scheduledCancel.set(nowNs, action.atNs, this.account.volumeUsd));
      case 'updateLeverage':
        return this.#whole(action.type, this.account.margin.updateLeverage(nowNs, action));
      case 'updateIsolatedMargin':
        return this.#whole(action.type, this.account.margin.updateIsolatedMargin(nowNs, action));
      case 'noop':
        return done([]);
    }
  }

  /** The answer to an action without items. `error` null: it was done. */
  #whole(type: Action['type'], error: string | null): ActionReply {
    return error === null ? done([]) : this.#refuseWhole(type, error);
  }

  #refuseWhole(type: Action['type'], error: string): ActionReply {
    this.#events.rejected(type, error);
    return { error, items: [] };
  }

  // --------------------------------------------------------------------------------------------------- time

  /** When something is due at the exchange by itself; Infinity: nothing is. */
  get dueNs(): number {
    return Math.min(this.#scheduledCancel.atNs, this.clearing.dueNs);
  }

  /** Does what is due by now. Call it as time passes, at `dueNs` or soon after. */
  passTime(nowNs: number): void {
    this.clearing.passTime(nowNs);
    if (!this.#scheduledCancel.fires(nowNs)) return;
    for (const order of this.account.orders.all()) this.account.end(nowNs, order, 'canceled', 'scheduledCancel');
  }

  /**
   * Oracle, mark, funding rate and open interest of an instrument are now these; margin is looked at by `settle`. A recording
   * without them never tells.
   */
  contextMoved(nowNs: number, instrument: number, context: AssetContext): void {
    this.clearing.contextMoved(instrument, context);
    const { market } = this.limits;
    market.contextMoved(nowNs, instrument, context.oracleTicks, context.openInterestLots);
    if (!market.isAtOpenInterestCap(instrument) || !this.account.orders.any(instrument)) return;
    // Only the status is known (hyperliquid, section 3.6). Each order is held against the position by itself, as it would be
    // if it were placed now.
    const positionLots = this.account.positionLots(instrument);
    for (const order of this.account.orders.all()) {
      if (order.instrument !== instrument || !market.leavesAtCap(order, positionLots)) continue;
      this.account.endUnasked(nowNs, order, 'openInterestCapCanceled');
    }
  }

  /**
   * Somebody trades with an open order of ours before its turn. Returns what was filled, 0 where there is no such order. To be told
   * apart from what the market does only by whoever asks for it: the truth has it as any fill.
   */
  fillOutOfTurn(nowNs: number, oid: number, lots: number): number {
    const order = this.account.orders.byOid(oid);
    return order === undefined ? 0 : this.venue.fillOutOfTurn(nowNs, order, Math.min(lots, order.remainingLots));
  }

  /** Liquidates what is below its maintenance margin. Call it when the market has moved. */
  settle(nowNs: number): void {
    this.clearing.settle(nowNs);
  }

  #cancelForLiquidation(nowNs: number, instrument: number): void {
    for (const order of this.account.orders.all()) {
      if (order.instrument === instrument) this.account.endUnasked(nowNs, order, 'liquidatedCanceled');
    }
  }

  // ------------------------------------------------------------------------------------------------- queries

  /** All open orders in order of oid, fresh objects. */
  openOrders(): OpenOrder[] {
    return this.account.orders.list();
  }

  /** The account's budget of requests, as `userRateLimit` tells it. */
  rateLimit(): { volumeUsd: number; requestsUsed: number; requestsCap: number } {
    const { requestsUsed, requestsCap } = this.limits.address;
    return { volumeUsd: this.account.volumeUsd, requestsUsed, requestsCap };
  }

  /** Signed. */
  positionLots(instrument: number): number {
    return this.account.positionLots(instrument);
  }

  /** The book as it stands at the exchange. */
  book(instrument: number): ReturnType<V['book']> {
    return this.venue.book(instrument) as ReturnType<V['book']>;
  }

  /** What a new subscriber of the book is sent; null before there is one. */
  bookFrame(instrument: number): BookFrame | null {
    return this.venue.bookFrame(instrument);
  }

  snapshot(): unknown {
    const state: State = {
      venue: this.venue.snapshot(),
      account: this.account.snapshot(),
      nonces: this.#nonces.snapshot(),
      entry: this.#entry.snapshot(),
      scheduledCancel: this.#scheduledCancel.snapshot(),
      limits: this.limits.snapshot(),
      clearing: this.clearing.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.account.restore(state.account);
    this.venue.restore(state.venue);
    this.#nonces.restore(state.nonces);
    this.#entry.restore(state.entry);
    this.#scheduledCancel.restore(state.scheduledCancel);
    this.limits.restore(state.limits);
    this.clearing.restore(state.clearing);
  }
}

/** The first error that `check` finds, or null. */
function firstError<T>(items: readonly T[], check: (item: T) => string | null): string | null {
  for (const item of items) {
    const error = check(item);
    if (error !== null) return error;
  }
  return null;
}

function done(items: PostItem[]): ActionReply {
  return { error: null, items };
}

/** Items of an action; one that has none counts as one. */
export function batchSize(action: Action): number {
  switch (action.type) {
    case 'order':
      return action.orders.length;
    case 'cancel':
    case 'cancelByCloid':
      return action.cancels.length;
    case 'batchModify':
      return action.modifies.length;
    default:
      return 1;
  }
}
