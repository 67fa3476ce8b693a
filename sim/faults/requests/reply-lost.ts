/** Answers are lost (playbook 1.2): the exchange carries an action out, and nobody is told what came of it. */
import type { ActionReply } from '../../exchange/exchange.ts';
import type { ArrivedPost } from '../../market/market.ts';
import { type FaultKind, faultInfo, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import { goesBy, WAY } from './post-way.ts';

class ReplyLost implements Overlay {
  readonly #way: string;
  readonly #world: OverlayWorld;

  constructor(way: string, world: OverlayWorld) {
    this.#way = way;
    this.#world = world;
  }

  postAnswered({ via }: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    if (reply === null || !goesBy(this.#way, via) || !this.#world.hits()) return reply;
    this.#world.tookEffect('lost the answer to an action');
    return null;
  }
}

export const replyLost: FaultKind = {
  info: faultInfo({
    kind: 'reply-lost',
    group: 'requests',
    description: 'An action is carried out, and its answer lost.',
    hasProbability: true,
    parameters: [WAY],
    primary: '1.2',
    allowed: ['1.4', '3.1', '4.4'],
    symptoms: ['orders-not-sending', 'position-mismatch', 'high-latency', 'stale-quotes'],
  }),
  create: (fault, world) => new ReplyLost(textOf(fault, 'way'), world),
};
