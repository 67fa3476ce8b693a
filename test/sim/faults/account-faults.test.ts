import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { digestOfResumed, type FaultOf, faultPlan, runFaults } from '../../support/fault-runs.ts';

interface Case {
  readonly name: string;
  readonly fault: FaultOf;
  /** What its effects say, each at least once. */
  readonly says: readonly RegExp[];
  /** What the core writes of it. */
  readonly writes: readonly LogEntry['type'][];
}

const at = { at: 12, for: 12 } as const;

const CASES: readonly Case[] = [
  {
    name: 'equity-cut',
    fault: { kind: 'equity-cut', ...at, params: { cut: 80 } },
    says: [/took \$\d+\.\d\d of \$\d+\.\d\d out of the account/],
    writes: ['margin'],
  },
  {
    name: 'leverage-tier-cut',
    fault: { kind: 'leverage-tier-cut', ...at, params: { leverage: 1 } },
    says: [/allows a leverage of 1 above \$0/],
    writes: [],
  },
  {
    name: 'price-zigzag',
    fault: { kind: 'price-zigzag', ...at, params: { change: 6 } },
    says: [/moved the fair price by 6 %/, /moved the fair price back/],
    writes: ['risk', 'quotes-pulled'],
  },
  {
    name: 'price-jump',
    fault: { kind: 'price-jump', at: 12, for: 1, params: { change: -4 } },
    says: [/moved the fair price by -4\.00 %/],
    writes: [],
  },
  {
    name: 'open-interest-drop',
    fault: { kind: 'open-interest-drop', ...at, params: { drop: 4, over: '2s' } },
    says: [/told of 4\.00 % less open interest/],
    writes: ['risk', 'quotes-pulled'],
  },
  {
    name: 'foreign-order that rests',
    fault: { kind: 'foreign-order', ...at, params: { distance: 200 } },
    says: [/placed order \d+ of \$50: it rests/],
    writes: ['orphan-order'],
  },
  {
    name: 'foreign-order that takes',
    fault: { kind: 'foreign-order', ...at, params: { takes: true, size: 300 } },
    says: [/placed order \d+ of \$300: \d+ lots were filled/],
    writes: ['orphan-fill'],
  },
];

describe('cancel-never-executes', () => {
  // A jump of the price makes the core cancel what rests.
  const jump: FaultOf = { kind: 'price-jump', at: 12, for: 1, params: { change: 8 } };

  it.each([
    ['success', /carried \d+ cancels not out, and said it did/],
    ['none', /carried \d+ cancels not out, and said nothing/],
  ])('leaves the orders where they are, and answers: %s', (answer, words) => {
    const fault: FaultOf = { kind: 'cancel-never-executes', at: 10, for: 10, params: { answer } };
    const plan = faultPlan([fault, jump], { preset: 'volatile', seconds: 70 });
    const run = runFaults(plan);
    expect(run.effects.map(({ what }) => what).some(what => words.test(what))).toBe(true);
    expect(run.positions[0]).toBe(run.positions[1]);
    expect(
      digestOfResumed(
        plan,
        [12.3, 15].map(s => s * NS_PER_S),
      ),
    ).toBe(run.digest);
  });
});

describe.each(CASES)('$name', ({ fault, says, writes }) => {
  const plan = faultPlan([fault], { preset: 'volatile' });
  const run = runFaults(plan);

  it('takes effect in its time, and the run heals', () => {
    for (const words of says) {
      expect(run.effects.map(({ what }) => what).filter(what => words.test(what))).not.toEqual([]);
    }
    for (const { atNs } of run.effects) {
      expect(atNs).toBeGreaterThanOrEqual(fault.at * NS_PER_S);
      expect(atNs).toBeLessThanOrEqual((fault.at + fault.for) * NS_PER_S);
    }
    const written = new Set(run.entries.filter(({ atNs }) => atNs >= fault.at * NS_PER_S).map(({ type }) => type));
    for (const type of writes) expect(written).toContain(type);
    expect(run.positions[0]).toBe(run.positions[1]);
  });

  it('goes on from a snapshot as if it had not been taken', () => {
    const moments = [0.02, 0.5, 0.52, 0.98, 1.05].map(share => (fault.at + share * fault.for) * NS_PER_S);
    expect(digestOfResumed(plan, moments)).toBe(run.digest);
  });
});
