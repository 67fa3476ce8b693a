/**
 * Every limit that the exchange sets its clients, as one flat tree of values. The defaults are the exchange's (hyperliquid,
 * sections 1.3, 2.5, 4, 5); what is marked "ours" it does not publish. All of them can change while a run is under way
 * (`Limits.change`), which is how a limit is turned down on purpose.
 */
import { NS_PER_S } from '../../../core/scale.ts';

export interface LimitSettings {
  /** Weight of the REST requests of one address on the internet in any minute (5.1). */
  readonly ipWeightPerMinute: number;
  /** Whether posts over the websocket count towards it. Ours: the exchange does not say (section 10). */
  readonly websocketPostsWeigh: boolean;

  /** Requests of an account before it has traded anything, and how many more each USD traded gives (5.2). */
  readonly addressInitialRequests: number;
  readonly addressRequestsPerUsd: number;
  /** What an account that has no requests left may still send: one action in so long. */
  readonly addressTrickleNs: number;
  /** Cancels have a cap of their own: the smaller of cap + extra and cap × factor. */
  readonly addressCancelExtra: number;
  readonly addressCancelFactor: number;
  /** An action that came after its `expiresAfter` costs so many times its requests. */
  readonly addressExpiredFactor: number;
  /** What the account had traded before the run, USD, and the share of its requests that is left at the start, 0 to 1. */
  readonly addressStartVolumeUsd: number;
  readonly addressStartQuota: number;

  /** Open websockets, and new ones in any minute (1.3). */
  readonly connections: number;
  readonly newConnectionsPerMinute: number;
  /** Subscriptions over all websockets. */
  readonly subscriptions: number;
  /** Accounts whose streams are subscribed to. The documentation says 10, the server takes 15 (1.2, 1.3). */
  readonly users: number;
  /** Messages of the client in any minute, over all websockets. */
  readonly messagesPerMinute: number;
  /** Posts that are not answered yet, over all websockets. */
  readonly inFlightPosts: number;
  /** The server closes a websocket on which it has sent nothing for so long (1.1). */
  readonly serverSilenceNs: number;
  /**
   * How often the client's websocket library pings; each ping is answered, so the socket is not silent. The official
   * client does so every 50 s (1.1). At `serverSilenceNs` and beyond pings come too late. Holds from the next opening on.
   */
  readonly clientPingNs: number;

  /** Most items of one action (2.5). */
  readonly actionWeight: number;
  /** Open orders: the first cap, how much volume gives one more, and the last cap (4). */
  readonly openOrders: number;
  readonly openOrdersVolumeUsd: number;
  readonly openOrdersMax: number;
  /** With so many open orders no further reduce-only order is taken (3.3). */
  readonly openOrdersReduceOnly: number;

  /** How far a price may be from the reference price, as a share of that (4). */
  readonly priceBandShare: number;
  /** How far a price may be from the oracle's, as a share of that. Ours: its width is not published (section 10). */
  readonly oracleBandShare: number;
  /** How much more aggressive than the oracle a price may be at the open-interest cap. The documentation's 1 %. */
  readonly openInterestCapBandShare: number;
  /** Caps the open interest of every instrument beside its own cap, USD; null: only its own. */
  readonly openInterestCapUsd: number | null;
  /** How much an instrument's open interest may grow within the window, as a share of it. Ours; null: any. */
  readonly openInterestGrowthShare: number | null;
  readonly openInterestGrowthWindowNs: number;
  /** Caps the notional of every order beside the instrument's own caps, USD; null: only those. */
  readonly orderNotionalUsd: number | null;
  /** The phase after an upgrade of the network, in which only post-only orders are taken (3.2). */
  readonly postOnlyPhase: boolean;
}

export const DEFAULT_LIMITS: LimitSettings = {
  ipWeightPerMinute: 1_200,
  websocketPostsWeigh: false,
  addressInitialRequests: 10_000,
  addressRequestsPerUsd: 1,
  addressTrickleNs: 10 * NS_PER_S,
  addressCancelExtra: 100_000,
  addressCancelFactor: 2,
  addressExpiredFactor: 5,
  addressStartVolumeUsd: 0,
  addressStartQuota: 1,
  connections: 10,
  newConnectionsPerMinute: 30,
  subscriptions: 1_000,
  users: 15,
  messagesPerMinute: 2_000,
  inFlightPosts: 100,
  serverSilenceNs: 60 * NS_PER_S,
  clientPingNs: 50 * NS_PER_S,
  actionWeight: 200,
  openOrders: 1_000,
  openOrdersVolumeUsd: 5_000_000,
  openOrdersMax: 5_000,
  openOrdersReduceOnly: 1_000,
  priceBandShare: 0.95,
  oracleBandShare: 0.5,
  openInterestCapBandShare: 0.01,
  openInterestCapUsd: null,
  openInterestGrowthShare: null,
  openInterestGrowthWindowNs: 10 * NS_PER_S,
  orderNotionalUsd: null,
  postOnlyPhase: false,
};
