import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../../sim/kernel/event-heap.ts';

/** Times and classes from small ranges, so that ties are the rule. */
const operations = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ atNs: fc.integer({ min: 0, max: 20 }), eventClass: fc.integer({ min: 0, max: 5 }) }),
    },
    { weight: 2, arbitrary: fc.constant('pop' as const) },
  ),
  { maxLength: 400 },
);

interface Entry {
  atNs: number;
  eventClass: number;
  sequence: number;
}

function earliest(entries: Entry[]): Entry {
  return entries.reduce((a, b) => (before(b, a) ? b : a));
}

function before(a: Entry, b: Entry): boolean {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs;
  if (a.eventClass !== b.eventClass) return a.eventClass < b.eventClass;
  return a.sequence < b.sequence;
}

describe('EventHeap', () => {
  it('hands events out by time, class, sequence, as a search through a list does', () => {
    fc.assert(
      fc.property(operations, list => {
        const heap = new EventHeap<number>();
        const model: Entry[] = [];
        let sequence = 0;
        for (const operation of list) {
          if (operation !== 'pop') {
            heap.push(operation.atNs, operation.eventClass, sequence);
            model.push({ ...operation, sequence });
            sequence++;
          } else if (model.length > 0) {
            const expected = earliest(model);
            expect(heap.headNs).toBe(expected.atNs);
            expect(heap.headClass).toBe(expected.eventClass);
            expect(heap.pop()).toBe(expected.sequence);
            model.splice(model.indexOf(expected), 1);
          }
          expect(heap.size).toBe(model.length);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('goes on the same after a snapshot was restored', () => {
    fc.assert(
      fc.property(operations, operations, (first, second) => {
        const heap = new EventHeap<number>();
        const replay = (target: EventHeap<number>, list: typeof first, from: number): number[] => {
          let next = from;
          const popped: number[] = [];
          for (const operation of list) {
            if (operation !== 'pop') target.push(operation.atNs, operation.eventClass, next++);
            else if (target.size > 0) popped.push(target.pop());
          }
          return popped;
        };
        replay(heap, first, 0);
        const restored = new EventHeap<number>();
        restored.restore(heap.snapshot());
        expect(replay(restored, second, 1_000)).toEqual(replay(heap, second, 1_000));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('has no earliest event when it is empty', () => {
    const heap = new EventHeap<string>();
    expect(heap.headNs).toBe(Infinity);
    heap.push(5, 1, 'a');
    heap.pop();
    expect(heap.headNs).toBe(Infinity);
  });
});
