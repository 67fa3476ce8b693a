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
        "run": "sha256:e5fdf80c9c03e6d900cfe03b55e2055952e06019d352a7364f1e0914210a56a8",
        "twin": "sha256:37b34e1d6b5569b425b8392eaaf465bd3dd8514be0db8cdee997b381ac575444",
      },
      "2-stale-quotes/2.3-book-silent-trades-flow": {
        "run": "sha256:e5f13922deb06fc033716090516493f673d449af800599f0aba7983926843cb3",
        "twin": "sha256:37b34e1d6b5569b425b8392eaaf465bd3dd8514be0db8cdee997b381ac575444",
      },
      "2-stale-quotes/2.3-market-closed-reconnect-refused": {
        "run": "sha256:e17084a4fc1b35d409f825d5d556772d7da337139bffc2bc2cd63d69df0a594b",
        "twin": "sha256:37b34e1d6b5569b425b8392eaaf465bd3dd8514be0db8cdee997b381ac575444",
      },
      "2-stale-quotes/2.3-one-frame-late": {
        "run": "sha256:e4a4c0143266975e3875648d1dbc9b9ad5574c2c1a78b1320e8d800011d7781c",
        "twin": "sha256:37b34e1d6b5569b425b8392eaaf465bd3dd8514be0db8cdee997b381ac575444",
      },
      "healthy/tape": {
        "run": "sha256:37b34e1d6b5569b425b8392eaaf465bd3dd8514be0db8cdee997b381ac575444",
        "twin": "sha256:37b34e1d6b5569b425b8392eaaf465bd3dd8514be0db8cdee997b381ac575444",
      },
      "healthy/volatile": {
        "run": "sha256:1265eb17ab8e734cce1d85d5dabf5debfb1582c373b9ac63e8eab92bbcdae389",
        "twin": "sha256:1265eb17ab8e734cce1d85d5dabf5debfb1582c373b9ac63e8eab92bbcdae389",
      },
    }
  `);
});
