/** What each invariant says, in a sentence or two for who writes a scenario. */
import type { INVARIANTS } from './invariants.ts';

export const INVARIANT_DESCRIPTIONS: Readonly<Record<(typeof INVARIANTS)[number], string>> = {
  position:
    'What the core processed of fills, with its own adjustments, is the change of its position; at the exchange the fills alone are.',
  'order-conservation':
    'Filled plus cancelled is the original size of every finished order, and none is finished that was never accepted.',
  'no-live-quote-after-pull':
    'When the core has pulled its quotes, none stays live for longer than the cancels need, and none is sent while risk wants none.',
  'one-outcome-per-request': 'Every request has exactly one outcome: an acknowledgement, a rejection or a timeout.',
  'inventory-limit': 'The inventory stays within the hard limit, plus what was resting when it was reached.',
  'no-own-cross': 'No own bid rests at or above an own ask of the same instrument.',
  'order-rules': 'Every order that is sent obeys tick, lot and minimum notional; orders that close may be smaller.',
  'unique-cloid': 'No client order id is on two live orders.',
  'reducing-side-open':
    'With the position at the limit, an order that reduces it rests, or comes within 10 s: that side is never blocked by inventory.',
  'cold-after-heal':
    'At the end, when all faults have been over for a while, every symptom is cold. Settings and defects do not heal: there it is asked only where an operator acts.',
  'time-forward': 'Time never goes back, and neither do the numbers of events.',
  'backoff-kept': 'While the core says that a side is held back, no new order and no modification goes out there.',
};
