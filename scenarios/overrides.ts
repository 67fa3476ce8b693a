/**
 * `--set path=value`: changes to a scenario before it is checked, so that every check holds for them too.
 *
 * A path addresses the scenario as it is written (`cause.faults.0.at=55s`, `baseline.duration=90s`); `core.…` and `exchange.…` are
 * short for `baseline.core.…` and `baseline.exchange.…`. The value is YAML: `55s`, `3`, `true`, `["2.1", "2.2"]`; a number in the
 * place of a text is that text (`playbook=2.3`), as shells take quotes away. A path that the format does not know is refused
 * by the checks that follow; one that leads through a value that has no parts is refused here.
 */
import { ReplaybookError } from '../core/errors.ts';
import { ScenarioError } from './complaints.ts';
import { isPlainMap, type Plain, Tree } from './tree.ts';

/** What the command line changes of a scenario. */
export interface ScenarioEdits {
  /** Replaces the market, and the duration unless `set` gives one. */
  readonly tape?: string | undefined;
  /** `path=value`, in this order. */
  readonly set: readonly string[];
}

export const NO_EDITS: ScenarioEdits = { set: [] };

/** What can be changed: a tree, or a value that is tried. */
type Editable = Pick<Tree, 'value' | 'setOrigin'>;

/** Changes the tree in place. Throws a `usage` error for what cannot be applied. */
export function applyEdits(tree: Editable, edits: ScenarioEdits): void {
  if (edits.tape !== undefined && isPlainMap(tree.value) && isPlainMap(tree.value.baseline ?? {})) {
    const market = { text: edits.tape, value: { tape: edits.tape } };
    setAt(tree, ['baseline', 'market'], market, `--tape ${edits.tape}`);
    const baseline = tree.value.baseline;
    if (isPlainMap(baseline)) delete baseline.duration;
  }
  for (const text of edits.set) {
    const origin = `--set ${text}`;
    const equals = text.indexOf('=');
    if (equals <= 0) {
      throw new ReplaybookError('usage', `${origin}: expected path=value, such as core.risk.maxInventoryUsd=500`);
    }
    const path = text.slice(0, equals).trim().split('.');
    if (path[0] === 'core' || path[0] === 'exchange') path.unshift('baseline');
    setAt(tree, path, { text: text.slice(equals + 1), value: readValue(text.slice(equals + 1), origin) }, origin);
  }
}

function readValue(text: string, origin: string): Plain {
  try {
    return new Tree(text, origin).value;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    // Line and column of a word on the command line help nobody.
    const messages = error.complaints.map(complaint => complaint.message);
    throw new ReplaybookError('usage', `${origin}: ${messages.join('; ')}`);
  }
}

/** A value as it was written and as it was read. */
interface Written {
  readonly text: string;
  readonly value: Plain;
}

/** What takes the place of `before`. */
function inPlaceOf(before: Plain | undefined, { text, value }: Written): Plain {
  return typeof before === 'string' && typeof value === 'number' ? text.trim() : value;
}

function setAt(tree: Editable, path: readonly string[], written: Written, origin: string): void {
  const refuse = (why: string): never => {
    throw new ReplaybookError('usage', `${origin}: ${why}`);
  };
  if (path.some(part => part === '' || part === '__proto__' || part === 'constructor' || part === 'prototype')) {
    refuse(`"${path.join('.')}" is not a path`);
  }
  let parent = tree.value;
  for (let depth = 0; depth < path.length; depth++) {
    const part = path[depth];
    const isLast = depth === path.length - 1;
    const here = path.slice(0, depth).join('.') || 'the scenario';
    if (Array.isArray(parent)) {
      const index = /^\d{1,4}$/.test(part) ? Number(part) : -1;
      if (index < 0 || index >= parent.length) {
        refuse(`${here} is a list of ${parent.length}, counted from 0, and has no part "${part}"`);
      }
      if (isLast) parent[index] = inPlaceOf(parent[index], written);
      else parent = parent[index];
    } else if (isPlainMap(parent)) {
      if (isLast) parent[part] = inPlaceOf(Object.hasOwn(parent, part) ? parent[part] : undefined, written);
      else {
        if (!Object.hasOwn(parent, part) || parent[part] === null) {
          parent[part] = {};
          tree.setOrigin(path.slice(0, depth + 1), origin);
        }
        parent = parent[part];
      }
    } else {
      refuse(`${here} has no parts`);
    }
  }
  tree.setOrigin(path, origin);
}
