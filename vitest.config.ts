import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    // A machine that is busy with other things takes several times as long as one that is not; more random sequences than usual (test/support/draws.ts) take more time than usual.
    testTimeout: Math.max(120_000, Number(process.env.REPLAYBOOK_DRAWS ?? 0) * 250),
    // The machine that runs the tests has two cores, of which vitest would use one.
    maxWorkers: 2,
  },
});
