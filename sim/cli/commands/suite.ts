/** `replaybook suite`: many scenarios with many seeds on several processes, and a score card of the playbook's steps. */
import { availableParallelism } from 'node:os';
import { ReplaybookError } from '../../../core/errors.ts';
import { NS_PER_MS } from '../../../core/scale.ts';
import { isMissed } from '../../../reports/catches.ts';
import { confusionOf } from '../../../reports/confusion.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { type RunOutcome, type SuiteRun, standingOf, totalsOf } from '../../../reports/suite-run.ts';
import { renderSummary, SUMMARY_MARK } from '../../../reports/suite-summary.ts';
import { parseDuration } from '../../../scenarios/duration.ts';
import { didYouMean } from '../../../scenarios/nearest.ts';
import { EXIT_BAD_INPUT, EXIT_DEFECT, EXIT_FAIL, EXIT_PASS, EXIT_UNKNOWN } from '../exit-codes.ts';
import { onInterrupt } from '../interrupt.ts';
import { type Io, wantsColour } from '../io.ts';
import { FORM_CHOICES, type FormChoice } from '../options.ts';
import { checkOutputFile } from '../output-file.ts';
import { SCENARIOS } from '../paths.ts';
import { withProgress } from '../progress.ts';
import type { Request } from '../request.ts';
import { parseSeeds } from '../seeds.ts';
import { SuiteDirectory } from '../suite-directory.ts';
import { assemble, planSuite, type SuitePlan, type SuiteResult } from '../suite-plan.ts';
import { type PoolOptions, runTasks, type TimedOutcome } from '../suite-pool.ts';
import { selectScenarios } from '../suite-selection.ts';
import type { Task } from '../suite-tasks.ts';
import { renderInterrupted, renderSuite } from '../suite-text.ts';
import { writeTextFile } from '../text-file.ts';

const MAX_JOBS = 256;
const MAX_VARIATIONS = 10_000;

export async function suite(request: Request, io: Io): Promise<number> {
  const startMs = performance.now();
  const core = request.text('core');
  const variations = request.text('vary') === undefined ? 0 : request.wholeNumber('vary', 0, MAX_VARIATIONS);
  const choices = { seeds: parseSeeds(request.text('seeds') ?? '1'), form: formOf(request), core, variations };
  const jobs = request.text('jobs') === undefined ? availableParallelism() : request.wholeNumber('jobs', 1, MAX_JOBS);
  const limitMs = runLimitMs(request);
  const names = selectScenarios(SCENARIOS, request.operands);
  const junit = request.text('junit');
  const markdown = request.text('markdown');
  if (junit !== undefined) await checkOutputFile('--junit', junit, JUNIT_FILE);
  if (markdown !== undefined) await checkOutputFile('--markdown', markdown, MARKDOWN_FILE);
  // Its mistakes are told once, and not by every worker.
  if (core !== undefined) await (await import('../load-core.ts')).loadCore(core);
  const plan = planSuite(names, choices, request.flag('defects'));
  const out = request.text('out');
  const directory = out === undefined ? null : new SuiteDirectory(out);
  try {
    const options = { core: core ?? null, useCache: !request.flag('no-cache'), jobs, limitMs };
    const files = [out, junit, markdown].filter(file => file !== undefined);
    const result = assemble(plan, await makeRuns(plan, options, directory, files, io));
    const document = `${JSON.stringify(asData(result))}\n`;
    directory?.publish(document);
    if (junit !== undefined) writeTextFile('--junit', junit, renderJunit(result.runs));
    if (markdown !== undefined)
      writeTextFile('--markdown', markdown, renderSummary(result.runs, result.defects, result.unvaried));
    const wallMs = performance.now() - startMs;
    io.out(request.flag('json') ? document : renderSuite(result, { colour: wantsColour(io), wallMs }));
    return exitCodeOf(result);
  } finally {
    directory?.discard();
  }
}

function formOf(request: Request): FormChoice {
  const text = request.text('form');
  const [hasCore, hasDefects] = [request.text('core') !== undefined, request.flag('defects')];
  const refuse = (why: string): never => {
    throw new ReplaybookError('usage', why);
  };
  if (hasCore && hasDefects) refuse('--defects are of our own core: they do not go with --core');
  if (text === undefined) return hasCore ? 'plain' : 'both';
  const form = FORM_CHOICES.find(choice => choice === text);
  if (form === undefined) {
    return refuse(`--form ${text}: expected one of ${FORM_CHOICES.join(', ')}${didYouMean(text, FORM_CHOICES)}`);
  }
  if (hasCore && form !== 'plain')
    refuse(`--form ${form} plants defects into our own core: it does not go with --core`);
  if (hasDefects && form === 'defect')
    refuse('--defects are held against plain runs: it does not go with --form defect');
  return form;
}

/** Node's timers know no longer time, in ms. */
const LONGEST_LIMIT_MS = 2 ** 31 - 1;

function runLimitMs(request: Request): number {
  const text = request.text('run-limit') ?? '';
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new ReplaybookError('usage', `--run-limit ${text}: ${parsed.problem}`);
  const limitMs = parsed.ns / NS_PER_MS;
  if (limitMs >= 1 && limitMs <= LONGEST_LIMIT_MS) return limitMs;
  throw new ReplaybookError('usage', `--run-limit ${text}: expected 1ms or more, and at most 500h`);
}

const JUNIT_FILE = {
  what: 'JUnit file',
  example: 'junit.xml',
  // All of ours begin alike, as far as a head reaches.
  isOurs: (head: Uint8Array) => renderJunit([]).startsWith(textOf(head)),
};
const MARKDOWN_FILE = {
  what: 'summary of a suite',
  example: 'summary.md',
  isOurs: (head: Uint8Array) => head.length === 0 || textOf(head).startsWith(SUMMARY_MARK),
};

function textOf(head: Uint8Array): string {
  return Buffer.from(head).toString('utf8');
}

function makeRuns(
  plan: SuitePlan,
  options: Pick<PoolOptions, 'core' | 'useCache' | 'jobs' | 'limitMs'>,
  directory: SuiteDirectory | null,
  files: readonly string[],
  io: Io,
): Promise<TimedOutcome[]> {
  const { tasks } = plan;
  const made = new Map<Task, RunOutcome>();
  let wrong = 0;
  return withProgress(io, async (tick, say) => {
    const pool = runTasks(tasks, {
      ...options,
      outOf: task => (directory === null || task.defect !== null ? null : directory.folderOf(task)),
      onResult: (task, result) => {
        made.set(task, result);
        if (task.defect === null && standingOf({ ...task.planned, result }) !== 'pass') wrong++;
        tick(`${made.size} of ${tasks.length} runs${wrong === 0 ? '' : `, ${wrong} went wrong`}`);
      },
    });
    const takeBack = onInterrupt(() => {
      pool.stop();
      directory?.discard();
      say(renderInterrupted(plan, made, files));
    });
    try {
      return await pool.results;
    } finally {
      takeBack();
    }
  });
}

function asData({ runs, defects }: SuiteResult): unknown {
  return {
    ...totalsOf(runs),
    confusion: confusionOf(runs),
    results: runs.map(resultOf),
    ...(defects !== null && { defects: defects.tried, untriedDefects: defects.untried }),
  };
}

/** The verdict, with what it is of; where there is none, why. */
function resultOf({ scenario, form, seed, varied, playbook, command, result }: SuiteRun): unknown {
  const variation = varied.length > 0 && { varied };
  if (result.kind === 'verdict') return { ...result.verdict, form, ...variation, command };
  const { code, message } = result;
  return { scenario, playbook, seed, verdict: 'unknown', error: { code, message }, form, ...variation, command };
}

/** Of several, the gravest: a defect of the program, a failure, bad input, something unknown. */
function exitCodeOf({ runs, defects }: SuiteResult): number {
  const errors = runs.flatMap(({ result }) => (result.kind === 'error' ? result.code : []));
  if (errors.includes('internal')) return EXIT_DEFECT;
  const { failed, unknown } = totalsOf(runs);
  if (failed > 0 || defects?.tried.some(isMissed) === true) return EXIT_FAIL;
  if (errors.length > 0) return EXIT_BAD_INPUT;
  return unknown > 0 ? EXIT_UNKNOWN : EXIT_PASS;
}
