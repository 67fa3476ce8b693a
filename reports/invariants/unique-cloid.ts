/** No client order id is on two live orders. 0 is none: orders may go without. */
import type { StandingRule } from './standing-orders.ts';

export const uniqueCloid: StandingRule = orders => {
  const oidOf = new Map<number, number>();
  for (const { oid, cloid } of orders.all()) {
    if (cloid === 0) continue;
    const other = oidOf.get(cloid);
    if (other !== undefined) return `client order id ${cloid} is on orders ${other} and ${oid}`;
    oidOf.set(cloid, oid);
  }
  return null;
};
