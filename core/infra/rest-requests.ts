/** Queries beside the websocket: gives each its id. Everybody who asks draws from here, so that a reply has one addressee. */
import type { CoreHost, RestCommand, RestRequest } from '../port.ts';

/** What some queries have to say beside their name. */
export type RestDetails = Pick<RestCommand, 'cloid' | 'fromNs'>;

const NO_DETAILS: Readonly<RestDetails> = {};

export class RestRequests {
  readonly #host: Pick<CoreHost, 'send'>;
  #lastId = 0;

  constructor(host: Pick<CoreHost, 'send'>) {
    this.#host = host;
  }

  /** Sends a query; its reply carries the id returned. */
  ask(request: RestRequest, details: RestDetails = NO_DETAILS): number {
    this.#lastId++;
    this.#host.send({ kind: 'rest', id: this.#lastId, request, ...details });
    return this.#lastId;
  }

  snapshot(): unknown {
    return this.#lastId;
  }

  restore(state: unknown): void {
    this.#lastId = state as number;
  }
}
