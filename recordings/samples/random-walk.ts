/**
 * A tape made by the project itself: three minutes of a BTC market that walks at random, so that the program runs with
 * nothing else at hand. It has what a capture of the real exchange has: 20x20 books about twice a second, trades in
 * between, a latency of 0.1 to 0.6 s, and the trades of before that come on subscribing.
 *
 * The seed is fixed and only + - * / and sqrt are used: the tape is the same everywhere, to the last bit.
 */
import seedrandom from 'seedrandom';
import { ASK, BID, type BySide, FEED_INDEX, type Side } from '../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import { knownHyperliquidInstrument } from '../instruments.ts';
import { FLAG_BACKLOG, FLAG_NONE, SNAPSHOT, type Tape, TRADES } from '../tape.ts';
import { TapeBuilder } from '../tape-builder.ts';

export const RANDOM_WALK = 'random-walk';

const SEED = 'replaybook random-walk sample 1';
/** 2025-01-01T00:00:00Z, a round origin for the exchange's clock. */
const START_SECONDS = 1_735_689_600;
const DURATION_MS = 180_000;
/** Whole dollars, as five significant figures ask for at this price, in ticks of 0.1. */
const TICKS_PER_DOLLAR = 10;
const START_DOLLARS = 60_000;
const DEPTH = 20;
const BACKLOG_TRADES = 5;

/** The book at the exchange: lots and orders by whole-dollar price, and the best price of each side. */
interface WalkLevel {
  lots: number;
  orders: number;
}

class RandomWalk {
  readonly #draw = seedrandom.tychei(SEED);
  readonly #builder = new TapeBuilder();
  readonly #levels: BySide<Map<number, WalkLevel>> = [new Map(), new Map()];
  #bidDollars = START_DOLLARS;
  #askDollars = START_DOLLARS + 1;
  #driftDollars = 0;
  #recvNs = 0;
  #tradeId = 0;

  tape(): Tape {
    const instrument = knownHyperliquidInstrument('BTC');
    if (instrument === null) throw new Error('BTC is a known instrument');
    let atMs = 0;
    this.#book(atMs);
    this.#backlog();
    while (atMs < DURATION_MS) {
      const nextMs = atMs + this.#integer(500, 600);
      const move = this.#nextMove();
      if (this.#draw() < 0.45) this.#trades(this.#integer(atMs + 1, nextMs - 1), move >= 0 ? BID : ASK);
      this.#moveBy(move);
      atMs = nextMs;
      this.#book(atMs);
    }
    const name = RANDOM_WALK;
    return this.#builder.finish({ name, format: name, file: '', recorded: false, instruments: [instrument] });
  }

  /** Dollars: a step of a few, a drift that changes its mind about every 20 s, and now and then a jump of 3 to 8 bps. */
  #nextMove(): number {
    if (this.#draw() < 0.03) this.#driftDollars = this.#integer(-2, 2);
    const jump = this.#draw() < 0.03 ? this.#integer(18, 48) : 0;
    const up = this.#draw() < 0.5;
    return this.#integer(-5, 5) + this.#driftDollars + (up ? jump : -jump);
  }

  #moveBy(dollars: number): void {
    this.#bidDollars += dollars;
    this.#askDollars = this.#bidDollars + this.#integer(1, 3);
    for (const price of this.#levels[BID].keys()) if (price > this.#bidDollars) this.#levels[BID].delete(price);
    for (const price of this.#levels[ASK].keys()) if (price < this.#askDollars) this.#levels[ASK].delete(price);
  }

  /** A snapshot of 20 levels a side. A level keeps its size until somebody, one time in eight, changes it. */
  #book(atMs: number): void {
    const builder = this.#builder;
    const [recvNs, exchNs] = this.#times(atMs);
    for (const side of [BID, ASK] as const) {
      for (let depth = 0; depth < DEPTH; depth++) {
        const price = this.#price(side, depth);
        let level = this.#levels[side].get(price);
        if (level === undefined || this.#draw() < 0.125) {
          level = this.#newLevel();
          this.#levels[side].set(price, level);
        }
        builder.addLevel(side, price * TICKS_PER_DOLLAR, level.lots, level.orders);
      }
    }
    builder.endFrame(SNAPSHOT, FEED_INDEX.l2Book, 0, FLAG_NONE, recvNs, exchNs, 0, 0);
  }

  /** One to three trades at the best price, which together take no more than stands there. */
  #trades(atMs: number, aggressor: Side): void {
    const side = aggressor === BID ? ASK : BID;
    const price = this.#price(side, 0);
    const level = this.#levels[side].get(price);
    if (level === undefined || level.lots < 8) return;
    const [recvNs, exchNs] = this.#times(atMs);
    for (let count = this.#integer(1, 3); count > 0; count--) {
      const lots = this.#integer(1, Math.floor(level.lots / 4));
      level.lots -= lots;
      this.#builder.addTrade(aggressor, price * TICKS_PER_DOLLAR, lots, ++this.#tradeId, exchNs);
    }
    this.#builder.endFrame(TRADES, FEED_INDEX.trades, 0, FLAG_NONE, recvNs, exchNs, 0, 0);
  }

  /** Trades of before the recording, as the exchange repeats them on subscribing. */
  #backlog(): void {
    const builder = this.#builder;
    const [recvNs] = this.#times(0);
    let atMs = -30_000;
    let exchNs = 0;
    for (let i = 0; i < BACKLOG_TRADES; i++) {
      atMs += this.#integer(1, 5_000);
      exchNs = builder.exchange(START_SECONDS * 1_000 + atMs);
      const price = START_DOLLARS + this.#integer(-3, 3);
      const aggressor = this.#integer(BID, ASK);
      builder.addTrade(aggressor, price * TICKS_PER_DOLLAR, this.#integer(1, 50_000), ++this.#tradeId, exchNs);
    }
    builder.endFrame(TRADES, FEED_INDEX.trades, 0, FLAG_BACKLOG, recvNs, exchNs, 0, 0);
  }

  /** Receive and exchange time of a frame made at `atMs`. The connection keeps frames in order. */
  #times(atMs: number): [recvNs: number, exchNs: number] {
    const u = this.#draw();
    const latencyNs = 100 * NS_PER_MS + Math.floor(500 * NS_PER_MS * u * u);
    this.#recvNs = Math.max(this.#recvNs, atMs * NS_PER_MS + latencyNs);
    const seconds = START_SECONDS + Math.floor(this.#recvNs / NS_PER_S);
    const recvNs = this.#builder.receive(seconds, this.#recvNs % NS_PER_S);
    return [recvNs, this.#builder.exchange(START_SECONDS * 1_000 + atMs)];
  }

  #price(side: Side, depth: number): number {
    return side === BID ? this.#bidDollars - depth : this.#askDollars + depth;
  }

  /** Sizes of 0.001 to 4 BTC, small ones most often. */
  #newLevel(): WalkLevel {
    const u = this.#draw();
    return { lots: 100 + Math.floor(400_000 * u * u * u), orders: this.#integer(1, 12) };
  }

  /** An integer from `low` to `high`, both included. */
  #integer(low: number, high: number): number {
    return low + Math.floor(this.#draw() * (high - low + 1));
  }
}

/** Makes the sample. */
export function randomWalkTape(): Tape {
  return new RandomWalk().tape();
}
