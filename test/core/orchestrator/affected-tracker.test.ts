import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID, type Side } from '../../../core/market.ts';
import { AffectedTracker } from '../../../core/orchestrator/affected-tracker.ts';
import { draws } from '../../support/draws.ts';

function marked(mark: (tracker: AffectedTracker) => void): AffectedTracker {
  const tracker = new AffectedTracker();
  mark(tracker);
  return tracker;
}

describe('what events touch', () => {
  it('nothing: no scope', () => {
    expect(new AffectedTracker().scope()).toBeNull();
  });

  it('both sides: everything, whatever orders are named', () => {
    expect(marked(tracker => tracker.markBoth()).scope()).toEqual({ type: 'Full' });
    const two = marked(tracker => {
      tracker.markOrder(BID, 1);
      tracker.markOrder(ASK, 2);
    });
    expect(two.scope()).toEqual({ type: 'Full' });
  });

  it('one side: that side, with the orders that were named', () => {
    expect(marked(tracker => tracker.markSide(ASK)).scope()).toEqual({ type: 'SideOnly', side: ASK });
    const orders = marked(tracker => {
      for (const oid of [3, 4, 3]) tracker.markOrder(BID, oid);
    });
    expect(orders.scope()).toEqual({ type: 'SideAndLevels', side: BID, oids: [3, 4] });
  });

  it('a side absorbs its orders, before and after', () => {
    for (const first of [true, false]) {
      const tracker = marked(one => {
        if (first) one.markSide(BID);
        one.markOrder(BID, 3);
        if (!first) one.markSide(BID);
      });
      expect(tracker.scope()).toEqual({ type: 'SideOnly', side: BID });
    }
  });

  it('orders alone: those, of either side; with their own side they join it, with the other it is everything', () => {
    const levels = marked(tracker => {
      tracker.markLevel(ASK, 9);
      tracker.markLevel(BID, 3);
    });
    expect(levels.scope()).toEqual({ type: 'LevelsOnly', oids: [3, 9] });
    const joined = marked(tracker => {
      tracker.markLevel(BID, 3);
      tracker.markOrder(BID, 4);
    });
    expect(joined.scope()).toEqual({ type: 'SideAndLevels', side: BID, oids: [3, 4] });
    const across = marked(tracker => {
      tracker.markLevel(ASK, 3);
      tracker.markSide(BID);
    });
    expect(across.scope()).toEqual({ type: 'Full' });
  });

  it('more orders than it names: the side', () => {
    const tracker = marked(one => {
      for (let oid = 0; oid < 17; oid++) one.markOrder(BID, oid);
    });
    expect(tracker.scope()).toEqual({ type: 'SideOnly', side: BID });
  });

  it('never less than what was marked, in whatever order, and the same after a restore', () => {
    const mark = fc.record({
      what: fc.constantFrom('side', 'order', 'level'),
      side: fc.constantFrom<Side>(BID, ASK),
      oid: fc.integer({ min: 1, max: 30 }),
    });
    const check = fc.property(fc.array(mark, { minLength: 1, maxLength: 40 }), marks => {
      const tracker = new AffectedTracker();
      for (const { what, side, oid } of marks) {
        if (what === 'side') tracker.markSide(side);
        else if (what === 'order') tracker.markOrder(side, oid);
        else tracker.markLevel(side, oid);
      }
      const scope = tracker.scope();
      for (const { what, side, oid } of marks) {
        if (scope?.type === 'Full') return;
        if (scope?.type === 'LevelsOnly') {
          expect(what).toBe('level');
          expect(scope.oids).toContain(oid);
        } else {
          expect(scope?.side).toBe(side);
          if (scope?.type === 'SideAndLevels') expect(scope.oids).toContain(oid);
        }
      }
      const restored = new AffectedTracker();
      restored.restore(tracker.snapshot());
      expect(restored.scope()).toEqual(scope);
    });
    fc.assert(check, draws(1, 300));
  });
});
