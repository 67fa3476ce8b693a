/**
 * Writes `scenario.schema.json` beside the scenarios, from the package's folder:
 * `npm run build && node dist/scenarios/write-json-schema.js && npm run format`. A test holds that the file is up to date.
 */
import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from './json-schema.ts';

writeFileSync('scenarios/scenario.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
