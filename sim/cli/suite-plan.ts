/** What a suite is made of: its runs in the order in which they are reported, whatever order they are made in. */
import { ReplaybookError } from '../../core/errors.ts';
import { type DefectResults, type DefectRun, defectResults } from '../../reports/catches.ts';
import type { RunOutcome, SuiteRun } from '../../reports/suite-run.ts';
import { DEFECTS } from '../../scenarios/defects/defects.ts';
import { type Scenario, scenarioId } from '../../scenarios/load.ts';
import { openScenario } from './open-scenario.ts';
import { runCommand } from './shell.ts';
import type { TimedOutcome } from './suite-pool.ts';
import { type Choices, type Task, taskOf, tasksOf } from './suite-tasks.ts';

export interface SuitePlan {
  readonly tasks: readonly Task[];
  /** In the order of the report: indices of tasks, and what is wrong with a scenario that cannot be run at all. */
  readonly order: readonly (number | SuiteRun)[];
  /** Runs with a planted defect, as indices of tasks, each with its run without; null where none are planted. */
  readonly defects: readonly { readonly defect: string; readonly healthy: number; readonly planted: number }[] | null;
  /** Scenarios of which variations were asked for, and none is made: they give no limits. */
  readonly unvaried: number;
}

export interface SuiteResult {
  readonly runs: readonly SuiteRun[];
  /** As the plan has it. */
  readonly unvaried: number;
  /** null where none are planted. */
  readonly defects: DefectResults | null;
}

/**
 * Throws a `usage` error where two scenarios go by one id, as their results could not be told apart, and where there is nothing to
 * run: a suite without runs would pass.
 */
export function planSuite(names: readonly string[], choices: Choices, withDefects: boolean): SuitePlan {
  const tasks: Task[] = [];
  const order: (number | SuiteRun)[] = [];
  const byId = new Map<string, string>();
  const scenarios: Scenario[] = [];
  let unvaried = 0;
  for (const name of names) {
    let scenario: Scenario;
    try {
      scenario = openScenario(name);
    } catch (error) {
      if (!(error instanceof ReplaybookError)) throw error;
      order.push(unreadable(name, choices, error));
      continue;
    }
    const other = byId.get(scenario.id);
    if (other !== undefined) {
      throw new ReplaybookError('usage', `${other} and ${name} are both called ${scenario.id}: rename one of them`);
    }
    byId.set(scenario.id, name);
    scenarios.push(scenario);
    const own = tasksOf(name, scenario, choices);
    if (choices.variations > 0 && scenario.ranges.length === 0 && own.length > 0) unvaried++;
    for (const task of own) order.push(tasks.push(task) - 1);
  }
  if (order.length === 0) throw nothingToRun(scenarios);
  if (!withDefects) return { tasks, order, defects: null, unvaried };
  // Of each scenario the plain runs; a canary fails anyway.
  const healthy = tasks.flatMap(({ planned }, index) =>
    planned.form === 'plain' && !planned.mustFail && planned.varied.length === 0 ? [index] : [],
  );
  const defects = DEFECTS.flatMap(({ name: defect, primary, allowed }) =>
    healthy
      .filter(index => mayNotice(tasks[index].planned, [primary, ...allowed]))
      .map(index => {
        const { name, planned } = tasks[index];
        const scenario = scenarios.find(({ id }) => id === planned.scenario);
        if (scenario === undefined) throw new TypeError(`a task without its scenario ${planned.scenario}`);
        const planted = tasks.push(taskOf(name, scenario, 'plain', planned.seed, choices.core, defect)) - 1;
        return { defect, healthy: index, planted };
      }),
  );
  return { tasks, order, defects, unvaried };
}

/** Only the form with the paired defect can be missing from every scenario. */
function nothingToRun(scenarios: readonly Scenario[]): ReplaybookError {
  const [{ id }] = scenarios;
  const who = scenarios.length === 1 ? `${id} is` : `none of the ${scenarios.length} scenarios is`;
  const what = scenarios.length === 1 ? 'paired with no defect' : 'paired with a defect';
  return new ReplaybookError('usage', `${who} ${what}: --form defect has nothing to plant`);
}

/** Whether a scenario is about the family of one of these steps, or about none: where a bug of them can be noticed. */
function mayNotice({ playbook }: Pick<SuiteRun, 'playbook'>, steps: readonly string[]): boolean {
  return playbook === null || steps.some(step => step[0] === playbook[0]);
}

function unreadable(name: string, { seeds, core }: Choices, { code, message }: ReplaybookError): SuiteRun {
  const [seed] = seeds;
  return {
    scenario: name.endsWith('.yaml') ? scenarioId(name) : name,
    form: 'plain',
    seed,
    varied: [],
    playbook: null,
    outcome: null,
    symptom: null,
    mustFail: false,
    command: runCommand({ scenario: name, seed, set: [], core }),
    result: { kind: 'error', code, message },
  };
}

/** The runs that have been made, in the order of the report, without those of planted defects. */
export function runsSoFar({ tasks, order }: SuitePlan, made: ReadonlyMap<Task, RunOutcome>): SuiteRun[] {
  return order.flatMap(entry => {
    if (typeof entry !== 'number') return [entry];
    const result = made.get(tasks[entry]);
    return result === undefined ? [] : [{ ...tasks[entry].planned, result }];
  });
}

/** Puts the results, which are in the order of the tasks, in their places. */
export function assemble(
  { tasks, order, defects, unvaried }: SuitePlan,
  results: readonly TimedOutcome[],
): SuiteResult {
  const runOf = (index: number): SuiteRun => ({ ...tasks[index].planned, ...results[index] });
  const planted = defects?.map(
    ({ defect, healthy, planted }): DefectRun => ({ defect, healthy: runOf(healthy), run: runOf(planted) }),
  );
  return {
    runs: order.map(entry => (typeof entry === 'number' ? runOf(entry) : entry)),
    unvaried,
    defects:
      planted === undefined
        ? null
        : defectResults(
            DEFECTS.map(({ name }) => name),
            planted,
          ),
  };
}
