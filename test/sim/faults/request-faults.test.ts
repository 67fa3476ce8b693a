import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { infoOf } from '../../../scenarios/faults.ts';
import { digestOfResumed, type FaultOf, faultPlan, runFaults } from '../../support/fault-runs.ts';

interface Case {
  readonly name: string;
  readonly fault: FaultOf;
  /** What its effects say, each at least once. */
  readonly says: readonly RegExp[];
  /** What the core writes of it, and what it does not. */
  readonly writes: readonly LogEntry['type'][];
  readonly never?: readonly LogEntry['type'][];
}

const at = { at: 12, for: 10 } as const;

const CASES: readonly Case[] = [
  {
    name: 'rate-limit-429',
    fault: { kind: 'rate-limit-429', ...at },
    says: [/answered an action 429/],
    writes: ['rate-limit-error', 'request-rejected'],
  },
  {
    name: 'rate-limit-429 of queries too',
    fault: { kind: 'rate-limit-429', ...at, params: { queries: true } },
    says: [/answered a query 429/],
    writes: ['rate-limit-error'],
  },
  {
    name: 'reply-withheld beyond the timeout',
    fault: { kind: 'reply-withheld', ...at, params: { replyAfter: '600ms' } },
    says: [/kept an answer back until its action was 600 ms old/],
    writes: ['request-timeout', 'rest-fallback', 'late-reply'],
    never: ['request-rejected', 'orphan-order'],
  },
  {
    name: 'reply-withheld within the timeout',
    fault: { kind: 'reply-withheld', ...at, params: { replyAfter: '450ms' } },
    says: [/kept an answer back/],
    writes: [],
    never: ['request-timeout', 'rest-fallback'],
  },
  {
    name: 'reply-lost',
    fault: { kind: 'reply-lost', ...at },
    says: [/lost the answer/],
    writes: ['rest-fallback', 'order-status'],
    never: ['late-reply', 'orphan-order'],
  },
  {
    name: 'request-lost',
    fault: { kind: 'request-lost', ...at },
    says: [/lost an action/],
    writes: ['rest-fallback'],
    never: ['late-reply', 'order-status-asked'],
  },
  {
    name: 'rejection of bids for the position',
    fault: { kind: 'rejection', ...at, params: { side: 'bid', reason: 'position' } },
    says: [/refused an order on bid: position/],
    writes: ['order-rejected', 'rejection-backoff'],
  },
  {
    name: 'wrong-cloid',
    fault: { kind: 'wrong-cloid', ...at },
    says: [/an answer names order \d+ by another CLOID/, /an update names order \d+ by another CLOID/],
    writes: ['safety-audit'],
  },
  {
    name: 'disconnect-mid-batch',
    fault: { kind: 'disconnect-mid-batch', ...at, params: { items: 1, downFor: '2s' } },
    says: [/closed the user connection after \d+ items? of a batch/],
    writes: ['reconnection', 'recovery'],
  },
  {
    name: 'half-open user connection',
    fault: { kind: 'half-open', target: 'user', ...at },
    says: [/swallowed a message of the user connection on its way up/],
    writes: ['rest-fallback'],
    never: ['late-reply'],
  },
  {
    name: 'half-open market connection',
    fault: { kind: 'half-open', target: 'market', at: 12, for: 20 },
    says: [/swallowed a frame of the market connection/],
    writes: ['supervisor', 'reconnection'],
  },
];

describe.each(CASES)('$name', ({ fault, says, writes, never = [] }) => {
  const plan = faultPlan([fault], { preset: 'volatile' });
  const run = runFaults(plan);

  it('takes effect in its time, and the run heals', () => {
    for (const words of says) expect(run.effects.map(({ what }) => what).filter(what => words.test(what))).not.toEqual([]);
    for (const { atNs } of run.effects) {
      expect(atNs).toBeGreaterThanOrEqual(fault.at * NS_PER_S);
      expect(atNs).toBeLessThanOrEqual((fault.at + fault.for) * NS_PER_S);
    }
    const written = new Set(run.entries.filter(({ atNs }) => atNs >= fault.at * NS_PER_S).map(({ type }) => type));
    for (const type of writes) expect(written).toContain(type);
    for (const type of never) expect(written).not.toContain(type);
    expect(run.positions[0]).toBe(run.positions[1]);
  });

  it('goes on from a snapshot as if it had not been taken', () => {
    const moments = [0.1, 0.5, 0.52, 0.9, 1.02].map(share => (fault.at + share * fault.for) * NS_PER_S);
    expect(digestOfResumed(plan, moments)).toBe(run.digest);
  });
});

describe('rejection', () => {
  it('refuses so many actions and no more', () => {
    const fault: FaultOf = { kind: 'rejection', at: 12, for: 25, params: { side: 'ask', count: 2 } };
    const { effects, entries } = runFaults(faultPlan([fault], { preset: 'volatile' }));
    expect(new Set(effects.map(({ atNs }) => atNs)).size).toBe(2);
    const refused = entries.filter(entry => entry.type === 'order-rejected').filter(({ error }) => /exceed/.test(error));
    expect(refused.every(({ side }) => side === 1)).toBe(true);
    expect(entries.some(({ type }) => type === 'rejection-backoff')).toBe(false);
  });
});

describe('low-quota', () => {
  it('takes requests away and gives them back', () => {
    const fault: FaultOf = { kind: 'low-quota', at: 0, for: 30, params: { share: 0.1 } };
    const { effects, entries } = runFaults(faultPlan([fault], { preset: 'volatile', seconds: 70 }));
    expect(effects).toHaveLength(1);
    const tiers = entries.filter(entry => entry.type === 'quota-tier');
    // The core asks at the start and a minute later.
    expect(tiers.map(({ tier }) => tier)).toEqual(['minimal', 'full']);
    expect(tiers[0].headroom).toBeCloseTo(0.1, 3);
    expect(tiers[1].headroom).toBeGreaterThan(0.99);
  });

  it('goes on from a snapshot as if it had not been taken', () => {
    const plan = faultPlan([{ kind: 'low-quota', at: 0, for: 10 }], { preset: 'volatile', seconds: 20 });
    expect(digestOfResumed(plan, [5 * NS_PER_S, 11 * NS_PER_S])).toBe(runFaults(plan).digest);
  });
});

describe('limits of parameters', () => {
  it.each([
    ['low-quota', 'share', 0, 1],
    ['rejection', 'count', 0, 1_000],
    ['disconnect-mid-batch', 'items', 1, 100],
  ])('%s: %s', (kind, name, min, max) => {
    const parameter = infoOf({ kind, at: '0s', for: '1s' }).parameters.find(one => one.name === name);
    expect(parameter).toMatchObject({ min, max });
  });
});
