/** A scenario file, read and checked: everything that can be said without its tape is said here, in one go. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve, sep } from 'node:path';
import { ReplaybookError } from '../core/errors.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../core/settings.ts';
import { systemReason } from '../sim/system-reason.ts';
import { Complaints } from './complaints.ts';
import { checkExchange, checkExchangeFits, type ExchangeTree, exchangeDefaults } from './exchange-settings.ts';
import { addIssues } from './issues.ts';
import { type MarketText, marketOf } from './market.ts';
import { applyEdits, NO_EDITS, type ScenarioEdits } from './overrides.ts';
import { checkRules } from './rules.ts';
import { type ScenarioDocument, scenarioSchema } from './schema.ts';
import { changeSettings, type RunSettings } from './settings-changes.ts';
import { checkLimits } from './settings-limits.ts';
import { overrideSettings } from './settings-tree.ts';
import { isPlainMap, Tree } from './tree.ts';
import { type Range, rangesOf } from './variation.ts';

/** A scenario is written by hand, in a few thousand bytes. Much larger ones take the YAML library many seconds. */
export const MAX_SCENARIO_BYTES = 65_536;

const EXTENSION = '.yaml';

export interface Scenario {
  /** Path under `scenarios/` without `.yaml`; of a file that lies elsewhere its name. */
  readonly id: string;
  /** The file, absolute. */
  readonly file: string;
  readonly document: ScenarioDocument;
  /** The defaults with `baseline.core` laid over them. */
  readonly core: CoreSettings;
  /** The exchange's defaults, with the core's account, and `baseline.exchange` laid over them. */
  readonly exchange: ExchangeTree;
  /** With the mistake that is the cause laid over the baseline (`cause.set`). */
  readonly caused: RunSettings;
  /** `caused` with what the paired defect needs besides, with the counterfactual's fix, and after the operator's change. */
  readonly paired: RunSettings;
  readonly fixed: RunSettings;
  readonly operated: RunSettings;
  readonly market: MarketText;
  /** Within which limits the outcome stays. */
  readonly ranges: readonly Range[];
  /** Where everything was written, for later complaints. */
  readonly tree: Tree;
}

/** Reads, changes and checks a scenario file. Throws `file`, `usage` and `scenario` errors. */
export function loadScenario(file: string, edits: ScenarioEdits = NO_EDITS): Scenario {
  return parseScenario(readText(file), file, edits);
}

/** The same for a text at hand; `file` is named in messages and gives the id. */
export function parseScenario(text: string, file: string, edits: ScenarioEdits = NO_EDITS): Scenario {
  const tree = new Tree(text, file);
  const written = structuredClone(tree.value);
  applyEdits(tree, edits);
  const complaints = new Complaints(tree);
  const parsed = scenarioSchema.safeParse(tree.value, { reportInput: true });
  if (!parsed.success) {
    addIssues(parsed.error.issues, complaints);
    complaints.throwIfAny();
    throw new TypeError('the schema refused a scenario and did not say why');
  }
  const core = overrideSettings(DEFAULT_SETTINGS, parsed.data.baseline.core, ['baseline', 'core'], complaints);
  checkLimits(core, ['baseline', 'core'], complaints);
  const { exchange: overrides } = parsed.data.baseline;
  const exchange = overrideSettings(exchangeDefaults(core), overrides, ['baseline', 'exchange'], complaints);
  checkExchange(exchange, ['baseline', 'exchange'], complaints);
  const { cause, pairedDefect, resolution } = parsed.data;
  const caused = changeSettings({ core, exchange }, cause?.set, ['cause', 'set'], complaints);
  const pairedSet = typeof pairedDefect === 'object' ? pairedDefect.set : undefined;
  const paired = changeSettings(caused, pairedSet, ['pairedDefect', 'set'], complaints);
  const fixed = changeSettings(caused, resolution?.counterfactual, ['resolution', 'counterfactual'], complaints);
  const operated = changeSettings(caused, resolution?.set, ['resolution', 'set'], complaints);
  const isSynthetic = parsed.data.baseline.market.synthetic !== undefined;
  if (isPlainMap(overrides)) checkExchangeFits(overrides, isSynthetic, ['baseline', 'exchange'], complaints);
  checkRules(parsed.data, complaints);
  const ranges = rangesOf(parsed.data, written, complaints);
  complaints.throwIfAny();
  return {
    id: scenarioId(file),
    file: resolve(file),
    document: parsed.data,
    core,
    exchange,
    caused,
    paired,
    fixed,
    operated,
    market: marketOf(parsed.data.baseline),
    ranges,
    tree,
  };
}

/** `scenarios/a/b.yaml` anywhere is `a/b`; any other file goes by its name. Always with `/`. */
export function scenarioId(file: string): string {
  const parts = resolve(file).split(sep);
  const root = parts.lastIndexOf('scenarios', parts.length - 2);
  const id = root < 0 ? basename(file) : parts.slice(root + 1).join('/');
  return extname(id) === EXTENSION ? id.slice(0, -EXTENSION.length) : id;
}

function readText(file: string): string {
  try {
    const stats = statSync(file);
    const { size } = stats;
    if (stats.isDirectory()) {
      throw new ReplaybookError('file', `${file}: cannot be read: it is a folder, expected a scenario file`, { file });
    }
    if (size > MAX_SCENARIO_BYTES) {
      throw new ReplaybookError(
        'scenario',
        `${file}: ${size} bytes is too large for a scenario (${MAX_SCENARIO_BYTES} at most)`,
        {
          file,
        },
      );
    }
    return textOf(readFileSync(file), file);
  } catch (error) {
    if (error instanceof ReplaybookError) throw error;
    throw new ReplaybookError('file', `${file}: cannot be read: ${systemReason(error)}`, { file }, error);
  }
}

function textOf(bytes: Buffer, file: string): string {
  if (bytes.length === 0) throw new ReplaybookError('scenario', `${file}: is empty: expected a scenario`, { file });
  if (bytes.includes(0) || !isUtf8(bytes)) {
    const what = 'is no text in UTF-8: expected a scenario; a recording or tape goes with --tape';
    throw new ReplaybookError('scenario', `${file}: ${what}`, { file });
  }
  return bytes.toString('utf8');
}
