/** `replaybook run`: one scenario and its twin, and the verdict. */
import { ReplaybookError } from '../../../core/errors.ts';
import { DEFECTS } from '../../../scenarios/defects/defects.ts';
import { FORMS, type Form, formsOf } from '../../../scenarios/forms.ts';
import { didYouMean } from '../../../scenarios/nearest.ts';
import { EXIT_OF_VERDICT } from '../exit-codes.ts';
import { type Io, wantsColour } from '../io.ts';
import { openMarket, tapeArgument } from '../market.ts';
import { openScenario } from '../open-scenario.ts';
import { runInSteps, withProgress } from '../progress.ts';
import { MAX_SEED, type Request } from '../request.ts';
import { runScenario } from '../run-scenario.ts';
import type { RunTraces } from '../run-traces.ts';
import { runCommand } from '../shell.ts';

export async function run(request: Request, io: Io): Promise<number> {
  const seed = request.wholeNumber('seed', 0, MAX_SEED);
  const set = request.list('set');
  const tape = request.text('tape');
  const out = request.text('out');
  const core = request.text('core');
  const traces = await tracesOf(request.flag('trace'), out);
  const form = formNamed(request.text('form') ?? 'plain');
  const defect = request.text('defect');
  if (defect !== undefined) checkDefect(defect);
  if (out !== undefined) (await import('../run-directory.ts')).checkRunDirectory(out);
  const edits = { tape: tape === undefined ? undefined : tapeArgument(tape), set };
  const scenario = openScenario(request.operand, edits);
  if (!formsOf(scenario).includes(form)) {
    throw new ReplaybookError('usage', `${scenario.id} is paired with no defect: --form defect has nothing to plant`);
  }
  const createCore = core === undefined ? undefined : await (await import('../load-core.ts')).loadCore(core);
  const market = await openMarket(scenario, !request.flag('no-cache'), io);
  const command = runCommand({ scenario: request.operand, seed, tape, set, core, form, defect });
  const judged = await withProgress(io, tick =>
    runScenario(scenario, market.plan, seed, {
      command,
      form,
      ...(defect !== undefined && { defect }),
      ...(createCore !== undefined && { createCore }),
      ...(traces !== null && { observe: phase => [traces.observer(phase)] }),
      drive: (phase, simulation, plan) =>
        runInSteps(simulation, plan, percent => tick(`${scenario.id}: ${phase} ${percent} %`)),
    }),
  );
  if (out !== undefined) {
    const files = (await traces?.files(judged.facts)) ?? {};
    (await import('../run-directory.ts')).writeRunDirectory(out, judged, scenario, files);
  }
  const asText = async (): Promise<string> => (await import('../verdict-text.ts')).verdictText(judged, wantsColour(io));
  io.out(request.flag('json') ? `${JSON.stringify(judged.verdict)}\n` : await asText());
  await market.keep?.();
  return EXIT_OF_VERDICT[judged.verdict.verdict];
}

function formNamed(name: string): Form {
  const form = FORMS.find(known => known === name);
  if (form === undefined) throw new ReplaybookError('usage', `--form ${name}: expected one of ${FORMS.join(', ')}`);
  return form;
}

function checkDefect(name: string): void {
  const names = DEFECTS.map(defect => defect.name);
  if (names.includes(name)) return;
  const guess = didYouMean(name, names);
  throw new ReplaybookError('usage', `there is no defect ${name}${guess} (npx replaybook list defects shows them all)`);
}

/** What records the run; null where it is not to be. */
async function tracesOf(isWanted: boolean, out: string | undefined): Promise<RunTraces | null> {
  if (!isWanted) return null;
  if (out === undefined) {
    const why = 'trace.arrow and twin.arrow are written to the folder of the run';
    throw new ReplaybookError('usage', `--trace needs --out DIR: ${why} (see npx replaybook run --help)`);
  }
  return new (await import('../run-traces.ts')).RunTraces();
}
