/** The most memory that a reader may take on a small file, whatever is in it. */
import { expect } from 'vitest';

const MAX_KB = 256_000;

/** Runs `body` and holds the process to that: its peak may not have grown by more. */
export async function withinMemory(body: () => Promise<void> | void): Promise<void> {
  const before = process.resourceUsage().maxRSS;
  await body();
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(MAX_KB);
}
