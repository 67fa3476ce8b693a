/** What the text of a suite says, of runs that were not made. */
import { describe, expect, it } from 'vitest';
import { STEPS } from '../../core/playbook.ts';
import type { DefectResults } from '../../reports/catches.ts';
import type { SuiteRun } from '../../reports/suite-run.ts';
import type { SuitePlan } from '../../sim/cli/suite-plan.ts';
import type { Task } from '../../sim/cli/suite-tasks.ts';
import { renderInterrupted, renderSuite } from '../../sim/cli/suite-text.ts';
import { brokenRun, diagnosed, failingRun, suiteRun } from '../reports/suite-runs.ts';
import { finding } from '../reports/verdicts.ts';

const textOf = (runs: readonly SuiteRun[], defects: DefectResults | null = null): string =>
  renderSuite({ runs, defects, unvaried: 0 }, { colour: false, wallMs: 0 });

describe('the score card', () => {
  const healthy = suiteRun({ scenario: 'calm', playbook: null, outcome: 'healthy', symptom: null });

  it('has all twenty steps where all were run', () => {
    const text = textOf(STEPS.map(step => suiteRun({ scenario: step, playbook: step })));
    for (const step of STEPS) expect(text).toContain(`\n  ${step} `);
    expect(text).not.toContain('No scenario');
    expect(text).not.toContain('healthy runs');
  });

  it('has only what was run, and says how much was not', () => {
    const text = textOf([suiteRun(), suiteRun({ scenario: 'x', playbook: '4.1' }), healthy]);
    const lines = text.split('\n').map(line => line.slice(0, 20).trim());
    expect(lines.slice(1, 7)).toEqual([
      '2 stale-quotes: our',
      '2.3 market data st',
      '4 high-latency: we r',
      '4.1 quote cycles t',
      'healthy runs, in whi',
      'No scenario of 18 ot',
    ]);
    expect(textOf([healthy])).toContain('\nNo scenario of the 20 steps was run.\n');
  });

  it('shows symptoms and confusions only where they say something', () => {
    const silent = { run: {}, twin: {} };
    const quiet = suiteRun({ symptom: null }, { symptoms: silent });
    expect(textOf([quiet])).not.toContain('Symptoms');
    expect(textOf([suiteRun()])).toMatch(/^Symptoms.*\nstale-quotes .*\nRuns in which/m);
    expect(textOf([suiteRun(), healthy])).not.toContain('Steps: the one to be named');
    const mistaken = diagnosed(suiteRun(), [finding('2.5', 'cause', 0.9)]);
    expect(textOf([mistaken])).toMatch(/^Steps: the one to be named.*\n +2\.5$/m);
  });

  it('is followed by what could not be run, each reason once, and is left out where nothing was', () => {
    const broken = [1, 2].map(seed => brokenRun('scenario', 'x.yaml:1:1: no', { seed, scenario: 'x' }));
    const text = textOf([...broken, suiteRun()]);
    expect(text).toMatch(/\n\nWhat could not be run\n {2}- x\.yaml:1:1: no\n\nUNKNOWN {2}3 runs/);
    expect(textOf(broken)).toMatch(/^ERROR {2}x, seed 1\n[^\n]+\n[^\n]+\n\nERROR [^\n]+\n[^\n]+\n[^\n]+\n\nUNKNOWN /);
    expect(textOf([brokenRun('internal', 'it broke', { playbook: '2.3', outcome: 'symptom' })])).toContain(
      'Score card',
    );
  });
});

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
  const plan: SuitePlan = { tasks, order: [unreadable, 1, 0, 2], defects: null, unvaried: 0 };
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
