/** Small makers of the things that observers are told. */
import { ASK, BID, type Instrument, type Side } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import type { HandledWork, OrderTruth } from '../../sim/truth.ts';

export const BTC: Instrument = {
  symbol: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  significantFigures: 5,
  minNotionalUsd: 10,
};

export const S = 1_000_000_000;

export function order(oid: number, changes: Partial<OrderTruth> = {}): OrderTruth {
  const base = { cloid: oid, instrument: 0, side: BID as Side, priceTicks: 1_000_000, originalLots: 100 };
  const made = { ...base, ...changes };
  return { oid, reduceOnly: false, remainingLots: made.originalLots, ...made };
}

export function fill(of: OrderTruth, sizeLots: number, changes: Partial<Fill> = {}): Fill {
  return {
    tid: of.oid,
    oid: of.oid,
    cloid: of.cloid,
    instrument: of.instrument,
    side: of.side,
    priceTicks: of.priceTicks,
    sizeLots,
    exchNs: 0,
    startPositionLots: 0,
    crossed: false,
    feeUsd: 0,
    ...changes,
  };
}

/** What the CPU's ledger says of a message in which nothing special was done. */
export function work(changes: Partial<HandledWork> = {}): HandledWork {
  return { event: 0, kind: 'book', waitedNs: 0, cycles: 0, spills: 0, ...changes };
}

export { ASK, BID };
