/**
 * Answers come late (playbook 1.2, 4.4): the exchange carries an action out and keeps its answer back until the action is of a
 * certain age. Only the answer waits: order updates and fills, and answers to others, overtake it. What is kept back when the
 * fault ends still comes at its time.
 */
import type { PostCommand } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import type { ActionReply } from '../../exchange/exchange.ts';
import type { ArrivedPost } from '../../market/market.ts';
import { type FaultKind, faultInfo, numberOf, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { goesBy, WAY } from './post-way.ts';

interface Withheld {
  readonly atNs: number;
  readonly post: ArrivedPost;
  readonly reply: ActionReply;
}

interface State {
  ids: number[];
  sentNs: number[];
  withheld: Withheld[];
}

class ReplyWithheld implements Overlay {
  readonly #replyAfterNs: number;
  readonly #way: string;
  readonly #world: OverlayWorld;
  /** Of the actions sent while it acts, those without an answer as yet: when they were sent, by id. */
  readonly #sentNs = new Map<number, number>();
  #withheld: Withheld[] = [];

  constructor(fault: Fault, world: OverlayWorld) {
    this.#replyAfterNs = numberOf(fault, 'replyAfter');
    this.#way = textOf(fault, 'way');
    this.#world = world;
  }

  postDelayNs({ id, via }: PostCommand): number {
    if (goesBy(this.#way, via)) this.#sentNs.set(id, this.#world.nowNs);
    return 0;
  }

  postAnswered(post: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    const sentNs = this.#sentNs.get(post.id);
    this.#sentNs.delete(post.id);
    if (sentNs === undefined || reply === null) return reply;
    const { nowNs } = this.#world;
    const atNs = sentNs + this.#replyAfterNs;
    const isHit = this.#world.hits();
    if (!isHit || atNs <= Math.max(post.replyAtNs, nowNs + post.leastBackNs)) return reply;
    this.#withheld.push({ atNs, post, reply });
    this.#world.wakeAt(atNs);
    this.#world.tookEffect(`kept an answer back until its action was ${this.#replyAfterNs / NS_PER_MS} ms old`);
    return null;
  }

  due(): void {
    const { nowNs } = this.#world;
    const due = this.#withheld.filter(({ atNs }) => atNs <= nowNs);
    this.#withheld = this.#withheld.filter(({ atNs }) => atNs > nowNs);
    for (const { post, reply } of due) this.#world.links.answer(post, reply);
  }

  end(): void {
    this.#sentNs.clear();
  }

  snapshot(): unknown {
    const state: State = {
      ids: [...this.#sentNs.keys()],
      sentNs: [...this.#sentNs.values()],
      withheld: [...this.#withheld],
    };
    return state;
  }

  restore(from: unknown): void {
    const { ids, sentNs, withheld } = from as State;
    this.#sentNs.clear();
    for (const [index, id] of ids.entries()) this.#sentNs.set(id, sentNs[index]);
    this.#withheld = [...withheld];
  }
}

export const replyWithheld: FaultKind = {
  info: faultInfo({
    kind: 'reply-withheld',
    group: 'requests',
    description: 'An action is carried out, and its answer kept back until so long after the action was sent.',
    hasProbability: true,
    parameters: [
      {
        name: 'replyAfter',
        type: 'time',
        description: 'From sending an action to its answer; one that takes longer anyway is left alone.',
        min: NS_PER_MS,
        max: 3_600 * NS_PER_S,
        default: 600 * NS_PER_MS,
      },
      WAY,
    ],
    primary: '1.2',
    // A late answer is a long round trip as well.
    allowed: ['4.4', '1.4'],
    symptoms: ['high-latency', 'orders-not-sending', 'position-mismatch', 'stale-quotes'],
  }),
  create: (fault, world) => new ReplyWithheld(fault, world),
};
