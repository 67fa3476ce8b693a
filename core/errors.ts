/** The tree of errors that a user may meet. Each has a stable code; the cause is kept. */

export type ErrorCode =
  /** A command line that makes no sense. */
  | 'usage'
  /** A file that cannot be read or written. */
  | 'file'
  /** A file that is not what it should be: damaged, of another format, with impossible values. */
  | 'format'
  /** A scenario that does not hold to the schema. */
  | 'scenario'
  /** A defect of the program itself. */
  | 'internal';

/** Where in a file: what applies of line (from 1), column (from 1) and byte offset (from 0). */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
  offset?: number;
}

/**
 * Bad input or a broken promise, told in one message: what, where, what was expected, what to do.
 * The command line prints `message` and ends with exit code 2, or 70 for `internal`.
 */
export class ReplaybookError extends Error {
  readonly code: ErrorCode;
  readonly place: Place;

  constructor(code: ErrorCode, message: string, place: Place = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ReplaybookError';
    this.code = code;
    this.place = place;
  }
}
