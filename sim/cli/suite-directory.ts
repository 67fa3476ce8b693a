/** The folder that `suite --out` writes: all results, and for each run that went wrong the folder that `run --out` writes. */
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf } from '../../scenarios/forms.ts';
import { type Draft, draftFolder, type FolderKind, MANIFEST, orFail } from './output-folder.ts';
import { version } from './paths.ts';
import type { Task } from './suite-tasks.ts';

const RESULTS = 'results.json';
const FAILURES = 'failures';

export const SUITE_FOLDER: FolderKind = {
  kind: 'replaybook suite',
  of: 'a suite',
  names: [MANIFEST, RESULTS, FAILURES],
};

export class SuiteDirectory {
  readonly #out: string;
  readonly #draft: Draft;

  /** Throws `usage` and `file` errors. */
  constructor(out: string) {
    this.#out = out;
    this.#draft = draftFolder(out, SUITE_FOLDER);
  }

  /** Where a run goes that goes wrong: `failures/2-stale-quotes/2.3-all-feeds-silent+defect/seed-7`; a variation has a name of its own. */
  folderOf({ planned: { scenario, form, seed, varied } }: Task): string {
    const variation = varied.length === 0 ? '' : `-${hash('sha256', varied.join('\n')).slice(0, 8)}`;
    return join(this.#draft.path, FAILURES, nameOf(scenario, form), `seed-${seed}${variation}`);
  }

  /** Puts everything in its place. `results`: as `suite --json` prints them. */
  publish(results: string): void {
    const manifest = { kind: SUITE_FOLDER.kind, version: version() };
    orFail(this.#out, () => {
      writeFileSync(join(this.#draft.path, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      writeFileSync(join(this.#draft.path, RESULTS), results);
    });
    this.#draft.publish();
  }

  discard(): void {
    this.#draft.discard();
  }
}
