/** A stored run, scored again: what `run` said, to the byte, without running anything. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { tempFolder, writeTemp } from '../recordings/support.ts';
import { ARCHIVE_HOUR, HAVE_DATA } from '../support/data.ts';
import { run } from './collect.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAIN = 'dist/bundle/cli/main.js';
const folder = tempFolder();

/** A setting is the cause, and one more run with another value decides whether that was it. */
const FIXED = writeTemp(
  folder,
  'fixed.yaml',
  `title: The inventory limit is set to nothing
playbook: "1.5"
baseline:
  market: { tape: btc-busy }
  duration: 60s
cause:
  set: { core.risk.maxInventoryUsd: 0 }
expect:
  outcome: symptom
  symptom: orders-not-sending
  appearsWithin: 40s
  diagnosis: "2.5"
resolution: { counterfactual: { core.risk.maxInventoryUsd: 500 } }
`,
);

/** The default, so what the twin has. */
const TWINS_LIMIT = ['--set', 'resolution.counterfactual.core.risk.maxInventoryUsd=1000'];

const OPERATED = writeTemp(
  folder,
  'operated.yaml',
  `title: The inventory limit is set to nothing, until somebody sets it again
playbook: "1.5"
baseline:
  market: { synthetic: busy, instrument: BTC }
  duration: 60s
cause:
  set: { core.risk.maxInventoryUsd: 0 }
expect:
  outcome: symptom
  symptom: orders-not-sending
  appearsWithin: 40s
  resolvesWithin: 20s
  diagnosis: "2.5"
resolution: { operator: set, at: 30s, set: { core.risk.maxInventoryUsd: 500 } }
`,
);

let folders = 0;

/** Runs with --trace and gives the folder. */
async function traced(argv: readonly string[]): Promise<{ out: string; ran: Awaited<ReturnType<typeof run>> }> {
  const out = join(folder, `run-${folders++}`);
  const ran = await run(['run', ...argv, '--out', out, '--trace']);
  expect(ran.err).toBe('');
  return { out, ran };
}

describe.each<[string, string[], string[]]>([
  ['silent feeds on a tape', ['2.3-all-feeds-silent'], []],
  ['a closed connection', ['2.3-market-closed-reconnect-refused', '--seed', '3'], []],
  ['a volatile market', ['healthy/volatile', '--set', 'baseline.duration=1m'], []],
  ['a flash crash', ['healthy/flash-crash', '--seed', '2'], []],
  ['a cause that never takes effect', ['2.3-all-feeds-silent', '--set', 'cause.faults.0.for=1ms'], []],
  ['a setting as the cause, and its fix, which makes a run of its own', [FIXED], ['fixed.arrow']],
  ['a setting as the cause, and its fix, which makes the twin again', [FIXED, ...TWINS_LIMIT], []],
  ['a setting as the cause, and an operator', [OPERATED], []],
])('the stored run of %s', (_, argv, more) => {
  it('is scored as it was judged', async () => {
    const { out, ran } = await traced(argv);
    expect(readdirSync(out)).toEqual(
      [...more, 'manifest.json', 'metrics.prom', 'scenario.yaml', 'trace.arrow', 'twin.arrow', 'verdict.json'].sort(),
    );
    expect(await run(['score', out])).toEqual(ran);
    const json = readFileSync(join(out, 'verdict.json'), 'utf8');
    expect(await run(['score', out, '--json'])).toEqual({ code: ran.code, out: json, err: '' });
    // The same run without a trace: the same verdict, and the same digests in it.
    expect((await run(['run', ...argv, '--json'])).out).toBe(json);
  });
});

describe('the stored run', () => {
  it('is scored to the byte in a fresh process, with the same exit code', async () => {
    const { out, ran } = await traced(['healthy/tape', '--set', 'core.risk.maxInventoryUsd=0']);
    expect(ran.code).toBe(1);
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'score', out], { encoding: 'utf8' });
    expect({ code: status, out: stdout, err: stderr }).toEqual(ran);
    const asJson = spawnSync(process.execPath, [MAIN, 'score', out, '--json'], { encoding: 'utf8' });
    expect(asJson.stdout).toBe(readFileSync(join(out, 'verdict.json'), 'utf8'));
  });

  it('of a core of one’s own needs no core to be scored', async () => {
    const { out, ran } = await traced(['healthy/tape', '--core', 'dist/test/example-core/one-quote.js']);
    expect(await run(['score', out])).toEqual(ran);
  });

  it.skipIf(!HAVE_DATA)('of an hour of the archive is scored as it was judged', async () => {
    const { out, ran } = await traced(['healthy/tape', '--tape', ARCHIVE_HOUR, '--no-cache']);
    expect(await run(['score', out])).toEqual(ran);
  });

  it('is replaced with its folder, and goes where the next run keeps none', async () => {
    const { out } = await traced(['healthy/tape']);
    expect((await run(['run', 'healthy/tape', '--out', out])).code).toBe(0);
    expect(readdirSync(out)).not.toContain('trace.arrow');
    const { code, err } = await run(['score', out]);
    expect([code, err]).toEqual([
      2,
      `replaybook: ${out}: trace.arrow: no such file or folder: expected the folder of a run that was made with --out and --trace\n`,
    ]);
  });
});

describe('what cannot be scored', async () => {
  const { out } = await traced(['healthy/calm', '--set', 'baseline.duration=40s']);
  const { out: other } = await traced(['healthy/calm', '--set', 'baseline.duration=40s', '--seed', '2']);
  const broken = join(folder, 'broken');
  mkdirSync(broken);

  function put(trace: string | Uint8Array, twin: string | Uint8Array | null): void {
    rmSync(broken, { recursive: true, force: true });
    mkdirSync(broken);
    for (const [name, from] of [
      ['trace.arrow', trace],
      ['twin.arrow', twin],
    ] as const) {
      if (typeof from === 'string') copyFileSync(from, join(broken, name));
      else if (from !== null) writeFileSync(join(broken, name), from);
    }
  }

  it.each<[string, () => [string | Uint8Array, string | Uint8Array | null], string]>([
    ['has no twin', () => [`${out}/trace.arrow`, null], `twin.arrow: cannot be read: no such file or folder`],
    ['has another run’s twin', () => [`${out}/trace.arrow`, `${other}/twin.arrow`], 'does not belong to trace.arrow'],
    ['has the twin in the run’s place', () => [`${out}/twin.arrow`, `${out}/twin.arrow`], 'the trace of a twin'],
    ['has the run in the twin’s place', () => [`${out}/trace.arrow`, `${out}/trace.arrow`], 'the trace of a run'],
    ['holds something else', () => ['package.json', `${out}/twin.arrow`], 'cut or damaged'],
    [
      'is cut',
      () => [readFileSync(`${out}/trace.arrow`).subarray(0, 5_000), `${out}/twin.arrow`],
      '/trace.arrow: the file does not begin and end as an Arrow file does',
    ],
    ['is empty', () => [new Uint8Array(), `${out}/twin.arrow`], 'cut or damaged'],
  ])('because it %s ends with 2 and one message', async (_, files, message) => {
    put(...files());
    const { code, out: told, err } = await run(['score', broken]);
    expect([code, told]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toMatch(/^replaybook: .*\n$/);
    const { error } = JSON.parse((await run(['score', broken, '--json'])).out);
    expect(error.message).toContain(message);
    expect(error.file).toContain(broken);
  });

  it('because a byte somewhere in either file is another is said to be damaged', async () => {
    const whole = { trace: readFileSync(`${out}/trace.arrow`), twin: readFileSync(`${out}/twin.arrow`) };
    const share = fc.nat({ max: 999_999 }).map(millionths => millionths / 1_000_000);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('trace' as const, 'twin' as const), share, async (which, at) => {
        const damaged = Buffer.from(whole[which]);
        damaged[Math.floor(at * damaged.length)] ^= 0x20;
        put(which === 'trace' ? damaged : whole.trace, which === 'twin' ? damaged : whole.twin);
        const { code, err } = await run(['score', broken]);
        expect(code).toBe(2);
        expect(err.startsWith(`replaybook: trace ${join(broken, which)}.arrow: `)).toBe(true);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('because it is no folder, or none of a run, is told', async () => {
    expect(await run(['score', 'package.json'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no folder'),
    });
    expect(await run(['score', `${folder}/none`])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
    expect(await run(['score', 'test'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('trace.arrow: no such'),
    });
  });
});
