/** The world as one fault's overlay may act on it. */
import type { Gateway } from '../network/gateway.ts';
import type { MarketFeed } from '../network/market-feed.ts';
import type { RunState } from '../run-state.ts';
import { copyOf, recordAltered } from './altered-messages.ts';
import type { OverlayWorld } from './overlay.ts';

/** `index`: of the fault in the plan. */
export function overlayWorld<CoreSettings>(
  run: RunState<CoreSettings>,
  marketFeed: MarketFeed<CoreSettings>,
  gateway: Gateway<CoreSettings>,
  index: number,
): OverlayWorld {
  const { probability } = run.plan.faults[index];
  const random = run.random.stream(`fault:${index}`);
  return {
    index,
    get nowNs() {
      return run.nowNs;
    },
    instruments: run.instruments,
    market: run.market,
    exchange: run.exchange,
    connections: run.connections,
    latency: run.latency,
    host: run.coreProcess,
    random,
    links: {
      passOn: item => marketFeed.passOn(index, item),
      release: item => marketFeed.release(item),
      copyOf: item => copyOf(item, run.tape),
      recordAltered: message => recordAltered(message, run.digest, run.nowNs),
      closeByServer: connection => gateway.sockets.closeByServer(connection),
      sendFirst: (feed, instrument) => {
        if (!run.connections.isSubscribed(feed, instrument)) return false;
        gateway.sockets.sendFirst(feed, instrument);
        return true;
      },
      answer: (post, reply) => gateway.posts.deliver(post, reply, run.nowNs),
      sendToUser: (message, atNs) => run.deliverAt(run.connections.downNs('user', atNs), 'user', message),
      sendFillSnapshot: () =>
        gateway.sockets.sendFillSnapshot(run.connections.downNs('user', run.nowNs + run.latency.pushMedianNs)),
      accountChanged: () => gateway.accountChanged(),
      sendUserStreams: () => gateway.sendUserStreams(),
    },
    hits: () => random.next() < probability,
    tookEffect: what => run.faultTookEffect(index, what),
    wakeAt: atNs => run.faults.wakeAt(index, atNs),
  };
}
