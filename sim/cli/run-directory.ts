/**
 * The folder that `run --out` writes: what was run, and what came of it. It is written beside its place and renamed, so
 * that it is there whole or not at all; a run's folder of before is replaced, anything else is left alone.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { ReplaybookError } from '../../core/errors.ts';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { renderPrometheus } from '../../reports/prometheus.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { portableMarket } from './market.ts';
import { version } from './paths.ts';
import type { Judged } from './run-scenario.ts';
import { systemReason } from './system-reason.ts';
import { TRACE_FILES } from './trace-files.ts';
import { whyNotWritable } from './writable.ts';

const MANIFEST = 'manifest.json';
/** Files of a run's folder. Where there are others, somebody keeps something there, and the folder is not replaced. */
const FILES: readonly string[] = [
  MANIFEST,
  'scenario.yaml',
  'verdict.json',
  'metrics.prom',
  ...Object.values(TRACE_FILES),
];
/** What tells a manifest of ours from another program's. */
const KIND = 'replaybook run';

/** Throws a `usage` error where something else is in the way. Asked before the run, so that it is not run in vain. */
export function checkRunDirectory(out: string): void {
  const target = targetOf(out);
  if (existsSync(target)) {
    const what = statSync(target).isDirectory() ? folderKind(target) : 'a file';
    if (what !== null) {
      throw new ReplaybookError(
        'usage',
        `--out ${out}: there is ${what} in the way; name a folder that does not exist`,
      );
    }
  }
  let parent = dirname(target);
  while (!existsSync(parent)) parent = dirname(parent);
  const why = whyNotWritable(parent);
  if (why !== null) {
    throw new ReplaybookError('file', `--out ${out}: cannot be written: ${why}; name another place`, { file: out });
  }
}

/** A link to a folder stands for the folder: what it leads to is replaced, and the link stays. */
function targetOf(out: string): string {
  return existsSync(out) ? realpathSync(out) : resolve(out);
}

/** Writes the folder, with the traces by their files' names. Throws `usage` and `file` errors. */
export function writeRunDirectory(
  out: string,
  judged: Judged,
  scenario: Scenario,
  traces: Readonly<Record<string, Uint8Array>> = {},
): void {
  checkRunDirectory(out);
  const target = targetOf(out);
  try {
    mkdirSync(dirname(target), { recursive: true });
    const beside = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    try {
      const fresh = join(beside, 'new');
      mkdirSync(fresh);
      for (const [name, content] of Object.entries({ ...runFiles(judged, scenario), ...traces })) {
        writeFileSync(join(fresh, name), content);
      }
      replaceFolder(target, fresh, join(beside, 'old'));
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
  } catch (error) {
    throw new ReplaybookError('file', `--out ${out}: cannot be written: ${systemReason(error)}`, { file: out }, error);
  }
}

/** The folder of before comes back where the new one cannot take its place. */
function replaceFolder(target: string, fresh: string, old: string): void {
  if (!existsSync(target)) {
    renameSync(fresh, target);
    return;
  }
  renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
}

function runFiles(judged: Judged, scenario: Scenario): Record<string, string> {
  const { verdict, plan, evidence } = judged;
  const manifest = {
    kind: KIND,
    version: version(),
    scenario: verdict.scenario,
    seed: verdict.seed,
    tape: verdict.tape,
    settings: hash(JSON.stringify(plan.core)),
    world: hash(JSON.stringify(plan.world)),
    digest: verdict.digest,
    twin: verdict.twin,
    verdict: verdict.verdict,
  };
  return {
    [MANIFEST]: `${JSON.stringify(manifest, null, 2)}\n`,
    'scenario.yaml': scenarioText(scenario),
    'verdict.json': `${JSON.stringify(verdict)}\n`,
    'metrics.prom': renderPrometheus(METRICS, evidence.metrics),
  };
}

/** The scenario with its changes, so that it runs again from anywhere. */
function scenarioText(scenario: Scenario): string {
  const { document } = scenario;
  return stringify({ ...document, baseline: { ...document.baseline, market: portableMarket(scenario) } });
}

/** What kind of folder stands in the way; null for an empty one and for a run's folder with nothing else in it. */
function folderKind(folder: string): string | null {
  const names = readdirSync(folder);
  if (names.length === 0) return null;
  if (!isOfRun(folder)) return 'a folder that is not of a run';
  const foreign = names.find(name => !FILES.includes(name));
  return foreign === undefined ? null : `the folder of a run that also holds other files, such as ${foreign},`;
}

function isOfRun(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'kind' in manifest && manifest.kind === KIND;
  } catch {
    // No manifest, or none that can be read.
    return false;
  }
}

function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
