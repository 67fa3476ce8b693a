import { readdirSync, readFileSync } from 'node:fs';
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { tapeIdentity } from '../../recordings/identity.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { BBO, FLAG_BACKLOG, type Tape, TRADES } from '../../recordings/tape.ts';
import { checkTape } from '../../recordings/tape-check.ts';
import { readTape, writeTape } from '../../recordings/tape-file.ts';
import { sampleTape } from '../../sim/cli/sample-tape.ts';
import { BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { loadMarketFile } from '../support/load-market.ts';
import { columnsOf, formatError, tempFolder, writeTemp } from './support.ts';

const folder = tempFolder();
const sample = sampleTape();

/** The tape with changed columns. */
function changed(change: (tape: Tape) => void): Tape {
  const tape = structuredClone(sample);
  change(tape);
  return { ...tape, identity: tapeIdentity(tape) };
}

describe('a tape file', () => {
  it.skipIf(!HAVE_DATA).each([
    ['the websocket capture', WS_CAPTURE],
    ['the Binance capture', BINANCE_CAPTURE],
  ])('of %s gives back the tape', async (_, source) => {
    const { tape } = await importFile(source);
    const path = `${folder}/back.arrow`;
    await writeTape(tape, path);
    const back = await loadMarketFile(path);
    expect(back.report).toBeNull();
    expect(columnsOf(back.tape)).toEqual(columnsOf(tape));
    const { name, identity, originNs, source: madeFrom, instruments } = back.tape;
    expect([name, identity, originNs]).toEqual([tape.name, tape.identity, tape.originNs]);
    expect([madeFrom, instruments]).toEqual([tape.source, tape.instruments]);
  });

  it('is read without copying its columns', async () => {
    const path = `${folder}/views.arrow`;
    await writeTape(sample, path);
    const { frames, levels, trades, exchangeOrder } = await readTape(path);
    const { buffer } = frames.recvNs;
    expect(buffer.byteLength).toBe(readFileSync(path).length);
    for (const column of [frames.kind, levels.priceTicks, levels.sizeLots, trades.tradeId, exchangeOrder]) {
      expect(column.buffer).toBe(buffer);
    }
  });

  it('is read by any Arrow program, but one that such a program wrote again is refused', async () => {
    const path = `${folder}/foreign.arrow`;
    await writeTape(sample, path);
    const table = tableFromIPC(readFileSync(path));
    expect(table.numRows).toBe(sample.frames.recvNs.length);
    const error = await formatError(() => readTape(writeTemp(folder, 'again.arrow', tableToIPC(table, 'file'))));
    expect(error.message).toContain("again.arrow: an Arrow file without Replaybook's checksum");
    expect(error.message).toContain('import the recording that it was made of');
  });

  it('replaces one of the same name whole, and leaves nothing else behind', async () => {
    const inner = tempFolder();
    const path = writeTemp(inner, 'tape.arrow', 'what was here before');
    await writeTape(sample, path);
    expect(readdirSync(inner)).toEqual(['tape.arrow']);
    await expect(writeTape(sample, `${inner}/none/tape.arrow`)).rejects.toMatchObject({ code: 'file' });
    expect(readdirSync(inner)).toEqual(['tape.arrow']);
  });

  it('that is another Arrow file is told as such', async () => {
    const other = tableToIPC(tableFromArrays({ runs: Int32Array.of(1, 2, 3) }), 'file');
    const error = await formatError(() => loadMarketFile(writeTemp(folder, 'other.arrow', other)));
    expect(error.message).toContain("other.arrow: an Arrow file without Replaybook's checksum: it is no tape");
  });

  it('whose stored identity is not that of its columns is refused, unless nobody asks', async () => {
    const path = `${folder}/identity.arrow`;
    await writeTape({ ...sample, identity: `sha256:${'0'.repeat(64)}` }, path);
    expect((await formatError(() => readTape(path))).message).toContain('the stored identity');
    expect((await readTape(path, { verifyIdentity: false })).identity).toBe(`sha256:${'0'.repeat(64)}`);
  });
});

describe('the identity', () => {
  it('does not hang on names, but on everything that a replay sees', () => {
    const { identity } = sample;
    expect(tapeIdentity({ ...sample, name: 'other', source: { ...sample.source, file: 'x', format: 'y' } })).toBe(
      identity,
    );
    const others = [
      changed(tape => void tape.frames.recvNs.fill(1, 5, 6)),
      changed(tape => void tape.frames.flags.fill(1, 0, 1)),
      changed(tape => void tape.levels.orders.fill(77, 0, 1)),
      changed(tape => void tape.exchangeOrder.reverse()),
      { ...sample, originNs: '1' },
      { ...sample, source: { ...sample.source, recorded: true } },
      { ...sample, source: { ...sample.source, recvShiftNs: 1 } },
      { ...sample, instruments: [{ ...sample.instruments[0], priceDecimals: 2 }] },
    ].map(tape => tapeIdentity(tape));
    expect(new Set([identity, ...others]).size).toBe(others.length + 1);
  });
});

describe('a tape', () => {
  const trade = sample.frames.kind.indexOf(TRADES);
  it.each<[string, (tape: Tape) => void]>([
    ['receive time falls', tape => void tape.frames.recvNs.fill(1e15, 3, 4)],
    ['receive time falls', tape => void tape.frames.recvNs.fill(0.5, 1, 2)],
    ['exchange time is not integral', tape => void tape.frames.exchNs.fill(Number.NaN, 3, 4)],
    ['unknown kind', tape => void tape.frames.kind.fill(4, 3, 4)],
    ['unknown feed', tape => void tape.frames.feed.fill(9, 3, 4)],
    ['unknown instrument', tape => void tape.frames.instrument.fill(1, 3, 4)],
    ['unknown flags', tape => void tape.frames.flags.fill(4, 3, 4)],
    ['bad update id', tape => void tape.frames.updateId.fill(-1, 3, 4)],
    ['rows do not follow', tape => void tape.frames.firstRow.fill(2, 3, 4)],
    ['levels that no frame has', tape => void tape.frames.rowCount.fill(1, -1)],
    ['price is not positive', tape => void tape.levels.priceTicks.fill(0, 3, 4)],
    ['bad size', tape => void tape.levels.sizeLots.fill(0, 3, 4)],
    ['side out of order', tape => void tape.levels.side.fill(1, 2, 3)],
    ['not best first', tape => void tape.levels.priceTicks.fill(tape.levels.priceTicks[2], 3, 4)],
    ['unknown side', tape => void tape.trades.aggressor.fill(2, 0, 1)],
    ['size is not positive', tape => void tape.trades.sizeLots.fill(0.5, 0, 1)],
    ['not in order of exchange time', tape => void tape.exchangeOrder.fill(0)],
    ['no frame', tape => void tape.exchangeOrder.fill(70_000, 9, 10)],
  ])('is refused where its %s', (what, change) => {
    expect(() => checkTape(changed(change))).toThrow(what);
  });

  it('is taken where all holds', () => {
    checkTape(sample);
    expect([sample.frames.kind[0], sample.frames.flags[trade]]).toEqual([BBO, FLAG_BACKLOG]);
  });
});
