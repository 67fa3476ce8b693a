/** Processes that carry out one order, compared. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { compareProcesses } from '../../sim/cli/compare.ts';
import { KEPT_BLOCKS, type KeptRange } from '../../sim/cli/kept-records.ts';
import type { VerifyOrder } from '../../sim/cli/verify-worker.ts';
import { ENDS_EARLY, OTHER_SEED, otherNode, SLIPS, WARMS_UP } from './other-node.ts';

// Processes take their time on a machine that does other things besides.
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'replaybook-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = process.execPath;
const otherSeed = otherNode(folder, 'other-seed', OTHER_SEED);
const warmsUp = otherNode(folder, 'warms-up', WARMS_UP);
const ALL: KeptRange = { fromBlock: 0, blocks: KEPT_BLOCKS };

const scenario = join(folder, 'short.yaml');
writeFileSync(
  scenario,
  `title: Nothing goes wrong for half a minute
playbook: null
baseline: { market: { tape: btc-busy }, duration: 30s }
expect: { outcome: healthy }
`,
);

function order(keep: KeptRange): VerifyOrder {
  return { scenario, seed: 1, tape: null, keep };
}

describe('where processes part', () => {
  it('is found among several, and the first of them is named', async () => {
    const { answers, difference } = await compareProcesses(order(ALL), [node, node, otherSeed, warmsUp]);
    const labels = answers.map(answer => answer.contradiction?.nodes[1] ?? null);
    const label = `${process.version} ${process.arch}`;
    expect(labels).toEqual([null, null, null, `${label} again in the same process`]);
    expect(difference).toMatchObject({ what: 'digest', nodes: [label, label], first: { event: expect.any(Number) } });
  });

  it.each([
    ['two of them', otherSeed],
    ['one that contradicts itself', warmsUp],
  ])('is found in %s by another pass, where what was kept does not reach so far', async (_, binary) => {
    const { difference } = await compareProcesses(order(ALL), [node, binary]);
    expect(difference).toMatchObject({ what: 'digest', first: { event: expect.any(Number) } });
    const little = await compareProcesses(order({ fromBlock: 1_000, blocks: 2 }), [node, binary]);
    expect(little.difference).toEqual(difference);
  });

  it('is found though it is elsewhere each time', async () => {
    const slips = otherNode(folder, 'slips', SLIPS);
    const found = [await compareProcesses(order(ALL), [slips]), await compareProcesses(order(ALL), [slips])];
    for (const { difference } of found) {
      expect(difference).toMatchObject({ what: 'digest', first: { event: expect.any(Number) } });
    }
    expect(found[0].difference).not.toEqual(found[1].difference);
  });

  it('is a block where no pass keeps it', async () => {
    const { difference } = await compareProcesses(order({ fromBlock: 0, blocks: 0 }), [warmsUp]);
    expect(difference).toMatchObject({ what: 'digest', block: expect.any(Number), first: null });
  });
});

describe('a process that ends before it was asked', () => {
  it.each([
    [
      'is complained of where it has to be asked',
      OTHER_SEED,
      /is it a Node of 20\.19 or later\? It ended with status 3/,
    ],
    ['is not missed where it agrees', '', null],
  ])('%s', async (_, script, complaint) => {
    const binary = otherNode(folder, 'ends-early', `${script}\n${ENDS_EARLY}`);
    const comparing = compareProcesses(order(ALL), [node, binary]);
    if (complaint === null) expect((await comparing).difference).toBeNull();
    else await expect(comparing).rejects.toThrow(complaint);
  });
});
