/**
 * The exchange's public archive: lines of `{"time":"<receive time, UTC>","ver_num":1,"raw":<l2Book frame>}`.
 */
import { HyperliquidDecoder } from '../decode/hyperliquid.ts';
import { objectAt, parseJson, stringAt } from '../decode/json.ts';
import { ascii } from '../decode/scanner.ts';
import type { ImportSession, LineReader } from './text.ts';

const TIME = ascii('{"time":"');
const VERSION_AND_RAW = ascii('","ver_num":1,"raw":');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE_OBJECT = 0x7d;
/** `2024-01-01T12:00:01.138942031`; where decimals are missing the quote comes sooner. */
const LONGEST_TIME = 29;
const ONLY_CONNECTION = 0;

export function hyperliquidArchiveReader(session: ImportSession): LineReader {
  const { builder, time } = session;
  const decoder = new HyperliquidDecoder(builder, session.instruments, session.tally);
  return (bytes, start, end) => {
    const raw = rawFrame(bytes, start, end);
    if (raw !== -1) {
      time.readIso(bytes, start + TIME.length, raw - VERSION_AND_RAW.length);
      const recvNs = builder.receive(time.seconds, time.nanos);
      if (decoder.scan(bytes, raw, end - 1, recvNs, ONLY_CONNECTION)) return;
    }
    const line = objectAt(parseJson(bytes, start, end), 'line');
    const text = Buffer.from(stringAt(line.time, 'time'));
    time.readIso(text, 0, text.length);
    decoder.read(line.raw, builder.receive(time.seconds, time.nanos), ONLY_CONNECTION);
  };
}

/** Where the frame begins in a line as the archive writes them, or -1. */
function rawFrame(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[end - 1] !== CLOSE_OBJECT || !standsAt(bytes, start, TIME)) return -1;
  let quote = start + TIME.length;
  const last = quote + LONGEST_TIME;
  while (quote < last && bytes[quote] !== QUOTE && bytes[quote] !== BACKSLASH) quote++;
  return standsAt(bytes, quote, VERSION_AND_RAW) ? quote + VERSION_AND_RAW.length : -1;
}

function standsAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}
