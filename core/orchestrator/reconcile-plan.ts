/**
 * The changes of one cycle, each an order spec in the cycle's arena (playbook 2.5 stage 6, 4.2). A spec says what is to be done at
 * which price and with which size; what else belongs to an order on the wire, and the texts for it, have their room in its bytes.
 *
 * Read it before the next cycle begins: its bytes are used again then.
 */
import type { TrackedOrder } from '../execution/tracked-order.ts';
import { QuoteCycleArena } from '../infra/arena.ts';
import { DEFAULT_ARENA_CAPACITY, ORDER_SPEC_BYTES } from '../infra/capacity.ts';
import type { Side } from '../market.ts';

/** Where in a spec its parts lie. */
const KIND = 0;
const SIDE = 1;
const PRICE_TICKS = 2;
const SIZE_LOTS = 10;
const CLOID = 18;
const OID = 26;

const CANCEL = 1;
const MODIFY = 2;
const PLACE = 3;

/** Where one spec lies. */
interface Spec {
  readonly chunk: DataView;
  readonly offset: number;
}

export class ReconcilePlan {
  #arena = new QuoteCycleArena({ capacityBytes: DEFAULT_ARENA_CAPACITY });
  /** Orders to be cancelled and to be modified, in the order in which that was decided. */
  readonly cancels: TrackedOrder[] = [];
  readonly modifies: TrackedOrder[] = [];
  readonly #modifySpecs: Spec[] = [];
  readonly #placeSpecs: Spec[] = [];

  /** A cycle begins: nothing is to be done yet. */
  begin(arena: QuoteCycleArena): void {
    this.#arena = arena;
    this.cancels.length = 0;
    this.modifies.length = 0;
    this.#modifySpecs.length = 0;
    this.#placeSpecs.length = 0;
  }

  cancel(order: TrackedOrder): void {
    this.#spec(CANCEL, order.side, order, order.priceTicks, 0);
    this.cancels.push(order);
  }

  modify(order: TrackedOrder, priceTicks: number, sizeLots: number): void {
    this.#modifySpecs.push(this.#spec(MODIFY, order.side, order, priceTicks, sizeLots));
    this.modifies.push(order);
  }

  place(side: Side, priceTicks: number, sizeLots: number): void {
    this.#placeSpecs.push(this.#spec(PLACE, side, null, priceTicks, sizeLots));
  }

  #spec(kind: number, side: Side, order: TrackedOrder | null, priceTicks: number, sizeLots: number): Spec {
    const offset = this.#arena.take(ORDER_SPEC_BYTES);
    const { chunk } = this.#arena;
    chunk.setUint8(offset + KIND, kind);
    chunk.setUint8(offset + SIDE, side);
    chunk.setFloat64(offset + PRICE_TICKS, priceTicks);
    chunk.setFloat64(offset + SIZE_LOTS, sizeLots);
    chunk.setFloat64(offset + CLOID, order?.cloid ?? 0);
    chunk.setFloat64(offset + OID, order?.oid ?? 0);
    return { chunk, offset };
  }

  /** Number of changes. */
  get count(): number {
    return this.cancels.length + this.modifies.length + this.#placeSpecs.length;
  }

  /** Price and size that the order of a modification is to have; `index` as in `modifies`. */
  modifyPriceTicks(index: number): number {
    return priceOf(this.#modifySpecs[index]);
  }

  modifyLots(index: number): number {
    return lotsOf(this.#modifySpecs[index]);
  }

  /** New orders to be placed. */
  get placeCount(): number {
    return this.#placeSpecs.length;
  }

  placeSide(index: number): Side {
    const { chunk, offset } = this.#placeSpecs[index];
    return chunk.getUint8(offset + SIDE) as Side;
  }

  placePriceTicks(index: number): number {
    return priceOf(this.#placeSpecs[index]);
  }

  placeLots(index: number): number {
    return lotsOf(this.#placeSpecs[index]);
  }
}

function priceOf({ chunk, offset }: Spec): number {
  return chunk.getFloat64(offset + PRICE_TICKS);
}

function lotsOf({ chunk, offset }: Spec): number {
  return chunk.getFloat64(offset + SIZE_LOTS);
}
