/**
 * The exchange does not carry cancels out (playbook 1.4, 3.1). It says that it did, or says nothing: either way the orders stay, and
 * may be filled.
 */
import { type ActionReply, batchSize } from '../../exchange/exchange.ts';
import type { ArrivedPost } from '../../market/market.ts';
import { type FaultKind, faultInfo, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

class CancelNeverExecutes implements Overlay {
  readonly #world: OverlayWorld;
  readonly #isSilent: boolean;
  /** The answer to the cancel at hand is to be lost. */
  #loses = false;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#isSilent = textOf(fault, 'answer') === 'none';
  }

  postArrives({ action }: ArrivedPost): ActionReply | null {
    if ((action.type !== 'cancel' && action.type !== 'cancelByCloid') || !this.#world.hits()) return null;
    const count = batchSize(action);
    this.#world.tookEffect(`carried ${count} cancels not out, and ${this.#isSilent ? 'said nothing' : 'said it did'}`);
    this.#loses = this.#isSilent;
    return { error: null, items: Array.from({ length: count }, () => ({ status: 'success' as const })) };
  }

  /** It is asked within the same event. */
  postAnswered(_post: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    const isLost = this.#loses;
    this.#loses = false;
    return isLost ? null : reply;
  }
}

export const cancelNeverExecutes: FaultKind = {
  info: faultInfo({
    kind: 'cancel-never-executes',
    group: 'orders',
    description: 'Cancels arrive at the exchange and are not carried out.',
    hasProbability: true,
    parameters: [
      {
        name: 'answer',
        description: 'What the exchange answers: that it cancelled, or nothing.',
        type: 'choice',
        choices: ['success', 'none'],
        default: 'success',
      },
    ],
    primary: '3.1',
    allowed: ['1.4', '3.2', '1.2'],
    symptoms: ['position-mismatch', 'stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => new CancelNeverExecutes(fault, world),
};
