/**
 * The classes in which a block carries actions out, one after the other (hyperliquid, section 3.1): first what sends no order
 * that takes, then cancels, then all actions with at least one GTC or IOC order. So makers get out of the way of takers
 * that came before them.
 */
import type { Action, PlaceOrder } from '../../../core/port.ts';

export const PLACES = 0;
export const CANCELS = 1;
export const TAKES = 2;
export type ActionClass = typeof PLACES | typeof CANCELS | typeof TAKES;
/** In the order in which a block carries them out. */
export const ACTION_CLASSES: readonly ActionClass[] = [PLACES, CANCELS, TAKES];

/** One order that may take puts a whole batch into the last class. A modification counts as what it places. */
export function actionClass(action: Action): ActionClass {
  switch (action.type) {
    case 'cancel':
    case 'cancelByCloid':
      return CANCELS;
    case 'order':
      return action.orders.some(mayTake) ? TAKES : PLACES;
    case 'batchModify':
      // Without `alwaysPlace` whatever it sends is placed post-only.
      return action.alwaysPlace === true && action.modifies.some(({ order }) => mayTake(order)) ? TAKES : PLACES;
    default:
      return PLACES;
  }
}

function mayTake(order: PlaceOrder): boolean {
  return order.tif !== 'Alo';
}
