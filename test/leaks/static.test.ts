/** The check of the source refuses every leak, and lets it pass where the line says why it may be there. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkText } from '../checks/determinism.ts';
import { LEAKS, type LeakName, plant } from './leaks.ts';

describe.each(Object.keys(LEAKS) as LeakName[])('%s', name => {
  const leak = LEAKS[name];
  const clean = readFileSync(leak.file, 'utf8');
  const planted = plant(leak, clean);
  const findings = checkText(leak.file, planted);

  it('is refused, and nothing else in that file is', () => {
    expect(checkText(leak.file, clean)).toEqual([]);
    expect(findings).not.toEqual([]);
    const cleanLines = new Set(clean.split('\n'));
    for (const { line } of findings) expect(cleanLines).not.toContain(planted.split('\n')[line - 1]);
  });

  it('passes with an exception on each of its lines', () => {
    const excepted = planted.split('\n');
    for (const line of new Set(findings.map(({ line }) => line))) excepted[line - 1] += ' // det-ok: planted by a test';
    expect(checkText(leak.file, excepted.join('\n'))).toEqual([]);
  });
});
