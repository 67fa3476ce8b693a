/** A synthetic market with its matching engines and nothing else: no exchange, no network, no core. */
import { BID, type Instrument, type Side } from '../../core/market.ts';
import { MatchingEngine } from '../../sim/exchange/book/matching-engine.ts';
import { perpOf } from '../../sim/exchange/perps.ts';
import type { RandomStreams } from '../../sim/kernel/random.ts';
import { type Character, characterOf } from '../../sim/synthetic/characters.ts';
import type { SyntheticParameters } from '../../sim/synthetic/parameters.ts';
import { SyntheticMarket } from '../../sim/synthetic/synthetic-market.ts';

/** The decimals and rules of a listed coin. */
export function listed(symbol: string): Instrument {
  const perp = perpOf(symbol);
  if (perp === undefined) throw new Error(`${symbol} is not listed`);
  const { priceDecimals, sizeDecimals, significantFigures, minNotionalUsd } = perp;
  return { symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd };
}

/** A match: who took, on which side, and what. */
export type OnTrade = (instrument: number, takerOwner: number, takerSide: Side, ticks: number, lots: number) => void;

interface State {
  nowNs: number;
  trades: number[];
  engines: unknown[];
  market: unknown;
  random: unknown;
}

export class FlowBench {
  readonly instruments: readonly Instrument[];
  readonly engines: readonly MatchingEngine[];
  readonly market: SyntheticMarket;
  readonly random: RandomStreams;
  /** Number of matches, by instrument. */
  readonly trades: number[];
  nowNs = 0;
  onTrade: OnTrade | null = null;

  /** A run of `runNs` from time 0, with the first books in place. */
  constructor(
    parameters: SyntheticParameters,
    symbols: readonly string[],
    random: RandomStreams,
    runNs: number,
    change: (character: Character) => Character = character => character,
  ) {
    this.random = random;
    this.instruments = symbols.map(listed);
    this.trades = symbols.map(() => 0);
    this.engines = symbols.map(
      (_, index) =>
        new MatchingEngine({
          matched: (_slot, _maker, taker, side, ticks, lots) => this.#matched(index, taker, side, ticks, lots),
          expired: () => undefined,
          mayMatch: () => true,
        }),
    );
    const characters = this.instruments.map(instrument => change(characterOf(instrument)));
    this.market = new SyntheticMarket(parameters, this.instruments, this.engines, random, 0, runNs, characters);
    this.market.open();
  }

  #matched(instrument: number, taker: number, side: Side, ticks: number, lots: number): void {
    this.trades[instrument]++;
    this.market.traded(this.nowNs, instrument, taker, side, ticks, lots);
    this.onTrade?.(instrument, taker, side, ticks, lots);
  }

  /** Goes on by a block's length and decides what arrives in it. */
  decide(blockNs: number): void {
    this.nowNs += blockNs;
    this.market.advanceTo(this.nowNs);
  }

  /** Carries out what was decided. */
  carryOut(): void {
    this.market.executeAll(this.nowNs);
  }

  /** Block after block until `toNs`. */
  runTo(toNs: number, blockNs: number, afterBlock: () => void = () => undefined): void {
    while (this.nowNs + blockNs <= toNs) {
      this.decide(blockNs);
      this.carryOut();
      afterBlock();
    }
  }

  /** Takes for an account of somebody else, at any price. Returns the lots that were matched. */
  take(owner: number, side: Side, lots: number, instrument = 0): number {
    const limit = side === BID ? 2_000_000_000 : 1;
    return lots - this.engines[instrument].take(owner, side, limit, lots);
  }

  snapshot(): unknown {
    const state: State = {
      nowNs: this.nowNs,
      trades: this.trades.slice(),
      engines: this.engines.map(engine => engine.snapshot()),
      market: this.market.snapshot(),
      random: this.random.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.nowNs = state.nowNs;
    state.trades.forEach((count, index) => {
      this.trades[index] = count;
    });
    this.engines.forEach((engine, index) => {
      engine.restore(state.engines[index]);
    });
    this.market.restore(state.market);
    this.random.restore(state.random);
  }
}
