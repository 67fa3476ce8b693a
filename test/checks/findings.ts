/** What the checks share: the repository's files, findings, and how a check ends. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders that hold source (design, section 2). */
export const SOURCE_FOLDERS = ['core', 'sim', 'scenarios', 'recordings', 'reports', 'test'] as const;

export interface Finding {
  /** Path from the repository's root, with forward slashes. */
  file: string;
  /** From 1; 0 where the finding is about the whole file. */
  line: number;
  message: string;
}

/** Every TypeScript file under these folders of `root`, sorted, as paths from `root`. */
export function sourceFiles(root: string, folders: readonly string[] = SOURCE_FOLDERS): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (path.endsWith('.ts')) found.push(path);
    }
  };
  for (const folder of folders) {
    if (statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory()) walk(folder);
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

export function readSource(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** True in the module that Node was started with. */
export function isMain(moduleUrl: string): boolean {
  return process.argv[1] !== undefined && fileURLToPath(moduleUrl) === realpathSync(process.argv[1]);
}

/** Prints what a check found, and makes the process end with 1 if it is anything. */
export function finish(check: string, findings: readonly Finding[], looked: string): void {
  for (const { file, line, message } of findings) {
    console.error(`${line === 0 ? file : `${file}:${line}`}: ${message}`);
  }
  if (findings.length === 0) console.log(`${check}: ok (${looked})`);
  else console.error(`${check}: ${findings.length} found`);
  if (findings.length > 0) process.exitCode = 1;
}
