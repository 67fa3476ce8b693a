/**
 * What stands between a plan and its posts (playbook 1.1): the proactive rate limiter, the execution budget and the quota. They decide
 * whether order calls go out, learn what went out, and hear what the exchange said of it. Cancels pass always, and are paid for.
 */
import type { Account } from '../account.ts';
import { type RefusalType, rateLimitError, refusalType } from '../infra/rate-limit/error-type.ts';
import type { OrderCall } from '../infra/rate-limit/proactive.ts';
import type { Action, PostCommand } from '../port.ts';
import { NS_PER_S } from '../scale.ts';

type Via = PostCommand['via'];

/** A wait longer than this is a back-off: quotes that cannot be changed for so long are better not there. */
const SHORT_WAIT_NS = NS_PER_S;

export class SendGate {
  readonly #account: Account;
  /** Is told of every refusal that is about position or margin. */
  readonly #onRefusal: (type: RefusalType, nowNs: number) => void;

  constructor(account: Account, onRefusal: (type: RefusalType, nowNs: number) => void) {
    this.#account = account;
    this.#onRefusal = onRefusal;
  }

  /**
   * Whether a batch of orders or modifications may go out now. To be asked once for each that is meant to be sent: what is held back
   * is counted.
   */
  mayCall(instrument: number, call: OrderCall, via: Via, items: number, nowNs: number): boolean {
    const { budget, rateLimiter } = this.#account;
    const weight = rateLimiter.actionWeight(via, items);
    if (rateLimiter.suppresses(instrument, call, weight, nowNs) !== null) return false;
    return budget.trySpend(items, nowNs);
  }

  /** When such a batch may go out, as things stand: now, or later. */
  allowedNs(instrument: number, call: OrderCall, via: Via, items: number, nowNs: number): number {
    const { budget, rateLimiter } = this.#account;
    const weight = rateLimiter.actionWeight(via, items);
    return Math.max(
      rateLimiter.allowedNs(instrument, call, weight, nowNs),
      items > 0 ? budget.affordableNs(items, nowNs) : nowNs,
    );
  }

  /** Whether no order goes out for so long that it is no mere pause. */
  isHeldBack(instrument: number, via: Via, nowNs: number): boolean {
    const { budget } = this.#account;
    if (budget.affordableNs(1, nowNs) - nowNs > SHORT_WAIT_NS) budget.ranOut(nowNs);
    return this.allowedNs(instrument, 'place', via, 1, nowNs) - nowNs > SHORT_WAIT_NS;
  }

  /** A post went out. */
  sent(instrument: number, action: Action, via: Via, items: number, nowNs: number): void {
    const { budget, quota, rateLimiter } = this.#account;
    rateLimiter.sent(rateLimiter.actionWeight(via, items), nowNs);
    quota.sent(Math.max(1, items), nowNs);
    if (action.type === 'order') rateLimiter.orderSent(instrument, 'place', nowNs);
    else if (action.type === 'batchModify') rateLimiter.orderSent(instrument, 'modify', nowNs);
    else budget.spendEmergency(items, nowNs);
  }

  /** The exchange carried a post out. `tookOrders`: it took at least one order or modification. */
  answered(tookOrders: boolean): void {
    const { rateLimiter } = this.#account;
    if (tookOrders) rateLimiter.tookOrders();
    else rateLimiter.answered();
  }

  /** The exchange refused a post, or an order of it; says what for. */
  refused(error: string, nowNs: number): RefusalType {
    const type = refusalType(error);
    const limit = rateLimitError(type);
    if (limit !== null) this.#account.rateLimiter.refused(limit, nowNs);
    if (type === 'PositionLimit' || type === 'Margin') this.#onRefusal(type, nowNs);
    return type;
  }
}
