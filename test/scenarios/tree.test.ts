import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { Tree } from '../../scenarios/tree.ts';

function complaints(yaml: string): string[] {
  try {
    return [JSON.stringify(new Tree(yaml, 'a.yaml').value)];
  } catch (error) {
    expect(error).toBeInstanceOf(ReplaybookError);
    return (error as Error).message.split('\n');
  }
}

describe('YAML as plain values', () => {
  it('keeps texts, numbers, flags, null, lists and mappings', () => {
    expect(new Tree('{a: [1, 2.5, x, true, null, no], b: {c: "2.3"}}', 'a.yaml').value).toEqual({
      a: [1, 2.5, 'x', true, null, 'no'],
      b: { c: '2.3' },
    });
  });

  it.each([
    ['a: 1\nb: {c: 1, c: 2}', ['a.yaml:2:11: b.c: this key is given twice']],
    ['a: 1\na: 2\na: 3', ['a.yaml:2:1: a: this key is given twice', 'a.yaml:3:1: a: this key is given twice']],
    ['__proto__: {polluted: true}', ['a.yaml:1:1: __proto__: this key is not allowed']],
    [
      'a:\n  constructor: 1\n  prototype: 2',
      ['a.yaml:2:3: a.constructor: this key is not allowed', 'a.yaml:3:3: a.prototype: this key is not allowed'],
    ],
    ['a: &x [1]\nb: *x', ['a.yaml:2:4: b: aliases (*name) are not allowed: write the value out']],
    ['1: x', ['a.yaml:1:1: a key must be a text: put it in quotes']],
    ['? [a, b]\n: x', ['a.yaml:1:3: a key must be a text: put it in quotes']],
    ['a: !!js/function "x"', ['a.yaml:1:4: not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function']],
    ['\ta: 1', ['a.yaml:1:1: not valid YAML: Tabs are not allowed as indentation']],
    ['a: "x', ['a.yaml:1:6: not valid YAML: Missing closing "quote']],
    [
      'a: 1\n---\nb: 2',
      ['a.yaml:2:1: not valid YAML: Source contains multiple documents; please use YAML.parseAllDocuments()'],
    ],
  ])('%j is refused with its place', (yaml, expected) => {
    expect(complaints(yaml)).toEqual(expected);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('reads an empty file as nothing', () => {
    expect(new Tree('', 'a.yaml').value).toBeNull();
    expect(new Tree('# only a comment\n', 'a.yaml').value).toBeNull();
  });

  it('survives hostile depth and width', () => {
    expect(complaints('['.repeat(50_000))[0]).toContain('a.yaml:1:');
    const wide = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(Object.keys(new Tree(wide, 'a.yaml').value as object)).toHaveLength(20_000);
  });
});
