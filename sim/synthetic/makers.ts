/**
 * The background's makers of one instrument: who quotes where, and what has to change when one of them looks.
 *
 * A maker has a fixed number of orders on both sides, at geometrically growing distances from what it holds for fair. When
 * it looks, it leaves a quote that is near enough, and replaces one that is off, or gone, or more than half eaten. So the
 * book is filled again within the makers' reaction time, whoever emptied it.
 */
import { ASK, BID, type Instrument, type Side } from '../../core/market.ts';
import { BPS } from '../../core/scale.ts';
import { roundDown, roundUp } from '../../core/strategy/price-grid.ts';
import { type MatchingEngine, NO_SLOT } from '../exchange/book/matching-engine.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { ActionList } from './action-list.ts';
import type { Character } from './characters.ts';
import { gapNs } from './draws.ts';
import type { EventCourse } from './event-course.ts';
import type { LotScale } from './lots.ts';
import type { MakerGroup } from './parameters.ts';

/** The order is on its way to the block: neither looked at nor sent again. */
const SENT = -2;
/** A quote with less than this share left is replaced. */
const EATEN_SHARE = 0.5;

interface State {
  nextNs: number;
  opinionBps: Float64Array;
  slot: Int32Array;
  generation: Uint32Array;
  placedLots: Float64Array;
}

export class Makers {
  /** When one of them looks next. */
  nextNs: number;
  readonly #groups: readonly MakerGroup[];
  readonly #instrument: Instrument;
  readonly #character: Character;
  readonly #scale: LotScale;
  readonly #course: EventCourse;
  readonly #random: RandomStream;
  readonly #engine: MatchingEngine;
  /** All makers' looks, per second. */
  readonly #looksPerS: number;
  /** By maker: its group, its first order, and what it takes the fair price to be off by. */
  readonly #groupOf: Uint16Array;
  readonly #firstOrder: Int32Array;
  readonly #opinionBps: Float64Array;
  /** By order: its side, its distance from fair, and where it is. */
  readonly #side: Uint8Array;
  readonly #distanceBps: Float64Array;
  readonly #slot: Int32Array;
  readonly #generation: Uint32Array;
  readonly #placedLots: Float64Array;

  constructor(
    groups: readonly MakerGroup[],
    instrument: Instrument,
    character: Character,
    scale: LotScale,
    fromNs: number,
    course: EventCourse,
    random: RandomStream,
    engine: MatchingEngine,
  ) {
    this.#groups = groups;
    this.#instrument = instrument;
    this.#character = character;
    this.#scale = scale;
    this.#course = course;
    this.#random = random;
    this.#engine = engine;
    let makers = 0;
    let orders = 0;
    let looksPerS = 0;
    for (const group of groups) {
      makers += group.makers;
      orders += 2 * group.makers * group.levels;
      looksPerS += (group.makers * 1_000) / group.reactionMs;
    }
    this.#looksPerS = looksPerS;
    this.#groupOf = new Uint16Array(makers);
    this.#firstOrder = new Int32Array(makers);
    this.#opinionBps = new Float64Array(makers);
    this.#side = new Uint8Array(orders);
    this.#distanceBps = new Float64Array(orders);
    this.#slot = new Int32Array(orders).fill(NO_SLOT);
    this.#generation = new Uint32Array(orders);
    this.#placedLots = new Float64Array(orders);
    this.#layOut();
    this.nextNs = fromNs + gapNs(random, looksPerS);
  }

  #layOut(): void {
    let maker = 0;
    let order = 0;
    this.#groups.forEach((group, at) => {
      let nearestBps = group.nearestBps * this.#character.spread;
      for (let i = 0; i < group.makers; i++, maker++, nearestBps *= group.makerRatio) {
        this.#groupOf[maker] = at;
        this.#firstOrder[maker] = order;
        this.#opinionBps[maker] = group.opinionBps * this.#random.normal();
        let distanceBps = nearestBps;
        for (let level = 0; level < group.levels; level++, distanceBps *= group.levelRatio) {
          for (const side of [BID, ASK] as const) {
            this.#side[order] = side;
            this.#distanceBps[order] = distanceBps;
            order++;
          }
        }
      }
    });
  }

  /** Number of makers. */
  get count(): number {
    return this.#groupOf.length;
  }

  /** One of them looks at `nextNs`. */
  look(fairTicks: number, places: ActionList, cancels: ActionList): void {
    const atNs = this.nextNs;
    const random = this.#random;
    // Which group by the shares of looks, then which of its makers.
    let mark = random.next() * this.#looksPerS;
    let first = 0;
    let at = 0;
    for (; at < this.#groups.length - 1; at++) {
      const { makers, reactionMs } = this.#groups[at];
      const looksPerS = (makers * 1_000) / reactionMs;
      if (mark < looksPerS) break;
      mark -= looksPerS;
      first += makers;
    }
    const group = this.#groups[at];
    const maker = first + random.int(group.makers);
    if (random.next() * group.opinionMeanS * 1_000 < group.reactionMs) {
      this.#opinionBps[maker] = group.opinionBps * random.normal();
    }
    this.requote(maker, atNs, fairTicks, places, cancels);
    this.nextNs = atNs + gapNs(random, this.#looksPerS);
  }

  /** Takes every order of theirs off the book that rests there, at once and whatever a block may be doing. */
  withdraw(): void {
    const engine = this.#engine;
    for (let order = 0; order < this.#slot.length; order++) {
      const slot = this.#slot[order];
      if (slot === SENT) continue;
      if (slot !== NO_SLOT && engine.generationOf(slot) === this.#generation[order]) engine.cancel(slot);
      this.#slot[order] = NO_SLOT;
    }
  }

  /** Brings a maker's orders to where it wants them now. */
  requote(maker: number, atNs: number, fairTicks: number, places: ActionList, cancels: ActionList): void {
    const group = this.#groups[this.#groupOf[maker]];
    const engine = this.#engine;
    const course = this.#course;
    const spread = course.spreadFactor(atNs);
    const depth = course.depthFactor(atNs) * this.#character.liquidity;
    const ownFairTicks = fairTicks * (1 + this.#opinionBps[maker] / BPS);
    const first = this.#firstOrder[maker];
    const end = first + 2 * group.levels;
    for (let order = first; order < end; order++) {
      const slot = this.#slot[order];
      if (slot === SENT) continue;
      const side = this.#side[order] === BID ? BID : ASK;
      const distanceBps = this.#distanceBps[order] * spread;
      const wantedTicks = this.#priceOf(side, ownFairTicks, distanceBps);
      if (wantedTicks <= 0) continue;
      const generation = this.#generation[order];
      if (slot !== NO_SLOT && engine.generationOf(slot) === generation) {
        const offBps = (Math.abs(engine.ticksOf(slot) - wantedTicks) / fairTicks) * BPS;
        const near =
          offBps <= Math.max(group.toleranceBps * this.#character.spread, group.toleranceShare * distanceBps);
        if (near && engine.lotsOf(slot) >= EATEN_SHARE * this.#placedLots[order]) continue;
        cancels.add(atNs, side, 0, 0, slot, generation);
      }
      const sizeFactor = depth * (side === BID ? group.bidSizeFactor : group.askSizeFactor);
      const usd = this.#random.logNormal(group.sizeMedianUsd, group.sizeLogDeviation) * sizeFactor;
      places.add(atNs, side, wantedTicks, this.#scale.lots(usd, wantedTicks), order, 0);
      this.#slot[order] = SENT;
    }
  }

  /** Rounded away from the fair price. */
  #priceOf(side: Side, fairTicks: number, distanceBps: number): number {
    const shift = (fairTicks * distanceBps) / BPS;
    return side === BID ? roundDown(this.#instrument, fairTicks - shift) : roundUp(this.#instrument, fairTicks + shift);
  }

  /** An order that `look` sent rests now. */
  rested(order: number, slot: number, lots: number): void {
    this.#slot[order] = slot;
    this.#generation[order] = this.#engine.generationOf(slot);
    this.#placedLots[order] = lots;
  }

  snapshot(): unknown {
    const state: State = {
      nextNs: this.nextNs,
      opinionBps: this.#opinionBps.slice(),
      slot: this.#slot.slice(),
      generation: this.#generation.slice(),
      placedLots: this.#placedLots.slice(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.nextNs = state.nextNs;
    this.#opinionBps.set(state.opinionBps);
    this.#slot.set(state.slot);
    this.#generation.set(state.generation);
    this.#placedLots.set(state.placedLots);
  }
}
