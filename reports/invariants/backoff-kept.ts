/**
 * The core does what it says (playbook 1.1): while it says that a side, or all orders, are held back, no new order and no modification
 * goes out there. What the exchange takes ends a back-off early, and so does a new connection; a second attempt at an old request,
 * and cancels, go out all the same. A cancel that is answered ends a back-off for too many requests, and not that of an address
 * without requests left, which has more of them for cancels.
 *
 * Sides are looked at in runs with one instrument alone.
 */
import type { LogEntry, RateLimitErrorType } from '../../core/evidence.ts';
import { type BySide, SIDE_NAMES, SIDES, type Side } from '../../core/market.ts';
import type { Command, Connection, PostCommand, PostReplyMessage } from '../../core/port.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { type Invariant, ViolationList } from './invariant.ts';

/** Posts without an answer for longer than this get none. */
const FORGET_NS = 60 * NS_PER_S;

interface Sent {
  readonly id: number;
  readonly nonce: number;
  readonly atNs: number;
  readonly sides: readonly Side[];
}

interface State {
  violations: unknown;
  untilNs: BySide<number>;
  allUntilNs: Record<RateLimitErrorType, number>;
  sent: Sent[];
}

export class BackoffKept implements Invariant {
  readonly invariant = 'backoff-kept';
  readonly name = 'invariant:backoff-kept';
  readonly #violations = new ViolationList(this.invariant);
  readonly #hasSides: boolean;
  /** Until when the core says that it holds back: a side, and all orders, by the reason for it. */
  readonly #untilNs: BySide<number> = [0, 0];
  readonly #allUntilNs: Record<RateLimitErrorType, number> = { TooManyRequests: 0, CumulativeRequests: 0 };
  /** Order calls on their way, oldest first. */
  #sent: Sent[] = [];

  constructor(instruments: number) {
    this.#hasSides = instruments === 1;
  }

  onEvidence(entry: LogEntry): void {
    if (entry.type === 'rate-limit-error') this.#allUntilNs[entry.error] = entry.untilNs;
    else if (entry.type === 'rejection-backoff') this.#untilNs[entry.side] = entry.untilNs;
    // An order of unknown fate was found to stand: it was taken.
    else if (entry.type === 'order-status' && entry.oid !== 0) this.#taken(SIDES);
  }

  onCommand(atNs: number, event: number, command: Command): void {
    if (command.kind !== 'post') return;
    const sides = sidesOf(command);
    if (sides.length === 0) return;
    const isSecond = this.#sent.some(({ nonce }) => nonce === command.nonce);
    this.#sent = this.#sent.filter(sent => atNs - sent.atNs <= FORGET_NS);
    this.#sent.push({ id: command.id, nonce: command.nonce, atNs, sides });
    if (isSecond) return;
    const { TooManyRequests, CumulativeRequests } = this.#allUntilNs;
    if (atNs < Math.max(TooManyRequests, CumulativeRequests)) {
      this.#violations.add(atNs, event, `post ${command.id} goes out while all orders are said to be held back`);
    }
    for (const side of sides) {
      if (!this.#hasSides || atNs >= this.#untilNs[side]) continue;
      this.#violations.add(
        atNs,
        event,
        `post ${command.id} goes out while the ${SIDE_NAMES[side]} is said to be held back`,
      );
    }
  }

  onReply(_atNs: number, _event: number, { id, error, items }: PostReplyMessage): void {
    const sent = this.#sent.find(candidate => candidate.id === id);
    if (error !== null) return;
    this.#allUntilNs.TooManyRequests = 0;
    if (sent !== undefined && items.some(item => item.status === 'resting' || item.status === 'filled')) {
      this.#taken(sent.sides);
    }
  }

  #taken(sides: readonly Side[]): void {
    this.#allUntilNs.TooManyRequests = 0;
    this.#allUntilNs.CumulativeRequests = 0;
    for (const side of sides) this.#untilNs[side] = 0;
  }

  onConnection(_atNs: number, _event: number, connection: Connection, status: 'open' | 'closed' | 'refused'): void {
    if (connection === 'user' && status === 'open') this.#untilNs.fill(0);
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      untilNs: [...this.#untilNs],
      allUntilNs: { ...this.#allUntilNs },
      sent: [...this.#sent],
    } satisfies State;
  }

  restore(state: unknown): void {
    const from = state as State;
    this.#violations.restore(from.violations);
    for (const side of SIDES) this.#untilNs[side] = from.untilNs[side];
    Object.assign(this.#allUntilNs, from.allUntilNs);
    this.#sent = [...from.sent];
  }
}

/** Sides on which a post places or modifies orders. */
function sidesOf({ action }: PostCommand): readonly Side[] {
  if (action.type === 'order') return [...new Set(action.orders.map(order => order.side))];
  if (action.type === 'batchModify') return [...new Set(action.modifies.map(({ order }) => order.side))];
  return [];
}
