/**
 * Actions, from the core to the exchange and their answers back: over the user socket, in order with all else there, or as
 * requests of their own beside it. Latency is drawn when one is sent, before anything decides what becomes of it.
 */
import type { Inbound, PostCommand } from '../../core/port.ts';
import { type ActionReply, batchSize } from '../exchange/exchange.ts';
import { actionWeight, TOO_MANY_REQUESTS } from '../exchange/limits/ip-weight.ts';
import type { Limits } from '../exchange/limits/limits.ts';
import { CLASS_EXCHANGE } from '../kernel/kernel.ts';
import type { ArrivedPost } from '../market/market.ts';
import type { RunState } from '../run-state.ts';
import type { Sockets } from './sockets.ts';

export class Posts<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  readonly #sockets: Sockets<CoreSettings>;

  constructor(run: RunState<CoreSettings>, sockets: Sockets<CoreSettings>) {
    this.#run = run;
    this.#sockets = sockets;
  }

  get #limits(): Limits {
    return this.#run.exchange.limits;
  }

  /** An action on the user socket is in order with all else there; one beside it takes longer and goes by itself. */
  send(command: PostCommand): void {
    const { via, id, nonce, expiresAfterNs = Infinity, action } = command;
    const { connections, faults, kernel, latency, market, nowNs } = this.#run;
    const socketNs = latency.postRoundTripNs();
    const isOnSocket = via === 'websocket';
    if (isOnSocket && !connections.isOpen('user')) return;
    const roundTripNs = isOnSocket ? socketNs : socketNs + latency.restPostExtraNs;
    const delayNs = faults.postDelayNs(command);
    // What never arrives, the exchange does not count.
    if (delayNs === Infinity || (isOnSocket && faults.loses('user', 'up'))) return;
    if (isOnSocket && !this.#mayPost(id, roundTripNs)) return;
    const upNs = latency.postUpNs(roundTripNs, market.hasBlocks) + delayNs;
    const atNs = isOnSocket ? connections.upNs('user', nowNs + upNs) : nowNs + upNs;
    const post: ArrivedPost = {
      via,
      epoch: connections.epoch('user'),
      id,
      nonce,
      expiresAfterNs,
      action,
      replyAtNs: atNs + delayNs + roundTripNs - upNs,
      leastBackNs: latency.postBackNs(roundTripNs),
    };
    kernel.schedule(atNs, CLASS_EXCHANGE, { kind: 'post', post });
  }

  /** Counts a post on the socket. False: there are too many of them, and an error frame says so. */
  #mayPost(id: number, roundTripNs: number): boolean {
    if (!this.#sockets.mayMessage('user', roundTripNs)) return false;
    const error = this.#limits.sockets.postSent(id);
    if (error !== null) this.#sockets.sendError('user', roundTripNs, error);
    return error === null;
  }

  /** What is in flight on a socket that closes is lost. */
  arrives(post: ArrivedPost): void {
    const { connections, faults, market, nowNs, observers } = this.#run;
    if (post.via === 'websocket' && post.epoch !== connections.epoch('user')) return;
    const answer = faults.postArrives(post);
    if (answer !== null) {
      this.#tellRejected(post, answer);
      return this.answered(post, answer);
    }
    if (!this.#mayWeigh(post)) {
      observers.rejected(nowNs, this.#run.event, post.action.type, TOO_MANY_REQUESTS);
      return this.answered(post, { error: TOO_MANY_REQUESTS, items: [] });
    }
    const taken = faults.carriedOut(post);
    observers.action(nowNs, this.#run.event, taken.id, taken.action);
    market.submit(nowNs, taken);
  }

  /** Whether the weight of an action is still free, where it has one. */
  #mayWeigh({ via, action }: ArrivedPost): boolean {
    const { ip, values } = this.#limits;
    if (via === 'websocket' && !values.websocketPostsWeigh) return true;
    return ip.admit(this.#run.nowNs, actionWeight(batchSize(action)));
  }

  /** Observers hear of every refusal, whoever refused. */
  #tellRejected({ action }: ArrivedPost, { error, items }: ActionReply): void {
    const { event, nowNs, observers } = this.#run;
    if (error !== null) observers.rejected(nowNs, event, action.type, error);
    for (const item of items) if (item.status === 'error') observers.rejected(nowNs, event, action.type, item.error);
  }

  /** The exchange has carried an action out. */
  answered(post: ArrivedPost, reply: ActionReply): void {
    const { connections, faults, nowNs } = this.#run;
    const { via, epoch } = post;
    const isOnSocket = via === 'websocket';
    // The socket was closed in the meantime: the answer has no way, and must not hold up what goes over the next one.
    if (isOnSocket && epoch !== connections.epoch('user')) return;
    if (isOnSocket) this.#limits.sockets.postAnswered();
    const answer = faults.postAnswered(post, reply);
    if (answer === null) return;
    this.deliver(post, answer, Math.max(post.replyAtNs, nowNs + post.leastBackNs) + faults.replyDelayNs(post));
  }

  /** An answer sets out, to be at the core at `readyNs` or, behind others on the socket, later. */
  deliver({ id, via, epoch }: ArrivedPost, { error, items }: ActionReply, readyNs: number): void {
    const { connections } = this.#run;
    const isOnSocket = via === 'websocket';
    if (isOnSocket && epoch !== connections.epoch('user')) return;
    const atNs = isOnSocket ? connections.downNs('user', readyNs) : readyNs;
    const message: Inbound = { kind: 'post-reply', nowNs: atNs, id, error, items };
    this.#run.deliverAt(atNs, isOnSocket ? 'user' : null, message);
  }
}
