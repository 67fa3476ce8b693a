import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    testTimeout: 30_000,
    // The machine that runs the tests has two cores, of which vitest would use one.
    maxWorkers: 2,
  },
});
