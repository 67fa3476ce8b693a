/** A synthetic market as a tape, published as the exchange did when the archive's hour was recorded. */
import { FEED_INDEX, newLevelColumns } from '../../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { FLAG_NONE, SNAPSHOT, type Tape, TRADES } from '../../../recordings/tape.ts';
import { TapeBuilder } from '../../../recordings/tape-builder.ts';
import { BlockClock } from '../../../sim/exchange/book/blocks.ts';
import { RandomStreams } from '../../../sim/kernel/random.ts';
import type { SyntheticParameters } from '../../../sim/synthetic/parameters.ts';
import { FlowBench } from '../../support/flow-bench.ts';

const DEPTH = 20;
/** A full book goes out with the first block that is so much later than the one before (hyperliquid, section 1.6). */
const PUBLISHED_NS = NS_PER_S / 2;
/** Any round one: the builder wants times since 1970. */
const ORIGIN_S = 1_704_110_400;

/** BTC for `runS` seconds, beginning at `priceUsd`; no latency. */
export function sampledTape(parameters: SyntheticParameters, seed: string, runS: number, priceUsd: number): Tape {
  const random = new RandomStreams(seed);
  const bench = new FlowBench(parameters, ['BTC'], random, runS * NS_PER_S, character => ({ ...character, priceUsd }));
  const clock = new BlockClock(0, random.stream('exchange.blocks'));
  const builder = new TapeBuilder();
  const levels = newLevelColumns(2 * DEPTH);
  const [engine] = bench.engines;
  let tradeId = 0;
  let publishedNs = -Infinity;
  const end = (kind: number, feed: 'l2Book' | 'trades', nowNs: number) => {
    const recvNs = builder.receive(ORIGIN_S + Math.floor(nowNs / NS_PER_S), nowNs % NS_PER_S);
    const exchNs = builder.exchange(ORIGIN_S * 1_000 + nowNs / NS_PER_MS);
    builder.endFrame(kind, FEED_INDEX[feed], 0, FLAG_NONE, recvNs, exchNs, 0, 0);
  };
  let traded = 0;
  bench.onTrade = (_instrument, _owner, side, ticks, lots) => {
    builder.addTrade(side, ticks, lots, ++tradeId, bench.nowNs);
    traded++;
  };
  // The origin is the first frame's time, and trades are stamped since 0: a book comes first, at 0.
  while (clock.nextNs <= runS * NS_PER_S) {
    const nowNs = clock.nextNs;
    clock.advance();
    bench.decide(nowNs - bench.nowNs);
    bench.carryOut();
    if (traded > 0) end(TRADES, 'trades', nowNs);
    traded = 0;
    if (nowNs < publishedNs + PUBLISHED_NS) continue;
    publishedNs = nowNs;
    const count = engine.writeLevels(levels, DEPTH);
    for (let row = 0; row < count; row++) {
      builder.addLevel(levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]);
    }
    end(SNAPSHOT, 'l2Book', nowNs);
  }
  const instruments = [...bench.instruments];
  return builder.finish({ name: 'synthetic', format: 'synthetic', file: '', recorded: false, instruments });
}
