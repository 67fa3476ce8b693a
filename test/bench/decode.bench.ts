/** One Hyperliquid `l2Book` frame, from its bytes to a book: every frame of the archive's hour. */
import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import { Book } from '../../core/book.ts';
import { ASK, BID } from '../../core/market.ts';
import { HyperliquidDecoder } from '../../recordings/decode/hyperliquid.ts';
import { Tally } from '../../recordings/importers/report.ts';
import { InstrumentTable } from '../../recordings/instruments.ts';
import { decodeLz4 } from '../../recordings/lz4.ts';
import { TapeBuilder } from '../../recordings/tape-builder.ts';
import { ARCHIVE_HOUR } from '../support/data.ts';
import { type Bench, check, measure, secondsOf } from './bench.ts';

const LINE_FEED = 0x0a;
const RAW = '"raw":';

interface Frames {
  bytes: Uint8Array;
  starts: number[];
  ends: number[];
}

function archiveFrames(): Frames {
  // The decoder reuses the memory of its pieces.
  const pieces: Buffer[] = [];
  for (const piece of decodeLz4(readFileSync(ARCHIVE_HOUR))) pieces.push(Buffer.from(piece));
  const bytes = Buffer.concat(pieces);
  const frames: Frames = { bytes, starts: [], ends: [] };
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(LINE_FEED, start);
    const end = newline === -1 ? bytes.length : newline;
    frames.starts.push(bytes.indexOf(RAW, start) + RAW.length);
    frames.ends.push(end - 1);
    start = end + 1;
  }
  return frames;
}

function decodeAll(frames: Frames, afterFrame: (builder: TapeBuilder, book: Book) => void): void {
  const builder = new TapeBuilder();
  const decoder = new HyperliquidDecoder(builder, new InstrumentTable(builder), new Tally());
  const book = new Book();
  for (let frame = 0; frame < frames.starts.length; frame++) {
    const recvNs = builder.receive(1_704_110_400 + frame, 0);
    decoder.take(frames.bytes, frames.starts[frame], frames.ends[frame], recvNs, 0);
    book.applySnapshot(builder.levels, builder.frames.firstRow[frame], builder.frames.rowCount[frame]);
    afterFrame(builder, book);
  }
}

/** Every level of every book must be what JSON.parse and decimal.js make of the same bytes. */
function checkAgainstJson(frames: Frames): void {
  const text = Buffer.from(frames.bytes);
  let frame = 0;
  decodeAll(frames, (builder, book) => {
    const { data } = JSON.parse(text.toString('latin1', frames.starts[frame], frames.ends[frame]));
    let row = builder.frames.firstRow[frame];
    for (const side of [BID, ASK] as const) {
      for (const { px, sz, n } of data.levels[side]) {
        const ticks = new Decimal(px).times(10).toNumber();
        const lots = new Decimal(sz).times(100_000).toNumber();
        check('side', builder.levels.side[row], side);
        check('price', builder.levels.priceTicks[row], ticks);
        check('size', builder.levels.sizeLots[row], lots);
        check('orders', builder.levels.orders[row], n);
        check('size in the book', book.sizeLots(side, ticks), lots);
        row++;
      }
    }
    frame++;
  });
  check('frames', frame, frames.starts.length);
}

export const decodeBench: Bench = {
  name: 'l2Book frame, bytes to book',
  unit: 'us a frame',
  better: 'lower',
  goal: 2.5,
  async run() {
    const frames = archiveFrames();
    checkAgainstJson(frames);
    const count = frames.starts.length;
    const decode = (): number => (secondsOf(() => decodeAll(frames, () => undefined)) * 1e6) / count;
    decode();
    return measure(7, decode, `${count} frames of 20x20 levels`);
  },
};
