/** Recognises what a file is from its content; its name says nothing. */
import { ReplaybookError } from '../../core/errors.ts';

export const TEXT_FORMATS = ['hyperliquid-ws', 'hyperliquid-archive', 'binance', 'tardis-csv'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];
export const IMPORT_FORMATS = [...TEXT_FORMATS, 'recording'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** What is understood, for people. */
export const UNDERSTOOD =
  'Understood are: Replaybook tapes (.arrow) and recordings, Hyperliquid websocket captures and archive files, Binance ' +
  'USD-M captures, and Tardis CSV (incremental_book_L2, trades); the last four as they are or packed with gzip or LZ4.';

/** Lines looked at before a file is given up, and how much of each. */
const LINES = 50;
const CHARACTERS = 4_096;

const RECEIVE_TIME = /^[0-9]{19} \s*\{/;
const ARCHIVE = /^\s*\{.*"raw"\s*:\s*\{/;
const HYPERLIQUID = /"channel"\s*:/;
const BINANCE = /"stream"\s*:|"lastUpdateId"\s*:|"e"\s*:\s*"(?:depthUpdate|bookTicker|trade)"/;

const TARDIS = /^exchange,symbol,timestamp,local_timestamp,(?:is_snapshot|id),side,price,amount\r?$/;

const ARROW_MAGIC = Buffer.from('ARROW1');

export function isArrow(head: Uint8Array): boolean {
  return ARROW_MAGIC.compare(head.subarray(0, ARROW_MAGIC.length)) === 0;
}

/** The format of a text from its first lines, by the first that is in one. Throws `format` where none is. */
export function detectText(piece: Uint8Array): TextFormat {
  let start = 0;
  for (let i = 0; i < LINES && start < piece.length; i++) {
    const lineFeed = piece.indexOf(0x0a, start);
    const end = lineFeed === -1 ? piece.length : lineFeed;
    const line = Buffer.from(piece.subarray(start, Math.min(end, start + CHARACTERS))).toString('latin1');
    const format = formatOfLine(line);
    if (format !== null) return format;
    start = end + 1;
  }
  throw new ReplaybookError('format', `not a recording of any known format. ${UNDERSTOOD}`);
}

function formatOfLine(line: string): TextFormat | null {
  if (RECEIVE_TIME.test(line)) {
    if (HYPERLIQUID.test(line)) return 'hyperliquid-ws';
    return BINANCE.test(line) ? 'binance' : null;
  }
  if (ARCHIVE.test(line)) return 'hyperliquid-archive';
  return TARDIS.test(line) ? 'tardis-csv' : null;
}
