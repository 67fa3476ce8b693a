/**
 * What a person can change in the running core: any setting, by its dotted path (core/port.ts, `OperatorAction`). The core owns its copy
 * of the settings; its parts read them where they use them, so a change holds from the next use on. What a part has set aside room
 * for when it was made, such as the number of levels, stays.
 */
import type { CoreSettings } from '../settings.ts';

type Leaf = number | boolean | string;
type Branch = { [key: string]: Leaf | Branch | null };

/** A copy of the settings that nobody else holds. */
export function copySettings<T>(settings: T): T {
  return copyOf(settings as Branch) as T;
}

function copyOf(branch: Branch): Branch {
  const copy: Branch = {};
  for (const [key, value] of Object.entries(branch)) {
    copy[key] = typeof value === 'object' && value !== null ? copyOf(value) : value;
  }
  return copy;
}

interface Change {
  readonly path: string;
  readonly value: Leaf;
}

export class SettingsEditor {
  readonly #settings: CoreSettings;
  readonly #changes: Change[] = [];

  constructor(settings: CoreSettings) {
    this.#settings = settings;
  }

  /** Sets a setting. Returns why it could not be set, or null. */
  set(path: string, value: Leaf): string | null {
    const problem = this.#apply(path, value);
    if (problem === null) this.#changes.push({ path, value });
    return problem;
  }

  #apply(path: string, value: Leaf): string | null {
    const names = path.split('.');
    const last = names[names.length - 1];
    let branch = this.#settings as unknown as Branch;
    for (const name of names.slice(0, -1)) {
      const next = Object.hasOwn(branch, name) ? branch[name] : null;
      if (typeof next !== 'object' || next === null) return `there is no ${name}`;
      branch = next;
    }
    if (!Object.hasOwn(branch, last)) return `there is no ${last}`;
    if (typeof branch[last] !== typeof value) return `expected a ${typeof branch[last]}`;
    branch[last] = value;
    return null;
  }

  snapshot(): unknown {
    return this.#changes.map(change => ({ ...change }));
  }

  /** Makes the changes again, on settings that are as the core began with. */
  restore(state: unknown): void {
    this.#changes.length = 0;
    for (const { path, value } of state as readonly Change[]) this.set(path, value);
  }
}
