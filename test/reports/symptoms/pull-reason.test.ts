import { describe, expect, it } from 'vitest';
import { PullReason } from '../../../reports/symptoms/pull-reason.ts';
import { S } from '../support.ts';

describe('the deliberate pull that stands', () => {
  it('is that of an instrument until its own cycles go on', () => {
    const reason = new PullReason();
    reason.onEvidence({ type: 'quotes-pulled', atNs: S, reason: 'DataQualityGate', orders: 2, instrument: 0 });
    reason.onEvidence({ type: 'cycle-resumed', atNs: 2 * S, instrument: 1 });
    expect(reason.words).toBe('quotes pulled: DataQualityGate');
    const resumed = new PullReason();
    resumed.restore(structuredClone(reason.snapshot()));
    expect(resumed.words).toBe('quotes pulled: DataQualityGate');
    reason.onEvidence({ type: 'cycle-resumed', atNs: 3 * S, instrument: 0 });
    expect(reason.words).toBeNull();
  });

  it('names the risk monitors that pulled, and no other', () => {
    const reason = new PullReason();
    const risk = { type: 'risk', atNs: S, spreadFactor: 2, reduceOnly: false, maxSeverity: 'High' } as const;
    const monitors = ['volatility', 'price-velocity'];
    reason.onEvidence({ ...risk, pullQuotes: true, monitors, pulledBy: ['price-velocity'] });
    expect(reason.words).toBe('risk: price-velocity');
    reason.onEvidence({ ...risk, pullQuotes: false, monitors, pulledBy: [] });
    expect(reason.words).toBeNull();
  });
});
