/** `replaybook verify`: the same runs in fresh processes, also under other Node versions, must agree to the last byte. */
import { execPath } from 'node:process';
import { inParallel, runChild } from '../children.ts';
import { type Difference, differenceText, findDifference } from '../difference.ts';
import { EXIT_DIFFERS, EXIT_PASS } from '../exit-codes.ts';
import { type Io, width } from '../io.ts';
import { tapeArgument } from '../market.ts';
import { openScenario } from '../open-scenario.ts';
import { withProgress } from '../progress.ts';
import type { Request } from '../request.ts';
import { parseSeeds } from '../seeds.ts';
import { table } from '../table.ts';
import type { VerifyAnswer, VerifyOrder } from '../verify-worker.ts';

/** `sha256:` and 16 digits tell digests apart; --json has them whole. */
const SHOWN_DIGEST = 'sha256:'.length + 16;
const MAX_RUNS = 1_000;
/** Processes at a time: the machines of the project have two cores. */
const AT_ONCE = 2;

/** One scenario with one seed, run several times. */
interface Verified {
  readonly scenario: string;
  readonly seed: number;
  readonly runs: readonly VerifyAnswer[];
  readonly difference: Difference | null;
}

export async function verify(request: Request, io: Io): Promise<number> {
  const seeds = parseSeeds(request.text('seeds') ?? '1');
  const runs = request.wholeNumber('runs', 1, MAX_RUNS);
  const nodes = [execPath, ...request.list('node')];
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
        const order: VerifyOrder = { scenario: scenario.name, seed, tape: tapeName, keepBlock: null };
        results.push({ ...(await verifyOne(order, nodes, runs)), scenario: scenario.id });
      }
    }
    return results;
  });
  io.out(request.flag('json') ? `${JSON.stringify(asData(verified))}\n` : asText(verified, width(io)));
  return verified.every(({ difference }) => difference === null) ? EXIT_PASS : EXIT_DIFFERS;
}

async function verifyOne(order: VerifyOrder, nodes: readonly string[], runs: number): Promise<Verified> {
  const jobs = nodes.flatMap(node => Array.from({ length: runs }, () => node));
  const answers = await inParallel(jobs, AT_ONCE, node => runChild(node, order));
  // A process that contradicts itself differs, though it be the only one.
  const other = answers.findIndex(answer => answer.repeat !== null || !agree(answers[0], answer));
  const difference =
    other < 0 ? null : await findDifference(order, [jobs[0], jobs[other]], [answers[0], answers[other]]);
  return { scenario: order.scenario, seed: order.seed, runs: answers, difference };
}

function agree(a: VerifyAnswer, b: VerifyAnswer): boolean {
  const { node: _a, ...ofA } = a;
  const { node: _b, ...ofB } = b;
  return JSON.stringify(ofA) === JSON.stringify(ofB);
}

function versions(runs: readonly VerifyAnswer[]): string[] {
  return [...new Set(runs.map(({ node }) => node))];
}

function asData(verified: readonly Verified[]): unknown {
  return {
    agree: verified.every(({ difference }) => difference === null),
    results: verified.map(({ scenario, seed, runs, difference }) => ({
      scenario,
      seed,
      digest: runs[0].run.digest,
      twin: { digest: runs[0].twin.digest },
      runs: runs.map(({ node, run, twin }) => ({ node, digest: run.digest, twin: { digest: twin.digest } })),
      difference,
    })),
  };
}

function asText(verified: readonly Verified[], columns: number): string {
  const rows = verified.flatMap(({ scenario, seed, runs, difference }) => {
    const who = `${runs.length} runs, Node ${versions(runs).join(' and ')}`;
    const head = [`${scenario} seed ${seed}`];
    return difference === null
      ? [[...head, 'agree', `${who}: ${runs[0].run.digest.slice(0, SHOWN_DIGEST)}…`]]
      : [[...head, 'DIFFER', `${who}: ${differenceText(difference)}`]];
  });
  return table(rows, columns);
}
