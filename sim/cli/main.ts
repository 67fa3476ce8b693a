#!/usr/bin/env node
/** The `replaybook` command. */
import nodeModule from 'node:module';
import { processIo } from './io.ts';

// Node 22.1 and later keep compiled code between runs, which saves a good part of the start.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// Whoever reads us may stop reading (`replaybook list settings | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const { main } = await import('./program.ts');
process.exitCode = await main(process.argv.slice(2), processIo());
