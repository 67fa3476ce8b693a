/**
 * A verdict as text for a terminal, for a reader who does not know the playbook: what was run, what happened when, what
 * was checked, what the diagnosis says and what to do. At most 100 columns. It says of everything whether it was recorded,
 * simulated or inferred.
 */
import { styleText } from 'node:util';
import type { LogEntry } from '../core/evidence.ts';
import { SYMPTOMS } from '../core/playbook.ts';
import { seconds } from './seconds.ts';
import { type Operated, shorten, type TimelineSource, timeline } from './timeline.ts';
import { CHECK_TITLES, SYMPTOM_TITLES, titled } from './titles.ts';
import type { Check, CheckStatus, Checks, StepFinding, Verdict } from './verdict.ts';
import { wrap } from './wrap.ts';

export interface TextContext {
  /** The scenario's title. */
  readonly title: string;
  /** The market's source: recorded at a real exchange, or made by a program. */
  readonly isRecorded: boolean;
  /** A market that no tape holds, by its name, such as `volatile, BTC`: own orders rest in its books. Else null or absent. */
  readonly synthetic?: string | null;
  /** First and last moment of the run, ns since the market's origin. */
  readonly fromNs: number;
  readonly toNs: number;
  /** What a person did; absent: nothing. */
  readonly operated?: readonly Operated[];
  /** What the core wrote, for the timeline. */
  readonly entries: readonly LogEntry[];
  readonly colour: boolean;
}

const NO_IMPACT = 'the exchange’s answers and own fills are simulated, without impact on the market';
const IMPACT = 'own orders rest in its books among those of others, and have impact';

const WIDTH = 100;
const MOST_MOMENTS = 40;
/** How many sentences of evidence are shown for each step. */
const MOST_EVIDENCE = 6;

const HEADLINE: Readonly<Record<CheckStatus, string>> = { pass: 'PASS', fail: 'FAIL', unknown: 'UNKNOWN' };
const MARK: Readonly<Record<CheckStatus, string>> = { pass: '✓', fail: '✗', unknown: '?' };
const COLOUR = { pass: 'green', fail: 'red', unknown: 'yellow' } as const;
const SOURCE_COLOUR = { injected: 'magenta', truth: 'cyan', core: 'gray' } as const satisfies Record<
  TimelineSource,
  string
>;

type Paint = (colour: 'green' | 'red' | 'yellow' | 'magenta' | 'cyan' | 'gray' | 'bold', text: string) => string;

export function renderVerdict(verdict: Verdict, context: TextContext): string {
  // `validateStream` off: whether to colour is the caller's decision.
  const paint: Paint = (colour, text) => (context.colour ? styleText(colour, text, { validateStream: false }) : text);
  const { word, colour } = headlineOf(verdict);
  const [headline, ...more] = wrap(context.title, WIDTH, `${word}  `, '      ');
  const lines = [
    paint('bold', paint(colour, headline.slice(0, word.length))) + headline.slice(word.length),
    ...more,
    '',
    ...facts(verdict, context),
    '',
    paint('bold', 'What happened'),
    ...moments(verdict, context, paint),
    '',
    paint('bold', 'Checks'),
    ...checkLines(verdict, paint),
    '',
    paint('bold', 'Diagnosis (inferred from the core’s own log, without knowing what was injected)'),
    ...diagnosisLines(verdict.diagnosis, paint),
    ...nextLines(verdict, paint),
    '',
    `run digest   ${verdict.digest}`,
    `twin digest  ${verdict.twin.digest}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Of a canary it is right to fail, and wrong to pass. */
function headlineOf({ verdict, mustFail }: Verdict): { word: string; colour: (typeof COLOUR)[CheckStatus] } {
  const word = HEADLINE[verdict];
  if (mustFail !== true || verdict === 'unknown') return { word, colour: COLOUR[verdict] };
  return verdict === 'fail'
    ? { word: `${word}, as it must`, colour: 'green' }
    : { word: `${word}, and must not`, colour: 'red' };
}

function facts(verdict: Verdict, { isRecorded, synthetic = null, fromNs, toNs }: TextContext): string[] {
  const { tape, playbook, stats } = verdict;
  const market = tape === null ? 'simulated' : `${isRecorded ? 'recorded' : 'simulated'}, tape ${tape.name}`;
  const rows: [string, string][] = [
    ['scenario', playbook === null ? verdict.scenario : `${verdict.scenario} (playbook step ${titled(playbook)})`],
    ['market', synthetic === null ? `${market}; ${NO_IMPACT}` : `simulated (${synthetic}); ${IMPACT}`],
    [
      'span',
      `${seconds(fromNs)} to ${seconds(toNs)} (${seconds(toNs - fromNs)} of virtual time), seed ${verdict.seed}`,
    ],
    ['volume', `${stats.events} events, ${stats.rows} rows, ${stats.commands} commands, ${stats.fills} own fills`],
  ];
  return rows.flatMap(([name, text]) => wrap(text, WIDTH, `  ${name.padEnd(10)}`, ' '.repeat(12)));
}

function moments(verdict: Verdict, context: TextContext, paint: Paint): string[] {
  const all = timeline(verdict, context.entries, context.operated);
  const items = shorten(all, MOST_MOMENTS);
  if (items.length === 0) return ['  nothing worth telling'];
  const lines = items.flatMap(({ atNs, source, text }) => {
    const head = `  ${seconds(atNs).padStart(9)}  ${source.padEnd(8)}  `;
    const [first, ...rest] = wrap(text, WIDTH, head, ' '.repeat(head.length));
    return [first.replace(source, paint(SOURCE_COLOUR[source], source)), ...rest];
  });
  if (items.length < all.length) lines.push(`  (${all.length - items.length} lines are left out)`);
  lines.push('  injected: by the scenario; truth: seen at the exchange; core: written by the core itself');
  for (const symptom of SYMPTOMS) {
    if ((verdict.symptoms[symptom] ?? []).length > 0) lines.push(`  ${symptom}: ${SYMPTOM_TITLES[symptom]}`);
  }
  return lines;
}

/** Each check in words, for when it passes. */
function passed({ checks, diagnosis }: Verdict): Record<keyof Checks, string> {
  const { causeTookEffect, symptomAppeared, diagnosed, symptomResolved } = checks;
  const at = (check: Check): string => (check.atNs === undefined ? '' : ` at ${seconds(check.atNs)}`);
  const by = symptomResolved.by === undefined ? '' : `, by: ${symptomResolved.by}`;
  const inherent = checks.twinClean.inherent.length;
  return {
    twinClean:
      inherent === 0 ? 'nothing is wrong without it' : `clean but for ${inherent} intervals in gaps of the recording`,
    causeTookEffect: `it took effect${at(causeTookEffect)}`,
    symptomAppeared: `it appeared${at(symptomAppeared)}`,
    diagnosed: foundText(diagnosed, diagnosis),
    symptomResolved: `it resolved${at(symptomResolved)}${by}`,
    invariants: 'all held',
  };
}

/** Of several that all had to be found, the first named comes first. */
function foundText({ primary, causes = [] }: Checks['diagnosed'], diagnosis: readonly StepFinding[]): string {
  const status = diagnosis.find(finding => finding.step === primary)?.status ?? '';
  const steps = [primary ?? '', ...causes.filter(step => step !== primary)];
  const told = steps.length === 1 ? `step ${steps[0]} is` : `steps ${steps.join(' and ')} are`;
  return `${told} found to be ${status}, as ${steps.length === 1 ? 'it' : 'they'} should be`;
}

function checkLines(verdict: Verdict, paint: Paint): string[] {
  const words = passed(verdict);
  return CHECK_TITLES.flatMap(([name, title]) => {
    const { status, reason } = verdict.checks[name];
    const mark = MARK[status];
    const head = `  ${mark} ${title.padEnd(32)}`;
    const [first, ...rest] = wrap(reason ?? words[name], WIDTH, head, ' '.repeat(head.length));
    return [first.replace(mark, paint(COLOUR[status], mark)), ...rest];
  });
}

function diagnosisLines(findings: readonly StepFinding[], paint: Paint): string[] {
  const told = findings.filter(finding => finding.status !== 'ok');
  if (told.length === 0) return ['  every step that was walked is in order'];
  const colours = { cause: 'red', suspect: 'yellow', handled: 'green', ok: 'gray' } as const;
  const lines = told.flatMap(({ step, status, score, evidence, resolution }) => {
    const head = `  ${status.padEnd(8)} ${titled(step)} (score ${score.toFixed(2)})`;
    const shown = evidence.slice(0, MOST_EVIDENCE).flatMap(text => wrap(text, WIDTH, '           - ', '             '));
    if (evidence.length > MOST_EVIDENCE) shown.push(`           - … and ${evidence.length - MOST_EVIDENCE} more`);
    const advice = resolution === undefined ? [] : wrap(resolution, WIDTH, '           what to do: ', '             ');
    return [head.replace(status, paint(colours[status], status)), ...shown, ...advice];
  });
  const inOrder = findings.filter(finding => finding.status === 'ok').map(finding => finding.step);
  if (inOrder.length > 0) lines.push(`  ok       ${inOrder.join(', ')}`);
  return lines;
}

/** Where to look next, by the checks that did not pass: the most telling first, since what follows may come of it. */
const NEXT: Readonly<Record<keyof Checks, string>> = {
  twinClean:
    'The run without the cause is not clean, so nothing can be concluded from the run with it. Run the healthy scenario ' +
    'on the same tape and seed, and find out why it turns hot.',
  causeTookEffect:
    'Nothing was put to the test. See whether the fault’s time lies inside the run and its target is something that ' +
    'this tape has.',
  invariants: 'A promise was broken that holds in every run, whatever goes wrong. Begin at the first violation.',
  symptomAppeared:
    'Compare the times of the cause and of the symptom above. Either the core coped better or worse than the scenario ' +
    'expects, or its limits do not fit this tape.',
  symptomResolved:
    'Follow the timeline from the end of the fault on: was data back, did the gate open, did quoting go on, did orders ' +
    'arrive?',
  diagnosed:
    'Compare the evidence above with what the expected step looks for: either the core did not write what it should, ' +
    'or the step reads it wrongly, or the scenario expects the wrong one.',
};

const AS_IT_MUST =
  'This scenario is a canary (mustFail): it expects what does not happen, and fails where verdicts can be trusted. There is ' +
  'nothing to mend.';
const DEAD_CANARY =
  'This scenario is a canary (mustFail): it expects what does not happen. That it passes says that verdicts judge nothing: ' +
  'look at what changed in symptoms, diagnosis or checks.';

function nextLines({ verdict, mustFail, checks }: Verdict, paint: Paint): string[] {
  if (mustFail === true && verdict !== 'unknown') {
    return ['', ...wrap(verdict === 'fail' ? AS_IT_MUST : DEAD_CANARY, WIDTH, '', '')];
  }
  if (verdict === 'pass') return [];
  const all = (Object.keys(NEXT) as (keyof Checks)[]).filter(name => checks[name].status === verdict);
  // What is unknown makes all that follows unknown.
  const wanted = verdict === 'fail' ? all : all.slice(0, 1);
  // That a symptom is not cold at the end says no more than the check that it resolves.
  if (checks.invariants.violations.every(({ invariant }) => invariant === 'cold-after-heal')) {
    wanted.sort((a, b) => Number(a === 'invariants') - Number(b === 'invariants'));
  }
  return ['', paint('bold', 'What to look at next'), ...wanted.flatMap(name => nextOf(name, checks))];
}

function nextOf(name: keyof Checks, checks: Checks): string[] {
  const { atNs, event = 0, hint, reason = '' } = checks[name];
  const where = atNs === undefined ? '' : ` (at ${seconds(atNs)}, event ${event})`;
  const title = CHECK_TITLES.find(([check]) => check === name)?.[1] ?? name;
  const lines = wrap(`${title}${where}: ${reason}`, WIDTH, '  ', '    ');
  if (name === 'invariants') {
    // The reason is the first of them.
    for (const { invariant, atNs, event, message } of checks.invariants.violations.slice(1, MOST_EVIDENCE)) {
      lines.push(...wrap(`${seconds(atNs)}, event ${event}: ${invariant}: ${message}`, WIDTH, '    - ', '      '));
    }
  }
  lines.push(...wrap(NEXT[name], WIDTH, '    ', '    '));
  if (hint !== undefined) lines.push(...wrap(hint, WIDTH, '    ', '    '));
  return lines;
}
