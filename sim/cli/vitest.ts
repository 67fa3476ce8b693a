/**
 * A scenario as one line of a team's own tests:
 *
 *     import { expectScenario } from 'replaybook/vitest';
 *
 *     it('survives silent feeds', () => expectScenario('2.3-all-feeds-silent', { seed: 3 }));
 *     it('and so does our own core', () => expectScenario('2.3-all-feeds-silent', { createCore }));
 *
 * It throws a plain assertion error, so that it serves under any test runner.
 */
import { AssertionError } from 'node:assert';
import { createCore as ourCore } from '../../core/core.ts';
import { ReplaybookError } from '../../core/errors.ts';
import type { CoreFactory } from '../../core/port.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { labelOf, reasonsOf, type SuiteRun, standingOf } from '../../reports/suite-run.ts';
import type { Verdict } from '../../reports/verdict.ts';
import { formsOf } from '../../scenarios/forms.ts';
import { processIo } from './io.ts';
import { openMarket, tapeArgument } from './market.ts';
import { openScenario } from './open-scenario.ts';
import { runScenario } from './run-scenario.ts';
import { checkCall, type ScenarioOptions } from './scenario-options.ts';
import { runCommand } from './shell.ts';
import { TwinCache } from './twins.ts';

export type { Verdict } from '../../reports/verdict.ts';
export type { ScenarioOptions } from './scenario-options.ts';

/** Tests of one file are often of one market: its twin is run once, with each core. */
const KEPT_TWINS = 4;
const twinsByCore = new WeakMap<CoreFactory<CoreSettings>, TwinCache>();

function twinsOf(createCore: CoreFactory<CoreSettings>): TwinCache {
  const twins = twinsByCore.get(createCore) ?? new TwinCache(KEPT_TWINS);
  twinsByCore.set(createCore, twins);
  return twins;
}

/**
 * Runs a scenario and throws an `AssertionError` unless its verdict is `pass`; it names the checks that did not pass, and the
 * command that makes the run again. Gives the verdict, for more to be asserted. `name`: an id, a part of one, or a path. Options that
 * make no sense, and what `run` refuses, are thrown as a `ReplaybookError`.
 */
export async function expectScenario(name: string, options: ScenarioOptions = {}): Promise<Verdict> {
  checkCall(name, options);
  const { seed = 1, form = 'plain', set = [], tape, createCore } = options;
  const scenario = openScenario(name, { set, tape: tape === undefined ? undefined : tapeArgument(tape) });
  if (!formsOf(scenario).includes(form)) {
    throw new ReplaybookError('usage', `${scenario.id} has no form ${form}: it names no pairedDefect`);
  }
  const { plan } = await openMarket(scenario, true, processIo());
  const command = runCommand({ scenario: name, seed, form, tape, set });
  const { verdict } = runScenario(scenario, plan, seed, {
    command,
    form,
    twins: twinsOf(createCore ?? ourCore),
    ...(createCore !== undefined && { createCore }),
  });
  const { document, id } = scenario;
  const run: SuiteRun = {
    scenario: id,
    form,
    seed,
    varied: set,
    playbook: document.playbook,
    outcome: document.expect.outcome,
    symptom: document.expect.symptom ?? null,
    mustFail: document.mustFail === true,
    command,
    result: { kind: 'verdict', verdict },
  };
  const standing = standingOf(run);
  if (standing === 'pass') return verdict;
  const withCore =
    createCore === undefined ? '' : ' --core FILE, with a module that exports the createCore of this test';
  const message = [
    `${labelOf(run)}: ${standing}`,
    ...reasonsOf(run).map(reason => `  - ${reason}`),
    `  to reproduce: ${command}${withCore}`,
  ].join('\n');
  throw new AssertionError({ message, actual: verdict.verdict, expected: run.mustFail ? 'fail' : 'pass' });
}
