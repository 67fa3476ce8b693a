import { describe, expect, it } from 'vitest';
import { Complaints } from '../../scenarios/complaints.ts';
import { listSettings, overrideSettings } from '../../scenarios/settings-tree.ts';
import { type Plain, Tree } from '../../scenarios/tree.ts';

const DEFAULTS = {
  risk: { maxInventoryUsd: 1_000, skew: -0.5, isOn: true },
  orchestrator: { eventAccumulator: { debounceNs: 100_000_000, maxPendingEvents: 10 } },
  mode: 'cross',
};

/** The overridden settings, or what was complained of. */
function override(yaml: string): object | string[] {
  const tree = new Tree(yaml, 'core.yaml');
  const complaints = new Complaints(tree);
  const settings = overrideSettings(DEFAULTS, tree.value as Plain, [], complaints);
  try {
    complaints.throwIfAny();
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return settings;
}

describe('overrides of the settings', () => {
  it('change what they name and nothing else', () => {
    expect(override('risk: { maxInventoryUsd: 500 }')).toEqual({
      ...DEFAULTS,
      risk: { ...DEFAULTS.risk, maxInventoryUsd: 500 },
    });
    expect(DEFAULTS.risk.maxInventoryUsd).toBe(1_000);
  });

  it('take times by name without the unit', () => {
    expect(override('orchestrator: { eventAccumulator: { debounce: 60s } }')).toMatchObject({
      orchestrator: { eventAccumulator: { debounceNs: 60_000_000_000, maxPendingEvents: 10 } },
    });
  });

  it.each([
    [
      'riks: { skew: 1 }',
      'core.yaml:1:1: riks: unknown setting (did you mean "risk"?); known here: risk, orchestrator, mode',
    ],
    [
      'risk:\n  maxInventory: 5',
      'core.yaml:2:3: risk.maxInventory: unknown setting (did you mean "maxInventoryUsd"?); known here: maxInventoryUsd, skew, isOn',
    ],
    ['risk: { maxInventoryUsd: .inf }', 'core.yaml:1:26: risk.maxInventoryUsd: expected a finite number'],
    ['risk: { maxInventoryUsd: .nan }', 'core.yaml:1:26: risk.maxInventoryUsd: expected a finite number'],
    ['risk: { maxInventoryUsd: -1 }', 'core.yaml:1:26: risk.maxInventoryUsd: expected a number of 0 or more'],
    [
      'risk: { maxInventoryUsd: "500" }',
      'core.yaml:1:26: risk.maxInventoryUsd: expected a number, such as the default 1000',
    ],
    ['risk: { isOn: 1 }', 'core.yaml:1:15: risk.isOn: expected true or false, such as the default true'],
    ['risk: 5', 'core.yaml:1:7: risk: expected a mapping with some of: maxInventoryUsd, skew, isOn'],
    ['mode: null', 'core.yaml:1:7: mode: expected a text, such as the default "cross"'],
    [
      'orchestrator: { eventAccumulator: { debounce: 60 } }',
      'core.yaml:1:47: orchestrator.eventAccumulator.debounce: 60 has no unit: write 60s or 60ms',
    ],
    [
      'orchestrator: { eventAccumulator: { debounceNs: 5 } }',
      'core.yaml:1:37: orchestrator.eventAccumulator.debounceNs: write debounce with a duration, such as debounce: 100ms',
    ],
    ['toString: 1', 'core.yaml:1:1: toString: unknown setting; known here: risk, orchestrator, mode'],
  ])('%j is refused', (yaml, message) => {
    expect(override(yaml)).toEqual([message]);
  });

  it('may be negative where the default is', () => {
    expect(override('risk: { skew: -1 }')).toMatchObject({ risk: { skew: -1 } });
  });
});

describe('the list of settings', () => {
  it('names every leaf as it is written, with default and unit', () => {
    expect(listSettings(DEFAULTS)).toEqual([
      { path: 'risk.maxInventoryUsd', default: 1_000, type: 'number', unit: 'USD' },
      { path: 'risk.skew', default: -0.5, type: 'number', unit: '' },
      { path: 'risk.isOn', default: true, type: 'boolean', unit: '' },
      { path: 'orchestrator.eventAccumulator.debounce', default: '100ms', type: 'duration', unit: '' },
      { path: 'orchestrator.eventAccumulator.maxPendingEvents', default: 10, type: 'number', unit: '' },
      { path: 'mode', default: 'cross', type: 'text', unit: '' },
    ]);
  });
});
