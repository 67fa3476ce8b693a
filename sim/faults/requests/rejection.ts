/**
 * The exchange refuses orders (playbook 1.1, 1.5): those of a side, new or to take the place of a modified one, each with the text
 * that the exchange has for the reason. Orders of the other side in the same action are looked at as always.
 *
 * With a count it refuses that many actions in a row, as far as they hold an order of the side, and no more.
 */
import { SIDE_NAMES } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import type { ActionReply } from '../../exchange/exchange.ts';
import { insufficientMargin, PERP_MAX_POSITION } from '../../exchange/ledger/margin-texts.ts';
import { TOO_FAR_FROM_ORACLE } from '../../exchange/limits/market-limits.ts';
import type { Refusal } from '../../exchange/order-rules.ts';
import type { ArrivedPost } from '../../market/market.ts';
import { type FaultKind, faultInfo, numberOf, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

const REASONS = ['position', 'margin', 'price', 'minimum', 'open-orders', 'post-only'] as const;
type Reason = (typeof REASONS)[number];

/** What the exchange says (hyperliquid, section 2.5). */
function refusalFor(reason: Reason, instrument: number): Refusal {
  switch (reason) {
    case 'position':
      return { error: PERP_MAX_POSITION, status: 'perpMaxPositionRejected' };
    case 'margin':
      return { error: insufficientMargin(instrument), status: 'perpMarginRejected' };
    case 'price':
      return TOO_FAR_FROM_ORACLE;
    case 'minimum':
      return { error: 'Order must have minimum value of $10.', status: 'minTradeNtlRejected' };
    case 'post-only':
      return {
        error: `Post only order would have immediately matched. asset=${instrument}`,
        status: 'badAloPxRejected',
      };
    case 'open-orders':
      return { error: 'Too many open orders.', status: 'tooManyOpenOrdersRejected' };
  }
}

class Rejection implements Overlay {
  readonly #side: string;
  readonly #reason: Reason;
  readonly #count: number;
  readonly #world: OverlayWorld;
  /** Actions that it has refused orders of, and whether the one at hand is to be counted. */
  #refused = 0;
  #isRefusing = false;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#side = textOf(fault, 'side');
    this.#reason = textOf(fault, 'reason') as Reason;
    this.#count = numberOf(fault, 'count');
    this.#world = world;
  }

  orderRefusal({ instrument, side }: PlaceOrder): Refusal | null {
    if (this.#side !== 'both' && SIDE_NAMES[side] !== this.#side) return null;
    if (this.#count > 0 && this.#refused >= this.#count) return null;
    this.#isRefusing = true;
    this.#world.tookEffect(`refused an order on ${SIDE_NAMES[side]}: ${this.#reason}`);
    return refusalFor(this.#reason, instrument);
  }

  /** An action is answered as soon as the last of its orders was looked at. */
  postAnswered(_post: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    if (this.#isRefusing) this.#refused++;
    this.#isRefusing = false;
    return reply;
  }

  snapshot(): unknown {
    return { refused: this.#refused, isRefusing: this.#isRefusing };
  }

  restore(state: unknown): void {
    const { refused, isRefusing } = state as { refused: number; isRefusing: boolean };
    this.#refused = refused;
    this.#isRefusing = isRefusing;
  }
}

export const rejection: FaultKind = {
  info: faultInfo({
    kind: 'rejection',
    group: 'requests',
    description:
      'The exchange refuses the orders of a side for a reason of its own; cancels and the other side go through.',
    parameters: [
      { name: 'side', type: 'side', description: 'Side whose orders are refused.', default: 'both' },
      {
        name: 'reason',
        type: 'choice',
        description:
          'What the exchange says: limit of the position, margin, price, minimum value, number of open orders, or that it would have taken.',
        choices: REASONS,
        default: 'position',
      },
      {
        name: 'count',
        type: 'integer',
        unit: 'actions',
        description: 'Actions that it refuses orders of, and then no more; 0: all until it ends.',
        min: 0,
        max: 1_000,
        default: 0,
      },
    ],
    primary: '1.1',
    allowed: ['1.5'],
    symptoms: ['orders-not-sending', 'stale-quotes'],
  }),
  create: (fault, world) => new Rejection(fault, world),
};
