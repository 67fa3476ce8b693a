import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { sealArrow } from '../../recordings/seal.ts';
import { decodeSealedTape } from '../../recordings/sealed-tape.ts';
import { decodeTape } from '../../recordings/tape-decode.ts';
import { encodeTape } from '../../recordings/tape-encode.ts';
import { HAVE_DATA, WS_CAPTURE } from '../support/data.ts';

describe.skipIf(!HAVE_DATA)('a tape file of our own, read without apache-arrow', async () => {
  const { tape } = HAVE_DATA ? await importFile(WS_CAPTURE) : { tape: null };
  if (tape === null) return;
  const file = sealArrow(encodeTape(arrow, tape));

  it('gives what apache-arrow gives', () => {
    const ours = decodeSealedTape(file);
    expect(ours).toEqual(decodeTape(arrow, file));
    expect(ours.frames.recvNs).toEqual(tape.frames.recvNs);
  });

  it('is read wherever its bytes lie in memory', () => {
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(decodeSealedTape(shifted.subarray(1))).toEqual(decodeSealedTape(file));
  });

  it('gives a tape or a typed error, whatever is damaged where it keeps its structure', () => {
    // The batch's own description stands at the file's beginning, the footer at its end.
    const head = fc.nat({ max: 4_000 });
    const tail = fc.nat({ max: 4_000 }).map(back => file.length - 1 - back);
    fc.assert(
      fc.property(fc.oneof(head, tail), fc.nat({ max: 255 }), (at, byte) => {
        const damaged = Uint8Array.from(file);
        damaged[at] = byte;
        try {
          decodeSealedTape(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(ReplaybookError);
          expect((error as ReplaybookError).code).toBe('format');
        }
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('is refused when it is cut', () => {
    for (let length = 0; length < file.length; length += 997) {
      expect(() => decodeSealedTape(file.subarray(0, length))).toThrow(ReplaybookError);
    }
  });
});
