/**
 * The weight of REST requests: so much in any minute for one address on the internet, whoever it is that asks
 * (hyperliquid, section 5.1). Beyond it the server in front answers with status 429 and a page that is no JSON; what it
 * turns away weighs nothing (ours).
 */
import type { RestRequest } from '../../../core/port.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { RollingWindow } from './rolling-window.ts';
import type { LimitSettings } from './settings.ts';

export const HTTP_TOO_MANY_REQUESTS = 429;

/** What a client makes of the refusal of an action: status and description. */
export const TOO_MANY_REQUESTS = '429 Too Many Requests';

/** The page that comes with status 429. */
export const TOO_MANY_REQUESTS_PAGE = [
  '<html>',
  '<head><title>429 Too Many Requests</title></head>',
  '<body>',
  '<center><h1>429 Too Many Requests</h1></center>',
  '<hr><center>nginx</center>',
  '</body>',
  '</html>',
  '',
].join('\r\n');

/** Items of an action for which it weighs one more. */
const ITEMS_OF_ACTION = 40;

/** Weight of an action with so many items: 1, and 1 more for every 40. */
export function actionWeight(items: number): number {
  return 1 + Math.floor(items / ITEMS_OF_ACTION);
}

const INFO_WEIGHTS: Readonly<Record<RestRequest, number>> = {
  openOrders: 20,
  clearinghouseState: 2,
  orderStatus: 2,
  userFillsByTime: 20,
  userRateLimit: 20,
  meta: 20,
};

/** Items of an answer for which its request weighs one more. */
const ITEMS_OF_ANSWER = 20;

/** Weight of a question, before its answer is known. */
export function infoWeight(request: RestRequest): number {
  return INFO_WEIGHTS[request];
}

/** What the answer adds to its question's weight: 1 for every 20 items, of those requests that are counted so. */
export function answerWeight(request: RestRequest, items: number): number {
  return request === 'userFillsByTime' ? Math.floor(items / ITEMS_OF_ANSWER) : 0;
}

export class IpWeight {
  readonly #limits: LimitSettings;
  readonly #window = new RollingWindow(60 * NS_PER_S);

  constructor(limits: LimitSettings) {
    this.#limits = limits;
  }

  /** Weight of the minute that ends now. */
  used(nowNs: number): number {
    return this.#window.sum(nowNs);
  }

  /** Takes a request and its weight, where that is still free. False: it is to be refused. */
  admit(nowNs: number, weight: number): boolean {
    if (this.used(nowNs) + weight > this.#limits.ipWeightPerMinute) return false;
    this.#window.add(nowNs, weight);
    return true;
  }

  /** Adds what an answer weighs; it is sent, even where that is more than what was left. */
  answered(nowNs: number, request: RestRequest, items: number): void {
    const weight = answerWeight(request, items);
    if (weight > 0) this.#window.add(nowNs, weight);
  }

  snapshot(): unknown {
    return this.#window.snapshot();
  }

  restore(state: unknown): void {
    this.#window.restore(state);
  }
}
