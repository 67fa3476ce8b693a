/** `replaybook list`: scenarios, faults, symptoms, settings, presets and instruments, with units and defaults. */
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { wrap } from '../../../reports/wrap.ts';
import { scenarioIds } from '../../../scenarios/catalogue.ts';
import { formatDuration } from '../../../scenarios/duration.ts';
import { EXCHANGE_TREE } from '../../../scenarios/exchange-settings.ts';
import { listSettings } from '../../../scenarios/settings-tree.ts';
import { type MarginTier, onlyIsolated, PERPS } from '../../exchange/perps.ts';
import { FAULTS } from '../../faults/registry.ts';
import { PRESET_NAMES, PRESETS } from '../../synthetic/presets.ts';
import { type Io, width } from '../io.ts';
import { openScenario } from '../open-scenario.ts';
import type { ListName } from '../options.ts';
import { SCENARIOS } from '../paths.ts';
import type { Request } from '../request.ts';
import { SYMPTOM_DESCRIPTIONS } from '../symptom-descriptions.ts';
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
  settings,
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
    return { id, title: document.title, playbook: document.playbook, outcome: document.expect.outcome };
  });
  return {
    data,
    text: columns =>
      table(
        data.map(({ id, outcome, title }) => [id, outcome, title]),
        columns,
      ),
  };
}

function faults(): Listing {
  const data = FAULTS.map(info => ({
    ...info,
    forNs: undefined,
    for: { min: formatDuration(info.forNs.min), max: formatDuration(info.forNs.max) },
  }));
  return {
    data,
    text: columns =>
      data
        .map(info => {
          const rows = [
            ['target', info.targets.join(', ')],
            ...info.parameters
              .filter(parameter => parameter.name !== 'target')
              .map(({ name, unit, description }) => [name, unit === '' ? description : `${description} (${unit})`]),
            ['limits', `for: ${info.for.min} to ${info.for.max}`],
            ['playbook', `${info.primary}; may also light up ${info.allowed.join(', ')}`],
            ['symptoms', info.symptoms.join(', ')],
          ];
          const head = [info.kind, ...wrap(info.description, columns, '  ', '  ')];
          return `${head.join('\n')}\n${table(
            rows.map(row => ['', ...row]),
            columns,
          )}`;
        })
        .join('\n'),
  };
}

function symptoms(): Listing {
  return {
    data: SYMPTOM_DESCRIPTIONS,
    text: columns =>
      table(
        SYMPTOM_DESCRIPTIONS.map(({ symptom, hotWhen }) => [symptom, hotWhen]),
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
