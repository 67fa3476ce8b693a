import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../core/scale.ts';
import { infoOf } from '../../../scenarios/faults.ts';
import { digestOfResumed, type FaultOf, faultPlan, runFaults } from '../../support/fault-runs.ts';

interface Case {
  readonly name: string;
  readonly fault: FaultOf;
  /** What its effects say, each at least once. */
  readonly says: readonly RegExp[];
  /** Anomalies that the core finds, and none but these; not looked at where it is not there. */
  readonly finds?: readonly string[];
}

const at = { at: 20, for: 4 } as const;

const CASES: readonly Case[] = [
  {
    name: 'feed-drop',
    fault: { kind: 'feed-drop', target: 'bbo', probability: 0.5, ...at },
    says: [/lost a message of bbo/],
  },
  {
    name: 'feed-drop of all',
    fault: { kind: 'feed-drop', target: 'bbo', ...at },
    says: [/lost a message of bbo/],
    finds: ['SequenceGap'],
  },
  {
    name: 'feed-delay',
    fault: { kind: 'feed-delay', target: 'all', ...at, params: { by: '700ms' } },
    says: [/delayed a message of bbo/, /delayed a message of trades/],
    finds: [],
  },
  {
    name: 'feed-duplicate',
    fault: { kind: 'feed-duplicate', target: 'book', ...at },
    says: [/repeated a message of bbo/],
    finds: [],
  },
  {
    name: 'event-storm',
    fault: { kind: 'event-storm', ...at },
    says: [/repeated a message of trades/],
    finds: [],
  },
  {
    name: 'feed-reorder',
    fault: { kind: 'feed-reorder', target: 'bbo', probability: 0.3, ...at },
    says: [/swapped two messages of bbo/],
    finds: ['TimestampRegression'],
  },
  {
    name: 'sequence-gap of 11',
    fault: { kind: 'sequence-gap', target: 'bbo', ...at, params: { missing: 11, messages: 1 } },
    says: [/left a gap of 11 messages in bbo/],
    finds: ['SequenceGap'],
  },
  {
    name: 'sequence-gap of 10',
    fault: { kind: 'sequence-gap', target: 'bbo', ...at, params: { missing: 10, messages: 1 } },
    says: [/left a gap of 10 messages in bbo/],
    finds: [],
  },
  {
    name: 'crossed-book',
    fault: { kind: 'crossed-book', ...at, params: { by: 0, messages: 2 } },
    says: [/crossed a book of bbo/],
    finds: ['CrossedBook'],
  },
  {
    name: 'stale-book',
    fault: { kind: 'stale-book', ...at },
    says: [/sent an old book of bbo as a new one/],
    finds: [],
  },
  {
    name: 'timestamp-regression',
    fault: { kind: 'timestamp-regression', target: 'bbo', ...at },
    says: [/set back the time of bbo/],
    finds: ['TimestampRegression'],
  },
  {
    name: 'bad-value: no number for a price',
    fault: { kind: 'bad-value', ...at, params: { value: 'nan' } },
    says: [/made a value wrong in bbo/],
    finds: ['InvalidPrice'],
  },
  {
    name: 'bad-value: no number for a size',
    fault: { kind: 'bad-value', target: 'trades', ...at, params: { value: 'nan', field: 'size' } },
    says: [/made a value wrong in trades/],
    finds: ['InvalidSize'],
  },
  {
    name: 'bad-value: 20 % off the mid',
    fault: { kind: 'bad-value', target: 'trades', ...at, params: { value: 'off-mid', deviation: 20 } },
    says: [/made a value wrong in trades/],
    finds: [],
  },
  {
    name: 'bad-value: just over 20 % off the mid',
    fault: { kind: 'bad-value', target: 'trades', ...at, params: { value: 'off-mid', deviation: 20.1 } },
    says: [/made a value wrong in trades/],
    finds: ['InvalidPrice'],
  },
  {
    name: 'connection-flap',
    fault: { kind: 'connection-flap', ...at, params: { after: '500ms' } },
    says: [/closed the market connection/],
  },
  {
    name: 'subscription-lost',
    fault: { kind: 'subscription-lost', target: 'book', at: 20, for: 13 },
    says: [/forgot the subscription of bbo/, /lost a request to subscribe to bbo/],
  },
  {
    name: 'snapshot-resent of fills',
    fault: { kind: 'snapshot-resent', ...at },
    says: [/sent the snapshot of userFills again/],
    finds: [],
  },
  {
    name: 'snapshot-resent of the book',
    fault: { kind: 'snapshot-resent', target: 'l2Book', ...at },
    says: [/sent the snapshot of l2Book again/],
  },
  {
    name: 'user-silence',
    fault: { kind: 'user-silence', ...at },
    says: [/withheld order updates/],
    finds: [],
  },
];

describe.each(CASES)('$name', ({ fault, says, finds }) => {
  const seconds = fault.at + fault.for + 22;
  const plan = faultPlan([fault], { seconds });
  const run = runFaults(plan);
  const anomalies = run.entries.flatMap(entry => (entry.type === 'anomaly' ? [entry.anomaly] : []));

  it('takes effect in its time', () => {
    for (const words of says) expect(run.effects.some(({ what }) => words.test(what))).toBe(true);
    for (const { atNs } of run.effects) {
      expect(atNs).toBeGreaterThanOrEqual(fault.at * NS_PER_S);
      expect(atNs).toBeLessThanOrEqual((fault.at + fault.for) * NS_PER_S);
    }
    if (finds !== undefined) expect([...new Set(anomalies)]).toEqual(finds);
  });

  it('heals: no gate stays shut, and every fill is counted once', () => {
    const gates = run.entries.filter(entry => entry.type === 'quote-gate');
    expect(gates.at(-1)?.reason ?? null).toBeNull();
    expect(run.positions[0]).toBe(run.positions[1]);
    expect(run.violations).toEqual([]);
  });

  it('goes on from a snapshot as if it had not been taken', () => {
    const moments = [0.05, 0.5, 0.52, 0.9].map(share => (fault.at + share * fault.for) * NS_PER_S);
    expect(digestOfResumed(plan, moments)).toBe(run.digest);
  });

  it('declares limits that its defaults keep', () => {
    for (const parameter of infoOf({ ...fault, at: '0s', for: '1s' }).parameters) {
      if (!('min' in parameter)) continue;
      expect(parameter.default).toBeGreaterThanOrEqual(parameter.min);
      expect(parameter.default).toBeLessThanOrEqual(parameter.max);
    }
  });
});

describe('a delayed feed', () => {
  it('overtakes nothing at its end: the book is never older than the one before', () => {
    const { entries } = runFaults(faultPlan([{ kind: 'feed-delay', target: 'book', ...at, params: { by: '3s' } }]));
    expect(entries.filter(entry => entry.type === 'anomaly')).toEqual([]);
  });
});
