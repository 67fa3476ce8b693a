/**
 * Too many requests (playbook 1.1): whatever is asked is answered with status 429 until the fault ends. Nothing of it is carried
 * out, cancels included.
 */

import type { RestBody } from '../../../core/port.ts';
import type { ActionReply } from '../../exchange/exchange.ts';
import { HTTP_TOO_MANY_REQUESTS, TOO_MANY_REQUESTS, TOO_MANY_REQUESTS_PAGE } from '../../exchange/limits/ip-weight.ts';
import { type FaultKind, faultInfo, flagOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

class RateLimit429 implements Overlay {
  readonly #queries: boolean;
  readonly #world: OverlayWorld;

  constructor(queries: boolean, world: OverlayWorld) {
    this.#queries = queries;
    this.#world = world;
  }

  postArrives(): ActionReply | null {
    if (!this.#world.hits()) return null;
    this.#world.tookEffect('answered an action 429');
    return { error: TOO_MANY_REQUESTS, items: [] };
  }

  queryArrives(): RestBody | null {
    if (!this.#queries || !this.#world.hits()) return null;
    this.#world.tookEffect('answered a query 429');
    return { request: 'failed', httpStatus: HTTP_TOO_MANY_REQUESTS, text: TOO_MANY_REQUESTS_PAGE };
  }
}

export const rateLimit429: FaultKind = {
  info: faultInfo({
    kind: 'rate-limit-429',
    group: 'requests',
    description:
      'Every action, if asked for every query too, is answered 429 Too Many Requests; nothing is carried out.',
    hasProbability: true,
    parameters: [
      {
        name: 'queries',
        type: 'flag',
        description: 'Queries are answered so as well, not actions alone.',
        default: false,
      },
    ],
    primary: '1.1',
    // Cancels are refused as well, and what can be asked no more is found out late.
    allowed: ['1.4', '3.1', '3.4'],
    symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch'],
  }),
  create: (fault, world) => new RateLimit429(flagOf(fault, 'queries'), world),
};
