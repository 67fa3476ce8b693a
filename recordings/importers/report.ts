/** What an import found: everything is counted, nothing is dropped without a word. */
import type { Instrument } from '../../core/market.ts';

/** So many bad lines are kept with their reason; all are counted. */
const KEPT_SKIPS = 20;
/** Names of ignored messages come from the file, so their number is bounded. */
const MAX_IGNORED_NAMES = 50;

/** Oddities that do not make a frame bad. */
export interface Anomalies {
  /** Books that came twice with one exchange time. */
  repeatedBooks: number;
  /** Trades that the exchange repeated on subscribing. */
  backlogTrades: number;
  /** Snapshots and best bid and ask where bid >= ask. */
  crossedBooks: number;
  /** Frames whose receive time lay before that of the frame before them; raised to it. */
  clockStepsBack: number;
  /** Depth updates that do not follow the one before. */
  sequenceBreaks: number;
  /** Trades whose id does not follow the one before. */
  tradeIdGaps: number;
}

export interface ImportedInstrument extends Instrument {
  /** `known`: by the venue's rules; `inferred`: from the digits that occur in the recording. */
  readonly decimals: 'known' | 'inferred';
}

export interface ImportReport {
  format: string;
  /** Around it: `none`, `gzip` or `lz4`. */
  compression: string;
  file: string;
  /** Lines of a text, frames of a recording. */
  lines: number;
  frames: number;
  framesByKind: { snapshot: number; delta: number; bbo: number; trades: number };
  levelRows: number;
  tradeRows: number;
  /** Messages that are no market data, by name: acknowledgements, pongs, user events. */
  ignored: Record<string, number>;
  skippedLines: number;
  /** The first of the skipped ones; `line` counts from 1. */
  skipped: { line: number; reason: string }[];
  anomalies: Anomalies;
  /** What was added to every receive time because the recorder's clock ran behind, ns. */
  recvShiftNs: number;
  /** From the first to the last receive time, ns. */
  spanNs: number;
  instruments: ImportedInstrument[];
  /** Bytes at the end of a recording that are no whole frame: the writer was interrupted. */
  tornTailBytes: number;
}

/** Counts while an import runs. */
export class Tally {
  lines = 0;
  skippedLines = 0;
  readonly skipped: { line: number; reason: string }[] = [];
  readonly ignored = new Map<string, number>();
  repeatedBooks = 0;
  backlogTrades = 0;
  crossedBooks = 0;
  sequenceBreaks = 0;
  tradeIdGaps = 0;
  tornTailBytes = 0;

  skip(reason: string): void {
    this.skippedLines++;
    if (this.skipped.length < KEPT_SKIPS) this.skipped.push({ line: this.lines, reason });
  }

  ignore(name: string): void {
    const known = this.ignored.has(name) || this.ignored.size < MAX_IGNORED_NAMES;
    const key = known && /^[A-Za-z0-9@_.-]{1,40}$/.test(name) ? name : 'other';
    this.ignored.set(key, (this.ignored.get(key) ?? 0) + 1);
  }
}
