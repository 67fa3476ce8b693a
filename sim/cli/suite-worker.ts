/**
 * Makes runs for `replaybook suite` in a process of its own, one after the other as they come. What a run needs and the next
 * one needs again is kept: scenarios, tapes, twins.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { standingOf } from '../../reports/suite-run.ts';
import type { Verdict } from '../../reports/verdict.ts';
import type { Form } from '../../scenarios/forms.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { processIo } from './io.ts';
import { type Market, openMarket, portableMarket } from './market.ts';
import { openScenario } from './open-scenario.ts';
import { type Judged, type RunOptions, runScenario } from './run-scenario.ts';
import { TwinCache } from './twins.ts';

/** What holds for all runs of a worker; on its command line, as JSON. */
export interface SuiteOrder {
  /** Path of a module with a core of the user's own. */
  readonly core: string | null;
  readonly useCache: boolean;
}

/** One run. */
export interface RunOrder {
  readonly scenario: string;
  readonly form: Form;
  readonly seed: number;
  /** Changes of the scenario, as `path=value`. */
  readonly varied: readonly string[];
  readonly defect: string | null;
  readonly command: string;
  /** Folder to write the run to where it goes wrong. */
  readonly out: string | null;
}

export type RunReply = { ok: true; verdict: Verdict } | { ok: false; code: string; message: string };

/** Tasks come by twin and market, so that few are needed at a time. A tape of an hour is some 50 MB. */
const KEPT_MARKETS = 2;
const KEPT_TWINS = 2;

const { core, useCache } = JSON.parse(process.argv[2]) as SuiteOrder;
const createCore = core === null ? undefined : await (await import('./load-core.ts')).loadCore(core);
const scenarios = new Map<string, Scenario>();
const markets = new Map<string, Market>();
const twins = new TwinCache(KEPT_TWINS);

async function carryOut({ scenario: name, form, seed, varied, defect, command, out }: RunOrder): Promise<Verdict> {
  const scenario =
    varied.length > 0 ? openScenario(name, { set: varied }) : (scenarios.get(name) ?? openScenario(name));
  if (varied.length === 0) scenarios.set(name, scenario);
  const { plan } = await marketOf(scenario);
  const options: RunOptions = {
    command,
    form,
    twins,
    ...(defect !== null && { defect }),
    ...(createCore !== undefined && { createCore }),
  };
  const judged = runScenario(scenario, plan, seed, options);
  if (out !== null && isWrong(judged, scenario)) {
    (await import('./run-directory.ts')).writeRunDirectory(out, judged, scenario);
  }
  return judged.verdict;
}

/** The market of the scenario, opened or kept: the ones that were used last are. */
async function marketOf(scenario: Scenario): Promise<Market> {
  const key = JSON.stringify(portableMarket(scenario));
  const market = markets.get(key) ?? (await opened(scenario));
  markets.delete(key);
  markets.set(key, market);
  const [oldest] = markets.keys();
  if (markets.size > KEPT_MARKETS) markets.delete(oldest);
  return market;
}

async function opened(scenario: Scenario): Promise<Market> {
  const market = await openMarket(scenario, useCache, processIo());
  await market.keep?.();
  return market;
}

function isWrong({ verdict }: Judged, { document }: Scenario): boolean {
  return standingOf({ result: { kind: 'verdict', verdict }, mustFail: document.mustFail === true }) !== 'pass';
}

async function reply(order: RunOrder): Promise<RunReply> {
  try {
    return { ok: true, verdict: await carryOut(order) };
  } catch (error) {
    const code = error instanceof ReplaybookError ? error.code : 'internal';
    return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('disconnect', () => process.exit());
process.on('message', async (order: RunOrder) => process.send?.(await reply(order)));
