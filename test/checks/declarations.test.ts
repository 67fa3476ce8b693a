/** The declarations that a program which imports us reads: with `skipLibCheck: false` its compiler has to find all that they name. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { dependencies, devDependencies, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const entries = Object.values(exports).flatMap(entry => (typeof entry === 'string' ? [] : [entry.types]));

/** Packages that a declaration file names, and those that it imports of ours. */
function packagesOf(file: string, seen: Set<string>): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const found = readFileSync(file, 'utf8').matchAll(/(?:^(?:import|export)\b.* from |\bimport\()'([^']+)'/gm);
  return Array.from(found, ([, name]) => name).flatMap(name =>
    name.startsWith('.') ? packagesOf(join(dirname(file), name.replace(/\.ts$/, '.d.ts')), seen) : [name],
  );
}

it('name only packages that are installed with ours and have types of their own', () => {
  const seen = new Set<string>();
  const packages = entries.flatMap(entry => packagesOf(entry, seen));
  expect(seen.size).toBeGreaterThan(20);
  const withoutTypes = packages.filter(name => {
    const [owner, rest] = name.split('/');
    const bare = owner.startsWith('@') ? `${owner}/${rest}` : owner;
    return dependencies[bare] === undefined || devDependencies[`@types/${bare}`] !== undefined;
  });
  expect(withoutTypes).toEqual([]);
});
