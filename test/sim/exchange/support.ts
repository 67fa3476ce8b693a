/** A small exchange to play frames and actions to, and a journal of everything that it tells. */
import { ASK, BID, FEED_INDEX, type Instrument, type Side } from '../../../core/market.ts';
import type { Action, Fill, OrderUpdate, PlaceOrder, PostItem, UserEvent } from '../../../core/port.ts';
import { BBO, DELTA, SNAPSHOT, type Tape, TRADES } from '../../../recordings/tape.ts';
import {
  type ActionReply,
  DEFAULT_EXCHANGE,
  type ExchangeEvents,
  type ExchangeSettings,
} from '../../../sim/exchange/exchange.ts';
import { ReplayExchange } from '../../../sim/exchange/replay/replay-exchange.ts';
import type { OrderRemoval, OrderTruth } from '../../../sim/truth.ts';

/** A coin with a tick of $0.1 and a lot of 0.001, so that 1,000 ticks × 10 lots are the minimum of $1. */
export const COIN: Instrument = {
  symbol: 'COIN',
  priceDecimals: 1,
  sizeDecimals: 3,
  significantFigures: 5,
  minNotionalUsd: 1,
};

export type Level = readonly [ticks: number, lots: number];

export type FrameSpec =
  | {
      kind: 'snapshot' | 'delta' | 'bbo' | 'fast';
      bids?: readonly Level[];
      asks?: readonly Level[];
      updateId?: number;
      instrument?: number;
    }
  | { kind: 'trades'; trades: readonly TradeSpec[]; flags?: number; instrument?: number };

export interface TradeSpec {
  aggressor: Side;
  ticks: number;
  lots: number;
  /** The frame's time, where it is left out. */
  exchNs?: number;
}

const KINDS = { snapshot: SNAPSHOT, delta: DELTA, bbo: BBO, fast: SNAPSHOT, trades: TRADES } as const;
const FEEDS_OF = { snapshot: 'l2Book', delta: 'l2Book', bbo: 'bbo', fast: 'fastBook', trades: 'trades' } as const;

/** A tape of one frame. */
export function tapeOf(instruments: readonly Instrument[], spec: FrameSpec, exchNs: number): Tape {
  const levels = spec.kind === 'trades' ? [] : [...sideRows(BID, spec.bids), ...sideRows(ASK, spec.asks)];
  const trades = spec.kind === 'trades' ? spec.trades : [];
  const rows = Math.max(levels.length, trades.length);
  return {
    name: 'test',
    identity: 'sha256:test',
    originNs: '0',
    source: { format: 'test', file: 'test', recvShiftNs: 0, recorded: false },
    instruments,
    frames: {
      recvNs: Float64Array.of(exchNs),
      exchNs: Float64Array.of(exchNs),
      kind: Uint8Array.of(KINDS[spec.kind]),
      feed: Uint8Array.of(FEED_INDEX[FEEDS_OF[spec.kind]]),
      instrument: Uint16Array.of(spec.instrument ?? 0),
      flags: Uint8Array.of(spec.kind === 'trades' ? (spec.flags ?? 0) : 0),
      updateId: Float64Array.of(spec.kind === 'trades' ? 0 : (spec.updateId ?? 0)),
      previousUpdateId: Float64Array.of(0),
      firstRow: Int32Array.of(0),
      rowCount: Int32Array.of(rows),
    },
    levels: {
      side: Uint8Array.from(levels, level => level.side),
      priceTicks: Int32Array.from(levels, level => level.ticks),
      sizeLots: Float64Array.from(levels, level => level.lots),
      orders: new Uint32Array(levels.length),
    },
    trades: {
      aggressor: Uint8Array.from(trades, trade => trade.aggressor),
      priceTicks: Int32Array.from(trades, trade => trade.ticks),
      sizeLots: Float64Array.from(trades, trade => trade.lots),
      tradeId: new Float64Array(trades.length),
      exchNs: Float64Array.from(trades, trade => trade.exchNs ?? exchNs),
    },
    exchangeOrder: Uint32Array.of(0),
  };
}

function sideRows(side: Side, levels: readonly Level[] = []): { side: Side; ticks: number; lots: number }[] {
  return levels.map(([ticks, lots]) => ({ side, ticks, lots }));
}

/** Writes down what the exchange tells: one short line each, and the messages in full. */
export class Journal implements ExchangeEvents {
  readonly lines: string[] = [];
  readonly fills: Fill[] = [];
  readonly updates: OrderUpdate[] = [];
  /** Kept beside the lines, since nothing but the `user` channel hangs on them. */
  readonly userEvents: UserEvent[] = [];

  accepted(order: OrderTruth, replaces: number): void {
    this.lines.push(`accepted ${order.oid} ${order.remainingLots}${replaces === 0 ? '' : ` for ${replaces}`}`);
  }

  removed(order: OrderTruth, why: OrderRemoval): void {
    this.lines.push(`removed ${order.oid} ${why} ${order.remainingLots}/${order.originalLots}`);
  }

  rejected(type: Action['type'], error: string): void {
    this.lines.push(`rejected ${type} ${error}`);
  }

  filled(fill: Fill, positionLots: number): void {
    this.fills.push(fill);
    const how = fill.crossed ? 'taker' : 'maker';
    this.lines.push(`filled ${fill.oid} ${fill.sizeLots}@${fill.priceTicks} ${how} position ${positionLots}`);
  }

  orderUpdate(update: OrderUpdate): void {
    this.updates.push(update);
    this.lines.push(`update ${update.oid} ${update.status} ${update.remainingLots}/${update.originalLots}`);
  }

  userEvent(event: UserEvent): void {
    this.userEvents.push(event);
  }

  forget(): void {
    for (const kept of [this.lines, this.fills, this.updates, this.userEvents]) kept.length = 0;
  }

  /** The lines since the last call. */
  take(): string[] {
    return this.lines.splice(0);
  }
}

/** Margin is the business of the ledger's own tests. */
export const RICH = { equityUsd: 100_000_000, leverage: 3, isCross: true };

/** An exchange of one coin (or more) with a clock that ticks once a call. */
export class Stand {
  readonly journal = new Journal();
  readonly instruments: readonly Instrument[];
  readonly exchange: ReplayExchange;
  nowNs = 0;
  #nonce = 0;
  #cloid = 0;

  constructor(settings: Partial<ExchangeSettings> = {}, instruments: readonly Instrument[] = [COIN]) {
    this.instruments = instruments;
    this.exchange = new ReplayExchange(instruments, { ...DEFAULT_EXCHANGE, account: RICH, ...settings }, this.journal);
  }

  /** Plays one frame, `afterNs` after what came before. */
  play(spec: FrameSpec, afterNs = 1): void {
    this.nowNs += afterNs;
    this.exchange.applyFrame(this.nowNs, tapeOf(this.instruments, spec, this.nowNs), 0);
  }

  /** A seller (or buyer) trades. */
  sell(ticks: number, lots: number, afterNs = 1): void {
    this.play({ kind: 'trades', trades: [{ aggressor: ASK, ticks, lots }] }, afterNs);
  }

  buy(ticks: number, lots: number, afterNs = 1): void {
    this.play({ kind: 'trades', trades: [{ aggressor: BID, ticks, lots }] }, afterNs);
  }

  act(action: Action): PostItem[] {
    return this.answer(action).items;
  }

  /** As `act`, with the error of the whole action. */
  answer(action: Action, expiresAfterNs = Infinity): ActionReply {
    this.nowNs++;
    return this.exchange.handleAction(this.nowNs, ++this.#nonce, action, expiresAfterNs);
  }

  order(side: Side, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PlaceOrder {
    return {
      cloid: ++this.#cloid,
      instrument: 0,
      side,
      priceTicks,
      sizeLots,
      tif: 'Alo',
      reduceOnly: false,
      ...more,
    };
  }

  place(side: Side, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PostItem {
    return this.act({ type: 'order', orders: [this.order(side, priceTicks, sizeLots, more)] })[0];
  }

  cancel(oid: number, instrument = 0): PostItem {
    return this.act({ type: 'cancel', cancels: [{ instrument, oid }] })[0];
  }

  modify(oid: number, side: Side, priceTicks: number, sizeLots: number, more: Partial<PlaceOrder> = {}): PostItem {
    const order = this.order(side, priceTicks, sizeLots, more);
    return this.act({ type: 'batchModify', modifies: [{ oid, order }] })[0];
  }

  /** Sizes filled, oid by oid, in order of the fills: `1:5@1000`. */
  fills(): string[] {
    return this.journal.fills.map(fill => `${fill.oid}:${fill.sizeLots}@${fill.priceTicks}`);
  }
}
