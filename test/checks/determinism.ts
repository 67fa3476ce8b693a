/**
 * What would make two runs differ, refused wherever it could reach a digest (design, section 4).
 *
 *     node dist/test/checks/determinism.js
 *
 * A line may be excepted by a comment at its end, `// det-ok: reason`; without a reason, or where nothing is excepted, the
 * comment itself is refused.
 */
import { forbiddenIn, type Rule } from './determinism-rules.ts';
import { moduleStateIn } from './determinism-state.ts';
import { type Finding, finish, isMain, readSource, sourceFiles } from './findings.ts';
import { type Source, tokenize } from './tokens.ts';

const FOLDERS = ['core', 'sim', 'scenarios', 'recordings', 'reports'];

/** The outermost ring may read clocks and wait: what it learns so never reaches a digest. */
const EXCEPTED_FOLDERS = ['sim/cli/'];

/** Files that need something of the outside world, which, and why. A file that does not need it any more is a finding. */
const EXCEPTED_FILES: Readonly<Record<string, { readonly rules: readonly Rule[]; readonly reason: string }>> = {};

/** Where nothing may wait: the core and the kernel are driven by messages and events alone. */
const SYNCHRONOUS = ['core/', 'sim/kernel/'];

const EXCEPTION = /^\/\/\s*det-ok\b:?\s*(.*)$/;

/** Findings in one file's text. */
export function checkText(file: string, text: string): Finding[] {
  let source: Source;
  try {
    source = tokenize(text);
  } catch (error) {
    return [{ file, line: 0, message: error instanceof Error ? error.message : String(error) }];
  }
  const synchronous = SYNCHRONOUS.some(folder => file.startsWith(folder));
  const excepted = EXCEPTED_FILES[file]?.rules ?? [];
  const problems = [...forbiddenIn(source.tokens), ...moduleStateIn(source.tokens)]
    .filter(({ rule }) => rule !== 'waiting' || synchronous)
    .filter(({ rule }) => rule !== 'outside' || file.startsWith('core/'));

  const findings: Finding[] = [];
  const unused = new Map<number, string>();
  for (const comment of source.comments) {
    const reason = EXCEPTION.exec(comment.text)?.[1];
    if (reason === undefined) continue;
    if (/\w{3}/.test(reason)) unused.set(comment.line, reason);
    else findings.push({ file, line: comment.line, message: 'det-ok without a reason' });
  }
  const exceptions = new Set(unused.keys());
  const neededRules = new Set<Rule>();
  for (const { line, rule, message } of problems) {
    unused.delete(line);
    neededRules.add(rule);
    if (!exceptions.has(line) && !excepted.includes(rule)) findings.push({ file, line, message });
  }
  for (const line of unused.keys()) {
    findings.push({ file, line, message: 'det-ok where nothing is refused: take the comment away' });
  }
  for (const rule of excepted) {
    if (!neededRules.has(rule)) findings.push({ file, line: 0, message: `needs no exception for ${rule} any more` });
  }
  return findings;
}

export function checkDeterminism(root: string): Finding[] {
  return filesToCheck(root).flatMap(file => checkText(file, readSource(root, file)));
}

function filesToCheck(root: string): string[] {
  return sourceFiles(root, FOLDERS).filter(file => !EXCEPTED_FOLDERS.some(folder => file.startsWith(folder)));
}

/** The check as a program, on the current folder. */
export function determinism(): void {
  finish('determinism', checkDeterminism('.'), `${filesToCheck('.').length} files`);
}

if (isMain(import.meta.url)) determinism();
