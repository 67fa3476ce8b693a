/**
 * Bundles the command line. It is some two hundred small modules, and loading them one by one takes Node longer than the
 * first verdict itself. What `tsc` writes to dist/ stays as it is: tests, checks and benchmarks run from there.
 */
import { defineConfig } from 'rolldown';

export default defineConfig({
  input: { main: 'dist/sim/cli/main.js', 'verify-worker': 'dist/sim/cli/verify-worker.js' },
  platform: 'node',
  output: { dir: 'dist/bundle/cli', format: 'esm', chunkFileNames: '[name].js' },
});
