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
import { portableTapeName } from './market.ts';
import { version } from './paths.ts';
import type { Judged } from './run-scenario.ts';

const MANIFEST = 'manifest.json';
/** What tells a manifest of ours from another program's. */
const KIND = 'replaybook run';

/** Throws a `usage` error where something else is in the way. Asked before the run, so that it is not run in vain. */
export function checkRunDirectory(out: string): void {
  if (!existsSync(out)) return;
  const what = statSync(out).isDirectory() ? folderKind(out) : 'a file';
  if (what !== null) {
    throw new ReplaybookError('usage', `--out ${out}: there is ${what} in the way; name a folder that does not exist`);
  }
}

/** Writes the folder. Throws `usage` and `file` errors. */
export function writeRunDirectory(out: string, judged: Judged, scenario: Scenario): void {
  checkRunDirectory(out);
  const target = resolve(out);
  try {
    mkdirSync(dirname(target), { recursive: true });
    const beside = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    try {
      const fresh = join(beside, 'new');
      mkdirSync(fresh);
      for (const [name, text] of Object.entries(runFiles(judged, scenario))) {
        writeFileSync(join(fresh, name), text);
      }
      if (existsSync(target)) renameSync(target, join(beside, 'old'));
      renameSync(fresh, target);
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReplaybookError('file', `--out ${out}: cannot be written: ${reason}`, { file: out }, error);
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
  const market = { ...document.baseline.market, tape: portableTapeName(scenario) };
  return stringify({ ...document, baseline: { ...document.baseline, market } });
}

/** What kind of folder stands in the way; null for an empty one and for a run's folder. */
function folderKind(folder: string): string | null {
  if (readdirSync(folder).length === 0) return null;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && 'kind' in manifest && manifest.kind === KIND) return null;
  } catch {
    // No manifest, or none that can be read: not a run's folder.
  }
  return 'a folder that is not of a run';
}

function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
