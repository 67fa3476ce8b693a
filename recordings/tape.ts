/**
 * The tape: a recording made ready to replay. Normalised events in columns, exact integers, in receive order, with an
 * index in exchange order (design, section 7). On disk it is one Arrow IPC file (`tape-file.ts`); in memory it is these
 * typed arrays, which a replay reads in place.
 */
import type { Instrument, LevelColumns, TradeColumns } from '../core/market.ts';

/** What a frame is, as kept in `FrameColumns.kind`. */
export const FRAME_KINDS = ['snapshot', 'delta', 'bbo', 'trades'] as const;
export const SNAPSHOT = 0;
export const DELTA = 1;
export const BBO = 2;
export const TRADES = 3;

/** Flags of a frame. */
export const FLAG_NONE = 0;
/**
 * A `trades` frame that repeats old trades because the recorder subscribed. Nothing was traded then: a replay neither
 * fills by it nor delivers it. A core that subscribes in a replay gets a backlog of its own, from the trades on the tape.
 */
export const FLAG_BACKLOG = 1;
/** The same content with the same exchange time as the frame before: the exchange sent it twice. */
export const FLAG_REPEATED = 2;

/** One message each. Rows of kind `trades` lie in the trade columns, all others in the level columns. */
export interface FrameColumns {
  /** When the recorder received it, ns since the origin, after the shift. Never falls from frame to frame. */
  readonly recvNs: Float64Array;
  /** When it happened at the exchange, ns since the origin; for trades the newest of the frame. */
  readonly exchNs: Float64Array;
  readonly kind: Uint8Array;
  /** Index into `FEEDS`. */
  readonly feed: Uint8Array;
  /** Index into `instruments`. */
  readonly instrument: Uint16Array;
  readonly flags: Uint8Array;
  /** The venue's update id after this frame and the one it follows; 0 where the venue has none. */
  readonly updateId: Float64Array;
  readonly previousUpdateId: Float64Array;
  readonly firstRow: Int32Array;
  readonly rowCount: Int32Array;
}

export interface TapeSource {
  /** The importer's name: `hyperliquid-ws`, `hyperliquid-archive`, `binance`, `tardis-csv`, `recording`, `synthetic`. */
  readonly format: string;
  /** Name of the file it was made from, without its folder. */
  readonly file: string;
  /** Where the recorder's clock ran behind the exchange's: what was added to every receive time, ns. */
  readonly recvShiftNs: number;
  /** True: recorded at a real exchange. False: made by a program. */
  readonly recorded: boolean;
  /** The bytes it was made of, where that was noted. */
  readonly origin?: TapeOrigin;
}

/** What a tape was made of, so that it can be told whether it still is the tape of a file. */
export interface TapeOrigin {
  /** SHA-256 of the source file, 64 hex digits, and its size. */
  readonly sha256: string;
  readonly bytes: number;
  /** Version of the importers. */
  readonly importer: number;
}

export interface Tape {
  /** Short name for people: the source file's name. */
  readonly name: string;
  /** `sha256:` and the hash of schema and column values, not of the file's bytes. */
  readonly identity: string;
  /** Origin of all times: ns since 1970-01-01 UTC, as decimal digits. */
  readonly originNs: string;
  readonly source: TapeSource;
  readonly instruments: readonly Instrument[];
  readonly frames: FrameColumns;
  readonly levels: LevelColumns;
  readonly trades: TradeColumns;
  /** Frame numbers ordered by (exchNs, frame number). */
  readonly exchangeOrder: Uint32Array;
}

export function frameCount(tape: Tape): number {
  return tape.frames.recvNs.length;
}

/** Receive time of the last frame, ns since the origin; 0 for an empty tape. */
export function tapeEndNs(tape: Tape): number {
  const count = frameCount(tape);
  return count === 0 ? 0 : tape.frames.recvNs[count - 1];
}
