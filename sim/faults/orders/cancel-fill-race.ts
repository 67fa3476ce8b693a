/**
 * A fill crosses what the core does to its order (playbook 3.2). It arms at its time and waits for the next request that fits; the
 * fill itself is made by the marked aggressor at that moment.
 *
 * - `during-cancel`: a cancel or modification has left the core, and its order is filled before it arrives.
 * - `after-cancel-ack`: the same, and the notification comes only after the answer to the cancel.
 * - `before-order-ack`: a new order is filled at once, and its fill comes before its acknowledgement and its first update.
 * - `cancel-fails`: the order is filled in part while its cancel is on the way, and the cancel is refused.
 */
import type { Fill, OrderUpdate, PostCommand } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type ActionReply, batchSize } from '../../exchange/exchange.ts';
import type { ArrivedPost } from '../../market/market.ts';
import type { OrderTruth } from '../../truth.ts';
import { type FaultKind, faultInfo, numberOf, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { AGGRESSOR_SHARE, hit, ORDER_SCOPE, OrderScope, shareOf } from './aggressor.ts';
import { FILL_FAULT } from './armed-fills.ts';

const MODES = ['during-cancel', 'after-cancel-ack', 'before-order-ack', 'cancel-fails'] as const;

/** A refusal that says nothing of the order's fate. */
const REFUSAL = 'Internal error';

/** One race, from the request that it waits for to its last message. */
interface Race {
  readonly oid: number;
  /** Of the cancel or modification; -1: of none. */
  readonly postId: number;
  /** The user connection's when it began. */
  readonly epoch: number;
  isHit: boolean;
  /** What is kept back, and when it is let go; Infinity: that is not known yet. */
  fills: Fill[];
  updates: OrderUpdate[];
  reply: { id: number; error: string | null; items: ActionReply['items'] } | null;
  replyAtNs: number;
  releaseNs: number;
}

interface State {
  left: number;
  race: Race | null;
}

class CancelFillRace implements Overlay {
  readonly #world: OverlayWorld;
  readonly #scope: OrderScope;
  readonly #mode: string;
  readonly #share: number;
  readonly #lateNs: number;
  #left: number;
  #race: Race | null = null;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#scope = new OrderScope(fault);
    this.#mode = textOf(fault, 'mode');
    this.#share = numberOf(fault, 'share');
    this.#lateNs = numberOf(fault, 'late');
    this.#left = numberOf(fault, 'count');
  }

  // ----------------------------------------------------------------------------------- the request that it waits for

  postDelayNs({ action, id, via }: PostCommand): number {
    if (this.#mode === 'before-order-ack' || via !== 'websocket' || !this.#isArmed) return 0;
    for (const oid of oidsOf(action)) {
      const order = this.#world.exchange.account.orders.byOid(oid);
      if (order === undefined || !this.#scope.has(order) || this.#lotsOf(order) === 0 || !this.#world.hits()) continue;
      this.#begin(oid, id);
      break;
    }
    return 0;
  }

  orderAccepted(order: OrderTruth): void {
    if (this.#mode !== 'before-order-ack' || !this.#isArmed || !this.#scope.has(order) || !this.#world.hits()) return;
    this.#begin(order.oid, -1);
  }

  get #isArmed(): boolean {
    return this.#left > 0 && this.#race === null;
  }

  #begin(oid: number, postId: number): void {
    const { connections, nowNs } = this.#world;
    this.#race = {
      oid,
      postId,
      epoch: connections.epoch('user'),
      isHit: false,
      fills: [],
      updates: [],
      reply: null,
      replyAtNs: nowNs,
      releaseNs: Infinity,
    };
    this.#world.wakeAt(nowNs);
  }

  /** How much of an order is filled; a partial fill leaves at least a lot. */
  #lotsOf(order: OrderTruth): number {
    const lots = shareOf(order, this.#share);
    return this.#mode === 'cancel-fails' ? Math.min(lots, order.remainingLots - 1) : lots;
  }

  // ------------------------------------------------------------------------------------------------------- the race

  due(): void {
    const race = this.#race;
    if (race === null) return;
    if (!race.isHit) this.#hit(race);
    else if (this.#world.nowNs >= race.releaseNs) this.#release(race);
  }

  #hit(race: Race): void {
    const { exchange, latency, links, nowNs } = this.#world;
    const order = exchange.account.orders.byOid(race.oid);
    race.isHit = true;
    const isHeld = this.#mode !== 'before-order-ack' || race.reply !== null;
    const filledLots = order === undefined || !isHeld ? 0 : hit(this.#world, order, this.#lotsOf(order));
    if (filledLots === 0) return this.#release(race);
    this.#left--;
    if (this.#mode === 'during-cancel') this.#race = null;
    if (this.#mode !== 'before-order-ack') return;
    // The fill goes its usual way; all else of the order comes after it.
    const arrivesNs = nowNs + latency.pushMedianNs;
    if (race.fills.length > 0)
      links.sendToUser({ kind: 'fills', nowNs: 0, isSnapshot: false, fills: race.fills }, arrivesNs);
    race.fills = [];
    this.#releaseAt(race, Math.max(race.replyAtNs, arrivesNs + NS_PER_MS));
  }

  #releaseAt(race: Race, atNs: number): void {
    race.releaseNs = atNs;
    this.#world.wakeAt(atNs);
  }

  /** What is left over is sent, and the race is over. An answer knows no other connection than its own. */
  #release({ epoch, fills, reply, updates }: Race): void {
    const { connections, links, nowNs } = this.#world;
    if (updates.length > 0) links.sendToUser({ kind: 'order-updates', nowNs: 0, updates }, nowNs);
    if (fills.length > 0) links.sendToUser({ kind: 'fills', nowNs: 0, isSnapshot: false, fills }, nowNs);
    if (reply !== null && epoch === connections.epoch('user')) {
      links.sendToUser({ kind: 'post-reply', nowNs: 0, ...reply }, nowNs);
    }
    this.#race = null;
  }

  end(): void {
    const race = this.#race;
    if (race !== null && race.releaseNs === Infinity) this.#releaseAt(race, this.#world.nowNs);
  }

  // ------------------------------------------------------------------------------------------- what is kept back

  fills(fills: readonly Fill[]): readonly Fill[] {
    const race = this.#race;
    const isKept = this.#mode === 'after-cancel-ack' || this.#mode === 'before-order-ack';
    if (race === null || !isKept) return fills;
    race.fills.push(...fills.filter(({ oid }) => oid === race.oid));
    return fills.filter(({ oid }) => oid !== race.oid);
  }

  orderUpdates(updates: readonly OrderUpdate[]): readonly OrderUpdate[] {
    const race = this.#race;
    if (race === null || this.#mode !== 'before-order-ack') return updates;
    race.updates.push(...updates.filter(({ oid }) => oid === race.oid));
    return updates.filter(({ oid }) => oid !== race.oid);
  }

  postArrives(post: ArrivedPost): ActionReply | null {
    const race = this.#race;
    if (race === null || this.#mode !== 'cancel-fails' || post.id !== race.postId) return null;
    this.#race = null;
    if (!race.isHit) return null;
    this.#world.tookEffect(`refused the cancel of order ${race.oid}`);
    const items = Array.from({ length: batchSize(post.action) }, () => ({ status: 'error', error: REFUSAL }) as const);
    return { error: null, items };
  }

  postAnswered(post: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    const race = this.#race;
    if (race === null || reply === null) return reply;
    const replyAtNs = Math.max(post.replyAtNs, this.#world.nowNs + post.leastBackNs);
    if (this.#mode === 'after-cancel-ack' && post.id === race.postId) {
      this.#releaseAt(race, replyAtNs + this.#lateNs);
      this.#world.tookEffect(`kept the fill of order ${race.oid} back until after the answer to its cancel`);
    }
    const isItsOwn = reply.items.some(item => 'oid' in item && item.oid === race.oid);
    if (this.#mode !== 'before-order-ack' || race.reply !== null || !isItsOwn || post.via !== 'websocket') return reply;
    race.reply = { id: post.id, error: reply.error, items: reply.items };
    race.replyAtNs = replyAtNs;
    return null;
  }

  snapshot(): unknown {
    const race = this.#race;
    const state: State = {
      left: this.#left,
      race: race === null ? null : { ...race, fills: [...race.fills], updates: [...race.updates] },
    };
    return state;
  }

  restore(from: unknown): void {
    const { left, race } = from as State;
    this.#left = left;
    this.#race = race === null ? null : { ...race, fills: [...race.fills], updates: [...race.updates] };
  }
}

/** Orders that an action would end. Ours are named by oid. */
function oidsOf(action: PostCommand['action']): readonly number[] {
  if (action.type === 'cancel') return action.cancels.map(({ oid }) => oid);
  return action.type === 'batchModify' ? action.modifies.map(({ oid }) => oid) : [];
}

export const cancelFillRace: FaultKind = {
  info: faultInfo({
    ...FILL_FAULT,
    kind: 'cancel-fill-race',
    description:
      'A fill crosses the cancel, modification or acknowledgement of its order. It waits for the next such request, and a marked ' +
      'aggressor makes the fill.',
    parameters: [
      ...ORDER_SCOPE,
      {
        name: 'mode',
        type: 'choice',
        choices: MODES,
        default: 'during-cancel',
        description:
          'Between a cancel and its arrival; told only after the answer to the cancel; before the order is acknowledged; ' +
          'in part, while the cancel is refused.',
      },
      AGGRESSOR_SHARE,
      {
        name: 'late',
        type: 'time',
        min: NS_PER_MS,
        max: 60 * NS_PER_S,
        default: 300 * NS_PER_MS,
        description: 'Of `after-cancel-ack`: how long after the answer to the cancel the notification comes.',
      },
      {
        name: 'count',
        type: 'integer',
        unit: '',
        min: 1,
        max: 1_000,
        default: 1,
        description: 'So many races, one after the other.',
      },
    ],
    primary: '3.2',
    allowed: ['3.1', '3.4'],
    symptoms: ['position-mismatch'],
  }),
  create: (fault, world) => new CancelFillRace(fault, world),
};
