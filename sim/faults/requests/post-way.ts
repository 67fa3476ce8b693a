/** Which way an action goes that a fault acts on: over the user socket, beside it, or either. */
import type { PostCommand } from '../../../core/port.ts';
import type { FaultParameter } from '../fault-kind.ts';

export const WAY: FaultParameter = {
  name: 'way',
  type: 'choice',
  description: 'Actions that it hits: those over the websocket, those sent beside it (rest), or both.',
  choices: ['websocket', 'rest', 'both'],
  default: 'websocket',
};

/** Whether an action that is sent `via` goes the way of that parameter. */
export function goesBy(way: string, via: PostCommand['via']): boolean {
  return way === 'both' || way === via;
}
