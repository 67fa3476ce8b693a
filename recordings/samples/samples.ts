/** The tapes that come with the program, by name. `sim/cli/make-samples.ts` makes them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A synthetic BTC market on a working day, as a recorder would have received it. */
export const BTC_BUSY = 'btc-busy';
export const SAMPLE_NAMES = [BTC_BUSY] as const;

/** Where a sample's tape lies, or null where the name is none. */
export function samplePath(name: string): string | null {
  const sample = SAMPLE_NAMES.find(known => known === name);
  return sample === undefined ? null : join(samplesFolder(), `${sample}.arrow`);
}

/** The tapes lie beside the sources only; the compiled program finds them from dist/recordings/samples. */
function samplesFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, 'samples.ts')) ? here : join(here, '../../../recordings/samples');
}
