/**
 * The exchange once more, slow and obvious: one list of orders that is searched for everything, books as maps, one trade
 * or level at a time. It knows positions, open orders, fills and answers, and nothing of texts.
 */
import { ASK, BID, opposite, type Side } from '../../../core/market.ts';
import type { Action, PlaceOrder } from '../../../core/port.ts';
import type { FrameSpec, Level, TradeSpec } from './support.ts';

interface RefOrder {
  oid: number;
  order: PlaceOrder;
  left: number;
  /** Recorded volume ahead; null: unknown. */
  front: number | null;
  pulled: { byLots: number; atNs: number };
  place: number;
  sinceNs: number;
}

/** The whole range of prices that the tests use. */
const LOWEST = 0;
const HIGHEST = 10_000;

class RefSide {
  readonly side: Side;
  readonly levels = new Map<number, number>();
  /** Prices of which a snapshot or delta said something, from `worst` to `best`; null: none. */
  worst: number | null = null;
  best: number | null = null;
  seen = false;

  constructor(side: Side) {
    this.side = side;
  }

  better(a: number, b: number): boolean {
    return this.side === BID ? a > b : a < b;
  }

  prices(): number[] {
    const held = [...this.levels].filter(([, lots]) => lots > 0).map(([ticks]) => ticks);
    return held.sort((a, b) => (this.better(a, b) ? -1 : 1));
  }

  top(): number | null {
    return this.prices()[0] ?? null;
  }

  /** Null: not shown. */
  shown(ticks: number): number | null {
    const lots = this.levels.get(ticks) ?? 0;
    if (lots > 0) return lots;
    if (!this.seen) return null;
    const top = this.top();
    if (top === null || this.better(ticks, top)) return 0;
    if (this.worst === null || this.best === null) return null;
    return this.better(ticks, this.best) || this.better(this.worst, ticks) ? null : 0;
  }

  replace(levels: readonly Level[]): void {
    this.levels.clear();
    for (const [ticks, lots] of levels) this.levels.set(ticks, lots);
    const whole = this.side === BID ? LOWEST : HIGHEST;
    this.worst = levels.length < 20 ? whole : (levels.at(-1)?.[0] ?? whole);
    this.best = this.top();
  }

  setTop(level: Level | undefined): void {
    if (level === undefined) {
      this.levels.clear();
      return;
    }
    for (const ticks of this.prices()) if (this.better(ticks, level[0])) this.levels.delete(ticks);
    this.levels.set(level[0], level[1]);
  }
}

export class Reference {
  readonly bids = new RefSide(BID);
  readonly asks = new RefSide(ASK);
  orders: RefOrder[] = [];
  readonly fills: string[] = [];
  position = 0;
  nextOid = 1;

  side(side: Side): RefSide {
    return side === BID ? this.bids : this.asks;
  }

  /** Own orders of a side in matching order. */
  queue(side: Side): RefOrder[] {
    const { better } = this.side(side);
    const own = this.orders.filter(entry => entry.order.side === side);
    return own.sort((a, b) => {
      if (a.order.priceTicks === b.order.priceTicks) return a.place - b.place;
      return better.call(this.side(side), a.order.priceTicks, b.order.priceTicks) ? -1 : 1;
    });
  }

  // ------------------------------------------------------------------------------------------------ frames

  play(nowNs: number, frame: FrameSpec): void {
    if (frame.kind === 'trades') {
      if ((frame.flags ?? 0) !== 0) return;
      for (const trade of frame.trades) this.trade(trade, trade.exchNs ?? nowNs);
      this.holdReduceOnly();
      return;
    }
    for (const [side, levels] of [
      [this.bids, frame.bids ?? []],
      [this.asks, frame.asks ?? []],
    ] as const) {
      side.seen = true;
      if (frame.kind === 'snapshot') side.replace(levels);
      else if (frame.kind === 'bbo') side.setTop(levels[0]);
      else for (const [ticks, lots] of levels) side.levels.set(ticks, lots);
      if (frame.kind === 'delta') side.best = side.top();
    }
    for (const entry of this.orders) this.follow(entry, nowNs);
    this.cross();
    this.holdReduceOnly();
  }

  follow(entry: RefOrder, nowNs: number): void {
    const shown = this.side(entry.order.side).shown(entry.order.priceTicks);
    if (shown === null) return;
    if (entry.front !== null && shown < entry.front) {
      const earlier = entry.pulled.atNs === nowNs ? entry.pulled.byLots : 0;
      entry.pulled = { byLots: earlier + entry.front - shown, atNs: nowNs };
    }
    entry.front = entry.front === null ? shown : Math.min(entry.front, shown);
  }

  cross(): void {
    const bid = this.bids.top();
    const ask = this.asks.top();
    if (bid !== null && ask !== null && bid >= ask) return;
    for (const entry of this.queue(BID)) {
      if (ask !== null && entry.order.priceTicks >= ask) this.fillMaker(entry, entry.left);
    }
    for (const entry of this.queue(ASK)) {
      if (bid !== null && entry.order.priceTicks <= bid) this.fillMaker(entry, entry.left);
    }
  }

  trade(trade: TradeSpec, atNs: number): void {
    const hit = opposite(trade.aggressor);
    let left = trade.lots;
    for (const entry of this.queue(hit)) {
      const ticks = entry.order.priceTicks;
      if (entry.sinceNs > atNs) continue;
      if (this.side(hit).better(ticks, trade.ticks)) {
        this.fillMaker(entry, entry.left);
      } else if (ticks === trade.ticks && entry.front !== null) {
        const known = atNs <= entry.pulled.atNs ? Math.min(left, entry.pulled.byLots) : 0;
        entry.pulled.byLots -= known;
        const fresh = left - known;
        const beyond = Math.max(0, fresh - entry.front);
        entry.front = Math.max(0, entry.front - fresh);
        if (beyond > 0) left -= this.fillMaker(entry, beyond);
      }
    }
  }

  // ------------------------------------------------------------------------------------------------ fills

  fill(entry: RefOrder, ticks: number, lots: number, how: string): void {
    entry.left -= lots;
    this.position += entry.order.side === BID ? lots : -lots;
    this.fills.push(`${entry.oid} ${lots}@${ticks} ${how} ${this.position}`);
  }

  fillMaker(entry: RefOrder, lots: number): number {
    this.cut(entry);
    const filled = Math.min(entry.left, lots);
    if (filled > 0) this.fill(entry, entry.order.priceTicks, filled, 'maker');
    if (entry.left === 0) this.drop(entry);
    return filled;
  }

  drop(entry: RefOrder): void {
    this.orders = this.orders.filter(other => other !== entry);
  }

  closable(side: Side): number {
    return Math.max(0, side === BID ? -this.position : this.position);
  }

  cut(entry: RefOrder): void {
    if (entry.order.reduceOnly) entry.left = Math.min(entry.left, this.closable(entry.order.side));
  }

  /** The oldest go while the sum is too much, and the last is cut. */
  holdReduceOnly(): void {
    for (const side of [BID, ASK] as const) {
      const closable = this.closable(side);
      const held = () =>
        this.orders.filter(entry => entry.order.reduceOnly && entry.order.side === side).sort((a, b) => a.oid - b.oid);
      const sum = () => held().reduce((total, entry) => total + entry.left, 0);
      while (sum() > closable && (held().length > 1 || closable === 0)) this.drop(held()[0]);
      for (const entry of held()) this.cut(entry);
    }
  }

  // ------------------------------------------------------------------------------------------------ actions

  act(nowNs: number, action: Action): string[] {
    switch (action.type) {
      case 'order':
        return action.orders.map(order => this.place(nowNs, order, null));
      case 'cancel':
        return action.cancels.map(({ oid }) => this.cancel(this.orders.find(entry => entry.oid === oid)));
      case 'cancelByCloid':
        return action.cancels.map(({ cloid }) => this.cancel(this.orders.find(entry => entry.order.cloid === cloid)));
      case 'batchModify':
        return action.modifies.map(({ oid, order }) => {
          const old = this.orders.find(entry => entry.oid === oid);
          if (order.tif === 'Ioc') return 'error';
          if (old === undefined) return action.alwaysPlace ? this.place(nowNs, order, null) : 'error';
          this.drop(old);
          return this.place(nowNs, { ...order, tif: 'Alo' }, this.keepsPlace(order, old) ? old : null);
        });
      default:
        return [];
    }
  }

  cancel(entry: RefOrder | undefined): string {
    if (entry === undefined) return 'error';
    this.drop(entry);
    return 'success';
  }

  /** Made smaller at its price, an order keeps its oid and its place. */
  keepsPlace(order: PlaceOrder, old: RefOrder): boolean {
    const lots = order.reduceOnly ? Math.min(order.sizeLots, this.closable(order.side)) : order.sizeLots;
    return old.order.side === order.side && old.order.priceTicks === order.priceTicks && lots <= old.left;
  }

  /** `old`: the order that this one is, made smaller in its place. */
  place(nowNs: number, order: PlaceOrder, old: RefOrder | null): string {
    const refused = this.isRefused(order);
    const oid = old === null || refused ? this.nextOid++ : old.oid;
    if (refused) return 'error';
    const lots = order.reduceOnly ? Math.min(order.sizeLots, this.closable(order.side)) : order.sizeLots;
    const limit = order.priceTicks;
    const levels = this.inReach(order);
    const other = this.side(opposite(order.side));
    const own = () => this.ownInReach(order);
    const entry: RefOrder = {
      oid,
      order,
      left: lots,
      front: null,
      pulled: { byLots: 0, atNs: 0 },
      place: oid,
      sinceNs: nowNs,
    };
    for (const ticks of levels) {
      if (entry.left === 0) break;
      for (const mine of own()) {
        if (mine.order.priceTicks === ticks || other.better(mine.order.priceTicks, ticks)) this.drop(mine);
      }
      this.fill(entry, ticks, Math.min(entry.left, other.levels.get(ticks) ?? 0), 'taker');
    }
    if (entry.left > 0) for (const mine of own()) this.drop(mine);
    const filled = lots - entry.left;
    if (entry.left > 0 && order.tif !== 'Ioc') {
      entry.front = this.side(order.side).shown(limit);
      if (old !== null) {
        Object.assign(entry, { front: old.front, pulled: old.pulled, place: old.place, sinceNs: old.sinceNs });
      }
      this.orders.push(entry);
      this.orders.sort((a, b) => a.oid - b.oid);
    }
    this.holdReduceOnly();
    if (filled > 0) return `filled ${oid} ${filled}`;
    return order.tif === 'Ioc' ? 'error' : `resting ${oid}`;
  }

  isRefused(order: PlaceOrder): boolean {
    if (this.orders.some(entry => entry.order.cloid === order.cloid)) return true;
    if (order.reduceOnly && this.closable(order.side) === 0) return true;
    return order.tif === 'Alo' && (this.inReach(order).length > 0 || this.ownInReach(order).length > 0);
  }

  /** Recorded prices that the order could take at, best first. */
  inReach(order: PlaceOrder): number[] {
    const other = this.side(opposite(order.side));
    return other.prices().filter(ticks => ticks === order.priceTicks || other.better(ticks, order.priceTicks));
  }

  ownInReach(order: PlaceOrder): RefOrder[] {
    const other = this.side(opposite(order.side));
    return this.queue(opposite(order.side)).filter(
      ({ order: { priceTicks } }) => priceTicks === order.priceTicks || other.better(priceTicks, order.priceTicks),
    );
  }
}
