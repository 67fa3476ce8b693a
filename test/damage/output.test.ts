/** A file that cannot be imported leaves nothing behind: no tape, no half of one, and an earlier tape as it was. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { run } from '../cli/collect.ts';
import { tempFolder } from '../recordings/support.ts';
import { damage, damaged } from './draws.ts';
import { WS_TEXT } from './inputs.ts';

const folder = tempFolder();

it('import of a damaged file writes a tape, or says what is wrong and writes nothing', async () => {
  const whole = gzipSync(WS_TEXT);
  const file = `${folder}/capture`;
  const tape = `${file}.arrow`;
  writeFileSync(file, whole);
  expect((await run(['import', file])).code).toBe(0);
  const before = readFileSync(tape);
  await fc.assert(
    fc.asyncProperty(damage, async what => {
      const content = damaged(whole, what);
      writeFileSync(file, content);
      writeFileSync(tape, before);
      const { code, out, err } = await run(['import', file]);
      expect(readdirSync(folder).sort()).toEqual(['capture', 'capture.arrow']);
      if (code === 0) return;
      expect([code, out]).toEqual([2, '']);
      expect(err).not.toBe('');
      expect(readFileSync(tape).equals(before)).toBe(true);
    }),
    { seed: 1, numRuns: 40 },
  );
  expect(existsSync(tape)).toBe(true);
});
