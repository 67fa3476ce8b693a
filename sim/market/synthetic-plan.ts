/**
 * A synthetic market as part of a plan, and its identity: what a digest begins with, as a recorded market's begins with the
 * identity of its tape. The seed is the run's and not part of it.
 */
import { createHash } from 'node:crypto';
import { ReplaybookError } from '../../core/errors.ts';
import type { Instrument } from '../../core/market.ts';
import { PERPS, perpOf } from '../exchange/perps.ts';
import type { SyntheticParameters } from '../synthetic/parameters.ts';
import { PRESETS, type PresetName } from '../synthetic/presets.ts';

export interface SyntheticPlan {
  /** Name of the preset, for people. */
  readonly name: PresetName;
  readonly parameters: SyntheticParameters;
  readonly instruments: readonly Instrument[];
}

/** Instruments that a synthetic market can have. */
export const SYNTHETIC_SYMBOLS: readonly string[] = PERPS.map(({ symbol }) => symbol);

/** The plan of a preset on some of the listed instruments. Throws `usage` for one that is not listed. */
export function syntheticPlan(name: PresetName, symbols: readonly string[]): SyntheticPlan {
  return { name, parameters: PRESETS[name], instruments: symbols.map(instrumentOf) };
}

function instrumentOf(listed: string): Instrument {
  const perp = perpOf(listed);
  if (perp === undefined) {
    throw new ReplaybookError('usage', `no instrument ${listed}; there are ${SYNTHETIC_SYMBOLS.join(', ')}`);
  }
  const { symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd } = perp;
  return { symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd };
}

/** Raised whenever the same parameters and seed make another market. */
export const GENERATOR_VERSION = 1;

/**
 * When every synthetic market begins: 2026-10-01 00:00 UTC, ns since 1970. The exchange's days and hours, and so its funding, count
 * from there.
 */
export const SYNTHETIC_ORIGIN_NS = '1790812800000000000';

/** `sha256:` and 64 hex digits. The name and the description do not count. */
export function syntheticIdentity({ parameters, instruments }: SyntheticPlan): string {
  const { description: _, ...numbers } = parameters;
  const head = JSON.stringify([
    'replaybook synthetic market',
    GENERATOR_VERSION,
    SYNTHETIC_ORIGIN_NS,
    numbers,
    instruments,
  ]);
  return `sha256:${createHash('sha256').update(head).digest('hex')}`;
}
