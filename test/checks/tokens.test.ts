// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source text to be read
import { describe, expect, it } from 'vitest';
import { readSource, sourceFiles } from './findings.ts';
import { tokenize } from './tokens.ts';

const texts = (source: string): string[] => tokenize(source).tokens.map(({ text }) => text);
const words = (source: string): string[] =>
  tokenize(source)
    .tokens.filter(({ kind }) => kind === 'word')
    .map(({ text }) => text);

describe('the tokenizer', () => {
  it.each([
    ['\'a // b\' + "/* c */" // d', ['a // b', '+', '/* c */']],
    ["'it\\'s' x", ["it\\'s", 'x']],
    ['a ** b **= c?.d', ['a', '**', 'b', '**=', 'c', '?.', 'd']],
    ['a?.5:1', ['a', '?', '.5', ':', '1']],
    ['1_000.5e-3 0xFFn .5 x.y', ['1_000.5e-3', '0xFFn', '.5', 'x', '.', 'y']],
    ['this.#next = @x', ['this', '.', '#next', '=', '@x']],
    ['#!/usr/bin/env node\nx', ['x']],
    ['', []],
  ])('reads %s', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it('tells regular expressions from divisions', () => {
    expect(words('const quote = /[\'"`]/g; Date')).toEqual(['const', 'quote', 'Date']);
    expect(words('const half = (a + b) / 2 / c; Date')).toEqual(['const', 'half', 'a', 'b', 'c', 'Date']);
    expect(words('return /[/]Math/.test(x)')).toEqual(['return', 'test', 'x']);
    expect(words('list[0] / total / Math')).toEqual(['list', 'total', 'Math']);
  });

  it('finds the expressions inside template literals, at any depth', () => {
    expect(words('`Math ${Date.now() + `${inner({ a: `x` })} Math`} Math` + after')).toEqual([
      'Date',
      'now',
      'inner',
      'a',
      'after',
    ]);
    expect(words('`\\${Math} $ {Math} \\` Math` + x')).toEqual(['x']);
  });

  it('counts lines through comments, strings and templates', () => {
    const { tokens, comments } = tokenize('/* 1\n2 */ a // here\n`\n${b}\n` c');
    expect(tokens.filter(({ kind }) => kind === 'word').map(({ text, line }) => [text, line])).toEqual([
      ['a', 2],
      ['b', 4],
      ['c', 5],
    ]);
    expect(comments.map(({ line }) => line)).toEqual([1, 2]);
  });

  it.each(["'open", '`open', 'x = /open', '\\u0044ate', '{'])('refuses what it cannot read: %s', source => {
    expect(() => tokenize(`\n${source}`)).toThrow(/line 2/);
  });

  it('reads every file of the repository', () => {
    for (const file of sourceFiles('.')) expect(() => tokenize(readSource('.', file)), file).not.toThrow();
  });
});
