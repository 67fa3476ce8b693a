/**
 * Two causes of different steps at once: are both found? Pairs are drawn from a text, usually the hash of a commit.
 *
 *     node dist/test/robustness/pairs.js TEXT PAIRS
 *
 * Each pair is one scenario made of two: the baseline of the first, the faults, settings and defects of both, as they are. Pairs that
 * cannot be one run (two defects, two markets, two values of one setting) or of which one hides the other (`masking.ts`) are drawn again. Prints how often
 * both steps were among the first three that the diagnosis found to be more than in order, and those pairs of which they were not.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Verdict } from '../../reports/verdict.ts';
import { scenarioIds } from '../../scenarios/catalogue.ts';
import { parseScenario, type Scenario } from '../../scenarios/load.ts';
import { processIo } from '../../sim/cli/io.ts';
import { openMarket } from '../../sim/cli/market.ts';
import { SCENARIOS } from '../../sim/cli/paths.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { TwinCache } from '../../sim/cli/twins.ts';
import { RandomStreams } from '../../sim/kernel/random.ts';
import { MASKING } from './masking.ts';

interface Cause {
  readonly id: string;
  readonly step: string;
  readonly document: Scenario['document'];
}

const [text, wanted = '200'] = process.argv.slice(2);
if (text === undefined) throw new Error('usage: pairs.js TEXT PAIRS');
const stream = new RandomStreams(hash('sha256', text)).stream('pairs');

const causes: Cause[] = scenarioIds(SCENARIOS)
  .filter(id => /^[1-4]-/.test(id))
  .map(id => ({
    id,
    document: parseScenario(readFileSync(join(SCENARIOS, `${id}.yaml`), 'utf8'), `${id}.yaml`).document,
  }))
  .filter(({ document }) => document.expect.outcome === 'symptom' && document.mustFail !== true)
  .filter(({ document }) => 'synthetic' in document.baseline.market)
  .map(cause => ({ ...cause, step: cause.document.playbook ?? '' }));

function isMasked(first: Cause, second: Cause): boolean {
  return MASKING.some(
    ({ masks, masked }) =>
      (masks === first.step && masked.includes(second.step)) || (masks === second.step && masked.includes(first.step)),
  );
}

/** Whether two causes can be at work in one run. */
function goTogether({ document: a }: Cause, { document: b }: Cause): boolean {
  if (a.cause?.defect !== undefined && b.cause?.defect !== undefined) return false;
  if (JSON.stringify(a.baseline) !== JSON.stringify(b.baseline)) return false;
  const setA = Object.keys(a.cause?.set ?? {});
  return !Object.keys(b.cause?.set ?? {}).some(path => setA.includes(path));
}

function merged(a: Cause, b: Cause): Scenario {
  const document = parse(readFileSync(join(SCENARIOS, `${a.id}.yaml`), 'utf8'));
  const other = b.document.cause ?? {};
  const own = document.cause;
  const faults = [...(own.faults ?? []), ...(other.faults ?? [])];
  const set = { ...own.set, ...other.set };
  const defect = own.defect ?? other.defect;
  document.cause = {
    ...(faults.length > 0 && { faults }),
    ...(Object.keys(set).length > 0 && { set }),
    ...(defect !== undefined && { defect }),
  };
  // What is expected does not count here: only what is found.
  document.resolution = { counterfactual: { 'core.fills.dedupCapacity': 10_000 }, healFor: '1s' };
  return parseScenario(stringify(document), `${a.id}.yaml`);
}

function found({ diagnosis }: Verdict): string[] {
  return diagnosis.filter(({ status }) => status !== 'ok').map(({ step }) => step);
}

const twins = new TwinCache(8);
let both = 0;
let runs = 0;
for (let tries = 0; runs < Number(wanted) && tries < 100 * Number(wanted); tries++) {
  const [a, b] = [causes[stream.int(causes.length)], causes[stream.int(causes.length)]];
  const seed = stream.int(1_000_000);
  if (a.step === b.step || isMasked(a, b) || !goTogether(a, b)) continue;
  const scenario = merged(a, b);
  const market = await openMarket(scenario, true, processIo());
  const { verdict } = runScenario(scenario, market.plan, seed, { command: '', twins });
  runs++;
  const first = found(verdict).slice(0, 3);
  if (first.includes(a.step) && first.includes(b.step)) both++;
  else process.stdout.write(`${a.id} + ${b.id}, seed ${seed}: found ${found(verdict).slice(0, 5).join(', ')}\n`);
}
process.stdout.write(`${runs} pairs of ${causes.length} causes: both steps among the first three in ${both}\n`);
