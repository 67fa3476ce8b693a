/**
 * Every order that the core sends obeys tick, lot and minimum notional. Orders that close may be smaller: reduce-only
 * ones, and those against the position that are not larger than it.
 */
import { BID, type Instrument } from '../../core/market.ts';
import type { Command, Fill, PlaceOrder } from '../../core/port.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';
import { type Invariant, ViolationList } from './invariant.ts';
import { notionalUsd } from './usd.ts';

/** The exchange takes an order that lacks a cent (core facts, appendix of boundaries: notional). */
const NOTIONAL_ROOM_USD = 0.01;

/** Whether the venue takes this price: whole ticks, and either a whole number or of few enough significant figures. */
export function isValidPrice(instrument: Instrument, priceTicks: number): boolean {
  if (!Number.isSafeInteger(priceTicks) || priceTicks <= 0) return false;
  if (instrument.significantFigures === 0) return true;
  if (priceTicks % POWERS_OF_TEN[instrument.priceDecimals] === 0) return true;
  let figures = priceTicks;
  while (figures % 10 === 0) figures /= 10;
  return figures < POWERS_OF_TEN[instrument.significantFigures];
}

interface RulesState {
  violations: unknown;
  positionLots: Float64Array;
}

export class OrderRules implements Invariant {
  readonly invariant = 'order-rules';
  readonly name = 'invariant:order-rules';
  readonly #violations = new ViolationList(this.invariant);
  readonly #instruments: readonly Instrument[];
  readonly #positionLots: Float64Array;

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
    this.#positionLots = new Float64Array(instruments.length);
  }

  onFill(_atNs: number, _event: number, fill: Fill, positionLots: number): void {
    this.#positionLots[fill.instrument] = positionLots;
  }

  onCommand(atNs: number, event: number, command: Command): void {
    if (command.kind !== 'post') return;
    const { action } = command;
    if (action.type === 'order') for (const order of action.orders) this.#look(atNs, event, order);
    else if (action.type === 'batchModify') for (const { order } of action.modifies) this.#look(atNs, event, order);
  }

  #look(atNs: number, event: number, order: PlaceOrder): void {
    const { cloid, priceTicks, sizeLots } = order;
    const instrument = this.#instruments[order.instrument];
    if (!isValidPrice(instrument, priceTicks)) {
      this.#violations.add(atNs, event, `order ${cloid} has an invalid price: ${priceTicks} ticks`);
    }
    if (!Number.isSafeInteger(sizeLots) || sizeLots <= 0) {
      this.#violations.add(atNs, event, `order ${cloid} has an invalid size: ${sizeLots} lots`);
      return;
    }
    const usd = notionalUsd(instrument, priceTicks, sizeLots);
    if (usd < instrument.minNotionalUsd - NOTIONAL_ROOM_USD && !this.#isClosing(order)) {
      this.#violations.add(
        atNs,
        event,
        `order ${cloid} is worth $${usd.toFixed(2)}, the least is $${instrument.minNotionalUsd}`,
      );
    }
  }

  #isClosing(order: PlaceOrder): boolean {
    if (order.reduceOnly) return true;
    const position = this.#positionLots[order.instrument];
    return (order.side === BID ? -position : position) >= order.sizeLots;
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      positionLots: this.#positionLots.slice(),
    } satisfies RulesState;
  }

  restore(state: unknown): void {
    const from = state as RulesState;
    this.#violations.restore(from.violations);
    this.#positionLots.set(from.positionLots);
  }
}
