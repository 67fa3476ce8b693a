/** Faults of the feeds of one instrument among several. */
import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../core/scale.ts';
import { digestOfResumed, type FaultOf, faultPlan, runFaults } from '../../support/fault-runs.ts';

const SYMBOLS = ['BTC', 'ETH'];

describe.each(['feed-silence', 'subscription-lost'])('%s', kind => {
  const fault = (instrument?: string): FaultOf => ({
    kind,
    target: 'all',
    at: 12,
    for: 16,
    params: instrument === undefined ? {} : { instrument },
  });
  const staleOf = (faults: FaultOf) =>
    runFaults(faultPlan([faults], { symbols: SYMBOLS })).entries.flatMap(entry =>
      entry.type === 'feed-staleness' && entry.stale ? [entry.instrument] : [],
    );

  it.each([
    ['BTC', 0],
    ['ETH', 1],
  ])('of %s leaves the other alone', (symbol, instrument) => {
    expect([...new Set(staleOf(fault(symbol)))]).toEqual([instrument]);
  });

  it('of no instrument is that of every one: the connection itself is silent', () => {
    const { entries } = runFaults(faultPlan([fault()], { symbols: SYMBOLS }));
    expect(entries.some(entry => entry.type === 'supervisor' && entry.event === 'ReconnectRecommended')).toBe(true);
  });

  it('goes on from a snapshot as if it had not been taken', () => {
    const plan = faultPlan([fault('ETH')], { symbols: SYMBOLS });
    expect(digestOfResumed(plan, [15 * NS_PER_S, 25 * NS_PER_S])).toBe(runFaults(plan).digest);
  });
});
