/** Settings of the world around the core, and the events that happen in it. */
import type { Feed } from '../core/market.ts';
import type { AllMidsMessage, AssetContextMessage, Connection, Inbound, RestCommand } from '../core/port.ts';
import { DEFAULT_EXCHANGE, type ExchangeSettings } from './exchange/exchange.ts';
import { DEFAULT_COSTS, type StageCosts } from './host/costs.ts';
import type { ArrivedPost } from './market/market.ts';
import { DEFAULT_PUBLISHING, type PublishingSettings } from './market/publishing.ts';
import { DEFAULT_LATENCY, type LatencySettings } from './network/latency.ts';

export interface WorldSettings {
  latency: LatencySettings;
  exchange: ExchangeSettings;
  /** Of a synthetic market; a recorded one was published as it was. */
  publishing: PublishingSettings;
  costs: StageCosts;
}

/**
 * What a run's account has traded before, by default. One that had traded nothing would have used up its 10,000 requests
 * within the hour (hyperliquid, section 5.2); this is enough for a day of quoting.
 */
const TRADED_BEFORE_USD = 500_000;

export const DEFAULT_WORLD: WorldSettings = {
  latency: DEFAULT_LATENCY,
  exchange: {
    ...DEFAULT_EXCHANGE,
    limits: { ...DEFAULT_EXCHANGE.limits, addressStartVolumeUsd: TRADED_BEFORE_USD },
  },
  publishing: DEFAULT_PUBLISHING,
  costs: DEFAULT_COSTS,
};

/** What the kernel's heap holds: plain data, so that it can be part of a snapshot. */
export type WorldEvent =
  | { kind: 'fault-begin'; index: number }
  | { kind: 'fault-end'; index: number }
  /** A fault asked to be called now. */
  | { kind: 'fault-due'; index: number }
  /** An operator acts on the core. */
  | { kind: 'operator'; index: number }
  /** A request for a connection is answered. */
  | { kind: 'connect'; connection: Connection; epoch: number }
  /** A subscription takes effect. */
  | { kind: 'subscribe'; connection: Connection; epoch: number; feed: Feed; instrument: number }
  | { kind: 'unsubscribe'; connection: Connection; epoch: number; feed: Feed; instrument: number }
  /** An action arrives at the exchange. */
  | { kind: 'post'; post: ArrivedPost }
  /** A query arrives; its reply takes `replyNs` back, and is as old as the exchange's picture of the account. */
  | { kind: 'rest'; command: RestCommand; replyNs: number; lagNs: number }
  /** A socket may have been silent for too long. */
  | { kind: 'silence-check'; connection: Connection; epoch: number }
  /** Something is due at the exchange by itself. */
  | { kind: 'exchange-due' }
  /** A message arrives at the core. REST replies come on no socket (`connection` null). */
  | { kind: 'message'; connection: Connection | null; epoch: number; message: Inbound }
  /** A message of the market connection that is no frame of a tape arrives, if nothing withholds it. */
  | { kind: 'market-message'; epoch: number; message: AllMidsMessage | AssetContextMessage }
  | { kind: 'timer'; timer: string; generation: number }
  /** The virtual CPU has done its work: commands leave, the next message is taken up. */
  | { kind: 'cpu' };

/** The digest's stream of each kind of event. */
export const WORLD_EVENT_INDEX: Readonly<Record<WorldEvent['kind'], number>> = {
  'fault-begin': 0,
  'fault-end': 1,
  connect: 2,
  subscribe: 3,
  post: 4,
  rest: 5,
  message: 6,
  timer: 7,
  cpu: 8,
  unsubscribe: 9,
  'exchange-due': 10,
  'market-message': 11,
  'silence-check': 12,
  'fault-due': 13,
  operator: 14,
};
