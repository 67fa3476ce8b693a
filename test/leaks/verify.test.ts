/** `verify` names the first event that a leak changes, whatever the check of the source was told. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { type Verified, verifyCopy } from './copy.ts';
import { LEAKS } from './leaks.ts';

// Processes take their time on a machine that does other things besides.
vi.setConfig({ testTimeout: 120_000 });

/** A run under an emulated processor takes its time. */
const EMULATED_MS = 240_000;

function expectFirstEvent({ status, difference, complaint }: Verified): readonly string[] {
  expect([status, complaint]).toEqual([4, '']);
  if (difference?.what !== 'digest') throw new Error(`no difference of digests: ${JSON.stringify(difference)}`);
  const { first, block, nodes } = difference;
  if (first === null) throw new Error(`no event: ${JSON.stringify(difference)}`);
  expect(Math.floor(first.event / 1_024)).toBe(block);
  expect(first.a).not.toEqual(first.b);
  return nodes;
}

/** What the binary that a variable names says of itself, or why the tests that need it are left out. */
function otherNode(variable: string): { path: string; skip: string | null } {
  const path = process.env[variable] ?? '';
  if (path === '') return { path, skip: `set ${variable} to a Node binary, as .ci/run does` };
  const { status } = spawnSync(path, ['--version']);
  return { path, skip: status === 0 ? null : `${variable}=${path} does not run` };
}

// Half a minute of processes: for CI, which also compares with other Nodes below.
describe.skipIf(!process.env.CI)('leaks that one Node shows', () => {
  it('agrees with itself without a leak', () => {
    expect(verifyCopy(null, [])).toEqual({ status: 0, difference: null, complaint: '' });
  });

  it('finds a clock', () => {
    expectFirstEvent(verifyCopy(LEAKS.clock, []));
  });

  it('finds random numbers of the machine', () => {
    expectFirstEvent(verifyCopy(LEAKS['random numbers of the machine'], []));
  });

  it('finds a cache of the module, which every fresh process fills alike', () => {
    const [a, b] = expectFirstEvent(verifyCopy(LEAKS['a cache of the module'], []));
    expect(b).toBe(`${a} again in the same process`);
  });

  // A handler is called and must be done when it returns: a run is over before anything that it waits for goes on. So what
  // is awaited is lost to the run, alike in every process, and no digest shows it. The check of the source alone holds it.
  it.each(['await on the disk', 'await on what is there already'] as const)('is blind to %s', name => {
    expect(verifyCopy(LEAKS[name], [])).toMatchObject({ status: 0, difference: null });
  });
});

describe('leaks between versions of Node', () => {
  const { path, skip } = otherNode('REPLAYBOOK_NODE_24');

  it('finds a computed power of ten', context => {
    if (skip !== null) context.skip(skip);
    // Equal in both: the leak is between them.
    if (10 ** Number('-5') === 0.00001) context.skip('this Node computes 10 ** -5 as Node 24 does');
    const [a, b] = expectFirstEvent(verifyCopy(LEAKS['a computed power of ten'], ['--runs', '1', '--node', path]));
    expect([a, b]).toEqual([expect.stringMatching(/^v2[0-3]\./), expect.stringMatching(/^v24\./)]);
  });
});

describe('leaks between processors', () => {
  const { path, skip } = otherNode('REPLAYBOOK_NODE_ARM64');

  it(
    'finds an exponential of the machine',
    context => {
      if (skip !== null) context.skip(skip);
      if (process.arch !== 'x64') context.skip('this is not x86-64');
      const argv = ['--runs', '1', '--node', path];
      const [a, b] = expectFirstEvent(verifyCopy(LEAKS['an exponential of the machine'], argv));
      expect([a, b]).toEqual([expect.stringMatching(/ x64$/), expect.stringMatching(/ arm64$/)]);
    },
    EMULATED_MS,
  );
});
