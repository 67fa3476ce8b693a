/**
 * The runs of one order in a process of their own, for `replaybook verify`: the order comes as JSON on the command line, what
 * came of it goes to standard output as JSON. The scenario is run twice, so that what one run leaves behind in the process is
 * seen in the next; then the process ends.
 */
import { createCore } from '../../core/core.ts';
import { ReplaybookError } from '../../core/errors.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { type Tape, tapeEndNs } from '../../recordings/tape.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { resolveScenario } from '../../scenarios/resolve.ts';
import { BLOCK_RECORDS } from '../kernel/digest.ts';
import type { RunPlan } from '../run-plan.ts';
import { Simulation } from '../simulate.ts';
import { DEFAULT_WORLD } from '../world.ts';
import { processIo } from './io.ts';
import { openMarket } from './market.ts';
import { openScenario } from './open-scenario.ts';
import { type Phase, runScenario } from './run-scenario.ts';

/** A block of the digest whose records are to be kept. */
export interface KeepBlock {
  readonly phase: Phase;
  readonly block: number;
  /** True: of both runs of the process; false: there is only one run. */
  readonly again: boolean;
  /** True: nothing is judged, and only that phase runs, as far as the block goes: much the faster way. */
  readonly quick: boolean;
}

export interface VerifyOrder {
  readonly scenario: string;
  readonly seed: number;
  readonly tape: string | null;
  readonly keepBlock: KeepBlock | null;
}

/** What one run and its twin came to. */
export interface Outcome {
  readonly verdict: unknown;
  readonly run: { readonly digest: string; readonly blocks: readonly string[] };
  readonly twin: { readonly digest: string; readonly blocks: readonly string[] };
  /** Bytes of the block that the order asked for, base64. */
  readonly keptBlock: string | null;
}

/** The second run of a process, where it is not equal to the first. */
export interface Repeat extends Outcome {
  /** Id of the process: an answer that contradicts itself equals no other. */
  readonly process: number;
}

export interface VerifyAnswer extends Outcome {
  /** Version and processor of the Node that ran it: `v20.19.0 x64`. */
  readonly node: string;
  /** null where the second run in the process was equal to the first. */
  readonly repeat: Repeat | null;
}

export type VerifyReply = { ok: true; answer: VerifyAnswer } | { ok: false; code: string; message: string };

async function carryOut(order: VerifyOrder): Promise<VerifyAnswer> {
  const scenario = openScenario(order.scenario, { tape: order.tape ?? undefined, set: [] });
  const { tape } = await openMarket(scenario, true, processIo());
  const first = runOnce(order, scenario, tape);
  const second = order.keepBlock?.again === false ? first : runOnce(order, scenario, tape);
  const isEqual = second === first || JSON.stringify(second) === JSON.stringify(first);
  return {
    node: `${process.version} ${process.arch}`,
    ...first,
    repeat: isEqual ? null : { process: process.pid, ...second },
  };
}

function runOnce(order: VerifyOrder, scenario: Scenario, tape: Tape): Outcome {
  const keep = order.keepBlock;
  if (keep?.quick) return runToBlock(keep, order.seed, scenario, tape);
  const { verdict, run, twin } = runScenario(scenario, tape, order.seed, {
    command: `replaybook run ${order.scenario} --seed ${order.seed}`,
    ...(keep === null ? {} : { keepBlock: keep }),
  });
  return {
    verdict,
    run: { digest: run.digest, blocks: run.blocks },
    twin: { digest: twin.digest, blocks: twin.blocks },
    keptBlock: asText(run.keptBlock ?? twin.keptBlock),
  };
}

/** Parts of a run after each of which is looked whether the block is over. */
const SLICES = 1_000;

function runToBlock({ phase, block }: KeepBlock, seed: number, scenario: Scenario, tape: Tape): Outcome {
  const resolved = resolveScenario(scenario, { name: tape.name, endNs: tapeEndNs(tape) });
  const { fromNs, toNs, healNs, core } = resolved;
  const faults = phase === 'twin' ? [] : resolved.faults;
  const plan: RunPlan<CoreSettings> = { seed, tape, fromNs, toNs, healNs, core, world: DEFAULT_WORLD, faults };
  const simulation = new Simulation(plan, [], createCore, { keepBlock: block });
  for (let slice = 1; slice <= SLICES && simulation.event < (block + 1) * BLOCK_RECORDS; slice++) {
    plan.toNs = slice === SLICES ? toNs : fromNs + Math.floor(((toNs - fromNs) / SLICES) * slice);
    simulation.runUntil(plan.toNs);
  }
  // The plan ends where the last slice did.
  const { digest, blocks, keptBlock } = simulation.run();
  const none = { digest: '', blocks: [] };
  return { verdict: null, run: none, twin: none, [phase]: { digest, blocks }, keptBlock: asText(keptBlock) };
}

function asText(block: Uint8Array | null): string | null {
  return block === null ? null : Buffer.from(block).toString('base64');
}

async function reply(order: VerifyOrder): Promise<VerifyReply> {
  try {
    return { ok: true, answer: await carryOut(order) };
  } catch (error) {
    const code = error instanceof ReplaybookError ? error.code : 'internal';
    return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

process.stdout.write(JSON.stringify(await reply(JSON.parse(process.argv[2]) as VerifyOrder)));
