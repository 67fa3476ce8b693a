/**
 * What the exchange allows one address on the internet to do with websockets (hyperliquid, sections 1.2 and 1.3), with
 * the texts of its error frames. A frame names no request: a client can only guess what it answers.
 */
import { NS_PER_S } from '../../../core/scale.ts';
import { RollingWindow } from './rolling-window.ts';
import type { LimitSettings } from './settings.ts';

export function tooManyMessages(limit: number): string {
  return `Cannot send more than ${limit} messages per minute.`;
}
export function tooManyChannels(limit: number): string {
  return `Cannot subscribe to more than ${limit} channels.`;
}
export function tooManyUsers(limit: number): string {
  return `Cannot track more than ${limit} total users.`;
}
export function tooManyPosts(id: number): string {
  return `too many pending post requests id=${id}`;
}
/** The stream that there is goes on. */
export function alreadySubscribed(subscription: string): string {
  return `Already subscribed: ${subscription}`;
}
export function alreadyUnsubscribed(subscription: string): string {
  return `Already unsubscribed: ${subscription}`;
}
export function invalidSubscription(subscription: string): string {
  return `Invalid subscription ${subscription}`;
}

/** What is held at the moment. */
export interface SocketUse {
  readonly subscriptions: number;
  /** Accounts whose streams are subscribed to. */
  readonly users: number;
}

interface State {
  connects: unknown;
  messages: unknown;
  inFlightPosts: number;
}

export class SocketLimits {
  readonly #limits: LimitSettings;
  readonly #connects = new RollingWindow(60 * NS_PER_S);
  readonly #messages = new RollingWindow(60 * NS_PER_S);
  #inFlightPosts = 0;

  constructor(limits: LimitSettings) {
    this.#limits = limits;
  }

  /** Takes a new connection beside `open` others. False: it is refused; such a one does not count (ours). */
  connect(nowNs: number, open: number): boolean {
    const { connections, newConnectionsPerMinute } = this.#limits;
    if (open >= connections || this.#connects.sum(nowNs) >= newConnectionsPerMinute) return false;
    this.#connects.add(nowNs, 1);
    return true;
  }

  /** Counts a message of the client. Not null: it is not looked at, and this is the error frame. */
  message(nowNs: number): string | null {
    const { messagesPerMinute } = this.#limits;
    if (this.#messages.sum(nowNs) >= messagesPerMinute) return tooManyMessages(messagesPerMinute);
    this.#messages.add(nowNs, 1);
    return null;
  }

  /** The error frame for one more subscription; `newUsers`: accounts that are not tracked yet. Null: it is taken. */
  subscription(use: SocketUse, newUsers: number): string | null {
    const { subscriptions, users } = this.#limits;
    if (newUsers > 0 && use.users + newUsers > users) return tooManyUsers(users);
    return use.subscriptions >= subscriptions ? tooManyChannels(subscriptions) : null;
  }

  /** A post is on its way. Not null: it is not carried out, and this is the error frame. */
  postSent(id: number): string | null {
    if (this.#inFlightPosts >= this.#limits.inFlightPosts) return tooManyPosts(id);
    this.#inFlightPosts++;
    return null;
  }

  /** A post that was taken has its answer. */
  postAnswered(): void {
    if (this.#inFlightPosts > 0) this.#inFlightPosts--;
  }

  /** The socket of the posts is closed: none of them will be answered on it. */
  postsDropped(): void {
    this.#inFlightPosts = 0;
  }

  snapshot(): unknown {
    const state: State = {
      connects: this.#connects.snapshot(),
      messages: this.#messages.snapshot(),
      inFlightPosts: this.#inFlightPosts,
    };
    return state;
  }

  restore(from: unknown): void {
    const { connects, messages, inFlightPosts } = from as State;
    this.#connects.restore(connects);
    this.#messages.restore(messages);
    this.#inFlightPosts = inFlightPosts;
  }
}
