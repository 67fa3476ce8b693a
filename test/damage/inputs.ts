/** What is damaged: heads of the real recordings where they are at hand, else lines of the same form; a few KB each. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeLz4 } from '../../recordings/lz4.ts';
import type { Tape } from '../../recordings/tape.ts';
import { TapeBuilder } from '../../recordings/tape-builder.ts';
import { wireFrame } from '../../recordings/wire/hyperliquid.ts';
import { synthesize } from '../../sim/market/synthesize.ts';
import { syntheticPlan } from '../../sim/market/synthetic-plan.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';

const level = (px: number): string => `{"px":"${px}.0","sz":"1.5","n":2}`;
const book = (i: number): string =>
  `{"channel":"l2Book","data":{"coin":"BTC","time":${1_737_918_843_000 + i * 600},"levels":[[${level(100 + i)},${level(99)}],[${level(120 - i)},${level(130)}]]}}`;
const MADE_WS = [
  ...Array.from({ length: 9 }, (_, i) => `173791884${i}000000000 ${book(i)}`),
  '1737918849100000000 {"channel":"trades","data":[{"coin":"BTC","side":"B","px":"110.0","sz":"0.5","tid":7,"time":1737918848000}]}',
  '1737918849200000000 {"channel":"bbo","data":{"coin":"XYZ","time":1737918848500,"bbo":[null,{"px":"1.25","sz":"2","n":1}]}}',
  '',
].join('\n');
const MADE_ARCHIVE = [
  ...Array.from({ length: 9 }, (_, i) => `{"time":"2025-01-26T19:14:0${i}.5","ver_num":1,"raw":${book(i)}}`),
  '',
].join('\n');
const MADE_BINANCE = [
  '1723161256000000000 {"stream":"x@depth","data":{"e":"depthUpdate","T":1723161257000,"s":"ETHUSDT","u":10,"pu":5,"b":[["99.00","3"],["98.00","1"]],"a":[["101.00","5"]]}}',
  '1723161256100000000 {"stream":"x@bookTicker","data":{"e":"bookTicker","u":11,"s":"ETHUSDT","b":"99.00","B":"3","a":"101.00","A":"5","T":1723161257100}}',
  '1723161256200000000 {"stream":"x@trade","data":{"e":"trade","T":1723161257200,"s":"ETHUSDT","t":1,"p":"101.00","q":"1","X":"MARKET","m":false}}',
  '1723161256300000000 {"lastUpdateId":8,"E":1,"T":1723161256000,"bids":[["97.00","1"]],"asks":[["103.00","1"]]}',
  '1723161256400000000 {"stream":"x@depth","data":{"e":"depthUpdate","T":1723161257400,"s":"ETHUSDT","u":20,"pu":10,"b":[["99.00","0"]],"a":[]}}',
  '',
].join('\n');

/** A websocket capture: full lines, books and trades, and the server's greeting to a second connection. */
export const WS_TEXT: Buffer = greeted(
  HAVE_DATA ? chosenLines(gunzipSync(readFileSync(WS_CAPTURE)), 8) : Buffer.from(MADE_WS),
);

/** Lines of the exchange's archive, unpacked. */
export const ARCHIVE_TEXT: Buffer = HAVE_DATA ? chosenLines(archiveHead(), 6) : Buffer.from(MADE_ARCHIVE);

/**
 * A Binance capture with its snapshot, of which a few levels are kept: 1000 a side would be most of the text. After it come
 * some messages of each kind.
 */
export const BINANCE_TEXT: Buffer = HAVE_DATA ? binanceHead() : Buffer.from(MADE_BINANCE);

/** Tardis' two files, one after the other: snapshot, updates of several rows, trades. */
export const TARDIS_TEXT: Buffer = Buffer.from(
  [
    'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount',
    ...['bid,99.5,3', 'bid,98,1', 'bid,97,0', 'ask,101,5', 'ask,102.5,7'].map(
      row => `deribit,BTC-PERPETUAL,1585699200000000,1585699200157441,true,${row}`,
    ),
    ...Array.from({ length: 12 }, (_, i) => {
      const at = 1_585_699_200_200_000 + Math.floor(i / 3) * 100_000;
      return `deribit,BTC-PERPETUAL,${at},${at + 4_321},false,${i % 2 === 0 ? 'bid' : 'ask'},${90 + i * 2}.25,${i % 5}`;
    }),
    'deribit,ETH-PERPETUAL,1585699201000000,1585699201100000,true,bid,130.05,10',
    'exchange,symbol,timestamp,local_timestamp,id,side,price,amount',
    'deribit,BTC-PERPETUAL,1585699201245000,1585699201275542,81899310,sell,99.5,0.25',
    'deribit,BTC-PERPETUAL,1585699201245000,1585699201275542,81899311,sell,98,0.125',
    'deribit,BTC-PERPETUAL,1585699201349000,1585699201377600,abc-1,buy,101,1',
    'deribit,BTC-PERPETUAL,1585699201349000,1585699201377600,,unknown,101,1',
    '',
  ].join('\n'),
);

/**
 * A synthetic market of three coins of very different decimals, with books of both kinds, bests and trades: a tape that is as
 * `synthesize` makes it, and a capture of it.
 */
export const SYNTHETIC: Tape = synthesize(syntheticPlan('busy', ['BTC', 'kPEPE', 'hyna:HYPE']), 1, 600_000_000, {
  bookCadence: 'july-2026',
});
export const SYNTHETIC_TEXT: Buffer = captureOf(SYNTHETIC);

/** The lines that a capture of this market would have, with the best levels only. */
function captureOf(tape: Tape): Buffer {
  const originNs = BigInt(tape.originNs);
  const clockMs = (ns: number): number => Number((originNs + BigInt(ns)) / 1_000_000n);
  const lines = Array.from(
    tape.frames.recvNs,
    (recvNs, frame) => `${originNs + BigInt(recvNs)} ${fewLevels(wireFrame(tape, frame, clockMs))}`,
  );
  return Buffer.from(`${lines.join('\n')}\n`, 'latin1');
}

/** With the one frame that is no JSON after the first line, received at the same time. */
function greeted(text: Buffer): Buffer {
  const second = text.indexOf('\n') + 1;
  const greeting = `${text.toString('latin1', 0, 19)} Websocket connection established.\n`;
  return Buffer.concat([text.subarray(0, second), Buffer.from(greeting), text.subarray(second)]);
}

/** The first of some lines, and some that are shorter than those: books are long, trades are not. */
function chosenLines(text: Buffer, count: number): Buffer {
  const lines = text.toString('latin1').split('\n').slice(0, 60);
  const short = lines.filter(line => line.length > 0 && line.length < 1_000).slice(0, count);
  return Buffer.from(`${[...lines.slice(0, count), ...short].map(fewLevels).join('\n')}\n`, 'latin1');
}

/** A book's line with the best levels only, so that damage strikes all of its parts. */
function fewLevels(line: string): string {
  return line.replace(/\[((?:\{[^}]*\},){3}\{[^}]*\})(?:,\{[^}]*\})*\]/g, (_, best) => `[${best}]`);
}

function archiveHead(): Buffer {
  for (const block of decodeLz4(readFileSync(ARCHIVE_HOUR))) return Buffer.from(block.subarray(0, 65_536));
  throw new Error('the archive is empty');
}

function binanceHead(): Buffer {
  const lines = gunzipSync(readFileSync(BINANCE_CAPTURE)).subarray(0, 400_000).toString('latin1').split('\n');
  const snapshot = lines.findIndex(line => line.includes('lastUpdateId'));
  const few = lines[snapshot].replace(/"(bids|asks)":\[((?:\[[^\]]*\],){4}\[[^\]]*\])[^}]*?\]\]/g, '"$1":[$2]');
  const around = lines.slice(Math.max(0, snapshot - 8), snapshot + 12).filter(line => line.length < 2_000);
  around.splice(8, 0, few);
  return Buffer.from(`${around.join('\n')}\n`, 'latin1');
}

/** The first frames of a tape, as a tape of its own. */
export function headOf(tape: Tape, frames: number): Tape {
  const builder = new TapeBuilder();
  const { levels, trades } = tape;
  for (let frame = 0; frame < frames; frame++) {
    const { recvNs, exchNs, kind, feed, instrument, flags, updateId, previousUpdateId } = tape.frames;
    const first = tape.frames.firstRow[frame];
    for (let row = first; row < first + tape.frames.rowCount[frame]; row++) {
      if (kind[frame] === 3) {
        const { aggressor, priceTicks, sizeLots, tradeId } = trades;
        builder.addTrade(aggressor[row], priceTicks[row], sizeLots[row], tradeId[row], trades.exchNs[row]);
      } else builder.addLevel(levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]);
    }
    builder.endFrame(
      kind[frame],
      feed[frame],
      instrument[frame],
      flags[frame],
      recvNs[frame],
      exchNs[frame],
      updateId[frame],
      previousUpdateId[frame],
    );
  }
  return builder.finish({ ...tape.source, name: tape.name, instruments: tape.instruments });
}
