/**
 * What becomes of a request to subscribe or unsubscribe, and the form in which the exchange repeats it in its error frames
 * (hyperliquid, section 1.2). An error leaves the streams that there are as they were.
 */
import { type Feed, type Instrument, USER_FEEDS } from '../../core/market.ts';
import {
  alreadySubscribed,
  alreadyUnsubscribed,
  invalidSubscription,
  type SocketLimits,
} from '../exchange/limits/socket-limits.ts';
import type { Connections } from './connections.ts';

/** The account of a run. There is only one, so its address is of no consequence. */
const USER = '0x0000000000000000000000000000000000000001';

/** The error frame for a subscription; null: it is taken. */
export function subscribeError(
  feed: Feed,
  instrument: number,
  instruments: readonly Instrument[],
  connections: Connections,
  limits: SocketLimits,
): string | null {
  const text = subscriptionText(feed, instruments[instrument]?.symbol);
  if (instruments[instrument] === undefined) return invalidSubscription(text);
  if (connections.isSubscribed(feed, instrument)) return alreadySubscribed(text);
  const users = connections.isUserTracked ? 1 : 0;
  const newUsers = USER_FEED_SET.has(feed) ? 1 - users : 0;
  return limits.subscription({ subscriptions: connections.subscriptions, users }, newUsers);
}

/** The error frame for the end of a subscription; null: it ends. */
export function unsubscribeError(
  feed: Feed,
  instrument: number,
  instruments: readonly Instrument[],
  connections: Connections,
): string | null {
  const text = subscriptionText(feed, instruments[instrument]?.symbol);
  if (instruments[instrument] === undefined) return invalidSubscription(text);
  return connections.isSubscribed(feed, instrument) ? null : alreadyUnsubscribed(text);
}

const USER_FEED_SET: ReadonlySet<Feed> = new Set(USER_FEEDS);

/** A subscription as the exchange echoes it, what was left out filled in. `coin` undefined: of an unknown asset. */
function subscriptionText(feed: Feed, coin: string | undefined): string {
  switch (feed) {
    case 'l2Book':
      return JSON.stringify({ type: feed, coin, nSigFigs: null, mantissa: null });
    case 'fastBook':
      return JSON.stringify({ type: 'l2Book', coin, nSigFigs: null, mantissa: null, fast: true });
    case 'allMids':
      return JSON.stringify({ type: feed });
    case 'userFills':
      return JSON.stringify({ type: feed, user: USER, aggregateByTime: false });
    case 'orderUpdates':
    case 'userEvents':
      return JSON.stringify({ type: feed, user: USER });
    default:
      return JSON.stringify({ type: feed, coin });
  }
}
