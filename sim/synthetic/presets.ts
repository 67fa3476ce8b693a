/** The synthetic markets that a scenario can name. */
import type { SyntheticParameters } from './parameters.ts';
import { BUSY } from './presets/busy.ts';
import { CALM } from './presets/calm.ts';
import { CASCADE } from './presets/cascade.ts';
import { FLASH_CRASH } from './presets/flash-crash.ts';
import { ONE_SIDED } from './presets/one-sided.ts';
import { THIN } from './presets/thin.ts';
import { VOLATILE } from './presets/volatile.ts';

export const PRESET_NAMES = ['calm', 'busy', 'volatile', 'flash-crash', 'cascade', 'thin', 'one-sided'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export const PRESETS: Readonly<Record<PresetName, SyntheticParameters>> = {
  calm: CALM,
  busy: BUSY,
  volatile: VOLATILE,
  'flash-crash': FLASH_CRASH,
  cascade: CASCADE,
  thin: THIN,
  'one-sided': ONE_SIDED,
};
