/**
 * One run in a process of its own, for `replaybook verify`: the order comes as JSON on the command line, what came of it
 * goes to standard output as JSON. Each order is run once and the process ends, so that nothing can leak from run to run.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { processIo } from './io.ts';
import { openMarket } from './market.ts';
import { openScenario } from './open-scenario.ts';
import { type Phase, runScenario } from './run-scenario.ts';

export interface VerifyOrder {
  readonly scenario: string;
  readonly seed: number;
  readonly tape: string | null;
  readonly keepBlock: { readonly phase: Phase; readonly block: number } | null;
}

export interface VerifyAnswer {
  /** Version of the Node that ran it. */
  readonly node: string;
  readonly verdict: unknown;
  readonly run: { readonly digest: string; readonly blocks: readonly string[] };
  readonly twin: { readonly digest: string; readonly blocks: readonly string[] };
  /** Bytes of the block that the order asked for, base64. */
  readonly keptBlock: string | null;
}

export type VerifyReply = { ok: true; answer: VerifyAnswer } | { ok: false; code: string; message: string };

async function carryOut(order: VerifyOrder): Promise<VerifyAnswer> {
  const scenario = openScenario(order.scenario, { tape: order.tape ?? undefined, set: [] });
  const { tape } = await openMarket(scenario, true, processIo());
  const { verdict, run, twin } = runScenario(scenario, tape, order.seed, {
    command: `replaybook run ${order.scenario} --seed ${order.seed}`,
    ...(order.keepBlock === null ? {} : { keepBlock: order.keepBlock }),
  });
  const kept = run.keptBlock ?? twin.keptBlock;
  return {
    node: process.version,
    verdict,
    run: { digest: run.digest, blocks: run.blocks },
    twin: { digest: twin.digest, blocks: twin.blocks },
    keptBlock: kept === null ? null : Buffer.from(kept).toString('base64'),
  };
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
