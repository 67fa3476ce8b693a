/** The market that a scenario runs on: a program's, or a tape: a sample by its name, or a file, imported where it is no tape. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { SAMPLE_NAMES, samplePath } from '../../recordings/samples/samples.ts';
import { readTape } from '../../recordings/tape-file.ts';
import type { Scenario } from '../../scenarios/load.ts';
import type { SyntheticMarketText } from '../../scenarios/market.ts';
import { syntheticPlan } from '../market/synthetic-plan.ts';
import type { MarketPlan } from '../run-plan.ts';
import { checkInputFile } from './input-file.ts';
import type { Io } from './io.ts';

export interface Market {
  readonly plan: MarketPlan;
  /** Keeps the tape of an imported recording for the next time; null where there is nothing to keep. Never throws. */
  readonly keep: (() => Promise<void>) | null;
}

/** A path on the command line, as it is written into a scenario: absolute, or the name of a sample. */
export function tapeArgument(name: string): string {
  return !existsSync(name) && samplePath(name) !== null ? name : resolve(name);
}

/** The file of a scenario's tape where it is no sample: its path counts from the scenario's folder. */
function tapeFile(scenario: Scenario, tape: string): string {
  return resolve(dirname(scenario.file), tape);
}

/** The market as it is written in a scenario that goes to another folder: a tape by a sample's name, or a path from the root. */
export function portableMarket(scenario: Scenario): object {
  const { market } = scenario.document.baseline;
  if (market.tape === undefined) return market;
  return { ...market, tape: samplePath(market.tape) === null ? tapeFile(scenario, market.tape) : market.tape };
}

/** Opens the market that a scenario names, from the scenario's folder. Throws `file` and `format` errors. */
export async function openMarket(scenario: Scenario, useCache: boolean, io: Io): Promise<Market> {
  const { market } = scenario;
  if ('synthetic' in market) return { plan: { synthetic: planOf(market) }, keep: null };
  const sample = samplePath(market.tape);
  if (sample !== null) return { plan: { tape: await readTape(sample) }, keep: null };
  const file = tapeFile(scenario, market.tape);
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
  const { tape, keep } = await openRecording(file, useCache, io);
  return { plan: { tape }, keep };
}

function planOf({ synthetic, instruments }: SyntheticMarketText) {
  return syntheticPlan(synthetic, instruments);
}
