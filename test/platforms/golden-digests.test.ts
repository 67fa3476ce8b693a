/**
 * Digests of five scenarios on the sample tape and one in a synthetic market, seed 1, as they were when this was written.
 *
 * They may change only with a change of behaviour that is meant: of the core, the simulation, a scenario, the sample or the
 * digest itself. Such a change says so in the changelog. A refactoring, a new observer, another Node or another machine must
 * not change them. To write them anew:
 *
 *     npx vitest run test/platforms/golden-digests -u
 */
import { expect, it } from 'vitest';
import { digestsOf } from './digests.ts';

const SCENARIOS = [
  'healthy/tape',
  'healthy/volatile',
  '2-stale-quotes/2.3-all-feeds-silent',
  '2-stale-quotes/2.3-book-silent-trades-flow',
  '2-stale-quotes/2.3-market-closed-reconnect-refused',
  '2-stale-quotes/2.3-one-frame-late',
];

it('gives the golden digests', async () => {
  const golden: Record<string, { twin: string; run: string }> = {};
  for (const scenario of SCENARIOS) {
    const [{ twin, run }] = await digestsOf(scenario, [1]);
    golden[scenario] = { twin, run };
  }
  expect(golden).toMatchInlineSnapshot(`
    {
      "2-stale-quotes/2.3-all-feeds-silent": {
        "run": "sha256:dd04e7a25999bb89956b40c2dc1aae0673a07bbf6066c1551c93c8048059efd7",
        "twin": "sha256:46ce412acf40d2c4b5204497b56b7091412562d58f7620953cd579c6f564b8a3",
      },
      "2-stale-quotes/2.3-book-silent-trades-flow": {
        "run": "sha256:19c8997db0646dcf5cb1abff1d05002fe6f61fa07bb000827d77d73e49fd4787",
        "twin": "sha256:46ce412acf40d2c4b5204497b56b7091412562d58f7620953cd579c6f564b8a3",
      },
      "2-stale-quotes/2.3-market-closed-reconnect-refused": {
        "run": "sha256:5f2190eefed013b61e75b60fa0b48e2e2c53202958e44b829aa1616e6c284784",
        "twin": "sha256:46ce412acf40d2c4b5204497b56b7091412562d58f7620953cd579c6f564b8a3",
      },
      "2-stale-quotes/2.3-one-frame-late": {
        "run": "sha256:85524fb48cef11b1551d9a388da2e001bd2a38d34cb5aa9eb41b8e0624b4945b",
        "twin": "sha256:46ce412acf40d2c4b5204497b56b7091412562d58f7620953cd579c6f564b8a3",
      },
      "healthy/tape": {
        "run": "sha256:46ce412acf40d2c4b5204497b56b7091412562d58f7620953cd579c6f564b8a3",
        "twin": "sha256:46ce412acf40d2c4b5204497b56b7091412562d58f7620953cd579c6f564b8a3",
      },
      "healthy/volatile": {
        "run": "sha256:f4cd77084e1673d7e58e67929dc1065a9845c1bb08794de9c048e8ab799e3d6a",
        "twin": "sha256:f4cd77084e1673d7e58e67929dc1065a9845c1bb08794de9c048e8ab799e3d6a",
      },
    }
  `);
});
