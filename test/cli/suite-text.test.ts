/** What the text of a suite says, of runs that were not made. */
import { describe, expect, it } from 'vitest';
import type { DefectResults } from '../../reports/catches.ts';
import type { SuiteRun } from '../../reports/suite-run.ts';
import { renderSuite } from '../../sim/cli/suite-text.ts';
import { suiteRun } from '../reports/suite-runs.ts';

const textOf = (runs: readonly SuiteRun[], defects: DefectResults | null = null): string =>
  renderSuite({ runs, defects }, { colour: false, wallMs: 0 });

describe('planted defects', () => {
  const caught = { defect: 'c', runs: 2, caught: 1, scenarios: ['x'], command: 'catches c' };
  const missed = ['m', 'n'].map(defect => ({ defect, runs: 2, caught: 0, scenarios: [], command: `misses ${defect}` }));

  it('that are not caught come with a run each that should have, and fail the suite', () => {
    const text = textOf([suiteRun()], { tried: [caught, ...missed], untried: [] });
    expect(text).toMatch(/^m +0 of 2 +NOT CAUGHT by any scenario$/m);
    expect(text).toContain('\nm is not caught by: misses m\nn is not caught by: misses n\n');
    expect(text).not.toContain('catches c');
    expect(text).toMatch(/^FAIL {2}1 runs: .*, 2 defects not caught, /m);
  });

  it('that are caught come with a run that does', () => {
    const text = textOf([suiteRun()], { tried: [caught], untried: [] });
    expect(text).toContain('\nThe first of them: catches c\n');
    expect(text).toMatch(/^PASS /m);
  });

  it('that were planted nowhere, or nowhere where it would tell, fail nothing', () => {
    const nowhere = { defect: 'd', runs: 0, caught: 0, scenarios: [], command: null };
    const text = textOf([suiteRun()], { tried: [nowhere], untried: ['a', 'b'] });
    expect(text).toMatch(/^d +0 of 0 +nothing to say: no run passes without it$/m);
    expect(text).toContain('\n2 defects were not tried: no scenario of their family is among these.\n');
    expect(text).not.toContain('CAUGHT');
    expect(text).toMatch(/^PASS /m);
    expect(textOf([suiteRun()], { tried: [], untried: ['a'] })).not.toContain('Planted defects');
  });
});
