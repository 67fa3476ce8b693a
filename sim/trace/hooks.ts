/** What a trace calls by number: the hooks of an observer, and the kinds of messages. Files hold the numbers: only ever append. */
import type { Inbound } from '../../core/port.ts';
import type { Observer } from '../truth.ts';

export type Hook = Exclude<keyof Observer, 'name' | 'snapshot' | 'restore'>;

export const HOOK: Readonly<Record<Hook, number>> = {
  onStart: 0,
  onMarket: 1,
  onDelivered: 2,
  onHandled: 3,
  onAccepted: 4,
  onRemoved: 5,
  onRejected: 6,
  onFill: 7,
  onFillSent: 8,
  onCommand: 9,
  onAction: 10,
  onReply: 11,
  onConnection: 12,
  onFault: 13,
  onFaultsHealed: 14,
  onEvidence: 15,
  onEnd: 16,
};
export const HOOKS = Object.keys(HOOK) as readonly Hook[];

export const MESSAGE: Readonly<Record<Inbound['kind'], number>> = {
  start: 0,
  book: 1,
  trades: 2,
  connection: 3,
  subscribed: 4,
  'order-updates': 5,
  fills: 6,
  'post-reply': 7,
  'rest-reply': 8,
  timer: 9,
  'all-mids': 10,
  'asset-context': 11,
  'user-events': 12,
  'channel-error': 13,
  operator: 14,
};
export const MESSAGES = Object.keys(MESSAGE) as readonly Inbound['kind'][];
