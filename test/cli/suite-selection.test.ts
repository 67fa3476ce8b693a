import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scenarioIds } from '../../scenarios/catalogue.ts';
import { SCENARIOS } from '../../sim/cli/paths.ts';
import { selectScenarios } from '../../sim/cli/suite-selection.ts';

const folder = mkdtempSync(join(tmpdir(), 'replaybook-selection-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A catalogue of empty files: what is in them is not looked at. */
const catalogue = join(folder, 'scenarios');
const IDS = [
  '1-orders/1.1-many-429',
  '1-orders/1.2-lost',
  '2-quotes/2.1-storm',
  '2-quotes/2.3-silent',
  'healthy/calm',
  'healthy/calm-long',
];
for (const file of [...IDS.map(id => join(catalogue, id)), join(folder, 'own/b/second'), join(folder, 'own/first')]) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(`${file}.yaml`, '');
}
mkdirSync(join(folder, 'empty'));
writeFileSync(join(folder, 'notes.txt'), '');
const own = (...names: string[]) => names.map(name => join(folder, 'own', `${name}.yaml`));

const select = (...patterns: string[]) => selectScenarios(catalogue, patterns);

describe('scenarios of a suite', () => {
  it('are all of the catalogue by default', () => {
    expect(selectScenarios(SCENARIOS, [])).toEqual(scenarioIds('scenarios'));
  });

  it.each([
    ['2-*/**', ['2-quotes/2.1-storm', '2-quotes/2.3-silent']],
    ['**', IDS],
    ['*/*.3-*', ['2-quotes/2.3-silent']],
    ['2.?-*', ['2-quotes/2.1-storm', '2-quotes/2.3-silent']],
    ['{1,2}-*/*.1-*', ['1-orders/1.1-many-429', '2-quotes/2.1-storm']],
    ['scenarios/2-*/*.yaml', ['2-quotes/2.1-storm', '2-quotes/2.3-silent']],
    ['2-quotes/2.3-silent', ['2-quotes/2.3-silent']],
    ['2.3-silent', ['2-quotes/2.3-silent']],
    ['2.3', ['2-quotes/2.3-silent']],
    ['healthy', ['healthy/calm', 'healthy/calm-long']],
    ['healthy/', ['healthy/calm', 'healthy/calm-long']],
    ['scenarios/healthy', ['healthy/calm', 'healthy/calm-long']],
    ['calm', ['healthy/calm']],
    ['cal', ['healthy/calm', 'healthy/calm-long']],
    ['s', ['1-orders/1.1-many-429', '1-orders/1.2-lost', '2-quotes/2.1-storm', '2-quotes/2.3-silent']],
  ])('that fit %s', (pattern, ids) => {
    expect(select(pattern)).toEqual(ids);
  });

  it('come once and in the catalogue’s order, however they are named', () => {
    const path = join(catalogue, 'healthy/calm.yaml');
    expect(select(path, 'calm', '2.3', '1.2-*', '2-quotes/*')).toEqual([
      '1-orders/1.2-lost',
      '2-quotes/2.1-storm',
      '2-quotes/2.3-silent',
      'healthy/calm',
    ]);
  });

  it('may be files and folders of one’s own', () => {
    expect(select(join(folder, 'own'), 'calm')).toEqual(['healthy/calm', ...own('b/second', 'first')]);
    expect(select(...own('first'))).toEqual(own('first'));
    // A folder of the catalogue is the same by its path.
    expect(select(join(catalogue, '2-quotes'))).toEqual(['2-quotes/2.1-storm', '2-quotes/2.3-silent']);
    expect(selectScenarios(resolve('scenarios'), ['./scenarios/healthy/calm.yaml'])).toEqual(['healthy/calm']);
  });

  it.each([
    ['2.3-silnt', 'no scenario fits "2.3-silnt"; did you mean "2.3-silent"?'],
    ['helthy/*', 'did you mean "healthy"?'],
    ['1-oders/**', 'did you mean "1-orders"?'],
    ['**/9.9-*', 'no scenario fits "**/9.9-*" (npx replaybook list scenarios shows them all)'],
    ['2.3-silnt.yaml', 'did you mean "2.3-silent"?'],
    [join(folder, 'empty'), 'empty holds no scenario'],
    [join(folder, 'notes.txt'), 'notes.txt is no scenario: its file would end in .yaml'],
  ])('are missed where nothing fits %s', (pattern, message) => {
    expect(() => select('healthy', pattern)).toThrow(message);
  });
});
