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

  holdReduceOnly(): void {
    for (const entry of this.orders) {
      this.cut(entry);
      if (entry.left === 0) this.drop(entry);
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
          if (old === undefined || order.tif === 'Ioc') return 'error';
          this.drop(old);
          return this.place(nowNs, { ...order, tif: 'Alo' }, old);
        });
    }
  }

  cancel(entry: RefOrder | undefined): string {
    if (entry === undefined) return 'error';
    this.drop(entry);
    return 'success';
  }

  place(nowNs: number, order: PlaceOrder, old: RefOrder | null): string {
    const oid = this.nextOid++;
    if (this.orders.some(entry => entry.order.cloid === order.cloid)) return 'error';
    const closable = this.closable(order.side);
    if (order.reduceOnly && closable === 0) return 'error';
    const lots = order.reduceOnly ? Math.min(order.sizeLots, closable) : order.sizeLots;
    const limit = order.priceTicks;
    const other = this.side(opposite(order.side));
    const inReach = (ticks: number) => ticks === limit || other.better(ticks, limit);
    const own = () => this.queue(opposite(order.side)).filter(entry => inReach(entry.order.priceTicks));
    const levels = other.prices().filter(inReach);
    if (order.tif === 'Alo' && (levels.length > 0 || own().length > 0)) return 'error';
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
      const smaller =
        old !== null && old.order.side === order.side && old.order.priceTicks === limit && lots <= old.left;
      if (smaller)
        Object.assign(entry, { front: old.front, pulled: old.pulled, place: old.place, sinceNs: old.sinceNs });
      this.orders.push(entry);
    }
    if (filled > 0) this.holdReduceOnly();
    if (filled > 0) return `filled ${oid} ${filled}`;
    return order.tif === 'Ioc' ? 'error' : `resting ${oid}`;
  }
}
