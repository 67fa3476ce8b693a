/** A scenario file, damaged: an error that says where, or exactly what the plain YAML reader and the schema make of it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ReplaybookError } from '../../core/errors.ts';
import { parseScenario } from '../../scenarios/load.ts';
import { scenarioSchema } from '../../scenarios/schema.ts';
import { DRAWS_TIMEOUT_MS, damaged, draws, EMPTY, textDamage } from './draws.ts';

const FILE = 'scenarios/2-stale-quotes/2.3-all-feeds-silent.yaml';
const whole = readFileSync(FILE);

/** True where the text was taken. */
function hold(text: string): boolean {
  try {
    const { document } = parseScenario(text, FILE);
    expect(document).toEqual(scenarioSchema.parse(parse(text)));
    return true;
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    expect(error.code).toBe('scenario');
    expect(error.place).toMatchObject({ file: FILE, line: expect.any(Number), column: expect.any(Number) });
    return false;
  }
}

describe('a scenario', () => {
  it(
    'damaged gives an error with its place, or what the plain reader makes of it',
    () => {
      expect(hold(whole.toString())).toBe(true);
      let taken = 0;
      fc.assert(
        fc.property(fc.array(textDamage, { minLength: 1, maxLength: 2 }), damages => {
          if (hold(damages.reduce(damaged, whole).toString())) taken++;
        }),
        { ...draws(), examples: [[[EMPTY]]] },
      );
      expect(taken).toBeGreaterThan(0);
    },
    DRAWS_TIMEOUT_MS,
  );

  it.each([
    ['brackets', '['],
    ['braces', '{a: '],
    ['list items', '- '],
    ['keys', 'a: '],
    ['explicit keys', '? '],
    ['quoted brackets', '["]",'],
  ])('nested too deeply by %s is refused', (_, piece) => {
    expect(hold(piece.repeat(10_000))).toBe(false);
  });

  it('nested too deeply by indentation is refused with the line', () => {
    const text = Array.from({ length: 250 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(() => parseScenario(text, FILE)).toThrow(`${FILE}:201:202: nested deeper than 200 levels`);
  });
});
