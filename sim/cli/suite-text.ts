/** A suite as text for a terminal: what went wrong and how to see it again, then the score card. At most 100 columns. */
import { styleText } from 'node:util';
import { SYMPTOMS } from '../../core/playbook.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { type Catches, type DefectResults, isMissed, untriedLine } from '../../reports/catches.ts';
import { type Confusion, confusionOf, NO_STEP } from '../../reports/confusion.ts';
import { type ScoreCard, type StepScore, scoreCard } from '../../reports/score-card.ts';
import type { Spread } from '../../reports/spread.ts';
import { labelOf, type RunOutcome, reasonsOf, type SuiteRun, standingOf, totalsOf } from '../../reports/suite-run.ts';
import { STEP_TITLES, SYMPTOM_TITLES } from '../../reports/titles.ts';
import { wrap } from '../../reports/wrap.ts';
import { MAX_COLUMNS } from './io.ts';
import { printableLine } from './printable.ts';
import { runsSoFar, type SuitePlan, type SuiteResult } from './suite-plan.ts';
import type { Task } from './suite-tasks.ts';
import { table } from './table.ts';

type Paint = (style: 'bold' | 'red' | 'yellow' | 'green', text: string) => string;

export interface SuiteTextOptions {
  readonly colour: boolean;
  /** How long it took, in ms of the wall clock. */
  readonly wallMs: number;
}

export function renderSuite({ runs, defects }: SuiteResult, { colour, wallMs }: SuiteTextOptions): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const card = scoreCard(runs);
  const blocks = [
    ...runs.filter(run => standingOf(run) !== 'pass').map(run => wrongRun(run, paint)),
    canaries(runs),
    stepTable(card, paint),
    symptomTable(card, paint),
    confusionTable(confusionOf(runs), paint),
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
    ...runs.filter(run => standingOf(run) !== 'pass').map(run => `\n${wrongRun(run, (_, text) => text)}`),
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

const COUNTS = ['scen', 'runs', 'pass', 'fail', '?'];
const COUNT_WIDTHS = [5, 5, 5, 5, 3];
const TIME_WIDTH = 10;
const NAME_WIDTH = MAX_COLUMNS - COUNT_WIDTHS.reduce((sum, width) => sum + width, 0) - 3 * TIME_WIDTH;

function stepTable(card: ScoreCard, paint: Paint): string {
  const head =
    'Score card'.padEnd(NAME_WIDTH) +
    COUNTS.map((name, column) => name.padStart(COUNT_WIDTHS[column])).join('') +
    ['appears', 'diagnosed', 'resolves'].map(name => name.padStart(TIME_WIDTH)).join('');
  const lines = [
    paint('bold', head),
    ...SYMPTOMS.flatMap((symptom, index) => [
      `${index + 1} ${symptom}: ${SYMPTOM_TITLES[symptom]}`,
      ...card.steps
        .filter(({ step }) => step?.startsWith(`${index + 1}.`))
        .map(score => stepLine(`  ${score.step} ${STEP_TITLES[score.step ?? '']}`, score, paint)),
    ]),
    stepLine('healthy runs, in which nothing may happen', card.healthy, paint),
    ...wrap(
      'Times are median/95th percentile in seconds: from the cause’s first effect until the symptom is hot; from there ' +
        'too until the first evidence of the step; from the end of the cause until the symptom is cold.',
      MAX_COLUMNS,
      '',
      '',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function stepLine(name: string, score: StepScore, paint: Paint): string {
  const { scenarios, total, passed, failed, unknown } = score;
  const counts = [scenarios, total, passed, failed, unknown].map((count, column) => {
    const text = (total === 0 && column > 0 ? '–' : String(count)).padStart(COUNT_WIDTHS[column]);
    if (count === 0 || column < 3) return text;
    return paint(column === 3 ? 'red' : 'yellow', text);
  });
  const times = [score.appear, score.diagnose, score.resolve].map(spread => spreadText(spread).padStart(TIME_WIDTH));
  return name.padEnd(NAME_WIDTH) + counts.join('') + times.join('');
}

function spreadText(spread: Spread | null): string {
  return spread === null ? '–' : `${shortSeconds(spread.medianNs)}/${shortSeconds(spread.p95Ns)}`;
}

/** In four characters at most. */
function shortSeconds(ns: number): string {
  const seconds = ns / NS_PER_S;
  if (seconds < 9.95) return seconds.toFixed(seconds < 0.0995 ? 2 : 1);
  return seconds < 99.95 ? seconds.toFixed(1) : seconds.toFixed(0);
}

function symptomTable({ symptoms }: ScoreCard, paint: Paint): string {
  const rows = symptoms.map(({ symptom, expected, appeared, resolved, besides }) =>
    [symptom, expected, appeared, resolved, besides].map(String),
  );
  const text = table([['Symptoms', 'expected', 'appeared', 'resolved', 'hot besides'], ...rows], MAX_COLUMNS);
  const [head, ...rest] = text.split('\n');
  const key =
    'Runs in which it is to turn hot, and did; resolved: was cold again at the end, else a fix is tried in another run. Hot ' +
    'besides: runs that are to show another symptom or none, and allow this one beside it; else they fail.';
  return `${[paint('bold', head), ...rest].join('\n')}${wrap(key, MAX_COLUMNS, '', '').join('\n')}\n`;
}

const CELL = 5;

/** Rows and columns that have something in them. Wrong names are what stands off the diagonal. */
function confusionTable(confusion: Confusion, paint: Paint): string {
  const primaries = Object.keys(confusion);
  const all = new Set(Object.values(confusion).flatMap(row => Object.keys(row)));
  if (primaries.length === 0) return '';
  const order = [...primaries, ...[...all].filter(step => !primaries.includes(step))].sort((a, b) => (a < b ? -1 : 1));
  const named = order.filter(step => all.has(step));
  const width = Math.min(CELL, Math.floor((MAX_COLUMNS - 14) / named.length));
  const cell = (text: string): string => text.padStart(width);
  // The name of the last column is as wide as a column is.
  const heads = named.map(step => (step === NO_STEP ? ` ${NO_STEP}` : cell(step)));
  const lines = [
    paint('bold', `Steps: the one to be named (down), the one named first (across)`),
    ' '.repeat(6) + heads.join(''),
    ...primaries.map(primary => {
      const cells = named.map(step => {
        const count = confusion[primary][step] ?? 0;
        const text = cell(count === 0 ? '·' : String(count));
        return count === 0 ? text : paint(step === primary ? 'green' : 'red', text);
      });
      return primary.padEnd(6) + cells.join('');
    }),
  ];
  const key =
    'Off the diagonal: names that a scenario allows beside its own (of what is absorbed, a step that handled something ' +
    'first), and mistakes, which fail their run.';
  return `${[...lines, ...wrap(key, MAX_COLUMNS, '', '')].join('\n')}\n`;
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
