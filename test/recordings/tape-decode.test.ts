import type { Data } from 'apache-arrow';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { sealArrow } from '../../recordings/seal.ts';
import { TRADES } from '../../recordings/tape.ts';
import { decodeTape } from '../../recordings/tape-decode.ts';
import { encodeTape } from '../../recordings/tape-encode.ts';
import { readTapeMeta } from '../../recordings/tape-meta.ts';
import { HAVE_DATA, WS_CAPTURE } from '../support/data.ts';

describe.skipIf(!HAVE_DATA)('a tape file of our own, read without apache-arrow', async () => {
  const { tape } = HAVE_DATA ? await importFile(WS_CAPTURE) : { tape: null };
  if (tape === null) return;
  const file = sealArrow(encodeTape(arrow, tape));

  it('gives what apache-arrow gives', () => {
    const ours = decodeTape(file);
    const table = arrow.tableFromIPC(file);
    const meta = readTapeMeta(table.schema.metadata.get('replaybook.tape'));
    expect(ours).toMatchObject(meta);
    const [batch] = table.batches;
    const flat = (data: Data): unknown[] => [...data.values.subarray(0, data.length)];
    const byName = Object.fromEntries(table.schema.fields.map(({ name }, i) => [name, batch.data.children[i]]));
    const { firstRow, rowCount, ...columns } = ours.frames;
    for (const [name, column] of Object.entries({ ...columns, exchangeOrder: ours.exchangeOrder })) {
      expect([...column], name).toEqual(flat(byName[name]));
    }
    for (const name of ['levels', 'trades'] as const) {
      const [rows] = byName[name].children;
      const columnsOfRows = Object.values(ours[name]).map(column => [...column]);
      expect(columnsOfRows).toEqual(rows.children.map(flat));
      const isOwn = (kind: number): boolean => (kind === TRADES) === (name === 'trades');
      const { valueOffsets } = byName[name];
      columns.kind.forEach((kind, frame) => {
        const own = [valueOffsets[frame], valueOffsets[frame + 1] - valueOffsets[frame]];
        if (isOwn(kind)) expect([firstRow[frame], rowCount[frame]]).toEqual(own);
        else expect(own[1]).toBe(0);
      });
    }
  });

  it('is read wherever its bytes lie in memory', () => {
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(decodeTape(shifted.subarray(1))).toEqual(decodeTape(file));
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
          decodeTape(damaged);
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
      expect(() => decodeTape(file.subarray(0, length))).toThrow(ReplaybookError);
    }
  });
});
