/** The schema's findings in words: what was expected, what is known at that place, and the nearest right word. */
import type * as z from 'zod/mini';
import type { Complaints, Path } from './complaints.ts';
import { parseMoment } from './duration.ts';
import { didYouMean } from './nearest.ts';
import { duration, faultKind, moment, scenarioSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** Adds a complaint for each of the schema's findings about `value`. */
export function addIssues(issues: readonly Issue[], complaints: Complaints): void {
  for (const issue of issues) {
    const path = issue.path.filter(part => typeof part !== 'symbol');
    if (issue.code === 'invalid_union') {
      const meant = issue.errors[alternative(schemaAt(path), issue.input)] ?? [];
      addIssues(
        meant.map(inner => ({ ...inner, path: [...issue.path, ...inner.path] })),
        complaints,
      );
    } else if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) complaints.add([...path, key], unknownKey(path, key), 'key');
    } else {
      complaints.add(path, expectation(issue, schemaAt(path)));
    }
  }
}

function unknownKey(path: Path, key: string): string {
  const known = keysOf(schemaAt(path));
  return `unknown key${didYouMean(key, known)}; known here: ${known.join(', ')}`;
}

function expectation(issue: Issue, schema: Schema | undefined): string {
  const { input } = issue;
  if (input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return `is missing: expected ${describe(schema)}`;
  }
  if (schema === duration || schema === moment) {
    if (typeof input !== 'string' && typeof input !== 'number') return `expected ${describe(schema)}`;
    const parsed = parseMoment(String(input), 0);
    if (!parsed.ok) return parsed.problem;
    return `expected ${describe(schema)}, not a share`;
  }
  if (schema === faultKind) {
    if (typeof input !== 'string') return `expected ${describe(schema)}`;
    return `there is no fault "${input}"${didYouMean(input, faultKind.options)}, see npx replaybook list faults`;
  }
  switch (issue.code) {
    case 'invalid_value': {
      if (typeof input === 'number' && issue.values.includes(String(input))) return `write it in quotes: "${input}"`;
      const values = issue.values.map(String);
      return `expected ${oneOf(values)}${typeof input === 'string' ? didYouMean(input, values) : ''}`;
    }
    case 'too_small':
      return issue.origin === 'array' ? `expected at least ${issue.minimum} item` : 'expected a text that is not empty';
    case 'too_big':
      return issue.origin === 'array'
        ? `expected at most ${issue.maximum} items`
        : `expected at most ${issue.maximum} characters`;
    default:
      return `expected ${describe(schema)}`;
  }
}

/** Which alternative of a union a value is written for: the list, the mapping, or the first, which is a single value. */
function alternative(schema: Schema | undefined, value: unknown): number {
  const wanted = Array.isArray(value) ? 'array' : 'object';
  return Math.max(0, typeof value === 'object' ? alternatives(schema).findIndex(option => isA(option, wanted)) : 0);
}

function alternatives(schema: Schema | undefined): readonly Schema[] {
  if (schema === undefined) return [];
  const def = definition(schema);
  return def.type === 'union' ? def.options : [schema];
}

function isA(schema: Schema, type: 'array' | 'object'): boolean {
  return definition(schema).type === type;
}

/** What a schema takes, in words. */
function describe(schema: Schema | undefined): string {
  if (schema === undefined) return 'another value';
  if (schema === duration) return 'a duration such as 250ms, 12s or 1.5m';
  if (schema === moment) return 'a time such as 12s, or a share of the run such as 40%';
  const def = definition(schema);
  if (schema === faultKind) return 'the kind of a fault, see npx replaybook list faults';
  switch (def.type) {
    case 'object':
      return `a mapping with ${keysOf(schema).join(', ')}`;
    case 'array':
      return 'a list';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'enum':
      return oneOf(Object.values(def.entries).map(String));
    case 'literal':
      return def.values.map(String).join(' or ');
    case 'union':
      return def.options.map(describe).join(', or ');
    case 'nullable':
      return `${describe(def.innerType)}, or null`;
    default:
      return 'another value';
  }
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values[0] : `one of ${values.join(', ')}`;
}

/** The part of the schema that a path leads to, without the wrappers `optional` and (but for the last part) `nullable`. */
function schemaAt(path: Path): Schema | undefined {
  let schema: Schema | undefined = scenarioSchema;
  for (const part of path) {
    if (schema === undefined) return undefined;
    const wanted = typeof part === 'number' ? 'array' : 'object';
    const def = definition(alternatives(schema).find(option => isA(option, wanted)) ?? schema);
    if (def.type === 'object' && typeof part === 'string' && Object.hasOwn(def.shape, part)) schema = def.shape[part];
    else if (def.type === 'array' && typeof part === 'number') schema = def.element;
    else return undefined;
    schema = required(schema);
  }
  return schema;
}

function required(schema: Schema): Schema {
  const def = definition(schema);
  return def.type === 'optional' ? required(def.innerType) : schema;
}

function keysOf(schema: Schema | undefined): string[] {
  return alternatives(schema).flatMap(option => {
    const def = definition(option);
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
}

/** A schema's own description of itself, as one union of the kinds that the scenario format uses. */
function definition(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}
