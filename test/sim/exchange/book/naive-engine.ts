/** A matching engine as one would explain it: one array of orders, sorted anew whenever it is asked. */
import { ASK, BID, type Side } from '../../../../core/market.ts';

export interface NaiveOrder {
  readonly id: number;
  readonly owner: number;
  readonly side: Side;
  readonly ticks: number;
  lots: number;
}

export class NaiveEngine {
  orders: NaiveOrder[] = [];
  /** What happened, in words. */
  readonly told: string[] = [];
  /** Ids of orders that may not be matched. */
  readonly barred = new Set<number>();
  #nextId = 0;

  queue(side: Side): NaiveOrder[] {
    const better = side === BID ? -1 : 1;
    return this.orders.filter(order => order.side === side).sort((a, b) => better * (a.ticks - b.ticks) || a.id - b.id);
  }

  take(owner: number, side: Side, limitTicks: number, lots: number): number {
    let left = lots;
    for (const maker of this.queue(side === BID ? ASK : BID)) {
      if (left === 0 || (side === BID ? maker.ticks > limitTicks : maker.ticks < limitTicks)) break;
      if (maker.owner !== 0 && maker.owner === owner) {
        this.cancel(maker.id);
        this.told.push(`expired ${maker.id}`);
      } else if (this.barred.has(maker.id)) {
        this.cancel(maker.id);
        this.told.push(`barred ${maker.id}`);
      } else {
        const traded = Math.min(left, maker.lots);
        left -= traded;
        maker.lots -= traded;
        this.told.push(`matched ${maker.id} of ${maker.owner} by ${owner}/${side} at ${maker.ticks}: ${traded}`);
        if (maker.lots === 0) this.cancel(maker.id);
      }
    }
    return left;
  }

  rest(owner: number, side: Side, ticks: number, lots: number): number {
    const id = this.#nextId++;
    this.orders.push({ id, owner, side, ticks, lots });
    return id;
  }

  cancel(id: number): void {
    this.orders = this.orders.filter(order => order.id !== id);
  }

  /** Rows of [side, price, size, orders]. */
  levels(depth: number): number[][] {
    return [BID, ASK].flatMap(side => {
      const queue = this.queue(side as Side);
      const prices = [...new Set(queue.map(order => order.ticks))].slice(0, depth);
      return prices.map(ticks => {
        const level = queue.filter(order => order.ticks === ticks);
        return [side, ticks, level.reduce((sum, order) => sum + order.lots, 0), level.length];
      });
    });
  }
}
