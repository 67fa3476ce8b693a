/** What the command line touches of its surroundings: handed in, so that tests run the program in their own process. */

export interface Io {
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal, or undefined where there is none. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The io of the running process. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  return {
    out: text => stdout.write(text),
    err: text => stderr.write(text),
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true,
    columns: stdout.columns,
    env,
  };
}

/** Colour only on a terminal that can show it, and never against NO_COLOR (https://no-color.org). */
export function wantsColour(io: Io): boolean {
  const noColor = io.env.NO_COLOR;
  return io.outIsTerminal && (noColor === undefined || noColor === '') && io.env.TERM !== 'dumb';
}

/** Help and tables are at most this wide. */
export const MAX_COLUMNS = 100;
/** Narrower terminals are written to as if they had this width: words would be cut to single letters. */
export const MIN_COLUMNS = 40;

export function width(io: Io): number {
  // Some terminals say that they have no columns when they do not know.
  const columns = io.columns === undefined || io.columns === 0 ? MAX_COLUMNS : io.columns;
  return Math.max(MIN_COLUMNS, Math.min(columns, MAX_COLUMNS));
}
