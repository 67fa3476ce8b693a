/**
 * A suite in the XML that build servers read, in the shape that JUnit's own Ant task writes: a test suite for each playbook
 * step, a test case for each scenario, form and seed. A verdict that failed is a failure; a run of which nothing can be said is
 * an error. Times are those of the wall clock, where they were measured: all else is the same for the same runs.
 */
import { STEPS } from '../core/playbook.ts';
import { reasonsOf, type SuiteRun, standingOf, totalsOf } from './suite-run.ts';
import { titled } from './titles.ts';

const HEALTHY = 'healthy';
const UNREADABLE = 'files that cannot be read';

export function renderJunit(runs: readonly SuiteRun[]): string {
  const suites = [...STEPS.map(titled), HEALTHY, UNREADABLE]
    .map(name => ({ name, cases: runs.filter(run => suiteOf(run) === name) }))
    .filter(({ cases }) => cases.length > 0);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag('testsuites', { name: 'replaybook', ...counts(runs) }, '>'),
    ...suites.flatMap(({ name, cases }) => suiteLines(name, cases)),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function suiteOf({ playbook, outcome }: SuiteRun): string {
  if (playbook !== null) return titled(playbook);
  return outcome === null ? UNREADABLE : HEALTHY;
}

function suiteLines(name: string, cases: readonly SuiteRun[]): string[] {
  return [
    `  ${tag('testsuite', { name, ...counts(cases), skipped: '0' }, '>')}`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
  ];
}

function caseLines(run: SuiteRun): string[] {
  // Servers group by class name, whose parts end at dots.
  const classname = `replaybook.${run.scenario.replaceAll('.', '_').replaceAll('/', '.')}`;
  const open = {
    classname,
    name: `${run.scenario} (${[run.form, `seed ${run.seed}`, ...run.varied].join(', ')})`,
    ...timeOf([run]),
  };
  const status = standingOf(run);
  if (status === 'pass') return [`    ${tag('testcase', open, '/>')}`];
  const reasons = reasonsOf(run);
  const element = status === 'fail' ? 'failure' : 'error';
  const type = run.result.kind === 'error' ? run.result.code : status;
  return [
    `    ${tag('testcase', open, '>')}`,
    `      ${tag(element, { message: reasons[0] ?? status, type }, '>')}${escapeXml(
      [...reasons, `to reproduce: ${run.command}`].join('\n'),
    )}</${element}>`,
    '    </testcase>',
  ];
}

function counts(runs: readonly SuiteRun[]): Record<string, string> {
  const { total, failed, unknown } = totalsOf(runs);
  return { tests: String(total), failures: String(failed), errors: String(unknown), ...timeOf(runs) };
}

/** In seconds, of what was measured; nothing where nothing was. */
function timeOf(runs: readonly SuiteRun[]): { time?: string } {
  const times = runs.flatMap(({ wallMs }) => wallMs ?? []);
  return times.length === 0 ? {} : { time: (times.reduce((sum, ms) => sum + ms, 0) / 1_000).toFixed(3) };
}

function tag(name: string, attributes: Readonly<Record<string, string>>, end: '>' | '/>'): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(value).replaceAll('\n', '&#10;')}"`,
  );
  return `<${name}${pairs.join('')}${end}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Also of what no XML 1.0 file may hold, however it is written: control characters, halves of surrogate pairs. */
function escapeXml(text: string): string {
  let escaped = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    escaped += isXml(code) ? (ENTITIES[character] ?? character) : `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

/** XML 1.0, production 2 (Char), without tab and carriage return, which readers change. */
function isXml(code: number): boolean {
  if (code < 0x20) return code === 0x0a;
  // DEL and C1 are allowed and discouraged: terminals act on them.
  if (code >= 0x7f && code < 0xa0) return false;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}
