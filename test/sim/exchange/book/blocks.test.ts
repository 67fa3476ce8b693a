import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../../core/market.ts';
import type { Action, PlaceOrder } from '../../../../core/port.ts';
import { NS_PER_MS } from '../../../../core/scale.ts';
import {
  ACTION_CLASSES,
  type ActionClass,
  actionClass,
  CANCELS,
  PLACES,
  TAKES,
} from '../../../../sim/exchange/book/action-class.ts';
import { BlockClock, BlockQueue } from '../../../../sim/exchange/book/blocks.ts';
import { RandomStreams } from '../../../../sim/kernel/random.ts';
import { BookStand } from './book-stand.ts';

const order = (tif: PlaceOrder['tif']): PlaceOrder => ({
  cloid: 1,
  instrument: 0,
  side: BID,
  priceTicks: 100,
  sizeLots: 1,
  tif,
  reduceOnly: false,
});

describe('the classes of a block', () => {
  const modifies = (...tifs: PlaceOrder['tif'][]) => tifs.map(tif => ({ oid: 1, order: order(tif) }));
  const cases: [what: string, action: Action, expected: ActionClass][] = [
    ['post-only orders', { type: 'order', orders: [order('Alo'), order('Alo')] }, PLACES],
    ['one GTC among post-only orders', { type: 'order', orders: [order('Alo'), order('Gtc')] }, TAKES],
    ['an IOC', { type: 'order', orders: [order('Ioc')] }, TAKES],
    ['a cancel', { type: 'cancel', cancels: [{ instrument: 0, oid: 1 }] }, CANCELS],
    ['a cancel by cloid', { type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: 1 }] }, CANCELS],
    ['a modification to post-only', { type: 'batchModify', modifies: modifies('Alo') }, PLACES],
    ['a modification to GTC, which is placed post-only', { type: 'batchModify', modifies: modifies('Gtc') }, PLACES],
    ['one that always places GTC', { type: 'batchModify', modifies: modifies('Alo', 'Gtc'), alwaysPlace: true }, TAKES],
    ['a leverage', { type: 'updateLeverage', instrument: 0, isCross: true, leverage: 3 }, PLACES],
    ['a dead man’s switch', { type: 'scheduleCancel', atNs: null }, PLACES],
    ['nothing', { type: 'noop' }, PLACES],
  ];
  it.each(cases)('%s', (_what, action, expected) => {
    expect(actionClass(action)).toBe(expected);
  });
});

describe('the clock of the blocks', () => {
  it('ticks every 60 to 80 ms, 70 on average, in whole ns, alike for one seed', () => {
    const clock = new BlockClock(1_000, new RandomStreams('1').stream('blocks'));
    const times = Array.from({ length: 5_000 }, () => {
      const nowNs = clock.nextNs;
      clock.advance();
      return nowNs;
    });
    expect(times[0]).toBe(1_000);
    const gaps = times.slice(1).map((nowNs, at) => nowNs - times[at]);
    expect(gaps.every(gap => Number.isInteger(gap) && gap >= 60 * NS_PER_MS && gap <= 80 * NS_PER_MS)).toBe(true);
    const mean = (times[times.length - 1] - times[0]) / gaps.length;
    expect(Math.abs(mean - 70 * NS_PER_MS)).toBeLessThan(0.3 * NS_PER_MS);
    const again = new BlockClock(0, new RandomStreams('1').stream('blocks'));
    again.advance();
    expect(again.nextNs).toBe(gaps[0]);
    again.restore(clock.snapshot());
    expect(again.nextNs).toBe(clock.nextNs);
  });
});

describe('what waits for a block', () => {
  it('is carried out by class, then by arrival, that of others first at the same moment', () => {
    const queue = new BlockQueue<string>();
    queue.add(10, TAKES, 'take 10');
    queue.add(20, PLACES, 'place 20');
    queue.add(20, CANCELS, 'cancel 20');
    queue.add(30, TAKES, 'take 30');
    queue.add(40, PLACES, 'place 40');
    queue.add(71, PLACES, 'place 71');
    expect(queue.count).toBe(6);
    const done: string[] = [];
    const actions = {
      others: (actionClass: ActionClass, untilNs: number) => done.push(`others ${actionClass} to ${untilNs}`),
      own: (post: string) => done.push(post),
    };
    queue.run(70, actions);
    expect(done).toEqual([
      'others 0 to 20',
      'place 20',
      'others 0 to 40',
      'place 40',
      'others 0 to 70',
      'others 1 to 20',
      'cancel 20',
      'others 1 to 70',
      'others 2 to 10',
      'take 10',
      'others 2 to 30',
      'take 30',
      'others 2 to 70',
    ]);
    expect(queue.count).toBe(1);
    const restored = new BlockQueue<string>();
    restored.restore(queue.snapshot());
    done.length = 0;
    restored.run(140, actions);
    expect(done.filter(line => !line.startsWith('others'))).toEqual(['place 71']);
  });

  it('loses nothing and keeps the order of arrival within a class, whatever arrives', () => {
    const arrival = fc.record({
      gapNs: fc.integer({ min: 0, max: 40 }),
      actionClass: fc.constantFrom(...ACTION_CLASSES),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), arrivals => {
        const queue = new BlockQueue<{ atNs: number; actionClass: ActionClass; number: number }>();
        let nowNs = 0;
        let blockNs = 0;
        const done: { atNs: number; actionClass: ActionClass; number: number; blockNs: number }[] = [];
        const block = () => {
          blockNs += 70;
          queue.run(blockNs, { others: () => {}, own: post => done.push({ ...post, blockNs }) });
        };
        for (const [number, { gapNs, actionClass }] of arrivals.entries()) {
          nowNs += gapNs;
          while (blockNs + 70 < nowNs) block();
          queue.add(nowNs, actionClass, { atNs: nowNs, actionClass, number });
        }
        while (queue.count > 0) block();
        expect(done.map(({ number }) => number).sort((a, b) => a - b)).toEqual(arrivals.map((_, number) => number));
        for (const [at, { atNs, blockNs, actionClass, number }] of done.entries()) {
          expect(blockNs - atNs).toBeGreaterThanOrEqual(0);
          expect(blockNs - atNs).toBeLessThan(70 + 1);
          const before = done[at - 1];
          if (before === undefined || before.blockNs !== blockNs) continue;
          expect(
            before.actionClass < actionClass || (before.actionClass === actionClass && before.number < number),
          ).toBe(true);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('lets a cancel win against a taker that came before it', () => {
    const stand = new BookStand();
    stand.place(ASK, 1001, 100);
    const queue = new BlockQueue<Action>();
    const post = (atNs: number, action: Action) => queue.add(atNs, actionClass(action), action);
    post(30, { type: 'cancel', cancels: [{ instrument: 0, oid: 1 }] });
    const taken: number[] = [];
    queue.run(70, {
      // Somebody's taker arrived at 20.
      others: (actionClass, untilNs) => {
        if (actionClass === TAKES && untilNs === 70) taken.push(100 - stand.take(BID, 1001, 100));
      },
      own: action => stand.act(action),
    });
    expect(taken).toEqual([0]);
    expect(stand.journal.fills).toEqual([]);
  });
});
