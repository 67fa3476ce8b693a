/**
 * `AffectedTracker` (playbook 2.1): which sides and which orders the events since the last reconciliation have touched, and so how much
 * the next one has to look at.
 *
 *   nothing marked → null          both sides → Full            one side, no order named → SideOnly
 *   one side with orders → SideAndLevels                        orders alone → LevelsOnly
 *
 * Marks merge upwards only: a side absorbs its orders, two sides are everything.
 */
import { ASK, BID, type BySide, opposite, SIDES, type Side } from '../market.ts';

/** How much a reconciliation has to look at. */
export type ReconcileScope =
  /** Both sides, every order. */
  | { readonly type: 'Full' }
  /** Every order of a side; the other one is left as it is. */
  | { readonly type: 'SideOnly'; readonly side: Side }
  /** A side: what is missing is placed, and of what rests only the named orders are touched. */
  | { readonly type: 'SideAndLevels'; readonly side: Side; readonly oids: readonly number[] }
  /** Nothing but the named orders, of either side. */
  | { readonly type: 'LevelsOnly'; readonly oids: readonly number[] };

export const FULL_SCOPE: ReconcileScope = { type: 'Full' };

/** So many named orders of a side are as good as the whole side. */
const MAX_OIDS = 16;

export class AffectedTracker {
  /** By side: touched as a whole, or in the orders named below alone. */
  readonly #whole: BySide<boolean> = [false, false];
  readonly #sided: BySide<boolean> = [false, false];
  readonly #oids: BySide<number[]> = [[], []];

  /** A price moved, or whatever else changes what both sides should be. */
  markBoth(): void {
    for (const side of SIDES) this.markSide(side);
  }

  /** Something happened on a side. */
  markSide(side: Side): void {
    this.#whole[side] = true;
    this.#sided[side] = true;
    this.#oids[side].length = 0;
  }

  /** Something happened to an order, and its side has to be looked at: a fill. */
  markOrder(side: Side, oid: number): void {
    this.#sided[side] = true;
    this.#name(side, oid);
  }

  /** An order should lie elsewhere, and nothing else is touched by that. */
  markLevel(side: Side, oid: number): void {
    this.#name(side, oid);
  }

  #name(side: Side, oid: number): void {
    const oids = this.#oids[side];
    if (this.#whole[side] || oids.includes(oid)) return;
    if (oids.length === MAX_OIDS) this.markSide(side);
    else oids.push(oid);
  }

  /** What is marked; null where nothing is. */
  scope(): ReconcileScope | null {
    const [bid, ask] = this.#sided;
    if (bid && ask) return FULL_SCOPE;
    if (!bid && !ask) {
      const oids = [...this.#oids[BID], ...this.#oids[ASK]];
      return oids.length === 0 ? null : { type: 'LevelsOnly', oids };
    }
    const side = bid ? BID : ASK;
    if (this.#oids[opposite(side)].length > 0) return FULL_SCOPE;
    return this.#whole[side]
      ? { type: 'SideOnly', side }
      : { type: 'SideAndLevels', side, oids: this.#oids[side].slice() };
  }

  clear(): void {
    for (const side of SIDES) {
      this.#whole[side] = false;
      this.#sided[side] = false;
      this.#oids[side].length = 0;
    }
  }

  snapshot(): unknown {
    return { whole: [...this.#whole], sided: [...this.#sided], oids: this.#oids.map(oids => [...oids]) };
  }

  restore(state: unknown): void {
    const from = state as { whole: BySide<boolean>; sided: BySide<boolean>; oids: BySide<number[]> };
    for (const side of SIDES) {
      this.#whole[side] = from.whole[side];
      this.#sided[side] = from.sided[side];
      this.#oids[side] = [...from.oids[side]];
    }
  }
}
