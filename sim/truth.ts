/**
 * The truth of a run: what the exchange, the network and the market really did, told to observers as it happens.
 *
 * Observers are handed to `Simulation`; each implements the hooks it wants. They see everything and change nothing: a run
 * with other observers has the same digest. `event` is the digest record's number, from 0.
 */
import type { LogEntry } from '../core/evidence.ts';
import type { Feed, Instrument, Side } from '../core/market.ts';
import type { Action, Command, Connection, Fill, Inbound, PostReplyMessage, QuotingCore } from '../core/port.ts';
import type { LedgerTruth } from './exchange/ledger/margin-account.ts';

/** An own order, as the exchange has it at the moment of the call. Read it, do not keep it. */
export interface OrderTruth {
  readonly oid: number;
  readonly cloid: number;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly originalLots: number;
  readonly remainingLots: number;
  readonly reduceOnly: boolean;
}

export type OrderRemoval = 'filled' | 'canceled' | 'modified' | 'expired';

export interface FaultEffect {
  /** Index of the fault in the plan. */
  readonly index: number;
  readonly kind: string;
  readonly atNs: number;
  readonly event: number;
  /** What happened, in a few words: `withheld l2Book frame`. */
  readonly what: string;
}

/** What the CPU's ledger says of one message. Read it, do not keep it. */
export interface HandledWork {
  /** The digest record of the event in which it was taken up. */
  event: number;
  kind: Inbound['kind'];
  /** How long the CPU was busy with other messages while this one was in the inbox. */
  waitedNs: number;
  /** Quote cycles that it brought about: how often one of the stages was charged that a cycle charges once (`strategy`, `ladder`, `reconcile`). */
  cycles: number;
  /** How many of them outgrew their arena: how often `arena-spill` was charged with more than no unit. */
  spills: number;
}

export interface Observer {
  /** Before the first event of the run, and again after `restore` in a run that goes on. */
  onStart?(context: RunContext): void;
  /** The true book moved (or was confirmed) at the exchange; NO_PRICE (0) for an empty side. */
  onMarket?(atNs: number, event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void;
  /** The exchange took an order (`replaces`: the oid that a modification ended, else 0). It may rest or fill at once. */
  onAccepted?(atNs: number, event: number, order: OrderTruth, replaces: number): void;
  /** A resting order left the book. After a modification `onAccepted` follows for the new one. */
  onRemoved?(atNs: number, event: number, order: OrderTruth, why: OrderRemoval): void;
  /** The exchange refused an order, cancel or modification. */
  onRejected?(atNs: number, event: number, action: Action['type'], error: string): void;
  /** An own order was filled, in full or in part. `positionLots` is the exchange's position after it. */
  onFill?(atNs: number, event: number, fill: Fill, positionLots: number): void;
  /** The notification of a fill was sent. `dueNs`: when it is at the core if no fault and no queue holds it up. */
  onFillSent?(atNs: number, event: number, fill: Fill, dueNs: number): void;
  /** The core's command left the core. */
  onCommand?(atNs: number, event: number, command: Command): void;
  /** An action arrived at the exchange. */
  onAction?(atNs: number, event: number, id: number, action: Action): void;
  /** The reply to a post reached the core. */
  onReply?(atNs: number, event: number, reply: PostReplyMessage): void;
  /** A frame of a feed reached the core's inbox. */
  onDelivered?(atNs: number, event: number, feed: Feed, instrument: number): void;
  onConnection?(atNs: number, event: number, connection: Connection, status: 'open' | 'closed' | 'refused'): void;
  /** A fault took effect once. */
  onFault?(effect: FaultEffect): void;
  onFaultsHealed?(atNs: number): void;
  /** The core wrote evidence, at the virtual time at which it wrote it. */
  onEvidence?(entry: LogEntry): void;
  /** The core has taken one message up, at `startNs`, which is now, and charged for it. */
  onHandled?(startNs: number, endNs: number, queuedNs: number, work: HandledWork): void;
  /** The run is over. */
  onEnd?(atNs: number, event: number): void;
  /** Name under which the state is kept in a snapshot; observers with state must have one. */
  readonly name: string;
  snapshot(): unknown;
  restore(state: unknown): void;
}

/** What an observer gets to know before the run starts. */
export interface RunContext {
  readonly instruments: readonly Instrument[];
  readonly fromNs: number;
  readonly toNs: number;
  /** When all faults end; the heal phase runs from here to `toNs`. */
  readonly healNs: number;
  readonly core: Pick<QuotingCore, 'metrics' | 'accountView'>;
  /** The account's money as it stands at any moment of the run. Missing where a stored trace is observed. */
  readonly ledger?: { truth(): LedgerTruth };
}
