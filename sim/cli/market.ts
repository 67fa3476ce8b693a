/** The tape that a scenario runs on: a sample by its name, or a file, imported where it is no tape. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { SAMPLE_NAMES, samplePath } from '../../recordings/samples/samples.ts';
import type { Tape } from '../../recordings/tape.ts';
import { readTape } from '../../recordings/tape-file.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { checkInputFile } from './input-file.ts';
import type { Io } from './io.ts';

export interface Market {
  readonly tape: Tape;
  /** Keeps the tape of an imported recording for the next time; null where there is nothing to keep. Never throws. */
  readonly keep: (() => Promise<void>) | null;
}

/** A path on the command line, as it is written into a scenario: absolute, or the name of a sample. */
export function tapeArgument(name: string): string {
  return !existsSync(name) && samplePath(name) !== null ? name : resolve(name);
}

/** The file of a scenario's tape where it is no sample: its path counts from the scenario's folder. */
function tapeFile(scenario: Scenario): string {
  return resolve(dirname(scenario.file), scenario.document.baseline.market.tape);
}

/** How the tape is named in a scenario that is written to another folder: a sample's name, or a path from the root. */
export function portableTapeName(scenario: Scenario): string {
  const { tape } = scenario.document.baseline.market;
  return samplePath(tape) === null ? tapeFile(scenario) : tape;
}

/** Opens the tape that a scenario names, from the scenario's folder. Throws `file` and `format` errors. */
export async function openMarket(scenario: Scenario, useCache: boolean, io: Io): Promise<Market> {
  const { tape: name } = scenario.document.baseline.market;
  const sample = samplePath(name);
  if (sample !== null) return { tape: await readTape(sample), keep: null };
  const file = tapeFile(scenario);
  if (!existsSync(file)) {
    const place = scenario.tree.placeOf(['baseline', 'market', 'tape'], 'value');
    const where = [place.file, place.line, place.column].filter(part => part !== undefined).join(':');
    throw new ReplaybookError(
      'file',
      `${where}: no file ${file}, and no sample of that name (there is ${SAMPLE_NAMES.join(', ')})`,
      place,
    );
  }
  checkInputFile(file);
  // The importers are loaded for a file of one's own only.
  const { openRecording } = await import('./tape-cache.ts');
  return openRecording(file, useCache, io);
}
