/**
 * How many random sequences a property test draws. What the repository runs every time is chosen so that the tests stay fast;
 * REPLAYBOOK_DRAWS=10000 draws as many everywhere, and REPLAYBOOK_SEED=n draws others than usual. A failure names its seed.
 */

const DRAWS = process.env.REPLAYBOOK_DRAWS;
const SEED_OFFSET = Number(process.env.REPLAYBOOK_SEED ?? 0);

/** The parameters of `fc.assert`: this seed, and `numRuns` draws unless more (or fewer) are asked for. */
export function draws(seed: number, numRuns: number): { seed: number; numRuns: number } {
  return { seed: seed + SEED_OFFSET, numRuns: DRAWS === undefined ? numRuns : Number(DRAWS) };
}
