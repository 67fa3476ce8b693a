/** A suite in Markdown, for the summary that a build server shows beside a change. */
import { SYMPTOMS } from '../core/playbook.ts';
import { type Catches, type DefectResults, isMissed, untriedLine } from './catches.ts';
import { confusionOf, mistaken } from './confusion.ts';
import { leftOutLine, type ScoreCard, type StepScore, scoreCard } from './score-card.ts';
import { seconds } from './seconds.ts';
import type { Spread } from './spread.ts';
import { isUnmade, labelOf, reasonsOf, type SuiteRun, standingOf, unmadeReasons, unvariedLine } from './suite-run.ts';
import { STEP_TITLES } from './titles.ts';

/** By which a file of ours is known again. Nobody sees it. */
export const SUMMARY_MARK = '<!-- replaybook suite -->';

/** GitHub takes 1 MiB of summary, and nobody reads more. */
const MOST_RUNS = 100;
const MOST_SCENARIOS = 5;

/** `defects`: null where none were planted. `unvaried`: scenarios of which no variation was made though it was asked for. */
export function renderSummary(runs: readonly SuiteRun[], defects: DefectResults | null, unvaried: number): string {
  const card = scoreCard(runs);
  const { total, passed, failed, unknown } = card.totals;
  const blocks = [
    [SUMMARY_MARK, `## Replaybook: ${passed} of ${total} runs passed`],
    failed + unknown === 0 ? [] : [`${failed} failed, ${unknown} unknown.`, '', ...wrongRuns(runs)],
    ...(runs.every(isUnmade) ? [] : [stepTable(card), [leftOutLine(card)], mistakenTable(runs), unmade(runs)]),
    [unvariedLine(unvaried)],
    defects === null || defects.tried.length === 0 ? [] : catchesTable(defects.tried),
    [defects === null ? '' : untriedLine(defects)],
  ];
  const shown = blocks.map(lines => lines.join('\n')).filter(block => block !== '');
  return `${shown.join('\n\n')}\n`;
}

function wrongRuns(runs: readonly SuiteRun[]): string[] {
  const wrong = runs.filter(run => standingOf(run) !== 'pass');
  const rows = wrong
    .slice(0, MOST_RUNS)
    .map(run => [labelOf(run), standingOf(run), reasonsOf(run).at(0) ?? '', code(run.command)]);
  const left = wrong.length - rows.length;
  return [...table(['run', 'verdict', 'what', 'to reproduce'], rows), ...(left > 0 ? ['', `… and ${left} more`] : [])];
}

function stepTable(card: ScoreCard): string[] {
  const row = (name: string, { scenarios, total, passed, failed, unknown, ...times }: StepScore): string[] => [
    name,
    ...[scenarios, total, passed, failed, unknown].map(String),
    ...[times.appear, times.diagnose, times.resolve].map(spreadText),
  ];
  const rows = SYMPTOMS.flatMap((symptom, index): Cell[][] => {
    const steps = card.steps.filter(({ step, total }) => step?.startsWith(`${index + 1}.`) && total > 0);
    if (steps.length === 0) return [];
    const named = steps.map(score => row(`${score.step} ${STEP_TITLES[score.step ?? '']}`, score));
    return [[bold(`${index + 1} ${symptom}`)], ...named];
  });
  if (card.healthy.total > 0) rows.push(row('healthy runs', card.healthy));
  const head = ['step', 'scenarios', 'runs', 'passed', 'failed', 'unknown'];
  const times = ['to appear', 'to diagnose', 'to resolve'].map(name => `${name} (median, p95)`);
  return table([...head, ...times], rows);
}

/** Once more what could not be run: above, it stands among much else. */
function unmade(runs: readonly SuiteRun[]): string[] {
  const reasons = unmadeReasons(runs).flatMap(reason => reason.split('\n'));
  if (reasons.length === 0) return [];
  return [
    'What could not be run:',
    '',
    ...reasons.slice(0, MOST_RUNS).map(reason => `- ${escapeMarkdown(reason.trim())}`),
  ];
}

function spreadText(spread: Spread | null): string {
  return spread === null ? '–' : `${seconds(spread.medianNs)}, ${seconds(spread.p95Ns)}`;
}

function mistakenTable(runs: readonly SuiteRun[]): string[] {
  const rows = mistaken(confusionOf(runs)).map(({ primary, named, count }) => [primary, named, String(count)]);
  return rows.length === 0 ? [] : table(['step to be named', 'named first', 'runs'], rows);
}

function catchesTable(catches: readonly Catches[]): string[] {
  const rows = catches.map((each): Cell[] => {
    const { defect, runs, caught, scenarios } = each;
    if (runs === 0) return [defect, `${caught} of ${runs}`, 'nothing to say: no run passes without it'];
    const shown = scenarios.slice(0, MOST_SCENARIOS).join(', ');
    const more = scenarios.length > MOST_SCENARIOS ? ` and ${scenarios.length - MOST_SCENARIOS} more` : '';
    const what = isMissed(each) ? bold('nothing catches it') : shown + more;
    return [defect, `${caught} of ${runs}`, what, code(each.command ?? '')];
  });
  return table(['planted defect', 'runs that fail', 'scenarios', 'to see it'], rows);
}

/** Text, which comes out as it reads; or Markdown of our own. */
type Cell = string | { readonly markdown: string };

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly Cell[]): string =>
    `| ${head.map((_, column) => cellText(cells[column])).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

function cellText(cell: Cell = ''): string {
  return (typeof cell === 'string' ? escapeMarkdown(cell) : cell.markdown).replaceAll('|', '\\|');
}

/** One line, and no markup of somebody's file name or message comes through. */
function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]~#]/g, '\\$&');
}

function bold(text: string): Cell {
  return { markdown: `**${escapeMarkdown(text)}**` };
}

/** Text as code, with more backticks around it than there are in it (CommonMark, "Code spans"). */
function code(text: string): Cell {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return { markdown: `${fence} ${oneLine(text)} ${fence}` };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ');
}
