/**
 * Times as people write them in scenario files: `250ms`, `12s`, `1.5m`, `1h`, `100us`, `5ns`, and shares of a whole, `40%`.
 *
 * Parsing is exact: digits go through integers of any length, never through a float, and a text that is not a whole number
 * of nanoseconds is no duration.
 */

/** Nanoseconds of each unit, smallest first. */
const UNITS: readonly (readonly [unit: string, ns: bigint])[] = [
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
];

/** What a duration looks like, as a pattern for editors (JSON Schema) and the first check of the loader. */
export const DURATION_PATTERN = /^(\d+)(?:\.(\d+))?(ns|us|ms|s|m|h)$/;
/** A share of a whole. */
export const SHARE_PATTERN = /^(\d+)(?:\.(\d+))?%$/;
/** A duration or a share. */
export const MOMENT_PATTERN = /^\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|%)$/;

/** Integers up to here are exact in a `number`: 104 days in ns. */
const MAX_NS = BigInt(Number.MAX_SAFE_INTEGER);

/** Longest text that is looked at. Every duration that fits a `number` is shorter. */
const MAX_TEXT = 40;

/** A time in integral ns, or what is wrong with the text. */
export type Parsed = { ok: true; ns: number } | { ok: false; problem: string };

const EXAMPLES = 'such as 250ms, 12s, 1.5m or 1h';

/** Reads a duration of 0 ns or more. */
export function parseDuration(text: string): Parsed {
  const match = text.length > MAX_TEXT ? null : DURATION_PATTERN.exec(text);
  if (match === null) return { ok: false, problem: durationProblem(text) };
  const [, whole, fraction = '', unit] = match;
  const unitNs = UNITS.find(([name]) => name === unit)?.[1] ?? 1n;
  const scaled = BigInt(whole + fraction) * unitNs;
  const divisor = powerOfTen(fraction.length);
  if (scaled % divisor !== 0n) {
    return { ok: false, problem: `${text} is not a whole number of nanoseconds` };
  }
  return bounded(text, scaled / divisor);
}

/** Reads a duration, or a share of `wholeNs` (rounded down to a whole ns). */
export function parseMoment(text: string, wholeNs: number): Parsed {
  const match = text.length > MAX_TEXT ? null : SHARE_PATTERN.exec(text);
  if (match === null) return parseDuration(text);
  const [, whole, fraction = ''] = match;
  const share = BigInt(whole + fraction);
  const hundred = powerOfTen(fraction.length + 2);
  if (share > hundred) return { ok: false, problem: `${text} is more than the whole` };
  return bounded(text, (share * BigInt(wholeNs)) / hundred);
}

/** An exact text of a time: whole hours, else seconds, ms or us with at most three decimals, else plain ns. */
export function formatDuration(ns: number): string {
  if (ns === 0) return '0s';
  const value = BigInt(ns);
  for (const [unit, unitNs, decimals] of SHOWN_UNITS) {
    const scaled = value * powerOfTen(decimals);
    if (value < unitNs || scaled % unitNs !== 0n) continue;
    const digits = (scaled / unitNs).toString();
    const whole = digits.slice(0, digits.length - decimals);
    const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
    return whole + (fraction === '' ? '' : `.${fraction}`) + unit;
  }
  return `${ns}ns`;
}

/** Units of `formatDuration` with the decimals each may have. The playbook speaks of 90 s, not of 1.5 minutes. */
const SHOWN_UNITS: readonly (readonly [unit: string, ns: bigint, decimals: number])[] = [
  ['h', 3_600_000_000_000n, 0],
  ['s', 1_000_000_000n, 3],
  ['ms', 1_000_000n, 3],
  ['us', 1_000n, 3],
];

function bounded(text: string, ns: bigint): Parsed {
  if (ns > MAX_NS) return { ok: false, problem: `${text} is longer than 104 days` };
  return { ok: true, ns: Number(ns) };
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`);
}

/** Says what a text that is no duration lacks, with the right text where it can be guessed. */
function durationProblem(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return `${text} has no unit: write ${text}s or ${text}ms`;
  if (/^[-−]/.test(text)) return `${text} is negative: expected a duration ${EXAMPLES}`;
  const loose = /^(\d+(?:\.\d+)?)\s*([a-zµ]+)$/i.exec(text.trim());
  const unit = loose === null ? undefined : spelledUnit(loose[2]);
  if (loose !== null && unit !== undefined) return `${quote(text)} is not a duration: write ${loose[1]}${unit}`;
  return `${quote(text)} is not a duration: expected one ${EXAMPLES}`;
}

/** The unit that a longer or foreign spelling means. */
function spelledUnit(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (UNITS.some(([unit]) => unit === lower)) return lower;
  if (lower === 'µs') return 'us';
  for (const [unit, spellings] of SPELLINGS) if (spellings.includes(lower)) return unit;
  return undefined;
}

const SPELLINGS: readonly (readonly [unit: string, spellings: readonly string[]])[] = [
  ['ns', ['nanosecond', 'nanoseconds', 'nano', 'nanos']],
  ['us', ['microsecond', 'microseconds', 'micro', 'micros', 'usec']],
  ['ms', ['millisecond', 'milliseconds', 'milli', 'millis', 'msec']],
  ['s', ['second', 'seconds', 'sec', 'secs']],
  ['m', ['minute', 'minutes', 'min', 'mins']],
  ['h', ['hour', 'hours', 'hr', 'hrs']],
];

/** A text as it may stand in a message: in quotes, cut, without control characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}

/** A time that the schema has checked, in ns; null where it is not given. `wholeNs`: shares of it are taken, too. */
export function writtenTime(text: string | undefined, wholeNs?: number): number | null {
  if (text === undefined) return null;
  const parsed = wholeNs === undefined ? parseDuration(text) : parseMoment(text, wholeNs);
  if (!parsed.ok) throw new TypeError(`${text}: ${parsed.problem}`);
  return parsed.ns;
}
