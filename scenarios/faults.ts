/** Faults as written in a scenario, checked against their registry and made into the plan of a run. */
import { SIDE_NAMES } from '../core/market.ts';
import type { FaultInfo, FaultParameter } from '../sim/faults/fault-kind.ts';
import type { Fault, ParameterValue } from '../sim/faults/plan.ts';
import { FAULTS, kindOf } from '../sim/faults/registry.ts';
import type { Complaints, Path } from './complaints.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import type { FaultText } from './schema.ts';
import type { Plain } from './tree.ts';

/** What the registry says of a written fault. The schema has seen to it that the kind exists. */
export function infoOf(fault: FaultText): FaultInfo {
  const info = FAULTS.find(candidate => candidate.kind === fault.kind);
  if (info === undefined) throw new TypeError(`no fault ${fault.kind} in the registry`);
  return info;
}

/** Adds what does not hold, whatever the market: the target, the length, and the parameters. */
export function checkFault(fault: FaultText, path: Path, complaints: Complaints): void {
  const info = infoOf(fault);
  checkTarget(fault, info, path, complaints);
  if (fault.probability !== undefined && !info.hasProbability) {
    complaints.add([...path, 'probability'], `has no place: ${info.kind} does not act on single messages`, 'key');
  }
  if (fault.direction !== undefined && !info.hasDirection) {
    complaints.add([...path, 'direction'], `has no place: ${info.kind} does not act on a link`, 'key');
  }
  const length = parseDuration(fault.for);
  const { min, max } = info.forNs;
  if (length.ok && (length.ns < min || length.ns > max)) {
    complaints.add([...path, 'for'], `expected ${formatDuration(min)} to ${formatDuration(max)}, not ${fault.for}`);
  }
  checkParameters(fault, info, [...path, 'params'], complaints);
}

function checkTarget(fault: FaultText, info: FaultInfo, path: Path, complaints: Complaints): void {
  const { targets, defaultTarget } = info;
  if (targets.length === 0) {
    if (fault.target !== undefined) complaints.add([...path, 'target'], `has no place: ${info.kind} has none`, 'key');
  } else if (fault.target === undefined) {
    if (defaultTarget === null) {
      complaints.add([...path, 'target'], `is missing: expected one of ${targets.join(', ')}`);
    }
  } else if (!targets.includes(fault.target)) {
    const guess = didYouMean(fault.target, targets);
    complaints.add([...path, 'target'], `expected one of ${targets.join(', ')}${guess}`);
  }
}

function checkParameters(fault: FaultText, info: FaultInfo, path: Path, complaints: Complaints): void {
  const names = info.parameters.map(parameter => parameter.name);
  for (const [name, value] of Object.entries(fault.params ?? {})) {
    const parameter = info.parameters.find(candidate => candidate.name === name);
    if (parameter === undefined) {
      const known = names.length === 0 ? `${info.kind} has none` : `known here: ${names.join(', ')}`;
      complaints.add([...path, name], `unknown parameter${didYouMean(name, names)}; ${known}`, 'key');
      continue;
    }
    const read = readParameter(parameter, value);
    if (!('value' in read)) complaints.add([...path, name], read.problem);
  }
}

/** `symbol` is left as it is: whether the market has it is known only with the market. */
function readParameter(parameter: FaultParameter, value: Plain): { value: ParameterValue } | { problem: string } {
  switch (parameter.type) {
    case 'time': {
      const { min, max } = parameter;
      const expected = `expected a time from ${formatDuration(min)} to ${formatDuration(max)}`;
      if (typeof value !== 'string' && typeof value !== 'number') return { problem: expected + not(value) };
      const parsed = parseDuration(String(value));
      if (!parsed.ok) return { problem: `${parsed.problem}; ${expected}` };
      return parsed.ns < min || parsed.ns > max ? { problem: expected + not(value) } : { value: parsed.ns };
    }
    case 'number':
    case 'integer': {
      const { min, max, type, unit } = parameter;
      const isNumber = typeof value === 'number' && (type === 'number' || Number.isInteger(value));
      if (isNumber && value >= min && value <= max) return { value };
      const what = type === 'integer' ? 'a whole number' : 'a number';
      return { problem: `expected ${what} from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}${not(value)}` };
    }
    case 'choice':
      return readChoice(parameter.choices, value);
    case 'side':
      return readChoice([...SIDE_NAMES, 'both'], value);
    case 'flag':
      return typeof value === 'boolean' ? { value } : { problem: `expected true or false${not(value)}` };
    case 'instrument':
      return typeof value === 'string' ? { value } : { problem: `expected a symbol such as BTC${not(value)}` };
  }
}

function readChoice(choices: readonly string[], value: Plain): { value: string } | { problem: string } {
  if (typeof value === 'string' && choices.includes(value)) return { value };
  return { problem: `expected one of ${choices.join(', ')}${not(value)}${didYouMean(String(value), choices)}` };
}

/** Longest value that a message repeats. */
const MOST_SHOWN = 40;

/** `, not 100s`: what was written. */
function not(value: Plain): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `, not ${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}`;
}

/**
 * The fault of a plan; it has been checked. `symbols`: the market's instruments. A symbol that it does not have is added to
 * `complaints`.
 */
export function toFault(
  fault: FaultText,
  atNs: number,
  forNs: number,
  symbols: readonly string[],
  path: Path,
  complaints: Complaints,
): Fault {
  const info = infoOf(fault);
  const params: Record<string, ParameterValue> = {};
  for (const parameter of info.parameters) {
    const { name } = parameter;
    const written = fault.params?.[name];
    if (parameter.type === 'instrument') {
      params[name] = written === undefined ? -1 : symbols.indexOf(String(written));
      if (written !== undefined && params[name] < 0) {
        const expected = `expected one of the market's instruments: ${symbols.join(', ')}`;
        complaints.add([...path, 'params', name], expected + didYouMean(String(written), symbols));
      }
      continue;
    }
    const read = written === undefined ? { value: parameter.default } : readParameter(parameter, written);
    if ('value' in read) params[name] = read.value;
  }
  const made: Fault = {
    kind: info.kind,
    target: fault.target ?? info.defaultTarget ?? '',
    direction: fault.direction ?? 'both',
    atNs,
    forNs,
    probability: fault.probability ?? 1,
    atLeast: fault.atLeast ?? 1,
    params,
  };
  const contradiction = kindOf(info.kind).contradiction?.(made) ?? null;
  if (contradiction !== null) complaints.add(path, `${info.kind} could never do what it says: ${contradiction}`);
  return made;
}
