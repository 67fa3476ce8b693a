/** The tables of a suite's score card, for a terminal. At most 100 columns. */
import { SYMPTOMS } from '../../core/playbook.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { type Confusion, isTelling, NO_STEP } from '../../reports/confusion.ts';
import { leftOutLine, type ScoreCard, type StepScore } from '../../reports/score-card.ts';
import type { Spread } from '../../reports/spread.ts';
import { STEP_TITLES, SYMPTOM_TITLES } from '../../reports/titles.ts';
import { wrap } from '../../reports/wrap.ts';
import { MAX_COLUMNS } from './io.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';

/** Steps, symptoms and confusion matrix, of what was run: an empty text in the place of a table that would say nothing. */
export function cardTables(card: ScoreCard, confusion: Confusion, paint: Paint): string[] {
  return [stepTable(card, paint), symptomTable(card, paint), confusionTable(confusion, paint)];
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
    ...SYMPTOMS.flatMap((symptom, index) => {
      const steps = card.steps.filter(({ step, total }) => step?.startsWith(`${index + 1}.`) && total > 0);
      if (steps.length === 0) return [];
      return [
        `${index + 1} ${symptom}: ${SYMPTOM_TITLES[symptom]}`,
        ...steps.map(score => stepLine(`  ${score.step} ${STEP_TITLES[score.step ?? '']}`, score, paint)),
      ];
    }),
    ...(card.healthy.total === 0 ? [] : [stepLine('healthy runs, in which nothing may happen', card.healthy, paint)]),
    ...[leftOutLine(card)].filter(line => line !== ''),
    ...(card.steps.some(hasTimes) ? wrap(TIMES_KEY, MAX_COLUMNS, '', '') : []),
  ];
  return `${lines.join('\n')}\n`;
}

const TIMES_KEY =
  'Times are median/95th percentile in seconds: from the cause’s first effect until the symptom is hot; from there ' +
  'too until the first evidence of the step; from the end of the cause until the symptom is cold.';

function hasTimes({ appear, diagnose, resolve }: StepScore): boolean {
  return appear !== null || diagnose !== null || resolve !== null;
}

function stepLine(name: string, score: StepScore, paint: Paint): string {
  const { scenarios, total, passed, failed, unknown } = score;
  const counts = [scenarios, total, passed, failed, unknown].map((count, column) => {
    const text = String(count).padStart(COUNT_WIDTHS[column]);
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
  const rows = symptoms
    .filter(({ expected, besides }) => expected + besides > 0)
    .map(({ symptom, expected, appeared, resolved, besides }) =>
      [symptom, expected, appeared, resolved, besides].map(String),
    );
  if (rows.length === 0) return '';
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
  if (!isTelling(confusion)) return '';
  const primaries = Object.keys(confusion);
  const all = new Set(Object.values(confusion).flatMap(row => Object.keys(row)));
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
