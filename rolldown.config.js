/**
 * Bundles the command line. It is some two hundred small modules, and loading them one by one takes Node longer than the
 * first verdict itself. What `tsc` writes to dist/ stays as it is: tests, checks and benchmarks run from there.
 */
import { chmodSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const FOLDER = 'dist/bundle/cli';

export default defineConfig({
  input: {
    main: 'dist/sim/cli/main.js',
    'suite-worker': 'dist/sim/cli/suite-worker.js',
    'verify-worker': 'dist/sim/cli/verify-worker.js',
  },
  platform: 'node',
  output: { dir: FOLDER, format: 'esm', chunkFileNames: '[name].js' },
  plugins: [
    {
      // A bundle written anew is not executable, and `npx replaybook` starts it as a program.
      name: 'executable',
      writeBundle: () => chmodSync(`${FOLDER}/main.js`, 0o755),
    },
  ],
});
