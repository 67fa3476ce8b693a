import { expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { AffectedTracker } from '../../../core/orchestrator/affected-tracker.ts';

function scopeOf(mark: (tracker: AffectedTracker) => void) {
  const tracker = new AffectedTracker();
  mark(tracker);
  return tracker.scope();
}

it('merges what is affected to one scope', () => {
  expect(scopeOf(() => {})).toEqual({ type: 'None' });
  expect(scopeOf(tracker => tracker.markBoth())).toEqual({ type: 'Full' });
  expect(scopeOf(tracker => tracker.markSide(ASK))).toEqual({ type: 'SideOnly', side: ASK });
  expect(scopeOf(tracker => tracker.markOrder(BID, 7))).toEqual({ type: 'SideAndLevels', side: BID, oids: [7] });
});

it('unites orders of a side, lets the side as a whole outweigh them, and two sides be everything', () => {
  const tracker = new AffectedTracker();
  for (const oid of [7, 8, 7]) tracker.markOrder(ASK, oid);
  expect(tracker.scope()).toEqual({ type: 'SideAndLevels', side: ASK, oids: [7, 8] });
  tracker.markSide(ASK);
  expect(tracker.scope()).toEqual({ type: 'SideOnly', side: ASK });
  tracker.markOrder(ASK, 9);
  expect(tracker.scope()).toEqual({ type: 'SideOnly', side: ASK });
  tracker.markOrder(BID, 1);
  expect(tracker.scope(), 'also where the orders are known').toEqual({ type: 'Full' });
  tracker.markSide(BID);
  expect(tracker.scope()).toEqual({ type: 'Full' });
  tracker.clear();
  expect(tracker.scope()).toEqual({ type: 'None' });
});

it('hands out a scope that later marks do not change', () => {
  const tracker = new AffectedTracker();
  tracker.markOrder(BID, 1);
  const scope = tracker.scope();
  tracker.markOrder(BID, 2);
  expect(scope).toEqual({ type: 'SideAndLevels', side: BID, oids: [1] });
});
