/**
 * Actions on a book of single orders: a mix of orders that rest, cancels, and takers of about one maker, on a book of some
 * 10,000 orders, as deep as a liquid coin's. What decides about the actions is drawn beforehand and not measured.
 */
import { NO_PRICE } from '../../core/book.ts';
import { ASK, BID, newLevelColumns, type Side } from '../../core/market.ts';
import { BACKGROUND, MatchingEngine, type MatchListener } from '../../sim/exchange/book/matching-engine.ts';
import { NaiveEngine } from '../sim/exchange/book/naive-engine.ts';
import { type Bench, check, measure, secondsOf } from './bench.ts';

const ACTIONS = 2_000_000;
const RESTING = 10_000;
/** Of 256: takers, each of which takes about two makers, and orders that rest. The others are cancels, so that as many go. */
const TAKERS = 16;
const RESTS = 136;
/** Orders lie up to so many ticks from the middle, densest next to it. */
const REACH_TICKS = 800;
const MIDDLE_TICKS = 50_000;
const MAX_LOTS = 64;

/** Numbers of 32 bits from a seed, by Marsaglia's xorshift. */
function draws(count: number, seed: number): Uint32Array {
  const numbers = new Uint32Array(count);
  let state = seed;
  for (let at = 0; at < count; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    numbers[at] = state >>> 0;
  }
  return numbers;
}

/** What a run needs of an engine: ours, or the naive one. */
interface Market {
  bestTicks(side: Side): number;
  take(side: Side, limitTicks: number, lots: number): void;
  rest(side: Side, ticks: number, lots: number): number;
  /** Size left; 0 where the order is gone. */
  lotsOf(order: number): number;
  cancel(order: number): void;
}

/** Plays the actions, after a first book was made. Returns the seconds of the actions alone. */
function play(market: Market, actions: Uint32Array, resting: number): number {
  const live = new Int32Array(actions.length + resting);
  let lives = 0;
  let middle = MIDDLE_TICKS;
  const rest = (draw: number) => {
    const side = draw & 0x100 ? BID : ASK;
    const distance = 1 + (((draw >>> 12) % 1024) * ((draw >>> 22) % REACH_TICKS)) / 1024;
    const lots = 1 + ((draw >>> 9) % MAX_LOTS);
    let ticks = Math.floor(side === BID ? middle - distance : middle + distance);
    const other = market.bestTicks(side === BID ? ASK : BID);
    if (other !== NO_PRICE) ticks = side === BID ? Math.min(ticks, other - 1) : Math.max(ticks, other + 1);
    live[lives++] = market.rest(side, ticks, lots);
  };
  for (const draw of draws(resting, 7)) rest(draw);
  return secondsOf(() => {
    for (let at = 0; at < actions.length; at++) {
      const draw = actions[at];
      const kind = draw & 0xff;
      if (kind < TAKERS) {
        const side = draw & 0x100 ? BID : ASK;
        market.take(side, side === BID ? 2 * MIDDLE_TICKS : 1, 1 + ((draw >>> 9) % MAX_LOTS));
        middle += (draw >>> 16) % 3 === 0 ? (side === BID ? 1 : -1) : 0;
      } else if (kind < TAKERS + RESTS || lives < resting / 2) {
        rest(draw);
      } else {
        // One that was taken in the meantime is passed over.
        for (let pick = draw >>> 8; lives > 0; pick++) {
          const chosen = pick % lives;
          const order = live[chosen];
          live[chosen] = live[--lives];
          if (market.lotsOf(order) === 0) continue;
          market.cancel(order);
          break;
        }
      }
    }
  });
}

/** Our engine. An order is its slot; one that was used again in the meantime is cancelled in the old one's place. */
class Ours implements Market {
  tradedLots = 0;
  trades = 0;
  readonly #listener: MatchListener = {
    matched: (_slot, _makerOwner, _takerOwner, _side, _ticks, lots) => {
      this.tradedLots += lots;
      this.trades++;
    },
    expired: () => {},
    mayMatch: () => true,
  };
  readonly engine = new MatchingEngine(this.#listener);

  bestTicks(side: Side): number {
    return this.engine.bestTicks(side);
  }

  take(side: Side, limitTicks: number, lots: number): void {
    this.engine.take(BACKGROUND, side, limitTicks, lots);
  }

  rest(side: Side, ticks: number, lots: number): number {
    return this.engine.rest(BACKGROUND, side, ticks, lots);
  }

  lotsOf(slot: number): number {
    return this.engine.lotsOf(slot);
  }

  cancel(slot: number): void {
    this.engine.cancel(slot);
  }
}

/** The naive one, with the slots that ours would give: the last that was given back, else a new one. */
class Naive implements Market {
  readonly engine = new NaiveEngine();
  readonly #idOf: number[] = [];
  readonly #free: number[] = [];

  bestTicks(side: Side): number {
    return this.engine.queue(side)[0]?.ticks ?? NO_PRICE;
  }

  take(side: Side, limitTicks: number, lots: number): void {
    const before = this.engine.queue(side === BID ? ASK : BID);
    this.engine.take(BACKGROUND, side, limitTicks, lots);
    for (const { id } of before) {
      if (this.engine.orders.every(order => order.id !== id)) this.#free.push(this.#idOf.indexOf(id));
    }
  }

  rest(side: Side, ticks: number, lots: number): number {
    const slot = this.#free.pop() ?? this.#idOf.length;
    this.#idOf[slot] = this.engine.rest(BACKGROUND, side, ticks, lots);
    return slot;
  }

  lotsOf(slot: number): number {
    return this.engine.orders.find(order => order.id === this.#idOf[slot])?.lots ?? 0;
  }

  cancel(slot: number): void {
    this.engine.cancel(this.#idOf[slot]);
    this.#free.push(slot);
  }
}

/** The same actions on a small book, ours and naive: the same levels and trades. */
function checkAgainstNaive(): void {
  const actions = draws(4_000, 3);
  const ours = new Ours();
  const naive = new Naive();
  play(ours, actions, 200);
  play(naive, actions, 200);
  check('number of trades', ours.trades, naive.engine.told.length);
  const levels = newLevelColumns(2 * REACH_TICKS);
  const count = ours.engine.writeLevels(levels, REACH_TICKS);
  const rows = Array.from({ length: count }, (_, row) =>
    [levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]].join(' '),
  );
  check(
    'levels',
    rows.join('\n'),
    naive.engine
      .levels(REACH_TICKS)
      .map(row => row.join(' '))
      .join('\n'),
  );
}

export const exchangeBench: Bench = {
  name: 'order actions on a book of single orders',
  unit: 'ns an action',
  better: 'lower',
  goal: 180,
  async run() {
    checkAgainstNaive();
    const actions = draws(ACTIONS, 5);
    const sample = () => {
      const ours = new Ours();
      const seconds = play(ours, actions, RESTING);
      return { ours, nanoseconds: (seconds / ACTIONS) * 1e9 };
    };
    const { ours } = sample();
    const { engine } = ours;
    const levels = engine.levels(BID) + engine.levels(ASK);
    const detail = `${(ACTIONS / 1e6).toFixed(1)} M actions, ${ours.trades} trades, ${levels} levels at the end`;
    return measure(5, () => sample().nanoseconds, detail);
  },
};
