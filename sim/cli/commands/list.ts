/** `replaybook list`: scenarios, faults, symptoms, invariants, settings, defects, presets and instruments, with units and defaults. */
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { INVARIANT_DESCRIPTIONS } from '../../../reports/invariants/descriptions.ts';
import { INVARIANTS } from '../../../reports/invariants/invariants.ts';
import { SYMPTOM_TITLES, titled } from '../../../reports/titles.ts';
import { wrap } from '../../../reports/wrap.ts';
import { lastPart, scenarioIds } from '../../../scenarios/catalogue.ts';
import { DEFECTS } from '../../../scenarios/defects/defects.ts';
import { formatDuration } from '../../../scenarios/duration.ts';
import { EXCHANGE_TREE } from '../../../scenarios/exchange-settings.ts';
import type { Scenario } from '../../../scenarios/load.ts';
import { listSettings } from '../../../scenarios/settings-tree.ts';
import type { Outcome } from '../../../scenarios/vocabulary.ts';
import { type MarginTier, onlyIsolated, PERPS } from '../../exchange/perps.ts';
import { FAULT_GROUPS, type FaultGroup, type FaultInfo, type FaultParameter } from '../../faults/fault-kind.ts';
import { FAULTS } from '../../faults/registry.ts';
import { PRESET_NAMES, PRESETS } from '../../synthetic/presets.ts';
import { type Io, width } from '../io.ts';
import { openScenario } from '../open-scenario.ts';
import type { ListName } from '../options.ts';
import { SCENARIOS } from '../paths.ts';
import { printableLine } from '../printable.ts';
import type { Request } from '../request.ts';
import { SYMPTOM_DESCRIPTIONS, type SymptomDescription } from '../symptom-descriptions.ts';
import { table } from '../table.ts';

/** What is listed: as data for `--json`, and as text. */
interface Listing {
  readonly data: unknown;
  readonly text: (columns: number) => string;
}

const LISTINGS: Readonly<Record<ListName, () => Listing>> = {
  scenarios,
  faults,
  symptoms,
  invariants,
  settings,
  defects,
  presets,
  instruments,
};

export function list(request: Request, io: Io): number {
  const listing = LISTINGS[request.operand as ListName]();
  io.out(request.flag('json') ? `${JSON.stringify(listing.data)}\n` : listing.text(width(io)));
  return 0;
}

function scenarios(): Listing {
  const data = scenarioIds(SCENARIOS).map(id => {
    const { document } = openScenario(join(SCENARIOS, `${id}.yaml`));
    const { expect, mustFail = false, playbook, title } = document;
    return { id, title, playbook, outcome: expect.outcome, mustFail };
  });
  const folders = [...new Set(data.map(({ id }) => folderOf(id)))];
  return {
    data,
    text: columns =>
      folders
        .map(folder =>
          folderText(
            folder,
            data.filter(({ id }) => folderOf(id) === folder),
            columns,
          ),
        )
        .join('\n'),
  };
}

type ListedScenario = Pick<Scenario['document'], 'playbook' | 'title'> & {
  readonly id: string;
  readonly outcome: Outcome;
  readonly mustFail: boolean;
};

function folderOf(id: string): string {
  return id.slice(0, id.length - lastPart(id).length);
}

/** Names alone can be typed: the last part of an id means that scenario. Titles are sentences, and have lines of their own. */
function folderText(folder: string, scenarios: readonly ListedScenario[], columns: number): string {
  const widest = Math.max(...scenarios.map(({ id }) => lastPart(id).length));
  const told = scenarios.flatMap(({ id, mustFail, outcome, playbook, title }) => [
    `  ${lastPart(id).padEnd(widest)}  ${playbook ?? '–  '}  ${outcome}${mustFail ? ' (a canary: it must fail)' : ''}`,
    ...wrap(printableLine(title), columns, '      ', '      '),
  ]);
  return `${[folder, ...told].join('\n')}\n`;
}

function faults(): Listing {
  return {
    data: FAULTS.map(faultData),
    text: columns => FAULT_GROUPS.map(group => groupText(group, columns)).join('\n'),
  };
}

/** How a fault is written; the kinds follow, by the part of the world that they act on. */
const FAULT_FORM =
  'In a scenario: cause: { faults: [{ kind: …, target: …, at: 60s, for: 30s, params: { … } }] }. Every kind has at and for; what else it ' +
  'has is told below, with its limits. playbook: the step that it is meant to show, and others that may follow from it.';

function groupText(group: FaultGroup, columns: number): string {
  const kinds = FAULTS.filter(info => info.group === group);
  const form = group === FAULT_GROUPS[0] ? `${wrap(FAULT_FORM, columns, '', '').join('\n')}\n\n` : '';
  return `${form}Faults of ${group}\n\n${kinds.map(info => faultText(info, columns)).join('\n')}`;
}

/** Times as they are written in a scenario. */
function faultData(info: FaultInfo): unknown {
  const { forNs, parameters, ...rest } = info;
  return {
    ...rest,
    parameters: parameters.map(parameter =>
      parameter.type === 'time'
        ? {
            ...parameter,
            min: formatDuration(parameter.min),
            max: formatDuration(parameter.max),
            default: formatDuration(parameter.default),
          }
        : parameter,
    ),
    for: { min: formatDuration(forNs.min), max: formatDuration(forNs.max) },
  };
}

function faultText(info: FaultInfo, columns: number): string {
  const { allowed, defaultTarget, forNs, hasDirection, hasProbability, parameters, primary, targets } = info;
  const besides = allowed.length === 0 ? '' : `; besides: ${allowed.join(', ')}`;
  const usualTarget = defaultTarget === null ? 'has to be given' : `${defaultTarget} by default`;
  const rows = [
    ...(targets.length === 0 ? [] : [['target', `${targets.join(', ')}; ${usualTarget}`]]),
    ['for', `${formatDuration(forNs.min)} to ${formatDuration(forNs.max)}`],
    ...(hasDirection ? [['direction', 'up (from the core), down or both; both by default']] : []),
    ...(hasProbability ? [['probability', 'Share of the messages that it hits (above 0, to 1; 1 by default)']] : []),
    ...parameters.map(parameter => [`params.${parameter.name}`, parameterText(parameter)]),
    ...(info.markets === 'synthetic' ? [['market', 'a synthetic one: it moves prices']] : []),
    ['playbook', `${titled(primary)}${besides}`],
    ['may turn hot', info.symptoms.length === 0 ? 'nothing' : info.symptoms.join(', ')],
  ];
  const head = [info.kind, ...wrap(info.description, columns, '  ', '  ')];
  const shown = rows.map(row => ['', ...row]);
  return `${head.join('\n')}\n${table(shown, columns)}`;
}

function parameterText(parameter: FaultParameter): string {
  const { description } = parameter;
  switch (parameter.type) {
    case 'time': {
      const { min, max, default: usual } = parameter;
      return `${open(description)} (${formatDuration(min)} to ${formatDuration(max)}; ${formatDuration(usual)} by default)`;
    }
    case 'number':
    case 'integer': {
      const { min, max, unit, default: usual } = parameter;
      return `${open(description)} (${min} to ${max}${unit === '' ? '' : ` ${unit}`}; ${usual} by default)`;
    }
    case 'choice':
      return `${open(description)} (${parameter.choices.join(', ')}; ${parameter.default} by default)`;
    case 'side':
      return `${open(description)} (bid, ask or both; ${parameter.default} by default)`;
    case 'flag':
      return `${open(description)} (true or false; ${parameter.default} by default)`;
    case 'instrument':
      return `${open(description)} (a symbol of the market; every instrument by default)`;
  }
}

/** A sentence to which something is added. */
function open(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function defects(): Listing {
  const data = DEFECTS.map(({ parts: _parts, ...described }) => described);
  return {
    data,
    text: columns =>
      table(
        data.map(({ name, primary, source, description }) => [name, primary, `${description} (${source})`]),
        columns,
      ),
  };
}

const SYMPTOM_FORM =
  'Symptoms are judged from what the exchange, the network and the market did, not from what the core says of itself. Each is hot or cold at ' +
  'any moment. The twin is the same run without the cause.';

/** What turns it hot one by one: the alternatives are long. */
function symptomText({ coldWhen, hotWhen, symptom }: SymptomDescription, columns: number): string {
  const [first, ...others] = hotWhen.split('; or ');
  const hot = [first, ...others.map(other => `or ${other}`)].map((text, at) => ['', at === 0 ? 'hot when' : '', text]);
  return `${symptom}: ${SYMPTOM_TITLES[symptom]}\n${table([...hot, ['', 'cold when', coldWhen]], columns)}`;
}

function symptoms(): Listing {
  return {
    data: SYMPTOM_DESCRIPTIONS,
    text: columns =>
      `${wrap(SYMPTOM_FORM, columns, '', '').join('\n')}\n\n${SYMPTOM_DESCRIPTIONS.map(one => symptomText(one, columns)).join('\n')}`,
  };
}

function invariants(): Listing {
  const data = INVARIANTS.map(name => ({ invariant: name, description: INVARIANT_DESCRIPTIONS[name] }));
  return {
    data,
    text: columns =>
      table(
        data.map(({ invariant, description }) => [invariant, description]),
        columns,
      ),
  };
}

function settings(): Listing {
  const data = [
    ...listSettings(DEFAULT_SETTINGS).map(setting => ({ ...setting, path: `core.${setting.path}` })),
    ...listSettings(EXCHANGE_TREE).map(setting => ({ ...setting, path: `exchange.${setting.path}` })),
  ];
  return {
    data,
    text: columns =>
      table(
        data.map(({ path, default: value, unit }) => [path, `${value ?? 'none'} ${unit}`.trimEnd()]),
        columns,
      ),
  };
}

function presets(): Listing {
  const data = PRESET_NAMES.map(name => ({ preset: name, ...PRESETS[name] }));
  return {
    data,
    text: columns =>
      table(
        data.map(({ preset, description }) => [preset, description]),
        columns,
      ),
  };
}

function instruments(): Listing {
  const data = PERPS.map(perp => ({ ...perp, onlyIsolated: onlyIsolated(perp) }));
  return {
    data,
    text: columns =>
      table(
        data.map(perp => [
          perp.symbol,
          `tick ${unitText(perp.priceDecimals)}, lot ${unitText(perp.sizeDecimals)}, ${perp.significantFigures} significant ` +
            `figures, at least $${perp.minNotionalUsd}; ${perp.marginTiers.map(tierText).join(', ')}` +
            `${perp.onlyIsolated ? '; isolated margin only' : ''}`,
        ]),
        columns,
      ),
  };
}

/** 10^-decimals. */
function unitText(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
}

function tierText({ lowerBoundUsd, maxLeverage }: MarginTier): string {
  return lowerBoundUsd === 0 ? `${maxLeverage}x` : `${maxLeverage}x from $${lowerBoundUsd / 1_000_000}M`;
}
