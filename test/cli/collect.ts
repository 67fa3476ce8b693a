/** Runs the program in this process and collects what it prints. */

import type { Io } from '../../sim/cli/io.ts';
import { main } from '../../sim/cli/program.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export async function run(argv: readonly string[], surroundings: Partial<Io> = {}): Promise<Ran> {
  const ran: Ran = { code: -1, out: '', err: '' };
  ran.code = await main(argv, {
    out: text => {
      ran.out += text;
    },
    err: text => {
      ran.err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: undefined,
    env: {},
    ...surroundings,
  });
  return ran;
}
