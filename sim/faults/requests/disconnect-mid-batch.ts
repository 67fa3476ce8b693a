/**
 * The user socket closes in the middle of a batch (playbook 3.4): the exchange has acted on the first items, the others it never sees,
 * and nobody is told which is which. It waits for the first batch that is larger than `items`; in the second half of its time any
 * batch of two will do, of which the last item is cut off.
 */
import type { Action, Connection } from '../../../core/port.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { type ActionReply, batchSize } from '../../exchange/exchange.ts';
import type { ArrivedPost } from '../../market/market.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

interface State {
  cutId: number;
  isDone: boolean;
  refusesUntilNs: number;
}

class DisconnectMidBatch implements Overlay {
  readonly #items: number;
  readonly #downForNs: number;
  readonly #halfTimeNs: number;
  readonly #world: OverlayWorld;
  /** The action that was cut and is not answered yet; 0: none. */
  #cutId = 0;
  #isDone = false;
  #refusesUntilNs = 0;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#items = numberOf(fault, 'items');
    this.#downForNs = numberOf(fault, 'downFor');
    this.#halfTimeNs = fault.atNs + fault.forNs / 2;
    this.#world = world;
  }

  carriedOut(post: ArrivedPost): ArrivedPost {
    if (this.#isDone || this.#cutId !== 0 || post.via !== 'websocket') return post;
    const size = batchSize(post.action);
    const items = this.#world.nowNs < this.#halfTimeNs ? this.#items : Math.min(this.#items, size - 1);
    if (items < 1 || size <= items) return post;
    this.#cutId = post.id;
    return { ...post, action: firstItems(post.action, items) };
  }

  postAnswered(post: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    if (post.id !== this.#cutId) return reply;
    this.#cutId = 0;
    this.#isDone = true;
    this.#refusesUntilNs = this.#world.nowNs + this.#downForNs;
    this.#world.links.closeByServer('user');
    this.#world.tookEffect(`closed the user connection after ${batchSize(post.action)} items of a batch`);
    return null;
  }

  refuses(connection: Connection): boolean {
    return connection === 'user' && this.#world.nowNs < this.#refusesUntilNs;
  }

  snapshot(): unknown {
    const state: State = { cutId: this.#cutId, isDone: this.#isDone, refusesUntilNs: this.#refusesUntilNs };
    return state;
  }

  restore(from: unknown): void {
    const { cutId, isDone, refusesUntilNs } = from as State;
    this.#cutId = cutId;
    this.#isDone = isDone;
    this.#refusesUntilNs = refusesUntilNs;
  }
}

/** The same action with its first items alone; one without items stays as it is. */
function firstItems(action: Action, count: number): Action {
  switch (action.type) {
    case 'order':
      return { ...action, orders: action.orders.slice(0, count) };
    case 'cancel':
      return { ...action, cancels: action.cancels.slice(0, count) };
    case 'cancelByCloid':
      return { ...action, cancels: action.cancels.slice(0, count) };
    case 'batchModify':
      return { ...action, modifies: action.modifies.slice(0, count) };
    default:
      return action;
  }
}

export const disconnectMidBatch: FaultKind = {
  info: faultInfo({
    kind: 'disconnect-mid-batch',
    group: 'requests',
    description:
      'The user connection closes once the exchange has acted on the first items of a batch; the others are lost.',
    parameters: [
      {
        name: 'items',
        type: 'integer',
        unit: 'items',
        description: 'Items that are acted on; in the second half of its time fewer, if no larger batch has come.',
        min: 1,
        max: 100,
        default: 1,
      },
      {
        name: 'downFor',
        type: 'time',
        description: 'For how long new connections are refused then, at most until the fault ends.',
        min: 0,
        max: 3_600 * NS_PER_S,
        default: 0,
      },
    ],
    primary: '3.4',
    allowed: ['1.2', '1.4', '2.3', '3.1'],
    symptoms: ['position-mismatch', 'orders-not-sending', 'stale-quotes'],
  }),
  create: (fault, world) => new DisconnectMidBatch(fault, world),
};
