/**
 * `npm run bench`: runs the benchmarks, each with its correctness check, and prints figures with machine, Node version and
 * date. `-- --only TEXT` runs those whose name contains the text; `--json FILE` keeps the figures; `--compare FILE` shows
 * them beside figures that were kept before.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, Measurement } from './bench.ts';
import { coldHourBench, coreBench, hourBench, startBench } from './core.bench.ts';
import { cycleMedianBench, cycleTailBench, optimalQuotesBench } from './cycle.bench.ts';
import { dayCoreBench, dayMemoryBench, dayReplayBench, hourMemoryBench } from './day.bench.ts';
import { decodeBench } from './decode.bench.ts';
import { exchangeBench } from './exchange.bench.ts';
import { flowBench } from './flow.bench.ts';
import { replayBench } from './replay.bench.ts';

const BENCHES: readonly Bench[] = [
  replayBench,
  decodeBench,
  exchangeBench,
  flowBench,
  cycleMedianBench,
  cycleTailBench,
  optimalQuotesBench,
  coreBench,
  hourBench,
  coldHourBench,
  startBench,
  dayReplayBench,
  dayCoreBench,
  dayMemoryBench,
  hourMemoryBench,
];

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, compare: { type: 'string' } },
});

const earlier: Record<string, number> = options.compare ? JSON.parse(readFileSync(options.compare, 'utf8')) : {};
const figures: Record<string, number> = {};

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
);
for (const bench of BENCHES) {
  if (options.only !== undefined && !bench.name.includes(options.only)) continue;
  const measurement = await bench.run();
  figures[bench.name] = measurement.value;
  console.log(line(bench, measurement));
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);

function line(bench: Bench, { value, samples, detail }: Measurement): string {
  const spread = `${digits(Math.min(...samples))} to ${digits(Math.max(...samples))}`;
  const before = earlier[bench.name];
  const change = before === undefined ? '' : `, before ${digits(before)} (x ${(value / before).toFixed(2)})`;
  return `${bench.name}: ${digits(value)} ${bench.unit} (goal ${bench.goal}; ${spread}${change}; ${detail})`;
}

function digits(value: number): string {
  return value.toPrecision(3);
}
