import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../core/scale.ts';
import { sampleTape } from '../../../sim/cli/sample-tape.ts';
import { digestOfResumed, type FaultOf, faultPlan, runFaults } from '../../support/fault-runs.ts';

interface Case {
  readonly name: string;
  readonly fault: FaultOf;
  /** What its effects say, each at least once. */
  readonly says: readonly RegExp[];
  /** Symptoms that it turns hot in the core as it is. */
  readonly hot: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'lost-fill',
    fault: { kind: 'lost-fill', at: 20, for: 1 },
    says: [/lost the notification of fill/],
    hot: ['position-mismatch'],
  },
  {
    name: 'duplicate-fill in a frame',
    fault: { kind: 'duplicate-fill', at: 20, for: 1 },
    says: [/told fill \d+ twice/],
    hot: [],
  },
  {
    name: 'duplicate-fill after newer ones',
    fault: { kind: 'duplicate-fill', at: 20, for: 1, params: { mode: 'after-newer', newer: 50 } },
    says: [/again after 50 newer ones/],
    hot: [],
  },
  {
    name: 'duplicate-fill by a snapshot',
    fault: { kind: 'duplicate-fill', at: 20, for: 1, params: { mode: 'snapshot' } },
    says: [/told fill \d+ twice \(snapshot\)/],
    hot: [],
  },
  {
    name: 'late-fill',
    fault: { kind: 'late-fill', at: 20, for: 1 },
    says: [/kept the notification/],
    hot: ['position-mismatch'],
  },
  {
    name: 'late-fill, a little',
    fault: { kind: 'late-fill', at: 20, for: 1, params: { delay: '300ms' } },
    says: [/kept the notification/],
    hot: [],
  },
  {
    name: 'fills-reversed',
    fault: { kind: 'fills-reversed', at: 20, for: 1 },
    says: [/told fill \d+ before fill/],
    hot: [],
  },
  {
    name: 'lost-order-update',
    fault: { kind: 'lost-order-update', at: 20, for: 5 },
    says: [/lost the update/],
    hot: [],
  },
  {
    name: 'lagging-snapshot',
    fault: { kind: 'lagging-snapshot', at: 20, for: 15 },
    says: [/answered openOrders/, /answered clearinghouseState/],
    hot: [],
  },
  ...(['during-cancel', 'after-cancel-ack', 'before-order-ack', 'cancel-fails'] as const).map(mode => ({
    name: `cancel-fill-race ${mode}`,
    fault: { kind: 'cancel-fill-race', at: 20, for: 10, params: { mode } } as const,
    says: [/a marked aggressor filled/],
    hot: [],
  })),
];

describe.each(CASES)('$name', ({ fault, says, hot }) => {
  const plan = faultPlan([fault]);
  const run = runFaults(plan);

  it('takes effect in its time, and the run heals', () => {
    for (const words of says) expect(run.effects.some(({ what }) => words.test(what))).toBe(true);
    for (const { atNs } of run.effects) expect(atNs).toBeGreaterThanOrEqual(fault.at * NS_PER_S);
    expect(run.hot).toEqual(hot);
    expect(run.positions[0]).toBe(run.positions[1]);
    expect(run.violations).toEqual([]);
  });

  it('goes on from a snapshot as if it had not been taken', () => {
    const beginNs = fault.at * NS_PER_S;
    const moments = [0.1, 0.5, 0.52, 0.6, 1].map(share => beginNs + share * fault.for * NS_PER_S);
    expect(digestOfResumed(plan, moments)).toBe(run.digest);
  });
});

describe('the marked aggressor', () => {
  it.each([
    ['aggressor-fills', { kind: 'aggressor-fills', at: 20, for: 10, params: { count: 5 } }, 5],
    ['orders ended unasked', { kind: 'order-ended-unasked', at: 20, for: 1, params: { count: 2 } }, 2],
  ] as const)('%s: as often as asked, money and books in order', (_name, fault, count) => {
    const run = runFaults(faultPlan([fault]));
    expect(run.effects.length).toBe(count);
    expect(run.positions[0]).toBe(run.positions[1]);
    expect(run.violations).toEqual([]);
  });

  it.each(['late-fill', 'lost-fill', 'duplicate-fill'] as const)(
    '%s: its fill is counted once, as what is done to it',
    kind => {
      const { effects } = runFaults(faultPlan([{ kind, at: 20, for: 1, params: { count: 1 } }]));
      expect(effects.map(({ what }) => what)).toEqual([
        expect.stringMatching(/fill \d+.*, which a marked aggressor made$/),
      ]);
    },
  );

  it('fills in a recorded market, too', () => {
    const tape = sampleTape();
    const run = runFaults(faultPlan([{ kind: 'aggressor-fills', at: 20, for: 10, params: { count: 5 } }], { tape }));
    expect(run.effects.length).toBe(5);
    expect(run.fills.length).toBeGreaterThanOrEqual(5);
    expect(run.positions[0]).toBe(run.positions[1]);
    expect(run.violations).toEqual([]);
  });
});
