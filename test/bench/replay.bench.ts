/**
 * Replay of book rows: two books (the exchange's at exchange times, a core's at receive times), digest on, no strategy.
 * The Binance recording, 20 times over, as hftbacktest was measured on it (9.84 M rows).
 */
import { NS_PER_S } from '../../core/scale.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { frameCount, type Tape, TRADES, tapeEndNs } from '../../recordings/tape.ts';
import { Simulation } from '../../sim/simulate.ts';
import type { Observer } from '../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../sim/world.ts';
import { BookKeeper } from '../support/book-keeper.ts';
import { BINANCE_CAPTURE } from '../support/data.ts';
import { repeatTape } from '../support/tapes.ts';
import { type Bench, check, measure, secondsOf } from './bench.ts';
import { NaiveBook } from './naive-book.ts';

const COPIES = 20;

export interface Replay {
  rows: number;
  seconds: number;
  core: BookKeeper;
}

/** The tape from its first moment to its end, on a core that keeps a book and does nothing else. */
export function replay(tape: Tape, observers: readonly Observer[]): Replay {
  const cores: BookKeeper[] = [];
  const plan = {
    seed: 1,
    market: { tape },
    fromNs: 0,
    toNs: tapeEndNs(tape) + NS_PER_S,
    healNs: 0,
    core: null,
    world: DEFAULT_WORLD,
    faults: [],
  };
  const simulation = new Simulation(plan, observers, host => {
    const core = new BookKeeper(host);
    cores.push(core);
    return core;
  });
  let rows = 0;
  const seconds = secondsOf(() => {
    rows = simulation.run().stats.rows;
  });
  return { rows, seconds, core: cores[0] };
}

/** The true best bid and ask after every frame, and the core's at the end, must be those of a naive book. */
export function checkAgainstNaive(tape: Tape): void {
  let sum = 0;
  const observer: Observer = {
    name: 'bbo-sum',
    onMarket: (_atNs, _event, _instrument, bid, ask) => {
      sum += bid + ask;
    },
    snapshot: () => null,
    restore: () => undefined,
  };
  const { core } = replay(tape, [observer]);
  const exchange = new NaiveBook();
  let expected = 0;
  for (const frame of tape.exchangeOrder) {
    exchange.apply(tape, frame);
    // What was before the run's first moment made its first book, and is not told to observers.
    if (tape.frames.exchNs[frame] < 0) continue;
    expected += exchange.best(0) + exchange.best(1);
  }
  check('sum of true best bids and asks', sum, expected);
  const local = new NaiveBook();
  for (let frame = 0; frame < frameCount(tape); frame++) {
    if (tape.frames.kind[frame] !== TRADES) local.apply(tape, frame);
  }
  check("core's best bid at the end", core.book.bestBidTicks, local.best(0));
  check("core's best ask at the end", core.book.bestAskTicks, local.best(1));
}

export const replayBench: Bench = {
  name: 'replay of book rows, two books, digest on',
  unit: 'M rows/s',
  better: 'higher',
  goal: 20,
  async run() {
    const { tape } = await importFile(BINANCE_CAPTURE);
    checkAgainstNaive(tape);
    const long = repeatTape(tape, COPIES);
    const warmUp = replay(long, []);
    const detail = `${(warmUp.rows / 1e6).toFixed(2)} M rows, ${frameCount(long)} frames`;
    return measure(
      5,
      () => {
        const { rows, seconds } = replay(long, []);
        return rows / seconds / 1e6;
      },
      detail,
    );
  },
};
