/**
 * A synthetic market without a core, as a tape: what a recorder would have received that listened from the market's first block
 * on. It is the market that a run of the same seed has until its core's first order.
 */
import type { Tape } from '../../recordings/tape.ts';
import { RandomStreams } from '../kernel/random.ts';
import { DEFAULT_LATENCY, Latency } from '../network/latency.ts';
import { DEFAULT_WORLD } from '../world.ts';
import { LiveMarket } from './live-market.ts';
import { sealLiveTape } from './live-tape.ts';
import type { MarketHandlers } from './market.ts';
import type { PublishingSettings } from './publishing.ts';
import { SYNTHETIC_ORIGIN_NS, type SyntheticPlan } from './synthetic-plan.ts';

/** Makes the tape of a market that is watched for `durationNs`. `tick` is told now and then how far it is, 0 to 1. */
export function synthesize(
  plan: SyntheticPlan,
  seed: number,
  durationNs: number,
  publishing: PublishingSettings,
  tick: (share: number) => void = () => {},
): Tape {
  const random = new RandomStreams(String(seed));
  const span = { fromNs: 0, toNs: durationNs };
  const latency = new Latency(DEFAULT_LATENCY, random);
  const market = new LiveMarket(plan, span, DEFAULT_WORLD.exchange, publishing, random, latency, NOBODY);
  market.begin();
  while (market.headNs <= durationNs) {
    tick(market.headNs / durationNs);
    market.dispatch();
  }
  const { instruments } = plan;
  const name = `${plan.name} ${instruments.map(({ symbol }) => symbol).join(' ')}, seed ${seed}`;
  return sealLiveTape(market.tape, SYNTHETIC_ORIGIN_NS, {
    name,
    format: 'synthetic',
    file: '',
    recorded: false,
    instruments,
  });
}

const nothing = (): void => {};
const no = (): boolean => false;

/** Nobody listens and nobody trades but the market itself. */
const NOBODY: MarketHandlers = {
  frameReceived: nothing,
  blockBegins: nothing,
  moved: nothing,
  settled: nothing,
  answered: nothing,
  contextSent: nothing,
  midsSent: nothing,
  wantsContext: no,
  wantsMids: no,
  exchange: {
    accepted: nothing,
    removed: nothing,
    rejected: nothing,
    filled: nothing,
    orderUpdate: nothing,
    userEvent: nothing,
  },
};
