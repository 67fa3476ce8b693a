/**
 * Margin checks for the path of every order and every market event: whole micro-USD, each term rounded against the trader.
 *
 * Beside the sum it is known by how much all the rounding can have lowered it. So most checks are settled by integers,
 * and only a sum that comes within those few millionths of zero is a close call, which the exact margin (`margin.ts`)
 * decides. The two never disagree: a test holds them to it.
 */

import { Decimal } from 'decimal.js';
import type { Instrument } from '../../../core/market.ts';
import { POWERS_OF_TEN } from '../../../core/scale.ts';
import type { Ledger } from './ledger.ts';
import type { MarkSource } from './margin.ts';
import type { MarginTable } from './margin-table.ts';
import type { Money } from './money.ts';

export const ENOUGH = 1;
export const TOO_LITTLE = -1;
export const CLOSE_CALL = 0;
/** Whether a sum is at least zero. */
export type QuickAnswer = typeof ENOUGH | typeof TOO_LITTLE | typeof CLOSE_CALL;

const MICROS_PER_USD = 1_000_000;
const MICRO_DECIMALS = 6;
/** 2^50 micro-USD are 1.1 billion USD. So far sums of whole terms are exact, and a product is off by less than one. */
const REACH = 0x4_0000_0000_0000;

export class QuickMargin {
  readonly #ledger: Ledger;
  readonly #tables: readonly MarginTable[];
  readonly #marks: MarkSource;
  /** A tick times a lot is so many micro-USD … */
  readonly #microsPerUnit: readonly number[];
  /** … or so many of them are one micro-USD. */
  readonly #unitsPerMicro: readonly number[];
  /** Rounded down, as of the last posting. */
  #crossMicros = 0;
  readonly #potMicros: Float64Array;
  /** Positions held, by instrument. */
  readonly #held: number[] = [];
  /** By instrument: while every mark is between these, each position has its maintenance margin (`isCalm`). */
  readonly #calmFromTicks: Float64Array;
  readonly #calmToTicks: Float64Array;
  // The sum under way: rounded down, how far its terms reach, and by how much at most it is too low.
  #sum = 0;
  #reach = 0;
  #slack = 0;

  constructor(instruments: readonly Instrument[], ledger: Ledger, tables: readonly MarginTable[], marks: MarkSource) {
    this.#ledger = ledger;
    this.#tables = tables;
    this.#marks = marks;
    const decimals = instruments.map(({ priceDecimals, sizeDecimals }) => priceDecimals + sizeDecimals);
    this.#microsPerUnit = decimals.map(count => POWERS_OF_TEN[Math.max(0, MICRO_DECIMALS - count)]);
    this.#unitsPerMicro = decimals.map(count => POWERS_OF_TEN[Math.max(0, count - MICRO_DECIMALS)]);
    this.#potMicros = new Float64Array(instruments.length);
    this.#calmFromTicks = new Float64Array(instruments.length);
    this.#calmToTicks = new Float64Array(instruments.length);
    this.refresh();
  }

  /** To be called after every posting to the ledger, and when margin tiers have changed. */
  refresh(): void {
    this.#calmFromTicks.fill(Infinity);
    this.#calmToTicks.fill(-Infinity);
    this.#crossMicros = microsLow(this.#ledger.crossUsd);
    this.#held.length = 0;
    for (let instrument = 0; instrument < this.#ledger.instruments; instrument++) {
      const { lots, potUsd } = this.#ledger.holding(instrument);
      this.#potMicros[instrument] = lots === 0 ? 0 : microsLow(potUsd);
      if (lots !== 0) this.#held.push(instrument);
    }
  }

  /** True while some position is held. */
  get holdsAny(): boolean {
    return this.#held.length !== 0;
  }

  /** Is `Margin.surplusWith` of the same arguments at least zero? */
  surplusWith(instrument: number, lots: number, leverage: number, elseTicks: number): QuickAnswer {
    const { isCross, lots: heldLots } = this.#ledger.holding(instrument);
    const ticks = this.#marks.markTicks(instrument) || elseTicks;
    this.#start(this.#crossMicros);
    for (const held of this.#held) {
      const holding = this.#ledger.holding(held);
      if (!holding.isCross) continue;
      const heldTicks = this.#marks.markTicks(held);
      this.#addWorth(held, heldTicks, holding.lots);
      if (held !== instrument) this.#takeInitial(held, heldTicks, holding.lots, holding.leverage);
    }
    this.#takeInitial(instrument, ticks, lots, leverage);
    if (!isCross && heldLots !== 0) {
      const opposes = heldLots > 0 !== lots > 0;
      if (opposes) this.#addEquity(instrument, ticks, heldLots);
      else this.#addHeld(instrument, ticks, heldLots, leverage);
    }
    return this.#answer();
  }

  /** Are the cross positions worth at least their maintenance margin? */
  crossIsMaintained(): QuickAnswer {
    this.#start(this.#crossMicros);
    for (const held of this.#held) {
      const { isCross, lots } = this.#ledger.holding(held);
      if (!isCross) continue;
      const ticks = this.#marks.markTicks(held);
      this.#addWorth(held, ticks, lots);
      this.#takeMaintenance(held, ticks, lots);
    }
    return this.#answer();
  }

  /** Is an isolated position worth at least its maintenance margin? */
  isolatedIsMaintained(instrument: number): QuickAnswer {
    const { lots } = this.#ledger.holding(instrument);
    const ticks = this.#marks.markTicks(instrument);
    this.#start(this.#potMicros[instrument]);
    this.#addWorth(instrument, ticks, lots);
    this.#takeMaintenance(instrument, ticks, lots);
    return this.#answer();
  }

  /**
   * True: every position certainly has its maintenance margin. This is asked at each move of a market, and nearly always a
   * glance at the marks answers it: from the surplus that there was when all was last added up follows how far they may go.
   */
  isCalm(): boolean {
    return this.#marksAreCalm() || (this.#calmDown() && this.#marksAreCalm());
  }

  #marksAreCalm(): boolean {
    for (let at = 0; at < this.#held.length; at++) {
      const held = this.#held[at];
      const ticks = this.#marks.markTicks(held);
      // The form in which a mark that is no number is not calm.
      if (!(ticks >= this.#calmFromTicks[held] && ticks <= this.#calmToTicks[held])) return false;
    }
    return true;
  }

  /** Adds up what there is beyond the maintenance margin, and shares it out as room for the marks. False: there is none. */
  #calmDown(): boolean {
    let cross = 0;
    for (const held of this.#held) {
      const { isCross } = this.#ledger.holding(held);
      if (isCross) cross++;
      else if (this.isolatedIsMaintained(held) === ENOUGH) this.#leaveRoom(held, this.#sum);
      else return false;
    }
    if (cross === 0) return true;
    if (this.crossIsMaintained() !== ENOUGH) return false;
    const surplusMicros = this.#sum / cross;
    for (const held of this.#held) if (this.#ledger.holding(held).isCross) this.#leaveRoom(held, surplusMicros);
    return true;
  }

  /**
   * A tick that the mark moves costs a position at most its own worth and half of that again, the most that any tier asks for
   * as maintenance margin. Twice its worth leaves room for all rounding.
   */
  #leaveRoom(instrument: number, surplusMicros: number): void {
    const ticks = this.#marks.markTicks(instrument);
    const { lots } = this.#ledger.holding(instrument);
    const room = Math.floor(surplusMicros / (2 * this.#micros(instrument, 1, lots)));
    this.#calmFromTicks[instrument] = ticks - room;
    this.#calmToTicks[instrument] = ticks + room;
  }

  #start(micros: number): void {
    this.#sum = micros;
    this.#reach = Math.abs(micros);
    this.#slack = 1;
  }

  /** A term that is at most `slack` too low. */
  #add(micros: number, slack: number): void {
    this.#sum += micros;
    this.#reach += Math.abs(micros);
    this.#slack += slack;
  }

  /** So many lots in whole micro-USD, too little by at most three. */
  #microsLow(instrument: number, ticks: number, lots: number): number {
    return Math.floor(this.#micros(instrument, ticks, lots)) - 1;
  }

  /** Too much by at most three. */
  #microsHigh(instrument: number, ticks: number, lots: number): number {
    return Math.ceil(this.#micros(instrument, ticks, lots)) + 1;
  }

  #micros(instrument: number, ticks: number, lots: number): number {
    return (ticks * Math.abs(lots) * this.#microsPerUnit[instrument]) / this.#unitsPerMicro[instrument];
  }

  /** Rounded down. */
  #worthLow(instrument: number, ticks: number, lots: number): number {
    return lots > 0 ? this.#microsLow(instrument, ticks, lots) : -this.#microsHigh(instrument, ticks, lots);
  }

  #addWorth(instrument: number, ticks: number, lots: number): void {
    this.#add(this.#worthLow(instrument, ticks, lots), 3);
  }

  #takeInitial(instrument: number, ticks: number, lots: number, leverage: number): void {
    this.#add(-Math.ceil(this.#microsHigh(instrument, ticks, lots) / leverage), 4);
  }

  #takeMaintenance(instrument: number, ticks: number, lots: number): void {
    this.#add(-this.#tables[instrument].maintenanceMicrosHigh(this.#microsHigh(instrument, ticks, lots)), 5);
  }

  #addHeld(instrument: number, ticks: number, lots: number, leverage: number): void {
    this.#add(Math.floor(this.#microsLow(instrument, ticks, lots) / leverage), 4);
  }

  /** What an isolated position releases when it is closed: nothing where it is below zero. */
  #addEquity(instrument: number, ticks: number, lots: number): void {
    const worth = this.#worthLow(instrument, ticks, lots);
    const pot = this.#potMicros[instrument];
    this.#reach += Math.abs(worth) + Math.abs(pot);
    this.#add(Math.max(0, pot + worth), 4);
  }

  #answer(): QuickAnswer {
    if (this.#reach > REACH) return CLOSE_CALL;
    if (this.#sum >= 0) return ENOUGH;
    return this.#sum + this.#slack < 0 ? TOO_LITTLE : CLOSE_CALL;
  }
}

function microsLow(usd: Money): number {
  return usd.times(MICROS_PER_USD).toDecimalPlaces(0, Decimal.ROUND_FLOOR).toNumber();
}
