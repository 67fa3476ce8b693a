/** Planted bugs of the fill tracker (playbook 3.5): one of its two calls is missing. */
import { FillTracker } from '../../../core/execution/fill-tracker.ts';
import type { Defect } from '../defect.ts';

class NoPriceAfter extends FillTracker {
  override updatePriceAfter(): void {}
}

class NoFills extends FillTracker {
  override recordFill(): void {}
}

export const priceAfterNotUpdated: Defect = {
  name: 'price-after-not-updated',
  description: 'updatePriceAfter() is not called: the price after a fill is never known.',
  source: 'L21, playbook 3.5',
  primary: '3.5',
  allowed: [],
  symptoms: ['position-mismatch'],
  parts: usual => ({ ...usual, fillTracker: ({ execution }) => new NoPriceAfter(execution.fillTracker) }),
};

export const fillsNotRecorded: Defect = {
  name: 'fills-not-recorded',
  description: 'recordFill() is not called: the fill tracker knows of no fill.',
  source: 'L21, I-4, playbook 3.5',
  primary: '3.5',
  allowed: [],
  symptoms: ['position-mismatch'],
  parts: usual => ({ ...usual, fillTracker: ({ execution }) => new NoFills(execution.fillTracker) }),
};
