/**
 * The marked aggressor (design, section 8): somebody who trades with an own order before its turn, so that a fault of fills finds
 * one. It waits for the market's own fills in the first half of a fault's window, then it acts. The truth has its fills as any
 * other; what the fault says of its effect tells who made them.
 */
import { ASK, BID, SIDES, type Side } from '../../../core/market.ts';
import { NS_PER_MS } from '../../../core/scale.ts';
import type { OrderTruth } from '../../truth.ts';
import type { InstrumentParameter, NumberParameter, SideParameter } from '../fault-kind.ts';
import type { OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

/** Where no own order rests, it looks again after this time. */
const RETRY_NS = 50 * NS_PER_MS;

const SIDE_OF = { bid: [BID], ask: [ASK], both: SIDES } as const;

/** What most faults of orders and fills ask for: whose orders they mean. */
export const ORDER_SCOPE: readonly [SideParameter, InstrumentParameter] = [
  { name: 'side', type: 'side', default: 'both', description: 'Side of the own orders that it acts on.' },
  { name: 'instrument', type: 'instrument', description: 'Instrument that it acts on; every one without it.' },
];

/**
 * How much of an order the aggressor takes. A fill of a whole order is a fifth of the largest position: all that follows from it by
 * rights, wider and shifted quotes, would be seen beside the fault.
 */
export const AGGRESSOR_SHARE: NumberParameter = {
  name: 'share',
  type: 'number',
  unit: 'of the order',
  min: 0.01,
  max: 1,
  default: 0.1,
  description: 'How much of the order a marked aggressor fills.',
};

/** The sides and instruments that a fault acts on. */
export class OrderScope {
  readonly sides: readonly Side[];
  readonly #instrument: number;

  constructor({ params }: Fault) {
    this.sides = SIDE_OF[params.side as keyof typeof SIDE_OF];
    this.#instrument = Number(params.instrument);
  }

  has({ instrument, side }: { readonly instrument: number; readonly side: Side }): boolean {
    return (this.#instrument < 0 || this.#instrument === instrument) && this.sides.includes(side);
  }
}

/**
 * The open order that it trades with: the best one that brings the position nearer to zero, else the best one. Null: none rests
 * in the scope.
 */
export function orderToHit({ exchange, instruments }: OverlayWorld, scope: OrderScope): OrderTruth | null {
  let found: OrderTruth | null = null;
  for (let instrument = 0; instrument < instruments.length; instrument++) {
    const positionLots = exchange.positionLots(instrument);
    for (const side of scope.sides) {
      const best = exchange.account.orders.side(instrument, side).at(0);
      if (best === undefined || !scope.has(best)) continue;
      if (positionLots !== 0 && (side === ASK) === positionLots > 0) return best;
      found ??= best;
    }
  }
  return found;
}

export interface AggressorState {
  atNs: number;
  untilNs: number;
}

export class Aggressor {
  readonly #world: OverlayWorld;
  /** When it acts; Infinity: it need not. */
  #atNs = Infinity;
  #untilNs = Infinity;

  constructor(world: OverlayWorld) {
    this.#world = world;
  }

  /** The fault begins, and is `forNs` long. */
  arm(forNs: number): void {
    const { nowNs } = this.#world;
    this.#atNs = nowNs + Math.floor(forNs / 2);
    this.#untilNs = nowNs + forNs;
    this.#world.wakeAt(this.#atNs);
  }

  /** What the fault waited for has come, or it is over. */
  disarm(): void {
    this.#atNs = Infinity;
  }

  /** To be called when the fault is woken up: whether it is to act now. */
  get isDue(): boolean {
    return this.#world.nowNs >= this.#atNs;
  }

  /** There was nothing to trade with: it will look again. */
  later(): void {
    this.#atNs = this.#world.nowNs + RETRY_NS;
    if (this.#atNs < this.#untilNs) this.#world.wakeAt(this.#atNs);
    else this.disarm();
  }

  snapshot(): AggressorState {
    return { atNs: this.#atNs, untilNs: this.#untilNs };
  }

  restore(state: AggressorState): void {
    this.#atNs = state.atNs;
    this.#untilNs = state.untilNs;
  }
}

/** A share of what remains of an order, a lot at least. */
export function shareOf({ remainingLots }: OrderTruth, share: number): number {
  return Math.max(1, Math.round(remainingLots * share));
}

/** Trades with an order, and says so. Returns what was filled, lots. */
export function hit(world: OverlayWorld, order: OrderTruth, lots: number): number {
  const { oid } = order;
  const filledLots = world.market.fillOutOfTurn(world.nowNs, oid, lots);
  if (filledLots > 0) world.tookEffect(`a marked aggressor filled ${filledLots} lots of order ${oid} before its turn`);
  return filledLots;
}
