/** Settings of the world around the core, and the events that happen in it. */
import type { Feed } from '../core/market.ts';
import type { Action, Connection, Inbound, RestBody } from '../core/port.ts';
import { DEFAULT_EXCHANGE, type ExchangeSettings } from './exchange/exchange.ts';
import { DEFAULT_COSTS, type StageCosts } from './host/costs.ts';
import { DEFAULT_LATENCY, type LatencySettings } from './network/latency.ts';

export interface WorldSettings {
  latency: LatencySettings;
  exchange: ExchangeSettings;
  costs: StageCosts;
}

export const DEFAULT_WORLD: WorldSettings = {
  latency: DEFAULT_LATENCY,
  exchange: DEFAULT_EXCHANGE,
  costs: DEFAULT_COSTS,
};

/** What the kernel's heap holds: plain data, so that it can be part of a snapshot. */
export type WorldEvent =
  | { kind: 'fault-begin'; index: number }
  | { kind: 'fault-end'; index: number }
  /** A request for a connection is answered. */
  | { kind: 'connect'; connection: Connection; epoch: number }
  /** A subscription takes effect. */
  | { kind: 'subscribe'; connection: Connection; epoch: number; feed: Feed; instrument: number }
  /** A post arrives at the exchange; its reply takes `replyNs` back. */
  | { kind: 'post'; epoch: number; id: number; nonce: number; action: Action; replyNs: number }
  | { kind: 'rest'; id: number; request: RestBody['request']; replyNs: number }
  /** A message arrives at the core. REST replies come on no socket (`connection` null). */
  | { kind: 'message'; connection: Connection | null; epoch: number; message: Inbound }
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
};
