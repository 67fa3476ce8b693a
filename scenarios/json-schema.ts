/**
 * The scenario format as JSON Schema, for editors that complete and check YAML. It is kept in `scenario.schema.json`; a file
 * names it by `# yaml-language-server: $schema=…`.
 *
 * It is made from the schema of the loader and the tree of settings, so that an editor offers what the loader takes.
 */
import * as z from 'zod/mini';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { DURATION_PATTERN } from './duration.ts';
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
  return { ...schema, title: 'Replaybook scenario' };
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
