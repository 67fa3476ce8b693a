/** Plain text, damaged: an error, or exactly what the slow reader makes of it. */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { FEEDS } from '../../core/market.ts';
import { type Imported, importFile } from '../../recordings/importers/import.ts';
import { FRAME_KINDS, type Tape, TRADES } from '../../recordings/tape.ts';
import { checkTape } from '../../recordings/tape-check.ts';
import { tempFolder } from '../recordings/support.ts';
import { type Damage, DRAWS_TIMEOUT_MS, damaged, draws, EMPTY, textDamage } from './draws.ts';
import { ARCHIVE_TEXT, BINANCE_TEXT, SYNTHETIC_TEXT, TARDIS_TEXT, WS_TEXT } from './inputs.ts';
import { withinMemory } from './memory.ts';
import { readSlowly, type SlowFormat } from './slow-readers.ts';

const folder = tempFolder();

/** What the tape holds and the report says, in the form of `SlowMarket.plain`. */
function plain({ tape, report }: Imported): unknown {
  return {
    originNs: tape.originNs,
    shift: String(tape.source.recvShiftNs),
    instruments: tape.instruments.map(
      ({ symbol, priceDecimals, sizeDecimals }) => `${symbol} ${priceDecimals} ${sizeDecimals}`,
    ),
    frames: Array.from(tape.frames.kind, (_, frame) => plainFrame(tape, frame)),
    lines: report.lines,
    skipped: report.skippedLines,
    firstSkipped: report.skipped.map(({ line }) => line),
    ignored: Object.values(report.ignored).reduce((sum, count) => sum + count, 0),
    anomalies: report.anomalies,
  };
}

function plainFrame({ frames, levels, trades }: Tape, frame: number): string {
  const { kind, feed, instrument, recvNs, exchNs, flags, updateId, previousUpdateId, firstRow, rowCount } = frames;
  const rows: string[] = [];
  for (let row = firstRow[frame]; row < firstRow[frame] + rowCount[frame]; row++) {
    const text =
      kind[frame] === TRADES
        ? [trades.aggressor[row], trades.priceTicks[row], trades.sizeLots[row], trades.tradeId[row]]
        : [levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]];
    rows.push(text.join(' ') + (kind[frame] === TRADES ? `@${trades.exchNs[row]}` : ''));
  }
  const head = [FRAME_KINDS[kind[frame]], FEEDS[feed[frame]], instrument[frame], recvNs[frame], exchNs[frame]];
  return `${[...head, flags[frame], updateId[frame], previousUpdateId[frame]].join(' ')}: ${rows.join(', ')}`;
}

/** Imports bytes; true where a tape came of them. */
async function hold(content: Buffer, text: Buffer): Promise<boolean> {
  const path = `${folder}/damaged`;
  writeFileSync(path, content);
  let imported: Imported;
  try {
    imported = await importFile(path);
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    expect(error.code).toBe('format');
    expect(error.place.file).toBe(path);
    const takenFor = / was taken for ([a-z-]+), but holds not one good frame/.exec(error.message);
    if (takenFor !== null) expect(readSlowly(takenFor[1] as SlowFormat, text).frames).toEqual([]);
    else expect(error.message).toMatch(/not a recording of any known format|is empty|LZ4|gzip|recording|Arrow/);
    return false;
  }
  checkTape(imported.tape);
  const ours = plain(imported);
  const slow = readSlowly(imported.report.format as SlowFormat, text).plain();
  // Quicker than comparing part by part, which is done only to say what differs.
  if (JSON.stringify(ours) !== JSON.stringify(slow)) expect(ours).toEqual(slow);
  return true;
}

describe.each([
  ['a websocket capture', WS_TEXT],
  ['the archive, unpacked', ARCHIVE_TEXT],
  ['a Binance capture', BINANCE_TEXT],
  ['files of Tardis', TARDIS_TEXT],
  ['a capture of a synthetic market', SYNTHETIC_TEXT],
])('%s', (_, text) => {
  it('whole gives what the slow reader makes of it', async () => {
    expect(await hold(text, text)).toBe(true);
    expect(await hold(gzipSync(text), text)).toBe(true);
  });

  it(
    'damaged gives an error, or what the slow reader makes of it',
    async () => {
      let read = 0;
      const drawn = fc.assert(
        fc.asyncProperty(fc.array(textDamage, { minLength: 1, maxLength: 3 }), async (damages: Damage[]) => {
          const content = damages.reduce(damaged, text);
          if (await hold(content, content)) read++;
        }),
        { ...draws(), examples: [[[EMPTY]]] },
      );
      await withinMemory(() => drawn);
      // Most damages leave good lines: else this would say nothing about what is read.
      expect(read).toBeGreaterThan(draws().numRuns / 2);
    },
    DRAWS_TIMEOUT_MS,
  );
});
