/**
 * A fault while it acts: hooks at the places of the world where something can go wrong. The world below stays intact, so that
 * healing is switching an overlay off (design, section 8).
 *
 * A hook is called only between `begin` and `end`. Overlays are asked in the order of the plan, each with what the one before it
 * left. Whatever is drawn in the world is drawn before a hook is asked, so that a fault shifts no other draw; a fault's own draws
 * come from its own stream.
 */
import type { Feed, Instrument } from '../../core/market.ts';
import type {
  BookMessage,
  Connection,
  Fill,
  Inbound,
  OrderUpdate,
  PlaceOrder,
  PostCommand,
  RestBody,
  RestCommand,
  TradesMessage,
} from '../../core/port.ts';
import type { ActionReply, Exchange } from '../exchange/exchange.ts';
import type { Refusal } from '../exchange/order-rules.ts';
import type { CoreProcess } from '../host/core-process.ts';
import type { HostOverlay } from '../host/host-overlay.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { ArrivedPost, Market } from '../market/market.ts';
import type { Connections } from '../network/connections.ts';
import type { Latency } from '../network/latency.ts';
import type { OrderTruth } from '../truth.ts';
import type { MarketItem, MarketMessage } from './market-item.ts';

export interface Overlay extends HostOverlay {
  /** The fault begins, or ends: what it does at that moment. */
  begin?(): void;
  end?(): void;
  /** When it ends, asked after `begin`; `forNs` after its begin where it does not say. */
  endNs?(): number;
  /** A time that it asked for by `wakeAt` has come. Called after the end too, for what is still on its way. */
  due?(): void;

  /** Market feeds whose messages it wants to see; none without. */
  readonly feeds?: readonly Feed[];
  /** What becomes of a message of these feeds: it, another one in its place, or null: it is not delivered now. */
  market?(item: MarketItem): MarketItem | null;

  /** Whether a request for this connection is refused. */
  refuses?(connection: Connection): boolean;
  /** The connection has been opened. */
  opened?(connection: Connection): void;
  /** Whether all that is sent over the open connection in a direction (`up`: by the core) is lost without a trace. */
  loses?(connection: Connection, direction: 'up' | 'down'): boolean;
  /** Whether a request to subscribe is lost. */
  losesSubscription?(feed: Feed, instrument: number): boolean;

  /** What an action's way to the exchange takes longer, ns; Infinity: it never arrives. */
  postDelayNs?(post: PostCommand): number;
  /** An action has arrived. Not null: the answer that it gets in place of being carried out. */
  postArrives?(post: ArrivedPost): ActionReply | null;
  /** What of an action that has arrived is carried out: all of it, or what is left of it. */
  carriedOut?(post: ArrivedPost): ArrivedPost;
  /** The exchange looks at one order of an action. Not null: why it is refused, as if by a rule of the exchange's own. */
  orderRefusal?(order: PlaceOrder): Refusal | null;
  /**
   * The answer to an action sets out: it, another in its place, or null: it is lost. Of an answer that another fault has taken (null)
   * it is told all the same.
   */
  postAnswered?(post: ArrivedPost, reply: ActionReply | null): ActionReply | null;
  /** What an answer's way back takes longer, ns. */
  replyDelayNs?(post: ArrivedPost): number;

  /** Of the order updates, or fills, that are about to be sent: what is. What is left out is lost, or the overlay's to send later. */
  orderUpdates?(updates: readonly OrderUpdate[]): readonly OrderUpdate[];
  fills?(fills: readonly Fill[]): readonly Fill[];
  /** What the way of a message of the user streams takes longer, ns. */
  pushDelayNs?(feed: Feed): number;

  /** A query has arrived. Not null: the answer that it gets. */
  queryArrives?(command: RestCommand): RestBody | null;
  /** How much older than it would be the picture is that a query is answered from, ns. */
  pictureAgeNs?(command: RestCommand): number;

  /** An own order was accepted, or left the book. Acting on the exchange is for `due`: ask for it by `wakeAt(nowNs)`. */
  orderAccepted?(order: OrderTruth): void;
  orderRemoved?(order: OrderTruth): void;

  /** Plain data; needed where the overlay has state. */
  snapshot?(): unknown;
  restore?(state: unknown): void;
}

/** What an overlay may do with the world. */
export interface OverlayWorld {
  /** The fault's place in the plan. */
  readonly index: number;
  readonly nowNs: number;
  readonly instruments: readonly Instrument[];
  readonly market: Market;
  readonly exchange: Exchange;
  readonly connections: Connections;
  readonly latency: Latency;
  readonly host: HostControls;
  readonly links: Links;
  /** The fault's own stream of random numbers. */
  readonly random: RandomStream;
  /** Draws whether the fault hits this message. */
  hits(): boolean;
  /** The truth records one effect: `withheld a frame of l2Book`. */
  tookEffect(what: string): void;
  /** Asks for `due` at that time. */
  wakeAt(atNs: number): void;
}

/** The machine that the core runs on. */
export type HostControls = Pick<CoreProcess<never>, 'arrive' | 'occupy'>;

/** Ways to the core and from it. */
export interface Links {
  /** Hands on what an active overlay kept back or made: to those after it in the plan, then to the core if it still listens. */
  passOn(item: MarketItem): void;
  /** The same for what an ended overlay lets go: every other overlay sees it. */
  release(item: MarketItem): void;
  /** A copy of an item's message, of which every part may be changed. */
  copyOf(item: MarketItem): MarketMessage;
  /** Writes the rows of a message that was altered into the digest. Call it once, before it is handed on. */
  recordAltered(message: BookMessage | TradesMessage): void;
  /** The server closes a connection. False: it was not open. */
  closeByServer(connection: Connection): boolean;
  /** Sends what a new subscriber of a feed gets first, if the feed is subscribed. False: it is not. */
  sendFirst(feed: Feed, instrument: number): boolean;
  /** Hands on the answer to an action that was kept back, if its way is still there. It arrives now, in order with all else on the socket. */
  answer(post: ArrivedPost, reply: ActionReply): void;
  /** Sends a message over the user socket, in order with all else there; it arrives at `atNs` or later, if it arrives. */
  sendToUser(message: Inbound, atNs: number): void;
  /** Sends the newest fills over the user socket once more, as to a new subscriber. */
  sendFillSnapshot(): void;
  /** The account was changed at the exchange without a word on the streams: queries show it from now on. */
  accountChanged(): void;
  /** Sends what the exchange was made to do outside of an action on the user streams. */
  sendUserStreams(): void;
}
