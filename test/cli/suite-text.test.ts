/** What the text of a suite says, of runs that were not made. */
import { describe, expect, it } from 'vitest';
import type { DefectResults } from '../../reports/catches.ts';
import type { SuiteRun } from '../../reports/suite-run.ts';
import type { SuitePlan } from '../../sim/cli/suite-plan.ts';
import type { Task } from '../../sim/cli/suite-tasks.ts';
import { renderInterrupted, renderSuite } from '../../sim/cli/suite-text.ts';
import { brokenRun, failingRun, suiteRun } from '../reports/suite-runs.ts';

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

describe('a suite that is interrupted', () => {
  const runs = [failingRun({ seed: 2, command: 'run the second' }), suiteRun(), suiteRun({ seed: 3 }), suiteRun()];
  const tasks = runs.map(
    ({ result, ...planned }, index): Task => ({
      planned,
      name: planned.scenario,
      defect: index === 3 ? 'd' : null,
      twinKey: '',
    }),
  );
  const unreadable = brokenRun('scenario', 'x.yaml:1:1: no', { scenario: 'x' });
  const plan: SuitePlan = { tasks, order: [unreadable, 1, 0, 2], defects: null };
  const made = (...indices: number[]) => new Map(indices.map(index => [tasks[index], runs[index].result]));

  it('says how far it came, and what went wrong until then', () => {
    const text = renderInterrupted({ ...plan, order: [1, 0, 2] }, made(0, 1), []);
    expect(text).toBe(
      'replaybook: interrupted after 2 of 4 runs: 1 passed, 1 failed\n\n' +
        'FAIL  2-stale-quotes/2.3-all-feeds-silent, seed 2\n  - the symptom appears: stale-quotes never turned hot\n' +
        '  - the symptom resolves: nothing to resolve: the symptom never turned hot\n' +
        '  run the second\n',
    );
  });

  it('counts files that cannot be read, and planted defects by themselves', () => {
    const text = renderInterrupted(plan, made(1, 3), ['out', 'a\u001b.md']);
    expect(text).toMatch(/^replaybook: interrupted after 3 of 5 runs: 1 passed, 0 failed, 1 unknown, 1 with planted/);
    expect(text).toContain('\nNothing is written to out, a\\x1b.md.\n\nERROR  x, seed 1\n  - x.yaml:1:1: no\n');
  });

  it('says that nothing was made where nothing was', () => {
    const text = renderInterrupted({ ...plan, order: [0, 1, 2] }, made(), []);
    expect(text).toBe('replaybook: interrupted after 0 of 4 runs: 0 passed, 0 failed\n');
  });
});
