/**
 * How old the pictures are that queries of the account are answered from (playbook 3.1, 3.4). The exchange's pictures lag behind its
 * streams, by 0.5 to 5 s once (incident I-26): whoever compares has to know, and whoever debugs wants to see it.
 */
import type { LogEntry } from '../evidence.ts';
import type { RestReplyMessage, RestRequest } from '../port.ts';
import { NS_PER_S } from '../scale.ts';

/** What shows the account as it was. */
const PICTURES: readonly RestRequest[] = ['openOrders', 'clearinghouseState'];
/** As old as that a picture may be and still be used as if it were of now (core-facts 1.4, the grace of the safety audit). */
const LAG_NS = 2 * NS_PER_S;

export class SnapshotLag {
  readonly #log: (entry: LogEntry) => void;
  /** By kind of picture: 1 while they lag. */
  #isLagging: number[] = PICTURES.map(() => 0);

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /** An answer has come. */
  answered({ body, exchNs, nowNs }: RestReplyMessage): void {
    if (body.request === 'failed') return;
    const { request } = body;
    const at = PICTURES.indexOf(request);
    if (at < 0) return;
    const lagNs = nowNs - exchNs;
    const isLagging = lagNs > LAG_NS;
    if (isLagging === (this.#isLagging[at] === 1)) return;
    this.#isLagging[at] = isLagging ? 1 : 0;
    this.#log({ type: 'snapshot-lag', atNs: nowNs, request, isLagging, lagNs });
  }

  snapshot(): unknown {
    return this.#isLagging.slice();
  }

  restore(state: unknown): void {
    this.#isLagging = (state as readonly number[]).slice();
  }
}
