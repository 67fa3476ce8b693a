/** No client order id is on two live orders. */
import type { StandingRule } from './standing-orders.ts';

export const uniqueCloid: StandingRule = orders => {
  const oidOf = new Map<number, number>();
  for (const { oid, cloid } of orders.all()) {
    const other = oidOf.get(cloid);
    if (other !== undefined) return `client order id ${cloid} is on orders ${other} and ${oid}`;
    oidOf.set(cloid, oid);
  }
  return null;
};
