import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';
import { drawVariation } from '../../scenarios/variation.ts';

const scenario = (vary: string): string => `title: Feeds fall silent
playbook: "2.3"
baseline: { market: { synthetic: busy, instrument: BTC }, duration: 2m }
cause: { faults: [{ kind: feed-silence, target: all, at: 60s, for: 30s }] }
expect: { outcome: symptom, symptom: stale-quotes, appearsWithin: 22s, resolvesWithin: 5s, diagnosis: "2.3" }
vary: ${vary}
`;

const variation = (vary: string, drawn: number): string[] =>
  drawVariation(parseScenario(scenario(vary), 'a.yaml').ranges, () => drawn);

describe('a variation', () => {
  it('is drawn between both ends of a range, which are in it', () => {
    const times = '{ cause.faults.0.at: 45s..75s }';
    expect(variation(times, 0)).toEqual(['cause.faults.0.at=45s']);
    expect(variation(times, 0.5)).toEqual(['cause.faults.0.at=60s']);
    expect(variation(times, 0.999_999_9)).toEqual(['cause.faults.0.at=75s']);
    expect(variation('{ core.strategy.glft.minHalfSpreadBps: 0.5..1.0 }', 0.999_999_9)).toEqual([
      'core.strategy.glft.minHalfSpreadBps=1',
    ]);
  });

  it('keeps whole numbers whole, and takes one of a list', () => {
    expect(variation('{ core.strategy.ladder.levels: 3..5 }', 0.5)).toEqual(['core.strategy.ladder.levels=4']);
    expect(variation('{ baseline.market.instrument: [BTC, ETH] }', 0.5)).toEqual(['baseline.market.instrument=ETH']);
  });

  it('moves several paths together, times as far from each other as they are written', () => {
    expect(variation('{ "cause.faults.0.at, cause.faults.0.for": 45s..75s }', 0.5)).toEqual([
      'cause.faults.0.at=60s',
      'cause.faults.0.for=30s',
    ]);
    expect(variation('{ "title, cause.faults.0.target": [bbo, trades] }', 0.5)).toEqual([
      'title=trades',
      'cause.faults.0.target=trades',
    ]);
  });

  it('is what --set takes', () => {
    const set = variation('{ cause.faults.0.for: 20s..40s, baseline.market.instrument: [SOL] }', 0.3);
    const { document } = parseScenario(scenario('{}'), 'a.yaml', { set });
    expect(document.cause?.faults?.[0].for).toBe('26s');
    expect(document.baseline.market.instrument).toBe('SOL');
  });

  it.each([
    ['{ cause.faults.0.at: 45s }', 'expected a range such as'],
    ['{ cause.faults.0.at: 75s..45s }', 'is empty: the lower end comes first'],
    ['{ cause.faults.0.at: 5..45s }', 'expected a range such as'],
    ['{ "cause.faults.0.at, cause.faults.0.for": 20s..45s }', 'cause.faults.0.for would begin before the run'],
    ['{ "cause.faults.0.at, cause.faults.3.at": 5s..45s }', 'is a list of 1, counted from 0, and has no part "3"'],
    ['{ cause.faults.3.at: 5s..45s }', 'is a list of 1, counted from 0, and has no part "3"'],
    ['{ cause.faults.0.frm: 1s..5s }', 'frm'],
    ['{ cause.faults.0.params.nosuch: 1..5 }', 'nosuch: unknown parameter; known here: instrument'],
    ['{ cause.faults.0.target: [all, nosuch] }', 'nosuch does not fit: target: expected one of all, book'],
    ['{ cause.faults.0.at: 1..5 }', '1 does not fit'],
    ['{ cause.faults.0.for: 5s..9s, "cause.faults.0.for": 5s..8s }', 'given twice'],
    ['{ cause.faults.0.at: 5s..9s, "title, cause.faults.0.at": [5s, 8s] }', 'cause.faults.0.at is varied twice'],
  ])('is refused where it cannot be one: %s', (vary, message) => {
    expect(() => parseScenario(scenario(vary), 'a.yaml')).toThrow(message);
  });
});
