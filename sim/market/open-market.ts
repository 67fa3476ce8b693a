/** The market that a plan asks for. */
import type { RandomStreams } from '../kernel/random.ts';
import type { Latency } from '../network/latency.ts';
import type { RunPlan } from '../run-plan.ts';
import { LiveMarket } from './live-market.ts';
import type { Market, MarketHandlers } from './market.ts';
import { ReplayMarket } from './replay-market.ts';
import { SYNTHETIC_ORIGIN_NS } from './synthetic-plan.ts';

const NS_PER_DAY = 86_400_000_000_000n;

export function openMarket(
  plan: RunPlan<unknown>,
  random: RandomStreams,
  latency: Latency,
  handlers: MarketHandlers,
): Market {
  const { fromNs, market, toNs, world } = plan;
  const originNs = 'tape' in market ? market.tape.originNs : SYNTHETIC_ORIGIN_NS;
  const exchange = { ...world.exchange, midnightNs: Number(BigInt(originNs) % NS_PER_DAY) };
  if ('tape' in market) return new ReplayMarket(market.tape, fromNs, exchange, handlers);
  const span = { fromNs, toNs };
  return new LiveMarket(market.synthetic, span, exchange, world.publishing, random, latency, handlers);
}
