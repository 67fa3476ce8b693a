/**
 * Every post has exactly one outcome: an answer (acknowledged or refused) or a timeout. An answer that comes after the
 * timeout is late and not a second outcome.
 */
import type { LogEntry } from '../../core/evidence.ts';
import type { Command, PostReplyMessage } from '../../core/port.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { type Invariant, ViolationList } from './invariant.ts';

/** An answer may lie in the inbox, behind other work, when its request times out. */
const IN_INBOX_NS = NS_PER_S;
/** At the end of a run a younger request may still be on its way: the longest post takes 0.4 s, a timeout 0.5 s. */
const ON_ITS_WAY_NS = 5 * NS_PER_S;

/** No time yet. */
const NONE = -Infinity;

interface Request {
  sentNs: number;
  repliedNs: number;
  timedOutNs: number;
}

interface OutcomeState {
  violations: unknown;
  ids: readonly number[];
  requests: readonly Request[];
  event: number;
}

export class OneOutcomePerRequest implements Invariant {
  readonly invariant = 'one-outcome-per-request';
  readonly name = 'invariant:one-outcome-per-request';
  readonly #violations = new ViolationList(this.invariant);
  readonly #requests = new Map<number, Request>();
  #event = 0;

  onCommand(atNs: number, event: number, command: Command): void {
    this.#event = event;
    if (command.kind !== 'post') return;
    if (this.#requests.has(command.id)) this.#violations.add(atNs, event, `request id ${command.id} is used twice`);
    this.#requests.set(command.id, { sentNs: atNs, repliedNs: NONE, timedOutNs: NONE });
  }

  onReply(atNs: number, event: number, reply: PostReplyMessage): void {
    this.#event = event;
    const request = this.#requests.get(reply.id);
    if (request === undefined)
      this.#violations.add(atNs, event, `an answer to request ${reply.id}, which was not sent`);
    else if (request.repliedNs !== NONE) this.#violations.add(atNs, event, `a second answer to request ${reply.id}`);
    else request.repliedNs = atNs;
  }

  onEvidence(entry: LogEntry): void {
    if (entry.type !== 'request-timeout') return;
    const { atNs, id } = entry;
    const request = this.#requests.get(id);
    if (request === undefined)
      this.#violations.add(atNs, this.#event, `a timeout of request ${id}, which was not sent`);
    else if (request.timedOutNs !== NONE) this.#violations.add(atNs, this.#event, `a second timeout of request ${id}`);
    else if (request.repliedNs !== NONE && atNs - request.repliedNs > IN_INBOX_NS) {
      this.#violations.add(atNs, this.#event, `request ${id} timed out after it was answered`);
    } else request.timedOutNs = atNs;
  }

  onEnd(atNs: number, event: number): void {
    for (const [id, request] of this.#requests) {
      const isOpen = request.repliedNs === NONE && request.timedOutNs === NONE;
      if (isOpen && atNs - request.sentNs > ON_ITS_WAY_NS) {
        this.#violations.add(atNs, event, `request ${id} has no outcome`);
      }
    }
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      ids: [...this.#requests.keys()],
      requests: Array.from(this.#requests.values(), request => ({ ...request })),
      event: this.#event,
    } satisfies OutcomeState;
  }

  restore(state: unknown): void {
    const from = state as OutcomeState;
    this.#violations.restore(from.violations);
    this.#requests.clear();
    from.ids.forEach((id, index) => {
      this.#requests.set(id, { ...from.requests[index] });
    });
    this.#event = from.event;
  }
}
