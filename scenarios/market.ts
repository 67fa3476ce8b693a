/** Where a scenario's market comes from, and what its two kinds ask for. */
import { NS_PER_S } from '../core/scale.ts';
import { PRESET_NAMES, type PresetName } from '../sim/synthetic/presets.ts';
import type { Complaints } from './complaints.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { ScenarioDocument } from './schema.ts';

/** A recording, in part or whole. */
export interface TapeMarketText {
  readonly tape: string;
}

/** A market that a program makes. */
export interface SyntheticMarketText {
  readonly synthetic: PresetName;
  readonly instruments: readonly string[];
}

export type MarketText = TapeMarketText | SyntheticMarketText;

/** A synthetic market has no end of its own; memory has. */
export const LONGEST_SYNTHETIC_NS = 24 * 3_600 * NS_PER_S;
const DEFAULT_INSTRUMENT = 'BTC';

type Document = ScenarioDocument['baseline'];

const EITHER = `{ tape: btc-busy } or { synthetic: ${PRESET_NAMES[0]}, instrument: BTC }`;

/** Adds what does not go together. */
export function checkMarket({ market, duration }: Document, complaints: Complaints): void {
  const path = ['baseline', 'market'];
  const { tape, synthetic, instrument, instruments, from, to } = market;
  if (tape === undefined && synthetic === undefined) {
    complaints.add(path, `expected a tape or a synthetic market: ${EITHER}`);
    return;
  }
  if (synthetic === undefined) {
    const needsSynthetic = 'belongs to a synthetic market: a tape has its own';
    if (instrument !== undefined) complaints.add([...path, 'instrument'], needsSynthetic, 'key');
    if (instruments !== undefined) complaints.add([...path, 'instruments'], needsSynthetic, 'key');
    if (duration !== undefined && to !== undefined) {
      complaints.add(['baseline', 'duration'], 'has no place beside baseline.market.to: give one of them', 'key');
    }
    return;
  }
  if (tape !== undefined) complaints.add([...path, 'tape'], `has no place beside synthetic: give one of them`, 'key');
  const needsTape = 'belongs to a tape: a synthetic market begins with the run and is as long';
  if (from !== undefined) complaints.add([...path, 'from'], needsTape, 'key');
  if (to !== undefined) complaints.add([...path, 'to'], needsTape, 'key');
  if (instrument !== undefined && instruments !== undefined) {
    const both = `--set 'baseline.market={ synthetic: ${synthetic}, instruments: [${instruments.join(', ')}] }'`;
    const hint = `give one of them (on the command line: ${both})`;
    complaints.add([...path, 'instrument'], `has no place beside instruments: ${hint}`, 'key');
  }
  instruments?.forEach((symbol, index) => {
    if (instruments.indexOf(symbol) < index)
      complaints.add([...path, 'instruments', index], `${symbol} is there already`);
  });
  if (duration === undefined)
    complaints.add(['baseline', 'duration'], 'is missing: a synthetic market has no end of its own');
  else if (nsOf(duration) > LONGEST_SYNTHETIC_NS) {
    complaints.add(
      ['baseline', 'duration'],
      `expected at most ${formatDuration(LONGEST_SYNTHETIC_NS)} of a synthetic market`,
    );
  }
}

function nsOf(text: string): number {
  const parsed = parseDuration(text);
  return parsed.ok ? parsed.ns : 0;
}

/** The market of a document that `checkMarket` has nothing against. */
export function marketOf({ market }: Document): MarketText {
  const { tape, synthetic, instrument, instruments } = market;
  if (synthetic !== undefined) return { synthetic, instruments: instruments ?? [instrument ?? DEFAULT_INSTRUMENT] };
  if (tape !== undefined) return { tape };
  throw new TypeError('a market that was not checked');
}
