import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentFills } from '../../../core/fills/recent-fills.ts';
import { draws } from '../../support/draws.ts';

it('sums the fills after a time, whatever the order of their coming, or says that it cannot', () => {
  const fill = fc.record({ exchNs: fc.nat(1_000), lots: fc.integer({ min: -5, max: 5 }) });
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 600, size: 'max' }), fc.nat(1_000), (fills, afterNs) => {
      const recent = new RecentFills();
      for (const { exchNs, lots } of fills) recent.add(exchNs, lots);
      const other = new RecentFills();
      other.restore(structuredClone(recent.snapshot()));
      const sum = fills.reduce((total, { exchNs, lots }) => (exchNs > afterNs ? total + lots : total), 0);
      const told = other.lotsAfter(afterNs);
      expect(told).toBe(recent.lotsAfter(afterNs));
      const forgotten = fills.slice(0, Math.max(0, fills.length - 256));
      if (forgotten.some(({ exchNs }) => exchNs > afterNs)) expect(told).toBeNull();
      else expect(told).toBe(sum);
    }),
    draws(1, 200),
  );
});
