/** The options of `expectScenario`, and what each has to be: tests in JavaScript are checked by no compiler. */
import { inspect } from 'node:util';
import { ReplaybookError } from '../../core/errors.ts';
import type { CoreFactory } from '../../core/port.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { FORMS, type Form } from '../../scenarios/forms.ts';
import { didYouMean } from '../../scenarios/nearest.ts';
import { printableLine } from './printable.ts';
import { MAX_SEED } from './request.ts';

export interface ScenarioOptions {
  /** Seed of all randomness; 1 by default. */
  readonly seed?: number;
  /** `plain`, or `defect`: with the scenario's paired defect planted into our core. */
  readonly form?: Form;
  /** Changes to the scenario, as `run --set` takes them: `core.risk.maxInventoryUsd=500`. */
  readonly set?: readonly string[];
  /** A tape, or a recording, in place of the scenario's market. */
  readonly tape?: string;
  /** The core under test; ours by default. */
  readonly createCore?: CoreFactory<CoreSettings>;
}

const EXPECTED: Readonly<Record<keyof ScenarioOptions, readonly [fits: (value: unknown) => boolean, what: string]>> = {
  seed: [
    value => Number.isSafeInteger(value) && Number(value) >= 0,
    `a whole number from 0 to ${MAX_SEED}, such as seed: 3`,
  ],
  form: [value => FORMS.some(form => form === value), FORMS.map(form => `'${form}'`).join(' or ')],
  set: [
    value => Array.isArray(value) && value.every(isText),
    "a list of changes, such as set: ['core.risk.maxInventoryUsd=500']",
  ],
  tape: [isText, 'the path of a tape or recording'],
  createCore: [value => typeof value === 'function', 'a function that makes a core (CoreFactory in core/port.ts)'],
};

/** Throws a `usage` error for the first thing that is not as it should be. An option that is `undefined` is not given. */
export function checkCall(name: unknown, options: unknown): void {
  if (!isText(name)) refuse(`the scenario is ${shown(name)}: expected an id, a part of one, or a path`);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    refuse(`the options are ${shown(options)}: expected an object, such as { seed: 3 }`);
  }
  const known = Object.keys(EXPECTED);
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(EXPECTED, key)) {
      refuse(`there is no option ${printableLine(key)}${didYouMean(key, known)}; known: ${known.join(', ')}`);
    }
    const [fits, what] = EXPECTED[key as keyof ScenarioOptions];
    if (value !== undefined && !fits(value)) refuse(`${key} is ${shown(value)}: expected ${what}`);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

const MOST_SHOWN = 60;

/** A wrong value as it may stand in a message. */
function shown(value: unknown): string {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1 });
  return printableLine(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}

function refuse(message: string): never {
  throw new ReplaybookError('usage', `expectScenario: ${message}`);
}
