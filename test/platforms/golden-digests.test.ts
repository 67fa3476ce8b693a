/**
 * Digests of five scenarios on the sample tape, seed 1, as they were when this was written.
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
        "run": "sha256:0b305b2535e2890cd152ec6ad8346e187159da6a3c60c0b6158341a94d33b00d",
        "twin": "sha256:8ecd86598357b9d02fe896b066d54e5a42430c22792545964d4818802ef09f07",
      },
      "2-stale-quotes/2.3-book-silent-trades-flow": {
        "run": "sha256:52736170da7198d602975f7548bec643f9c6734f8730217caebb3449ae59a8bd",
        "twin": "sha256:8ecd86598357b9d02fe896b066d54e5a42430c22792545964d4818802ef09f07",
      },
      "2-stale-quotes/2.3-market-closed-reconnect-refused": {
        "run": "sha256:236843539810304a5b62eae9a899241a8723caa7add00a94cd3ef49d2f75d8d7",
        "twin": "sha256:8ecd86598357b9d02fe896b066d54e5a42430c22792545964d4818802ef09f07",
      },
      "2-stale-quotes/2.3-one-frame-late": {
        "run": "sha256:e9a9b23ff7a872aeb791d010ec78b88ed2cf1ac9b743773bd241600a42feb33c",
        "twin": "sha256:8ecd86598357b9d02fe896b066d54e5a42430c22792545964d4818802ef09f07",
      },
      "healthy/tape": {
        "run": "sha256:8ecd86598357b9d02fe896b066d54e5a42430c22792545964d4818802ef09f07",
        "twin": "sha256:8ecd86598357b9d02fe896b066d54e5a42430c22792545964d4818802ef09f07",
      },
    }
  `);
});
