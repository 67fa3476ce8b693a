/** `vary` says within which limits the outcome of a scenario stays: what is written lies within them too. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioIds } from '../../scenarios/catalogue.ts';
import { formatDuration, parseDuration } from '../../scenarios/duration.ts';
import { loadScenario, parseScenario, type Scenario } from '../../scenarios/load.ts';
import { isPlainMap, type Plain } from '../../scenarios/tree.ts';
import type { Range } from '../../scenarios/variation.ts';
import { FAULTS } from '../../sim/faults/registry.ts';

const FOLDER = 'scenarios';

/** What stands at a path, whose last parts may be one key with dots in it; undefined where nothing does. */
function at(value: Plain | undefined, path: readonly string[]): Plain | undefined {
  if (path.length === 0) return value;
  if (Array.isArray(value)) return at(value[Number(path[0])], path.slice(1));
  if (!isPlainMap(value)) return undefined;
  const whole = path.join('.');
  if (Object.hasOwn(value, whole)) return value[whole];
  return Object.hasOwn(value, path[0]) ? at(value[path[0]], path.slice(1)) : undefined;
}

/** What holds at a path that is not written: a fault's default. Undefined for settings, of which the limits alone tell. */
function byDefault({ document }: Scenario, path: string): Plain | undefined {
  const [, index, part] = /^cause\.faults\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (part === 'probability') return 1;
  const info = FAULTS.find(({ kind }) => kind === document.cause?.faults?.[Number(index)]?.kind);
  if (part === 'target') return info?.defaultTarget ?? undefined;
  const parameter = info?.parameters.find(({ name }) => part === `params.${name}`);
  if (parameter === undefined || !('default' in parameter)) return undefined;
  return parameter.type === 'time' ? formatDuration(parameter.default) : parameter.default;
}

function isWithin(value: Plain, range: Range): boolean {
  if (range.type === 'choice') return range.choices.includes(String(value));
  if (range.type === 'number') return typeof value === 'number' && value >= range.from && value <= range.to;
  const time = parseDuration(String(value));
  return time.ok && time.ns >= range.fromNs && time.ns <= range.toNs;
}

function limits(range: Range): string {
  if (range.type === 'choice') return `[${range.choices.join(', ')}]`;
  if (range.type === 'number') return `${range.from}..${range.to}`;
  return `${formatDuration(range.fromNs)}..${formatDuration(range.toNs)}`;
}

/** What is written outside of its own limits. Times that are drawn with others stay as far from them as they are written. */
function outside(scenario: Scenario): string[] {
  return scenario.ranges.flatMap(range => {
    const together = range.type === 'time' ? [] : range.companions.map(one => one.path);
    return [range.path, ...together].flatMap(path => {
      const value = at(scenario.document as Plain, path.split('.')) ?? byDefault(scenario, path);
      if (value === undefined || isWithin(value, range)) return [];
      return [`${scenario.id}: ${path} is written as ${JSON.stringify(value)}, outside of its limits ${limits(range)}`];
    });
  });
}

describe('what a scenario writes', () => {
  it('lies within the limits of its vary', () => {
    const ids = scenarioIds(FOLDER);
    expect(ids.length).toBeGreaterThan(100);
    expect(ids.flatMap(id => outside(loadScenario(join(FOLDER, `${id}.yaml`))))).toEqual([]);
  });

  it.each([
    ['cause.faults.0.for: 31s..40s', 'cause.faults.0.for is written as "30s", outside of its limits 31s..40s'],
    ['cause.faults.0.params.replyAfter: 1s..2s', 'cause.faults.0.params.replyAfter is written as "600ms"'],
    [
      'cause.faults.0.probability: 0.1..0.5',
      'cause.faults.0.probability is written as 1, outside of its limits 0.1..0.5',
    ],
    ['cause.set.core.fills.dedupCapacity: 60..70', 'cause.set.core.fills.dedupCapacity is written as 50'],
    [
      '"cause.faults.0.kind, baseline.market.instrument": [reply-withheld]',
      'baseline.market.instrument is written as "BTC"',
    ],
  ])('is told where it does not: %s', (vary, message) => {
    const text = `title: Replies come late
playbook: "1.2"
baseline: { market: { synthetic: busy, instrument: BTC }, duration: 2m }
cause:
  faults: [{ kind: reply-withheld, at: 40s, for: 30s }]
  set: { core.fills.dedupCapacity: 50 }
expect: { outcome: symptom, symptom: high-latency, appearsWithin: 9s, diagnosis: "1.2" }
resolution: { counterfactual: { core.fills.dedupCapacity: 100 } }
vary: { ${vary} }
`;
    expect(outside(parseScenario(text, 'a.yaml'))).toEqual([expect.stringContaining(message)]);
  });
});
