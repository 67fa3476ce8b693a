/**
 * All that crosses the core's boundary: messages in, commands and evidence out (design, section 5).
 *
 * A core is pure. It is told the time with each message, asks for randomness by `draw`, declares the cost of its own work
 * by `charge`, and never waits: what it wants to happen later it asks for by a `set-timer` command. Whoever implements
 * `QuotingCore` can be put behind this port in place of ours.
 *
 * A module of that kind exports `createCore`, a `CoreFactory`, and is run and judged by `replaybook run … --core FILE`; the worked
 * example is test/example-core/one-quote.ts. What the diagnosis knows of a core is what it logs, by the names of core/evidence.ts.
 *
 * Times are integral nanoseconds since the tape's origin, prices ticks, sizes lots.
 */
import type { LogEntry } from './evidence.ts';
import type { Feed, Instrument, LevelColumns, Side, TradeColumns } from './market.ts';

/** Market data and user traffic are separate sockets, so that each can fail alone. */
export const CONNECTIONS = ['market', 'user'] as const;
export type Connection = (typeof CONNECTIONS)[number];

// ---------------------------------------------------------------------------------------------- messages in

/** The first message of a run. The core opens its connections and sets its timers. */
export interface StartMessage {
  kind: 'start';
  nowNs: number;
}

/**
 * One frame of `l2Book`, `bbo` or `fastBook`. The object and its columns belong to the sender and may be reused after
 * `receive` returns: copy what has to be kept.
 */
export interface BookMessage {
  kind: 'book';
  nowNs: number;
  feed: 'l2Book' | 'bbo' | 'fastBook';
  instrument: number;
  /** When the exchange made it. Not comparable with `nowNs` without the latency between. */
  exchNs: number;
  /** Counts this feed's messages on this connection, one by one; a gap means that messages were lost. */
  sequence: number;
  /** The venue's own update id after this frame, and the one it follows; 0 where the venue has none. */
  updateId: number;
  previousUpdateId: number;
  /** True: these are all the levels, what was known before is void. False: only what changed. */
  isSnapshot: boolean;
  levels: LevelColumns;
  first: number;
  count: number;
}

/**
 * One frame of `trades`. As on the real exchange the first one after a subscription repeats recent trades and is not
 * marked: the core has to tell (by `exchNs` of its rows, or by its place).
 */
export interface TradesMessage {
  kind: 'trades';
  nowNs: number;
  feed: 'trades';
  instrument: number;
  exchNs: number;
  sequence: number;
  trades: TradeColumns;
  first: number;
  count: number;
}

export interface ConnectionMessage {
  kind: 'connection';
  nowNs: number;
  connection: Connection;
  /** `refused` answers a `connect`; `closed` may come at any time. */
  status: 'open' | 'closed' | 'refused';
}

/** The exchange confirms a subscription. The feed's first frame may already have come. */
export interface SubscribedMessage {
  kind: 'subscribed';
  nowNs: number;
  feed: Feed;
  instrument: number;
}

/** The exchange's `orderUpdates` items. There is no snapshot of them on subscribing. */
export interface OrderUpdatesMessage {
  kind: 'order-updates';
  nowNs: number;
  updates: readonly OrderUpdate[];
}

export interface OrderUpdate {
  oid: number;
  cloid: number;
  instrument: number;
  side: Side;
  limitTicks: number;
  originalLots: number;
  /** What was left at the change of status. */
  remainingLots: number;
  /** By the exchange's names: `open`, `filled`, `canceled`, `badAloPxRejected` … */
  status: string;
  statusNs: number;
}

/** The exchange's `userFills`. The first after a subscription is a snapshot and repeats fills already seen. */
export interface FillsMessage {
  kind: 'fills';
  nowNs: number;
  isSnapshot: boolean;
  fills: readonly Fill[];
}

export interface Fill {
  /** Trade id: what fills are told apart by (playbook 3.3). */
  tid: number;
  oid: number;
  cloid: number;
  instrument: number;
  side: Side;
  priceTicks: number;
  sizeLots: number;
  /** When it was matched. */
  exchNs: number;
  /** Signed position before this fill. */
  startPositionLots: number;
  /** True: we took; false: our order rested. */
  crossed: boolean;
  feeUsd: number;
}

/** The answer to a `post`; `id` is the command's. Item by item, in the order of the batch. */
export interface PostReplyMessage {
  kind: 'post-reply';
  nowNs: number;
  id: number;
  /** Not null: the whole batch was refused with this text, and `items` is empty. Empty too where an action has no items. */
  error: string | null;
  items: readonly PostItem[];
}

/** `cloid`: the client id that the exchange names; absent where it is the one that was sent. */
export type PostItem =
  | { status: 'resting'; oid: number; cloid?: number }
  | { status: 'filled'; oid: number; filledLots: number; averageTicks: number; cloid?: number }
  | { status: 'success' }
  | { status: 'error'; error: string };

/** The answer to a `rest` command; `id` is the command's. */
export interface RestReplyMessage {
  kind: 'rest-reply';
  nowNs: number;
  id: number;
  /** When the exchange took the picture: older than the stream by the snapshot's lag. */
  exchNs: number;
  body: RestBody;
}

export type RestBody =
  | { request: 'openOrders'; orders: readonly OpenOrder[] }
  | { request: 'clearinghouseState'; positions: readonly PositionState[]; account: AccountState }
  /** The order of a CLOID; null: the exchange knows none (`unknownOid`). */
  | { request: 'orderStatus'; order: OrderUpdate | null }
  /** Fills from `RestCommand.fromNs` on, oldest first, at most 2,000. */
  | { request: 'userFillsByTime'; fills: readonly Fill[] }
  | { request: 'userRateLimit'; volumeUsd: number; requestsUsed: number; requestsCap: number }
  /** Margin rules of every instrument. */
  | { request: 'meta'; instruments: readonly MarginRules[] }
  /** The request was not answered with data: 429 over the limit, 422 for a bad one, 502 where the exchange is down. */
  | { request: 'failed'; httpStatus: number; text: string };

/** What a `rest` command can ask for. */
export type RestRequest = Exclude<RestBody['request'], 'failed'>;

export interface PositionState {
  instrument: number;
  /** Signed; a closed position is absent, not zero. */
  positionLots: number;
  /** Average, not a whole tick. */
  entryTicks: number;
  leverage: number;
  isCross: boolean;
  marginUsedUsd: number;
  unrealizedUsd: number;
  /** null: no price liquidates it. */
  liquidationTicks: number | null;
}

export interface AccountState {
  /** With unrealised profit, at the mark. */
  valueUsd: number;
  marginUsedUsd: number;
  withdrawableUsd: number;
}

export interface MarginRules {
  instrument: number;
  /** Ascending; the first begins at 0. A notional above a tier's bound has that tier's leverage. */
  tiers: readonly { lowerBoundUsd: number; maxLeverage: number }[];
  /** A builder's asset that knows no cross margin. */
  onlyIsolated: boolean;
}

export interface OpenOrder {
  oid: number;
  cloid: number;
  instrument: number;
  side: Side;
  limitTicks: number;
  remainingLots: number;
  originalLots: number;
}

export interface TimerMessage {
  kind: 'timer';
  nowNs: number;
  timer: string;
}

/** The exchange's `allMids`: one mid an instrument. */
export interface AllMidsMessage {
  kind: 'all-mids';
  nowNs: number;
  exchNs: number;
  sequence: number;
  /** By instrument, in ticks: a half tick where the spread is odd, 0 where there is no mid. */
  midTicks: readonly number[];
}

/** The exchange's `activeAssetCtx`, sent when it changes: about every 3 s. */
export interface AssetContextMessage {
  kind: 'asset-context';
  nowNs: number;
  instrument: number;
  exchNs: number;
  sequence: number;
  context: AssetContext;
}

export interface AssetContext {
  /** Share of the notional that longs pay shorts each hour. */
  fundingPerHour: number;
  openInterestLots: number;
  /** Whole ticks. */
  oracleTicks: number;
  markTicks: number;
  /** A half tick where the spread is odd, 0 where there is no mid. */
  midTicks: number;
}

/** What happened to the account without an action of its own: the exchange's `user` channel. There is no snapshot of it. */
export interface UserEventsMessage {
  kind: 'user-events';
  nowNs: number;
  events: readonly UserEvent[];
}

export type UserEvent =
  /** An order that the exchange ended: margin, self-trade, liquidation. */
  | { type: 'nonUserCancel'; instrument: number; oid: number }
  /** `usd` is negative where it was paid. */
  | { type: 'funding'; instrument: number; usd: number; positionLots: number; ratePerHour: number; exchNs: number }
  | { type: 'liquidation'; notionalUsd: number; accountValueUsd: number };

/** An error frame of a socket. It has no id: what it answers can only be guessed from its text. */
export interface ChannelErrorMessage {
  kind: 'channel-error';
  nowNs: number;
  connection: Connection;
  error: string;
}

/** A person acts on the running core. */
export interface OperatorMessage {
  kind: 'operator';
  nowNs: number;
  action: OperatorAction;
}

export type OperatorAction =
  /** The only thing that ends a kill (playbook 1.3). */
  | { type: 'reset-kill-switch' }
  /** Playbook 1.4 and 3.1. */
  | { type: 'run-safety-audit' }
  /** A setting by its dotted path (`orchestrator.eventAccumulator.debounceNs`), of the type that it has. */
  | { type: 'set'; path: string; value: number | boolean | string };

export type Inbound =
  | StartMessage
  | BookMessage
  | TradesMessage
  | ConnectionMessage
  | SubscribedMessage
  | OrderUpdatesMessage
  | FillsMessage
  | PostReplyMessage
  | RestReplyMessage
  | TimerMessage
  | AllMidsMessage
  | AssetContextMessage
  | UserEventsMessage
  | ChannelErrorMessage
  | OperatorMessage;

// -------------------------------------------------------------------------------------------- commands out

/** Opens the connection, closing it first where it is open. Answered by a `connection` message. */
export interface ConnectCommand {
  kind: 'connect';
  connection: Connection;
}

export interface SubscribeCommand {
  kind: 'subscribe';
  feed: Feed;
  instrument: number;
}

export interface UnsubscribeCommand {
  kind: 'unsubscribe';
  feed: Feed;
  instrument: number;
}

/** Time in force, by the exchange's names: add liquidity only, immediate or cancel, good till cancelled. */
export type Tif = 'Alo' | 'Ioc' | 'Gtc';

export interface PlaceOrder {
  /** Client order id, unique in the run; on the wire a 128-bit hex number. */
  cloid: number;
  instrument: number;
  side: Side;
  priceTicks: number;
  sizeLots: number;
  tif: Tif;
  reduceOnly: boolean;
}

/** An action. The batch is one action with one nonce: what is sent twice with the same nonce runs once. */
export interface PostCommand {
  kind: 'post';
  /** Over the user socket, or as a request of its own beside it. */
  via: 'websocket' | 'rest';
  /** Chosen by the core, echoed in the reply. */
  id: number;
  nonce: number;
  /** The exchange refuses the action after this time. */
  expiresAfterNs?: number;
  action: Action;
}

export type Action =
  | { type: 'order'; orders: readonly PlaceOrder[] }
  | { type: 'cancel'; cancels: readonly { instrument: number; oid: number }[] }
  | { type: 'cancelByCloid'; cancels: readonly { instrument: number; cloid: number }[] }
  /** `alwaysPlace`: the new order is placed even where the old one is gone (the exchange's `a`). */
  | { type: 'batchModify'; modifies: readonly { oid: number; order: PlaceOrder }[]; alwaysPlace?: boolean }
  /** Cancels everything at `atNs`, at least 5 s ahead; null disarms. */
  | { type: 'scheduleCancel'; atNs: number | null }
  | { type: 'updateLeverage'; instrument: number; isCross: boolean; leverage: number }
  /** Adds to an isolated position's margin, or takes from it where negative. */
  | { type: 'updateIsolatedMargin'; instrument: number; microUsd: number }
  /** Does nothing but use up its nonce: what is in flight with the same nonce is refused. */
  | { type: 'noop' };

export interface RestCommand {
  kind: 'rest';
  id: number;
  request: RestRequest;
  /** Of `orderStatus`. */
  cloid?: number;
  /** Of `userFillsByTime`. */
  fromNs?: number;
}

/** Fires once at `atNs` (or at once, where that is past). Setting a timer again moves it; Infinity switches it off. */
export interface SetTimerCommand {
  kind: 'set-timer';
  timer: string;
  atNs: number;
}

export type Command =
  | ConnectCommand
  | SubscribeCommand
  | UnsubscribeCommand
  | PostCommand
  | RestCommand
  | SetTimerCommand;

// --------------------------------------------------------------------------------------------- the two parties

/** Work that a core declares the cost of. What a unit costs is data of the world (`sim/host/costs.ts`). */
export const STAGES = [
  'decode',
  'book',
  'trades',
  'data-quality',
  'user-event',
  'timer',
  'estimate',
  'risk',
  'strategy',
  'ladder',
  'reconcile',
  'execute',
  'log',
  /** A log entry that its sender waits for until it is written. */
  'log-sync',
  /** Strategy models: one unit a level and side. */
  'model',
  /** Fitting the regime model anew: one unit a return gone over. */
  'recalibrate',
  /** Weighing a signal anew: one unit a pair of values gone over. */
  'mutual-information',
  /** Records taken from the quote cycle's arena. */
  'arena',
  /** Further chunks that the arena had to open. */
  'arena-spill',
  /** The safety audit: one unit an order compared. */
  'safety',
  /** The loop stands still, for a lock, a disk or an answer: one unit a microsecond. A right core never does (playbook 4.3). */
  'blocked',
] as const;
export type Stage = (typeof STAGES)[number];

/** What the world hands to a core at construction. */
export interface CoreHost {
  /** Sends a command. It leaves when the time charged by the current message has passed. */
  send(command: Command): void;
  /** Declares work: `units` of `stage` (levels, orders, items … 1 where nothing is counted). */
  charge(stage: Stage, units: number): void;
  /** Virtual time charged since the current message was taken up, ns. For the core's own latency metrics. */
  chargedNs(): number;
  /** How long the current message had waited in the inbox when it was taken up, ns. For the core's own latency metrics. */
  queuedNs(): number;
  /** Bytes of a quote cycle's arena that something else in the process has taken; 0 as a rule (playbook 4.2). */
  arenaTakenBytes(): number;
  /** A number in [0, 1) from the named random stream. */
  draw(stream: string): number;
  /** Writes one entry of evidence. The entry is kept: hand over a fresh object. */
  log(entry: LogEntry): void;
}

/**
 * What a core believes of its account on one instrument. Only judges read it; it may be live, and is read before the core takes
 * its next message up.
 */
export interface InstrumentAccount {
  /** Signed. */
  readonly positionLots: number;
  /** Orders that it takes to be at the exchange, or on their way there. `oid` 0: the exchange has not told it yet. */
  readonly orders: readonly { readonly oid: number; readonly cloid: number }[];
  /** Share of its fills after which the price stood against them 1 s later, 0 to 1; NaN: it knows of none. */
  readonly adverseSelectionRate?: number;
}

/** A quoting core, as the world sees it. */
export interface QuotingCore {
  /** Takes one message up. All effects go through the host, before it returns. */
  receive(message: Inbound): void;
  /** Values of `METRICS`, by index: counters and gauges as they stand. */
  readonly metrics: Float64Array;
  /**
   * What it believes of its account, by instrument; for the symptom `position-mismatch` and nothing else. A core without it is
   * not judged by that symptom, one that leaves `adverseSelectionRate` out not by that part of it.
   */
  accountView?(): readonly InstrumentAccount[];
  /** All state, as plain data: objects, arrays, numbers, strings, booleans, null and typed arrays. */
  snapshot(): unknown;
  /** Takes back what `snapshot` of a core with the same settings gave. */
  restore(state: unknown): void;
}

export type CoreFactory<Settings> = (
  host: CoreHost,
  settings: Settings,
  instruments: readonly Instrument[],
) => QuotingCore;
