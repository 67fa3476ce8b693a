import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { loadMarketFile } from '../../recordings/load.ts';
import { checkTape } from '../../recordings/tape-check.ts';
import { BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { damage, damaged, tempFolder } from './support.ts';

const folder = tempFolder();

/** Loads damaged bytes: a tape that holds all that a tape must, or a typed error that names the file. */
async function load(bytes: Uint8Array): Promise<string | null> {
  const path = `${folder}/damaged`;
  writeFileSync(path, bytes);
  try {
    const { tape } = await loadMarketFile(path);
    checkTape(tape);
    return tape.identity;
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    expect(error.code).toBe('format');
    expect(error.place.file).toBe(path);
    return null;
  }
}

describe.skipIf(!HAVE_DATA)('a damaged capture', () => {
  it('packed with gzip is refused, or is still the same tape', async () => {
    const bytes = readFileSync(WS_CAPTURE);
    const { identity } = (await importFile(WS_CAPTURE)).tape;
    await fc.assert(
      fc.asyncProperty(damage, async what => {
        expect([null, identity]).toContain(await load(damaged(bytes, what)));
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it.each([
    ['Hyperliquid', () => gunzipSync(readFileSync(WS_CAPTURE))],
    ['Binance', () => gunzipSync(readFileSync(BINANCE_CAPTURE)).subarray(0, 120_000)],
  ])('of %s as plain text gives a sound tape or a typed error', async (_, content) => {
    const bytes = content();
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async damages => {
        await load(damages.reduce<Uint8Array>(damaged, bytes));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('of bytes without any sense is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '',
          '\x1f\x8b',
          '\x04\x22\x4d\x18',
          'ARROW1\0\0',
          'ARROW1RB',
          'RPBKREC1',
          '1737918843893903000 {',
        ),
        fc.uint8Array({ maxLength: 400 }),
        async (magic, bytes) => {
          expect(await load(Buffer.concat([Buffer.from(magic, 'latin1'), bytes]))).toBeNull();
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});
