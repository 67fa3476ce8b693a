/**
 * The synthetic market's order flow with its matching: orders, cancels and takers of one instrument, block after block, until
 * a million of them are done. Run apart from the rest of a simulation: no publishing, no core.
 */

import { CANCELS, PLACES, TAKES } from '../../sim/exchange/book/action-class.ts';
import { RandomStreams } from '../../sim/kernel/random.ts';
import { PRESETS } from '../../sim/synthetic/presets.ts';
import { FlowBench } from '../support/flow-bench.ts';
import { type Bench, check, measure, secondsOf } from './bench.ts';

const EVENTS = 1_000_000;
const BLOCK_NS = 70_000_000;

interface Outcome {
  seconds: number;
  /** Of the book at the end. */
  checksum: number;
}

function flow(): Outcome {
  const bench = new FlowBench(PRESETS.volatile, ['BTC'], new RandomStreams('1'), 3_600_000_000_000);
  const [instrument] = bench.market.flows;
  let events = 0;
  const seconds = secondsOf(() => {
    while (events < EVENTS) {
      bench.decide(BLOCK_NS);
      events += instrument.waiting(PLACES) + instrument.waiting(CANCELS) + instrument.waiting(TAKES);
      bench.carryOut();
    }
  });
  const [engine] = bench.engines;
  let checksum = bench.trades[0];
  for (let ticks = engine.bestBidTicks; ticks !== 0; ticks = engine.worseThan(0, ticks)) {
    checksum = (checksum * 31 + ticks + engine.levelLots(0, ticks)) % 1_000_000_007;
  }
  check('book not crossed', engine.bestBidTicks < engine.bestAskTicks, true);
  return { seconds, checksum };
}

export const flowBench: Bench = {
  name: 'synthetic order flow, matching included',
  unit: 'M events/s',
  better: 'higher',
  goal: 0.5,
  async run() {
    const { checksum } = flow();
    return measure(
      3,
      () => {
        const outcome = flow();
        check('book at the end', outcome.checksum, checksum);
        return EVENTS / 1e6 / outcome.seconds;
      },
      `${EVENTS / 1e6} M events of the volatile preset`,
    );
  },
};
