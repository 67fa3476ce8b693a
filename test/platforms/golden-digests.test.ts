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
        "run": "sha256:0362194fa782ffc76a12161a6b237bddce452985eedcdbda7db301da74302a5f",
        "twin": "sha256:37e736dd680a6924ceb6a2c3783bf076f5344fe846fc2ae0f3e2cf56694417cd",
      },
      "2-stale-quotes/2.3-book-silent-trades-flow": {
        "run": "sha256:dde6189ebdb4b6e6fe47559f39790db0775953696101374f467226f329edcec4",
        "twin": "sha256:37e736dd680a6924ceb6a2c3783bf076f5344fe846fc2ae0f3e2cf56694417cd",
      },
      "2-stale-quotes/2.3-market-closed-reconnect-refused": {
        "run": "sha256:4ec4a28c71b1b4a35a6d35b34fa8a1edf9106fb05d94814a362f91ae1a006dbd",
        "twin": "sha256:37e736dd680a6924ceb6a2c3783bf076f5344fe846fc2ae0f3e2cf56694417cd",
      },
      "2-stale-quotes/2.3-one-frame-late": {
        "run": "sha256:010b0d8404c6f52bac3aac0c91070e554d275fbdfda15eae881fa9bbca7e1c2f",
        "twin": "sha256:37e736dd680a6924ceb6a2c3783bf076f5344fe846fc2ae0f3e2cf56694417cd",
      },
      "healthy/tape": {
        "run": "sha256:37e736dd680a6924ceb6a2c3783bf076f5344fe846fc2ae0f3e2cf56694417cd",
        "twin": "sha256:37e736dd680a6924ceb6a2c3783bf076f5344fe846fc2ae0f3e2cf56694417cd",
      },
      "healthy/volatile": {
        "run": "sha256:e3b34c1c12485a238a47278cb7883d6875414c4255ec32161e9565dea801d192",
        "twin": "sha256:e3b34c1c12485a238a47278cb7883d6875414c4255ec32161e9565dea801d192",
      },
    }
  `);
});
