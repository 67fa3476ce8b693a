/** The default core in every everyday market, without a fault. `all-healthy-runs.ts` runs them for longer. */
import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../core/scale.ts';
import { runHealthy } from './healthy-runs.ts';

describe.each(['calm', 'busy', 'volatile'] as const)('two minutes of a %s market', preset => {
  it.each(['BTC', 'kPEPE', 'hyna:HYPE'])('%s: both sides are quoted, nothing is hot, nothing broken', symbol => {
    const { quoted, hot, violations } = runHealthy(preset, [symbol], 1, 120 * NS_PER_S);
    expect(violations).toEqual([]);
    expect(hot).toEqual([]);
    expect(quoted).toBeGreaterThan(0.95);
  });
});

it('quotes three instruments at once', () => {
  const { hot, violations, quoted } = runHealthy('busy', ['BTC', 'ETH', 'SOL'], 1, 60 * NS_PER_S);
  expect([hot, violations]).toEqual([[], []]);
  expect(quoted).toBeGreaterThan(0.95);
});
