/**
 * The market of a run: its true books, the exchange that own orders go to, and the frames that are sent of it. There are two: a
 * recorded one that moves as it did (`replay-market.ts`), and a synthetic one in which own orders have impact
 * (`live-market.ts`). What lies between a market and the core, network and faults, is the same for both.
 */
import type { Instrument, TradeColumns } from '../../core/market.ts';
import type { Action, AssetContext } from '../../core/port.ts';
import type { ActionReply, Exchange, ExchangeEvents } from '../exchange/exchange.ts';
import type { Source } from '../kernel/kernel.ts';
import type { MarketFrames } from './frames.ts';

/** An action that has arrived at the exchange. Plain data: it may have to wait for the next block. */
export interface ArrivedPost {
  readonly via: 'websocket' | 'rest';
  /** The user connection's when it was sent. */
  readonly epoch: number;
  readonly id: number;
  readonly nonce: number;
  /** Infinity: never. */
  readonly expiresAfterNs: number;
  readonly action: Action;
  /** When the reply is to reach the core, and how long it takes at least from when the action was carried out. */
  readonly replyAtNs: number;
  readonly leastBackNs: number;
}

/** What a market tells the simulation, in the order in which it happens. */
export interface MarketHandlers {
  readonly exchange: ExchangeEvents;
  /** The next frame in receive order arrives. */
  frameReceived(frame: number): void;
  /** A block of actions begins at the exchange, of which `actions` are ours. */
  blockBegins(actions: number): void;
  /** The true book of an instrument moved, or was confirmed. `stream`: the frame's feed, or BLOCK_STREAM. */
  moved(stream: number, rows: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void;
  /** Everything that came of it for our orders has been told. */
  settled(): void;
  /** Our action was carried out. */
  answered(post: ArrivedPost, reply: ActionReply): void;
  /** The exchange sends a message of the market connection that no tape holds. It arrives at `recvNs`. */
  contextSent(instrument: number, recvNs: number, context: AssetContext): void;
  midsSent(recvNs: number, midTicks: readonly number[]): void;
  /** True where somebody would get such a message: others are not made. */
  wantsContext(instrument: number): boolean;
  wantsMids(): boolean;
}

/** Stream of the digest's records of a block, beyond those of the feeds. */
export const BLOCK_STREAM = 32;

export interface Market {
  readonly instruments: readonly Instrument[];
  /** What a digest begins with, beside the seed: all that makes the market what it is. */
  readonly identity: string;
  readonly tape: MarketFrames;
  readonly exchange: Exchange;
  /** What has happened before the run begins, and the first things that happen in it. */
  begin(): void;
  /** Where the market comes from, for the kernel. */
  readonly sources: readonly Source[];
  /**
   * True: an action that arrives waits for the exchange's next block, and what the exchange does by itself happens in blocks,
   * too. False: an action is carried out when it arrives, and `exchange.passTime` has to be called at `exchange.dueNs`.
   */
  readonly hasBlocks: boolean;
  /** An action arrives. */
  submit(nowNs: number, post: ArrivedPost): void;
  /**
   * A fault's marked aggressor: somebody trades with an open order of ours now, before its turn. Returns what was filled, lots; 0
   * where there is no such order or no margin for it. To be called between two events, not while something else happens at the
   * exchange.
   */
  fillOutOfTurn(nowNs: number, oid: number, lots: number): number;
  /**
   * The fault of that index holds the fair price of an instrument so far from where it would be, as a share of that, or hides such a
   * share of its open interest; 0: no longer. What several do comes together. Only a synthetic market can: a recorded one moves as
   * it did.
   */
  displacePrice(instrument: number, fault: number, share: number): void;
  hideInterest(instrument: number, fault: number, share: number): void;
  /** The newest trades of an instrument at the exchange, oldest first. */
  recentTrades(instrument: number, limit: number): TradeColumns;
  snapshot(): unknown;
  restore(state: unknown): void;
}
