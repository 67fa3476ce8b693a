/**
 * Settings that a scenario changes beside its baseline: the mistake that is its cause (`cause.set`), and the fix that a
 * counterfactual run tries (`resolution.counterfactual`). Both are mappings of dotted paths, as on the command line:
 * `core.orchestrator.eventAccumulator.debounce: 60s`.
 */
import type { CoreSettings } from '../core/settings.ts';
import type { Complaints, Path } from './complaints.ts';
import { checkExchange, type ExchangeTree } from './exchange-settings.ts';
import { checkLimits } from './settings-limits.ts';
import { overrideSettings } from './settings-tree.ts';
import { isPlainMap, type Plain, type PlainMap } from './tree.ts';

/** What can be set of a run. */
export interface RunSettings {
  readonly core: CoreSettings;
  readonly exchange: ExchangeTree;
}

/** `base` with the changes laid over it. What does not fit is added to `complaints`, under `path`. */
export function changeSettings(
  base: RunSettings,
  changes: PlainMap | undefined,
  path: Path,
  complaints: Complaints,
): RunSettings {
  if (changes === undefined) return base;
  let { core, exchange } = base;
  for (const [dotted, value] of Object.entries(changes)) {
    const [root, ...rest] = dotted.split('.');
    const nested = rest.reduceRight<Plain>((inner, part) => ({ [part]: inner }), value);
    // A nested mapping does as well: it is what `--set cause.set.core.…` makes.
    const isComplete = rest.length > 0 ? rest.every(part => part !== '') : isPlainMap(value);
    if (root === 'core' && isComplete) core = overrideSettings(core, nested, [...path, 'core'], complaints);
    else if (root === 'exchange' && isComplete) {
      exchange = overrideSettings(exchange, nested, [...path, 'exchange'], complaints);
    } else {
      const example = 'core.orchestrator.eventAccumulator.debounce: 60s';
      complaints.add(
        [...path, dotted],
        `expected the path of a setting, core.… or exchange.…, such as ${example}`,
        'key',
      );
    }
  }
  checkLimits(core, [...path, 'core'], complaints);
  checkExchange(exchange, [...path, 'exchange'], complaints);
  return { core, exchange };
}
