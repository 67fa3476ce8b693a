/** `replaybook verify`: the same runs in fresh processes, also under other Node versions, must agree to the last byte. */
import { execPath } from 'node:process';
import { type Comparison, compareProcesses } from '../compare.ts';
import { differenceText } from '../difference.ts';
import { EXIT_DIFFERS, EXIT_PASS } from '../exit-codes.ts';
import { type Io, width } from '../io.ts';
import { KEPT_BLOCKS } from '../kept-records.ts';
import { tapeArgument } from '../market.ts';
import { openScenario } from '../open-scenario.ts';
import { withProgress } from '../progress.ts';
import type { Request } from '../request.ts';
import { parseSeeds } from '../seeds.ts';
import { table } from '../table.ts';
import type { VerifyAnswer } from '../verify-worker.ts';

/** `sha256:` and 16 digits tell digests apart; --json has them whole. */
const SHOWN_DIGEST = 'sha256:'.length + 16;
const MAX_RUNS = 1_000;

/** One scenario with one seed, run several times. */
interface Verified extends Comparison {
  readonly scenario: string;
  readonly seed: number;
}

export async function verify(request: Request, io: Io): Promise<number> {
  const seeds = parseSeeds(request.text('seeds') ?? '1');
  const runs = request.wholeNumber('runs', 1, MAX_RUNS);
  const nodes = [execPath, ...request.list('node')];
  const binaries = nodes.flatMap(node => Array.from({ length: runs }, () => node));
  const tape = request.text('tape');
  const tapeName = tape === undefined ? null : tapeArgument(tape);
  // Names go to the processes as they were written, so that finding the scenario is compared, too; here they are only checked.
  const scenarios = request.operands.map(name => ({
    name,
    id: openScenario(name, { tape: tapeName ?? undefined, set: [] }).id,
  }));
  const verified = await withProgress(io, async tick => {
    const results: Verified[] = [];
    for (const scenario of scenarios) {
      for (const seed of seeds) {
        tick(`${scenario.id}, seed ${seed} …`);
        const keep = { fromBlock: 0, blocks: KEPT_BLOCKS };
        const comparison = await compareProcesses({ scenario: scenario.name, seed, tape: tapeName, keep }, binaries);
        results.push({ ...comparison, scenario: scenario.id, seed });
      }
    }
    return results;
  });
  io.out(request.flag('json') ? `${JSON.stringify(asData(verified))}\n` : asText(verified, width(io)));
  return verified.every(({ difference }) => difference === null) ? EXIT_PASS : EXIT_DIFFERS;
}

function versions(answers: readonly VerifyAnswer[]): string[] {
  return [...new Set(answers.map(({ node }) => node))];
}

function asData(verified: readonly Verified[]): unknown {
  return {
    agree: verified.every(({ difference }) => difference === null),
    results: verified.map(({ scenario, seed, answers, difference }) => ({
      scenario,
      seed,
      digest: answers[0].run.digest,
      twin: { digest: answers[0].twin.digest },
      runs: answers.map(({ node, run, twin }) => ({ node, digest: run.digest, twin: { digest: twin.digest } })),
      difference,
    })),
  };
}

function asText(verified: readonly Verified[], columns: number): string {
  const rows = verified.flatMap(({ scenario, seed, answers, difference }) => {
    const who = `${answers.length} runs, Node ${versions(answers).join(' and ')}`;
    const head = [`${scenario} seed ${seed}`];
    return difference === null
      ? [[...head, 'agree', `${who}: ${answers[0].run.digest.slice(0, SHOWN_DIGEST)}…`]]
      : [[...head, 'DIFFER', `${who}: ${differenceText(difference)}`]];
  });
  return table(rows, columns);
}
