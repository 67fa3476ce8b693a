import { expect } from 'vitest';
import { BID } from '../../../core/market.ts';
import type { Fill } from '../../../core/port.ts';
import type { OrderRemoval, OrderTruth } from '../../../sim/truth.ts';
import { Journal } from './support.ts';

/** Holds what the exchange tells to the promises that it makes about it. */
export class Auditor extends Journal {
  readonly live = new Map<number, { order: OrderTruth; filled: number }>();

  override accepted(order: OrderTruth, replaces: number): void {
    super.accepted(order, replaces);
    expect(this.live.has(order.oid)).toBe(false);
    this.live.set(order.oid, { order, filled: 0 });
  }

  override filled(fill: Fill, positionLots: number): void {
    super.filled(fill, positionLots);
    const entry = this.live.get(fill.oid);
    if (entry === undefined) throw new Error(`fill of ${fill.oid}, which is not live`);
    entry.filled += fill.sizeLots;
    expect(fill.startPositionLots + (fill.side === BID ? 1 : -1) * fill.sizeLots).toBe(positionLots);
    if (entry.order.reduceOnly) expect(Math.abs(positionLots)).toBeLessThan(Math.abs(fill.startPositionLots));
    const better =
      fill.side === BID ? fill.priceTicks < entry.order.priceTicks : fill.priceTicks > entry.order.priceTicks;
    expect(better && !fill.crossed).toBe(false);
  }

  override removed(order: OrderTruth, why: OrderRemoval): void {
    super.removed(order, why);
    const entry = this.live.get(order.oid);
    if (entry === undefined) throw new Error(`end of ${order.oid}, which is not live`);
    expect(entry.filled + order.remainingLots).toBe(order.originalLots);
    expect(why === 'filled').toBe(order.remainingLots === 0);
    this.live.delete(order.oid);
  }

  /** Takes over which orders are open. */
  adopt(other: Auditor): void {
    for (const [oid, entry] of other.live) this.live.set(oid, { ...entry });
  }
}
