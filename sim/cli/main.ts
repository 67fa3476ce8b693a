#!/usr/bin/env node
/** The `replaybook` command. */
import nodeModule from 'node:module';
import { systemReason } from '../system-reason.ts';
import { EXIT_BAD_INPUT } from './exit-codes.ts';
import { processIo } from './io.ts';

// Node 22.1 and later keep compiled code between runs, which saves a good part of the start.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();

let isOutputLost = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads us may stop reading (`replaybook run … | head`): that is no failure, and the verdict stays what it is.
  if (error.code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.exitCode = EXIT_BAD_INPUT;
  process.stderr.write(`replaybook: standard output cannot be written: ${systemReason(error)}\n`);
});
process.stderr.on('error', () => {
  // Nobody is left to be told; the exit code still says it.
});

const { main } = await import('./program.ts');
const code = await main(process.argv.slice(2), processIo());
if (!isOutputLost) process.exitCode = code;
