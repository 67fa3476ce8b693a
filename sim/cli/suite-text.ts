/** A suite as text for a terminal: what went wrong and how to see it again, then the score card. At most 100 columns. */
import { type Catches, type DefectResults, isMissed, untriedLine } from '../../reports/catches.ts';
import { confusionOf } from '../../reports/confusion.ts';
import { type ScoreCard, scoreCard } from '../../reports/score-card.ts';
import {
  isUnmade,
  labelOf,
  type RunOutcome,
  reasonsOf,
  type SuiteRun,
  standingOf,
  totalsOf,
  unmadeReasons,
  unvariedLine,
} from '../../reports/suite-run.ts';
import { wrap } from '../../reports/wrap.ts';
import { MAX_COLUMNS } from './io.ts';
import { type Paint, painter } from './paint.ts';
import { printableLine } from './printable.ts';
import { cardTables } from './suite-card.ts';
import { runsSoFar, type SuitePlan, type SuiteResult } from './suite-plan.ts';
import type { Task } from './suite-tasks.ts';
import { table } from './table.ts';

export interface SuiteTextOptions {
  readonly colour: boolean;
  /** How long it took, in ms of the wall clock. */
  readonly wallMs: number;
}

export function renderSuite({ runs, defects, unvaried }: SuiteResult, { colour, wallMs }: SuiteTextOptions): string {
  const paint = painter(colour);
  const card = scoreCard(runs);
  const blocks = [
    ...runs.filter(run => standingOf(run) !== 'pass').map(run => wrongRun(run, paint)),
    canaries(runs),
    ...(runs.every(isUnmade) ? [] : [...cardTables(card, confusionOf(runs), paint), unmade(runs, paint)]),
    unvaried === 0 ? '' : `${unvariedLine(unvaried)}\n`,
    defects === null ? '' : defectsTable(defects, paint),
    `${totalLine(card, defects?.tried ?? [], paint)}, ${(wallMs / 1_000).toFixed(1)} s\n`,
  ];
  return blocks.filter(block => block !== '').join('\n');
}

/**
 * What is said when a suite is ended before it is done: how far it came, and what went wrong until then. `files`: what it would
 * have written.
 */
export function renderInterrupted(
  plan: SuitePlan,
  made: ReadonlyMap<Task, RunOutcome>,
  files: readonly string[],
): string {
  const runs = runsSoFar(plan, made);
  const unreadable = plan.order.filter(entry => typeof entry !== 'number').length;
  const planted = [...made.keys()].filter(({ defect }) => defect !== null).length;
  const { passed, failed, unknown } = totalsOf(runs);
  const parts = [`${passed} passed`, `${failed} failed`];
  if (unknown > 0) parts.push(`${unknown} unknown`);
  if (planted > 0) parts.push(`${planted} with planted defects`);
  const done = `${made.size + unreadable} of ${plan.tasks.length + unreadable} runs`;
  const blocks = [
    `replaybook: interrupted after ${done}: ${parts.join(', ')}\n`,
    files.length === 0 ? '' : `Nothing is written to ${files.map(printableLine).join(', ')}.\n`,
    ...runs.filter(run => standingOf(run) !== 'pass').map(run => `\n${wrongRun(run, painter(false))}`),
  ];
  return blocks.join('');
}

function wrongRun(run: SuiteRun, paint: Paint): string {
  const isFail = standingOf(run) === 'fail';
  const word = isFail ? 'FAIL' : run.result.kind === 'error' ? 'ERROR' : 'UNKNOWN';
  const lines = [
    `${paint(isFail || word === 'ERROR' ? 'red' : 'yellow', word)}  ${printableLine(labelOf(run))}`,
    ...reasonsOf(run)
      .flatMap(reason => reason.split('\n'))
      .flatMap(line => wrap(printableLine(line.trim()), MAX_COLUMNS, '  - ', '    ')),
    // In one piece, to be copied.
    `  ${printableLine(run.command)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** That a run failed as it must is worth a line: somebody may look for it among the failures. */
function canaries(runs: readonly SuiteRun[]): string {
  const right = runs.filter(run => run.mustFail && standingOf(run) === 'pass');
  return right.map(run => `${printableLine(labelOf(run))}: fails, as it must\n`).join('');
}

/** Once more what could not be run: above, a long card hides it. */
function unmade(runs: readonly SuiteRun[], paint: Paint): string {
  const lines = unmadeReasons(runs)
    .flatMap(reason => reason.split('\n'))
    .flatMap(line => wrap(printableLine(line.trim()), MAX_COLUMNS, '  - ', '    '));
  return lines.length === 0 ? '' : `${[paint('red', 'What could not be run'), ...lines].join('\n')}\n`;
}

const SHOWN_SCENARIOS = 3;

function defectsTable(defects: DefectResults, paint: Paint): string {
  const { tried } = defects;
  const untried = untriedLine(defects);
  const lines = [
    ...(tried.length === 0 ? [] : [catchesTable(tried, paint)]),
    ...commandsOf(tried),
    ...(untried === '' ? [] : [`${wrap(untried, MAX_COLUMNS, '', '').join('\n')}\n`]),
  ];
  return lines.join('');
}

function catchesTable(tried: readonly Catches[], paint: Paint): string {
  const rows = tried.map(each => {
    const { defect, runs, caught, scenarios } = each;
    if (runs === 0) return [defect, `${caught} of ${runs}`, 'nothing to say: no run passes without it'];
    const shown = scenarios.slice(0, SHOWN_SCENARIOS).join(', ');
    const more = scenarios.length > SHOWN_SCENARIOS ? ` and ${scenarios.length - SHOWN_SCENARIOS} more` : '';
    return [defect, `${caught} of ${runs}`, isMissed(each) ? 'NOT CAUGHT by any scenario' : shown + more];
  });
  return `${paint('bold', 'Planted defects, and which scenarios catch them')}\n${table(rows, MAX_COLUMNS)}`;
}

/** Of each that is not caught, a run that should have; where all are, one run that does. In one piece, to be copied. */
function commandsOf(tried: readonly Catches[]): string[] {
  const shown = (each: Catches): string => printableLine(each.command ?? '');
  const missed = tried.filter(isMissed);
  if (missed.length > 0) return missed.map(each => `${each.defect} is not caught by: ${shown(each)}\n`);
  return tried
    .filter(({ caught }) => caught > 0)
    .slice(0, 1)
    .map(each => `The first of them: ${shown(each)}\n`);
}

function totalLine({ totals }: ScoreCard, tried: readonly Catches[], paint: Paint): string {
  const { total, passed, failed, unknown } = totals;
  const missed = tried.filter(isMissed).length;
  const parts = [`${passed} passed`, `${failed} failed`, `${unknown} unknown`];
  if (missed > 0) parts.push(`${missed} ${missed === 1 ? 'defect' : 'defects'} not caught`);
  const [word, style] =
    failed + missed > 0
      ? (['FAIL', 'red'] as const)
      : unknown > 0
        ? (['UNKNOWN', 'yellow'] as const)
        : (['PASS', 'green'] as const);
  return `${paint('bold', paint(style, word))}  ${total} runs: ${parts.join(', ')}`;
}
