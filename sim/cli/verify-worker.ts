/**
 * The runs of one order in a process of their own, for `replaybook verify`. The order comes as JSON on the command line. The
 * scenario is run twice, so that what one run leaves behind in the process is seen in the next. What came of it is sent to
 * the parent; then the process stays, to be asked for blocks of its digests, until the parent lets go of it.
 */
import { ReplaybookError } from '../../core/errors.ts';
import type { Scenario } from '../../scenarios/load.ts';
import type { MarketPlan } from '../run-plan.ts';
import { type BlockPlace, type Difference, findDifference } from './difference.ts';
import { processIo } from './io.ts';
import { type KeptRange, KeptRecords } from './kept-records.ts';
import { openMarket } from './market.ts';
import { openScenario } from './open-scenario.ts';
import { runScenario } from './run-scenario.ts';

export interface VerifyOrder {
  readonly scenario: string;
  readonly seed: number;
  readonly tape: string | null;
  readonly keep: KeptRange;
}

/** What one run and its twin came to. */
export interface Outcome {
  readonly verdict: unknown;
  readonly run: { readonly digest: string; readonly blocks: readonly string[] };
  readonly twin: { readonly digest: string; readonly blocks: readonly string[] };
}

/** Of the first run; all that the second adds is whether it was equal. */
export interface VerifyAnswer extends Outcome {
  /** Version and processor of the Node that ran it: `v20.19.0 x64`. */
  readonly node: string;
  /** Where the second run in the process parts from the first; null where it is equal. */
  readonly contradiction: Difference | null;
}

export type VerifyReply = { ok: true; answer: VerifyAnswer } | { ok: false; code: string; message: string };

/** Bytes of a block of the first run, base64; null: not kept. */
export interface BlockReply {
  readonly bytes: string | null;
}

async function carryOut(order: VerifyOrder, records: KeptRecords): Promise<VerifyAnswer> {
  const scenario = openScenario(order.scenario, { tape: order.tape ?? undefined, set: [] });
  const { plan } = await openMarket(scenario, true, processIo());
  const first = runOnce(order, scenario, plan, records);
  const recordsAgain = new KeptRecords(order.keep, records);
  const second = runOnce(order, scenario, plan, recordsAgain);
  const node = `${process.version} ${process.arch}`;
  const contradiction = await findDifference(
    { node, outcome: first, readBlock: ({ phase, block }) => records.block(phase, block) },
    {
      node: `${node} again in the same process`,
      outcome: second,
      readBlock: ({ phase, block }) => recordsAgain.block(phase, block),
    },
  );
  return { node, ...first, contradiction };
}

function runOnce(order: VerifyOrder, scenario: Scenario, market: MarketPlan, records: KeptRecords): Outcome {
  const { verdict, run, twin } = runScenario(scenario, market, order.seed, {
    command: `npx replaybook run ${order.scenario} --seed ${order.seed}`,
    onBlock: (phase, block, bytes) => records.take(phase, block, bytes),
  });
  return {
    verdict,
    run: { digest: run.digest, blocks: run.blocks },
    twin: { digest: twin.digest, blocks: twin.blocks },
  };
}

async function reply(order: VerifyOrder, records: KeptRecords): Promise<VerifyReply> {
  try {
    return { ok: true, answer: await carryOut(order, records) };
  } catch (error) {
    const code = error instanceof ReplaybookError ? error.code : 'internal';
    return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

const order = JSON.parse(process.argv[2]) as VerifyOrder;
const records = new KeptRecords(order.keep, null);
process.on('disconnect', () => process.exit());
process.on('message', ({ phase, block }: BlockPlace) => {
  const bytes = records.block(phase, block);
  const found: BlockReply = { bytes: bytes === null ? null : Buffer.from(bytes).toString('base64') };
  process.send?.(found);
});
process.send?.(await reply(order, records));
