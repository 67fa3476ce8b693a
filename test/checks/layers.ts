/**
 * Who may import whom (design, section 2): imports point one way.
 *
 *     node dist/test/checks/layers.js
 */
import { posix } from 'node:path';
import { type Finding, finish, isMain, readSource, sourceFiles } from './findings.ts';
import { type Import, importsOf } from './imports.ts';
import { tokenize } from './tokens.ts';

interface Layer {
  /** The folder. A file belongs to the first layer whose folder it lies in. */
  readonly folder: string;
  /** Paths and folders that it may import. */
  readonly values: readonly string[];
  /** Those of which it may import types besides. */
  readonly types: readonly string[];
}

const EVERYTHING = [''];

const LAYERS: readonly Layer[] = [
  { folder: 'core/', values: ['core/'], types: [] },
  { folder: 'recordings/', values: ['core/', 'recordings/'], types: [] },
  { folder: 'sim/cli/', values: ['core/', 'recordings/', 'sim/', 'scenarios/', 'reports/', 'package.json'], types: [] },
  { folder: 'sim/', values: ['core/', 'recordings/', 'sim/'], types: [] },
  { folder: 'scenarios/', values: ['core/', 'sim/', 'scenarios/'], types: [] },
  // The diagnosis sees evidence only: neither the fault plan, nor the scenario, nor the truth.
  { folder: 'reports/diagnosis/', values: ['core/', 'reports/diagnosis/'], types: ['reports/verdict.ts'] },
  { folder: 'reports/', values: ['core/', 'reports/'], types: ['sim/', 'scenarios/'] },
  { folder: 'test/', values: EVERYTHING, types: [] },
];

/** The outermost ring, worker entry points included: tests apart, nobody imports it from outside. */
const OUTERMOST = 'sim/cli/';
const MAY_IMPORT_OUTERMOST = ['sim/cli/', 'test/'];

const within = (path: string, places: readonly string[]): boolean => places.some(place => path.startsWith(place));

/** What is wrong with one import, or null. */
function problemOf(file: string, layer: Layer, { specifier, typeOnly }: Import): string | null {
  if (specifier === null) {
    return within(file, MAY_IMPORT_OUTERMOST) ? null : 'imports a computed path, which no check can follow';
  }
  if (!specifier.startsWith('.')) return specifier.startsWith('/') ? `imports ${specifier} by an absolute path` : null;
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  if (target.startsWith('..')) return `imports ${specifier}, outside the repository`;
  if (!/\.(ts|json)$/.test(target)) return `imports ${specifier}: our own files are named with their ending .ts`;
  if (within(target, [OUTERMOST]) && !within(file, MAY_IMPORT_OUTERMOST)) {
    return `imports ${target}: nothing imports ${OUTERMOST}`;
  }
  if (within(target, layer.values)) return null;
  if (!within(target, layer.types)) return `imports ${target}: ${layer.folder} does not know ${folderOf(target)}`;
  return typeOnly ? null : `imports ${target}: ${layer.folder} may take types from it only, by \`import type\``;
}

function folderOf(target: string): string {
  return LAYERS.find(layer => target.startsWith(layer.folder))?.folder ?? target;
}

export function checkLayers(root: string): Finding[] {
  const findings: Finding[] = [];
  for (const file of sourceFiles(root)) {
    const layer = LAYERS.find(({ folder }) => file.startsWith(folder));
    if (layer === undefined) continue;
    try {
      for (const found of importsOf(tokenize(readSource(root, file)).tokens)) {
        const message = problemOf(file, layer, found);
        if (message !== null) findings.push({ file, line: found.line, message });
      }
    } catch (error) {
      findings.push({ file, line: 0, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return findings;
}

/** The check as a program, on the current folder. */
export function layers(): void {
  finish('layers', checkLayers('.'), `${sourceFiles('.').length} files`);
}

if (isMain(import.meta.url)) layers();
