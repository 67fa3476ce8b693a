import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';
import { resolveScenario } from '../../scenarios/resolve.ts';

const S = 1_000_000_000;
const MARKET = { name: 'a synthetic market', isSynthetic: true, symbols: ['BTC', 'ETH'], endNs: 86_400 * S };

const text = (cause: string, resolution: string): string => `title: A setting is a mistake
playbook: "2.1"
baseline:
  market: { synthetic: busy, instrument: BTC }
  duration: 2m
  core: { risk: { maxInventoryUsd: 700 } }
cause: ${cause}
expect: { outcome: symptom, symptom: stale-quotes, appearsWithin: 30s, resolvesWithin: 5s, diagnosis: "2.1" }
resolution: ${resolution}
`;

const resolved = (cause: string, resolution: string, set: string[] = []) =>
  resolveScenario(parseScenario(text(cause, resolution), 'a.yaml', { set }), MARKET);

const DEBOUNCE = '{ set: { core.orchestrator.eventAccumulator.debounce: 60s } }';
const FIX = '{ counterfactual: { core.orchestrator.eventAccumulator.debounce: 100ms } }';

describe('settings as a cause', () => {
  it('are those of the run, not of its twin', () => {
    const { core, run, counterfactual } = resolved(DEBOUNCE, FIX);
    expect(core.orchestrator.eventAccumulator.debounceNs).toBe(0.1 * S);
    expect(run.core.orchestrator.eventAccumulator.debounceNs).toBe(60 * S);
    expect(run.core.risk.maxInventoryUsd).toBe(700);
    expect(counterfactual?.settings.core.orchestrator.eventAccumulator.debounceNs).toBe(0.1 * S);
  });

  it('can be varied from the command line', () => {
    const set = ['cause.set.core.orchestrator.eventAccumulator.debounce=45s'];
    expect(resolved(DEBOUNCE, FIX, set).run.core.orchestrator.eventAccumulator.debounceNs).toBe(45 * S);
  });

  it.each([
    [
      '{ set: { orchestrator.eventAccumulator.debounce: 60s } }',
      'expected the path of a setting, core.… or exchange.…',
    ],
    ['{ set: { core.orchestrator.eventAccumulator.debouce: 60s } }', 'unknown setting (did you mean "debounce"?)'],
    ['{ set: { core.orchestrator.eventAccumulator.debounce: 60 } }', '60 has no unit: write 60s or 60ms'],
    ['{ set: { core: 3 } }', 'expected the path of a setting'],
    ['{}', 'expected faults, set or defect: a cause is made of at least one'],
    ['{ defect: nothing-like-that }', 'there is no defect "nothing-like-that"'],
  ])('are refused where they are none: %s', (cause, message) => {
    expect(() => resolved(cause, FIX)).toThrow(message);
  });
});

describe('a resolution', () => {
  it('by an operator happens at its time, in the core’s own words', () => {
    const operator = '{ operator: set, at: 50%, set: { core.orchestrator.eventAccumulator.debounce: 100ms } }';
    expect(resolved(DEBOUNCE, operator).operator).toEqual([
      { atNs: 60 * S, action: { type: 'set', path: 'orchestrator.eventAccumulator.debounceNs', value: 0.1 * S } },
    ]);
    expect(resolved(DEBOUNCE, '{ operator: run-safety-audit, at: 70s }').operator).toEqual([
      { atNs: 70 * S, action: { type: 'run-safety-audit' } },
    ]);
  });

  it.each([
    ['{ selfHeal: true }', 'settings and defects do not heal by themselves'],
    ['{ operator: reset-kill-switch }', 'is missing: when does the operator do it?'],
    ['{ operator: reset-kill-switch, at: 121s }', 'is past the end of the run, which is 120s long'],
    ['{ operator: set, at: 5s }', 'is missing: what is set?'],
    ['{ operator: set, at: 5s, set: { exchange.makerFeeBps: 1 } }', 'expected a setting of the core'],
    [
      '{ operator: reset-kill-switch, at: 5s, selfHeal: true }',
      'expected one of selfHeal, operator, counterfactual and withoutDefect',
    ],
    ['{ selfHeal: true, at: 5s }', 'has no place without operator'],
    ['{ operator: reset-kill-switch, at: 5s, helps: false }', 'has no place without counterfactual'],
  ])('is refused where it makes no sense: %s', (resolution, message) => {
    expect(() => resolved(DEBOUNCE, resolution)).toThrow(message);
  });
});
