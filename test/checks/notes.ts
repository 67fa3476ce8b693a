/**
 * What no file of the repository may say: paths of the machine it was written on, and hosts of package registries.
 *
 *     node dist/test/checks/notes.js
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, finish, isMain } from './findings.ts';

// Put together from parts, because this file is checked too.
const FOLDERS = ['work', 'root', 'home', 'Users'].join('|');
const HOSTS = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['npm', 'pkg', 'github', 'com'],
].map(parts => parts.join('\\.'));
const REFUSED: readonly (readonly [RegExp, string])[] = [
  // Not preceded by what makes it the middle of a longer path or of an address.
  [new RegExp(`(?<![\\w.~/-])/(?:${FOLDERS})/[\\w.-]`), 'a path of somebody’s machine'],
  [
    new RegExp(`${HOSTS.join('|')}|https?://[^/\\s"']*(?:artifactory|verdaccio|nexus|npm-?mirror|registry)[^/\\s"']*/`),
    'the host of a package registry',
  ],
];

/** Looks at the files that git tracks, or is about to. */
export function trackedFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return listed.split('\0').filter(file => file !== '');
}

export function checkNotes(root: string): Finding[] {
  const findings: Finding[] = [];
  for (const file of trackedFiles(root)) {
    const bytes = readTracked(root, file);
    // A NUL byte tells binary files; their content is data.
    if (bytes === null || bytes.includes(0)) continue;
    bytes
      .toString('utf8')
      .split('\n')
      .forEach((text, index) => {
        for (const [pattern, what] of REFUSED) {
          const found = pattern.exec(text);
          if (found !== null) findings.push({ file, line: index + 1, message: `names ${what}: ${found[0]}` });
        }
      });
  }
  return findings;
}

/** null for a file that was deleted and is still in the index. */
function readTracked(root: string, file: string): Buffer | null {
  try {
    return readFileSync(join(root, file));
  } catch {
    return null;
  }
}

/** The check as a program, on the current folder. */
export function notes(): void {
  finish('notes', checkNotes('.'), `${trackedFiles('.').length} files`);
}

if (isMain(import.meta.url)) notes();
