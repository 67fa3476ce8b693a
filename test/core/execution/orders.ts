/** Orders, updates and fills as the wire has them, for tests of what follows own orders. */
import { BID } from '../../../core/market.ts';
import type { Fill, OpenOrder, OrderUpdate, PlaceOrder } from '../../../core/port.ts';

export function placeOrder(change: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    cloid: 1,
    instrument: 0,
    side: BID,
    priceTicks: 10_000,
    sizeLots: 10,
    tif: 'Alo',
    reduceOnly: false,
    ...change,
  };
}

export function orderUpdate(change: Partial<OrderUpdate> = {}): OrderUpdate {
  return {
    oid: 101,
    cloid: 1,
    instrument: 0,
    side: BID,
    limitTicks: 10_000,
    originalLots: 10,
    remainingLots: 10,
    status: 'open',
    statusNs: 0,
    ...change,
  };
}

export function fillOf(change: Partial<Fill> = {}): Fill {
  return {
    tid: 1,
    oid: 101,
    cloid: 1,
    instrument: 0,
    side: BID,
    priceTicks: 10_000,
    sizeLots: 4,
    exchNs: 0,
    startPositionLots: 0,
    crossed: false,
    feeUsd: 0,
    ...change,
  };
}

export function openOrder(change: Partial<OpenOrder> = {}): OpenOrder {
  return {
    oid: 101,
    cloid: 1,
    instrument: 0,
    side: BID,
    limitTicks: 10_000,
    remainingLots: 10,
    originalLots: 10,
    ...change,
  };
}
