import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { LoopWatch } from '../../../core/infra/loop-watch.ts';
import { HANDLERS, METRIC } from '../../../core/infra/metrics/fields.ts';
import { Metrics } from '../../../core/infra/metrics/updates.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';

const BOOK = HANDLERS.indexOf('book');
const TRADES = HANDLERS.indexOf('trades');

function watch() {
  const told: LogEntry[] = [];
  const metrics = new Metrics();
  return { made: new LoopWatch(metrics, entry => told.push(entry)), told, metrics };
}

describe('the watch over the event loop', () => {
  it('says nothing of messages that wait for 5 ms, and tells of longer waits once a second', () => {
    const { made, told, metrics } = watch();
    made.handled(NS_PER_S, 0, BOOK, 4_000, 1_000);
    made.handled(NS_PER_S, 5 * NS_PER_MS, BOOK, 10, 0);
    made.check(NS_PER_S);
    expect(told).toEqual([]);
    made.handled(NS_PER_S, 5 * NS_PER_MS + 1, BOOK, 10, 0);
    made.handled(NS_PER_S, 6 * NS_PER_MS, BOOK, 10, 0);
    made.check(2 * NS_PER_S);
    made.check(3 * NS_PER_S);
    expect(told).toMatchObject([{ type: 'event-loop-lag', waitedUs: 6_000, late: 2, messages: 4 }]);
    expect(metrics.values[METRIC.lateMessages]).toBe(2);
  });

  it('names the longest piece of work since the loop was idle, be it a handler or the quote cycles', () => {
    const { made, told } = watch();
    made.handled(0, 0, BOOK, 90_000, 0);
    made.handled(NS_PER_S, 0, TRADES, 20_000, 300);
    made.handled(NS_PER_S, 12 * NS_PER_MS, BOOK, 20, 0);
    made.check(NS_PER_S);
    made.handled(2 * NS_PER_S, 0, TRADES, 20, 12_000);
    made.handled(2 * NS_PER_S, 12 * NS_PER_MS, BOOK, 20, 0);
    made.check(2 * NS_PER_S);
    expect(told).toMatchObject([
      { busiest: 'trades', busiestUs: 20_000, workUs: 20_300 },
      { busiest: 'quoteCycle', busiestUs: 12_000, workUs: 12_020 },
    ]);
  });

  it('counts the last ten seconds, and goes on from a snapshot', () => {
    const one = watch();
    for (let second = 0; second < 15; second++) one.made.handled(second * NS_PER_S, 0, BOOK, 10, 0);
    const two = watch();
    two.made.restore(one.made.snapshot());
    two.made.handled(14.5 * NS_PER_S, 50 * NS_PER_MS, BOOK, 10, 0);
    two.made.check(15 * NS_PER_S - 1);
    expect(two.told).toMatchObject([{ late: 1, messages: 11 }]);
  });
});
