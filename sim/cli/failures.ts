/** How the program fails: one clear message, the right exit code, and with `--json` one document. */

import { type Place, ReplaybookError } from '../../core/errors.ts';
import { EXIT_BAD_INPUT, EXIT_DEFECT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { printable } from './printable.ts';
import type { Phase } from './run-scenario.ts';

/** A defect of the program in the middle of a run: what is known of where, and the command that brings it about again. */
export class RunDefect extends ReplaybookError {
  constructor(
    where: { scenario: string; seed: number; phase: Phase; atNs: number; event: number },
    command: string,
    cause: unknown,
  ) {
    const { scenario, seed, phase, atNs, event } = where;
    const what = cause instanceof Error ? cause.message : String(cause);
    super(
      'internal',
      `${what}\n  in the ${phase} of ${scenario}, seed ${seed}, at ${atNs} ns of virtual time, event ${event}\n` +
        `  to reproduce: ${command}`,
      {},
      cause,
    );
    this.name = 'RunDefect';
  }
}

/** Reports what was thrown, and gives the exit code. */
export function reportFailure(error: unknown, asJson: boolean, io: Io): number {
  const known = error instanceof ReplaybookError;
  const code = known ? error.code : 'internal';
  const isDefect = code === 'internal';
  const message = error instanceof Error ? error.message : String(error);
  if (asJson) {
    const place: Place = known ? error.place : {};
    io.out(`${JSON.stringify({ error: { code, message, file: place.file ?? null, line: place.line ?? null } })}\n`);
  }
  if (!asJson || isDefect) {
    io.err(printable(isDefect ? defectText(error, message) : `replaybook: ${message}\n`));
  }
  return isDefect ? EXIT_DEFECT : EXIT_BAD_INPUT;
}

function defectText(error: unknown, message: string): string {
  const origin = error instanceof RunDefect ? error.cause : error;
  const stack = origin instanceof Error && origin.stack !== undefined ? `${origin.stack}\n` : '';
  return `replaybook: this is a defect of the program: ${message}\n${stack}`;
}
