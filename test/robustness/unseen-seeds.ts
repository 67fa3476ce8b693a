/**
 * How the suite does on seeds that nobody tuned to: they are drawn from a text, usually the hash of a commit.
 *
 *     node dist/test/robustness/unseen-seeds.js TEXT SEEDS [causes|quiet|all] [GLOB...]
 *
 * SEEDS is how many, or which of them: 0..99. `causes`: causes that turn a symptom hot, and paired defects; `quiet`: all others.
 * Prints a Markdown table: for each step, of its causes and paired defects, how often the right step was named first, and how often
 * the whole verdict was right; of decoys, absorbed causes and healthy runs how many were hot or named where they must not be.
 */
import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { STEPS } from '../../core/playbook.ts';
import { labelOf, reasonsOf, type SuiteRun, standingOf } from '../../reports/suite-run.ts';
import { SCENARIOS } from '../../sim/cli/paths.ts';
import { planSuite } from '../../sim/cli/suite-plan.ts';
import { runTasks } from '../../sim/cli/suite-pool.ts';
import { selectScenarios } from '../../sim/cli/suite-selection.ts';

/** Seeds are whole numbers below this. */
const SEED_LIMIT = 2_147_483_648;
/** Seeds at a time, so that verdicts need not all be kept. */
const BATCH = 10;
const SHOWN = 60;

interface Row {
  runs: number;
  rightFirst: number;
  rightVerdict: number;
}

const causes = new Map<string, Row>(STEPS.map(step => [step, { runs: 0, rightFirst: 0, rightVerdict: 0 }]));
const quiet = { runs: 0, wrong: 0 };
const absorbed = { runs: 0, wrong: 0 };
const misses = new Map<string, { count: number; example: string }>();

function seedOf(text: string, index: number): number {
  return Number.parseInt(hash('sha256', `${text}:${index}`).slice(0, 12), 16) % SEED_LIMIT;
}

/** Whether a symptom is expected: of a cause, or of what is absorbed without its paired defect. */
function isCause({ outcome, form }: Omit<SuiteRun, 'result'>): boolean {
  return outcome === 'symptom' || (outcome === 'absorbed' && form === 'defect');
}

function take(run: SuiteRun): void {
  const isRight = standingOf(run) === 'pass';
  if (!isRight) noteMiss(run);
  if (run.outcome === 'decoy' || run.outcome === 'healthy') {
    quiet.runs++;
    if (!isRight) quiet.wrong++;
  } else if (!isCause(run)) {
    absorbed.runs++;
    if (!isRight) absorbed.wrong++;
  } else if (run.playbook !== null) {
    const row = causes.get(run.playbook);
    if (row === undefined) return;
    row.runs++;
    if (isRight) row.rightVerdict++;
    if (run.result.kind !== 'verdict') return;
    const { diagnosed } = run.result.verdict.checks;
    if (diagnosed.named[0] === diagnosed.primary) row.rightFirst++;
  }
}

function noteMiss(run: SuiteRun): void {
  const reasons = reasonsOf(run).join('; ');
  const key = `${run.scenario} ${run.form} ${reasons.replace(/\d+(\.\d+)?/g, '#')}`;
  const known = misses.get(key);
  if (known === undefined) misses.set(key, { count: 1, example: `${labelOf(run)}: ${reasons}` });
  else known.count++;
}

const [text, which = '10', of = 'all', ...globs] = process.argv.slice(2);
const range = /^(?:(\d+)[.][.])?(\d+)$/.exec(which);
if (text === undefined || range === null || !['causes', 'quiet', 'all'].includes(of)) {
  throw new Error('usage: unseen-seeds.js TEXT SEEDS [causes|quiet|all] [GLOB...]');
}
const from = Number(range[1] ?? 0);
const count = range[1] === undefined ? Number(range[2]) : Number(range[2]) - from + 1;
const names = selectScenarios(SCENARIOS, globs);
const seeds = Array.from({ length: count }, (_, index) => seedOf(text, from + index));
for (let first = 0; first < seeds.length; first += BATCH) {
  const choices = { seeds: seeds.slice(first, first + BATCH), form: 'both', core: undefined, variations: 0 } as const;
  const { tasks: all } = planSuite(names, choices, false);
  const tasks = all
    .filter(({ planned }) => !planned.mustFail)
    .filter(({ planned }) => of === 'all' || isCause(planned) === (of === 'causes'));
  const pool = runTasks(tasks, {
    limitMs: Number.POSITIVE_INFINITY,
    core: null,
    useCache: true,
    jobs: availableParallelism(),
    outOf: () => null,
    onResult: () => undefined,
  });
  const results = await pool.results;
  tasks.forEach(({ planned }, index) => {
    take({ ...planned, ...results[index] });
  });
  process.stderr.write(`${Math.min(first + BATCH, seeds.length)} of ${seeds.length} seeds\n`);
}

const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`);
const lines = ['| step | runs with a cause | right step first | right verdict |', '|---|---|---|---|'];
for (const [step, { runs, rightFirst, rightVerdict }] of causes) {
  lines.push(`| ${step} | ${runs} | ${share(rightFirst, runs)} | ${share(rightVerdict, runs)} |`);
}
lines.push('', `decoys and healthy runs: ${quiet.runs}, wrong: ${quiet.wrong}`);
lines.push(`absorbed causes: ${absorbed.runs}, wrong: ${absorbed.wrong}`, '');
const worst = [...misses.values()].sort((a, b) => b.count - a.count);
for (const { count: times, example } of worst.slice(0, SHOWN)) lines.push(`${times}x ${example}`);
process.stdout.write(`${lines.join('\n')}\n`);
