/**
 * The scenario format as JSON Schema, for editors that complete and check YAML. It is kept in `scenario.schema.json`; a file
 * names it by `# yaml-language-server: $schema=…`.
 *
 * It is made from the schema of the loader and the tree of settings, so that an editor offers what the loader takes.
 */
import * as z from 'zod/mini';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { FaultInfo, FaultParameter } from '../sim/faults/fault-kind.ts';
import { FAULTS } from '../sim/faults/registry.ts';
import { DURATION_PATTERN, formatDuration } from './duration.ts';
import { EXCHANGE_TREE } from './exchange-settings.ts';
import { coreSettings, exchangeSettings, scenarioSchema } from './schema.ts';
import { listSettings, type Setting } from './settings-tree.ts';

type Json = { [key: string]: unknown };

/** The whole schema, as plain data. */
export function scenarioJsonSchema(): Json {
  const schema = z.toJSONSchema(scenarioSchema, {
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === exchangeSettings) Object.assign(jsonSchema, settingsSchema(EXCHANGE_TREE));
      else if (zodSchema === coreSettings) Object.assign(jsonSchema, settingsSchema(DEFAULT_SETTINGS));
    },
  });
  const faults = childOf(childOf(schema, 'cause'), 'faults');
  faults.items = { oneOf: FAULTS.map(info => faultSchema(info, faults.items as Json)) };
  return { ...schema, title: 'Replaybook scenario' };
}

/** The schema of a property of an object's. */
function childOf({ properties }: Json, name: string): Json {
  return (properties as Record<string, Json>)[name];
}

/** One kind of fault: what it acts on, and its own parameters. `fault`: what all kinds have. */
function faultSchema(info: FaultInfo, fault: Json): Json {
  const { direction, kind, probability, target, ...common } = fault.properties as Record<string, Json>;
  const { defaultTarget, description, hasDirection, hasProbability, parameters, targets } = info;
  const usual = defaultTarget === null ? {} : { default: defaultTarget };
  const mustTarget = targets.length > 0 && defaultTarget === null;
  const params = Object.fromEntries(parameters.map(parameter => [parameter.name, parameterSchema(parameter)]));
  return {
    type: 'object',
    description,
    additionalProperties: false,
    required: mustTarget ? ['kind', 'target', 'at', 'for'] : ['kind', 'at', 'for'],
    properties: {
      kind: { const: info.kind, description: kind.description },
      ...(targets.length > 0 && { target: { ...target, enum: targets, ...usual } }),
      ...(hasDirection && { direction }),
      ...(hasProbability && { probability }),
      ...common,
      params: { type: 'object', additionalProperties: false, properties: params },
    },
  };
}

function parameterSchema(parameter: FaultParameter): Json {
  const { description } = parameter;
  switch (parameter.type) {
    case 'time': {
      const { min, max, default: usual } = parameter;
      const told = `${description} ${formatDuration(min)} to ${formatDuration(max)}.`;
      return { type: 'string', pattern: DURATION_PATTERN.source, default: formatDuration(usual), description: told };
    }
    case 'number':
    case 'integer': {
      const { type, unit, min, max, default: usual } = parameter;
      const told = unit === '' ? description : `${description} Unit: ${unit}.`;
      return { type, minimum: min, maximum: max, default: usual, description: told };
    }
    case 'choice':
      return { type: 'string', enum: parameter.choices, default: parameter.default, description };
    case 'side':
      return { type: 'string', enum: ['bid', 'ask', 'both'], default: parameter.default, description };
    case 'flag':
      return { type: 'boolean', default: parameter.default, description };
    case 'instrument':
      return { type: 'string', description };
  }
}

/** The tree of settings: each leaf with type and default, unknown ones refused. */
function settingsSchema(defaults: object): Json {
  const root = branch();
  for (const setting of listSettings(defaults)) {
    const parts = setting.path.split('.');
    let properties = root.properties;
    for (const part of parts.slice(0, -1)) {
      properties[part] ??= branch();
      properties = (properties[part] as ReturnType<typeof branch>).properties;
    }
    properties[parts[parts.length - 1]] = leafSchema(setting);
  }
  return root;
}

function branch(): { type: 'object'; additionalProperties: false; properties: Json } {
  return { type: 'object', additionalProperties: false, properties: {} };
}

function leafSchema(setting: Setting): Json {
  const common = {
    default: setting.default,
    ...(setting.unit === '' ? {} : { description: `Unit: ${setting.unit}.` }),
  };
  const type = setting.type === 'duration' || setting.type === 'text' ? 'string' : setting.type;
  const pattern = setting.type === 'duration' ? { pattern: DURATION_PATTERN.source } : {};
  return { type: setting.default === null ? [type, 'null'] : type, ...pattern, ...common };
}
