/** The folder that `run --out` writes: what was run, and what came of it. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { renderPrometheus } from '../../reports/prometheus.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { portableMarket } from './market.ts';
import { checkOutputFolder, draftFolder, type FolderKind, MANIFEST, orFail } from './output-folder.ts';
import { version } from './paths.ts';
import type { Judged } from './run-scenario.ts';
import { TRACE_FILES } from './trace-files.ts';

const RUN_FOLDER: FolderKind = {
  kind: 'replaybook run',
  of: 'a run',
  names: [MANIFEST, 'scenario.yaml', 'verdict.json', 'metrics.prom', ...Object.values(TRACE_FILES)],
};

/** Throws a `usage` error where something else is in the way. Asked before the run, so that it is not run in vain. */
export function checkRunDirectory(out: string): void {
  checkOutputFolder(out, RUN_FOLDER);
}

/** Writes the folder, with the traces by their files' names. Throws `usage` and `file` errors. */
export function writeRunDirectory(
  out: string,
  judged: Judged,
  scenario: Scenario,
  traces: Readonly<Record<string, Uint8Array>> = {},
): void {
  const draft = draftFolder(out, RUN_FOLDER);
  try {
    orFail(out, () => {
      for (const [name, content] of Object.entries({ ...runFiles(judged, scenario), ...traces }))
        writeFileSync(join(draft.path, name), content);
    });
    draft.publish();
  } finally {
    draft.discard();
  }
}

function runFiles(judged: Judged, scenario: Scenario): Record<string, string> {
  const { verdict, plan, evidence } = judged;
  const manifest = {
    kind: RUN_FOLDER.kind,
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

function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
