/**
 * `node dist/test/bench/recordings-table.js [seed]`: how the core quotes on the real recordings when nothing goes wrong, as a Markdown table: time quoted
 * on both sides, spread, fills, inventory and profit, and whether a symptom was hot or an invariant broken. Own fills are simulated.
 */
import { createCore } from '../../core/core.ts';
import type { BySide, Instrument } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import { BPS, NS_PER_S, POWERS_OF_TEN } from '../../core/scale.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { tapeEndNs } from '../../recordings/tape.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { QUEUE_MODEL_NAMES } from '../../sim/exchange/replay/queue-models.ts';
import { Simulation } from '../../sim/simulate.ts';
import type { Observer, OrderTruth, RunContext } from '../../sim/truth.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { check } from './bench.ts';

/** Quoting has begun by then, whatever the market does. */
const WARM_UP_NS = DEFAULT_SETTINGS.estimator.warmUp.maxWaitNs;

const HEAD = [
  'recording',
  'own fills by',
  'both sides quoted',
  'spread mean / median, bps',
  'fills',
  'inventory end / largest',
  'profit, USD (fees in it)',
  'symptoms hot',
  'invariants broken',
];

/** What rests of our own, as the exchange has it: how long on both sides, how wide, and what comes of it. */
class Quoting implements Observer {
  readonly name = 'quoting';
  readonly #beginNs: number;
  readonly #resting: BySide<Map<number, number>> = [new Map(), new Map()];
  readonly #spreads: { bps: number; ns: number }[] = [];
  #sinceNs: number;
  #context: RunContext | null = null;
  bothSidesNs = 0;
  fills = 0;
  endLots = 0;
  largestLots = 0;

  constructor(beginNs: number) {
    this.#beginNs = beginNs;
    this.#sinceNs = beginNs;
  }

  onStart(context: RunContext): void {
    this.#context = context;
  }

  onAccepted(atNs: number, _event: number, { oid, priceTicks, side }: OrderTruth): void {
    this.#pass(atNs);
    this.#resting[side].set(oid, priceTicks);
  }

  onRemoved(atNs: number, _event: number, { oid, side }: OrderTruth): void {
    this.#pass(atNs);
    this.#resting[side].delete(oid);
  }

  onFill(_atNs: number, _event: number, _fill: Fill, positionLots: number): void {
    this.fills++;
    this.endLots = positionLots;
    this.largestLots = Math.max(this.largestLots, Math.abs(positionLots));
  }

  onEnd(atNs: number): void {
    this.#pass(atNs);
  }

  /** What has stood since the last change until now. */
  #pass(atNs: number): void {
    const ns = atNs - this.#sinceNs;
    if (atNs <= this.#beginNs) return;
    this.#sinceNs = atNs;
    const [bids, asks] = this.#resting;
    if (bids.size === 0 || asks.size === 0) return;
    const bidTicks = Math.max(...bids.values());
    const askTicks = Math.min(...asks.values());
    this.bothSidesNs += ns;
    this.#spreads.push({ bps: (2 * BPS * (askTicks - bidTicks)) / (askTicks + bidTicks), ns });
  }

  /** Weighted by time, bps. */
  get meanBps(): number {
    return this.#spreads.reduce((sum, { bps, ns }) => sum + bps * ns, 0) / this.bothSidesNs;
  }

  get medianBps(): number {
    let leftNs = this.bothSidesNs / 2;
    const sorted = [...this.#spreads].sort((a, b) => a.bps - b.bps);
    for (const { bps, ns } of sorted) {
      leftNs -= ns;
      if (leftNs <= 0) return bps;
    }
    return Number.NaN;
  }

  /** What the exchange's own ledger says: realised and open profit and funding, less fees. */
  get profitUsd(): { profitUsd: number; feesUsd: number } {
    const truth = this.#context?.ledger?.truth();
    if (truth === undefined) throw new Error('the run has no ledger');
    return { profitUsd: truth.equityUsd - truth.startUsd - truth.depositsUsd, feesUsd: truth.feesUsd };
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {}
}

async function row(name: string, file: string, queueModel: string | null, seed: number): Promise<string[]> {
  const { tape } = await importFile(file);
  const set = queueModel === null ? [] : [`exchange.queueModel=${queueModel}`];
  const options = { command: 'recordings-table' };
  const { plan, run, verdict } = runScenario(
    openScenario('healthy/tape', { tape: file, set }),
    { tape },
    seed,
    options,
  );
  const quoting = new Quoting(plan.fromNs + WARM_UP_NS);
  // The same run again, watched by another observer.
  check('digest', new Simulation(plan, [quoting], createCore).run().digest, run.digest);
  const spanNs = tapeEndNs(tape) - WARM_UP_NS;
  const { feesUsd, profitUsd } = quoting.profitUsd;
  const hot = Object.entries(verdict.symptoms).filter(([, intervals]) => intervals.length > 0);
  const [instrument] = tape.instruments;
  return [
    name,
    queueModel ?? '–',
    `${((100 * quoting.bothSidesNs) / spanNs).toFixed(2)} %`,
    `${quoting.meanBps.toFixed(2)} / ${quoting.medianBps.toFixed(2)}`,
    String(quoting.fills),
    `${amount(quoting.endLots, instrument)} / ${amount(quoting.largestLots, instrument)}`,
    `${profitUsd.toFixed(2)} (${feesUsd.toFixed(2)})`,
    hot.map(([symptom]) => symptom).join(', ') || 'none',
    verdict.checks.invariants.violations.map(({ invariant }) => invariant).join(', ') || 'none',
  ];
}

function amount(lots: number, { sizeDecimals, symbol }: Instrument): string {
  return `${(lots / POWERS_OF_TEN[sizeDecimals]).toFixed(sizeDecimals)} ${symbol}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

async function main(): Promise<void> {
  if (!HAVE_DATA) throw new Error('no recordings: set REPLAYBOOK_DATA to their folder');
  const seed = Number(process.argv[2] ?? 1);
  console.log(`Seed ${seed}, default settings: an account of $1,000, at most $1,000 of inventory, five levels a side.`);
  console.log(
    'Own fills are simulated: the recorded market does not answer to them, and a recording without trades fills an order only when the price crosses it.',
  );
  console.log(
    `Spread and time on both sides are of what rested at the exchange after ${WARM_UP_NS / NS_PER_S} s of warm-up, weighted by time. A few minutes say nothing of profit.\n`,
  );
  console.log(line(HEAD));
  console.log(line(HEAD.map(() => '---')));
  console.log(line(await row('Hyperliquid BTC, 1 h of 2024-01-01, no trades', ARCHIVE_HOUR, null, seed)));
  console.log(line(await row('Hyperliquid BTC, 25 s of 2025-01-26', WS_CAPTURE, null, seed)));
  for (const queueModel of QUEUE_MODEL_NAMES) {
    console.log(line(await row('Binance ETHUSDT, 345 s of 2024-08-08', BINANCE_CAPTURE, queueModel, seed)));
  }
}

await main();
