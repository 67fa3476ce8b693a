/**
 * The replay against hftbacktest: one grid, one recording, one constant latency, every queue model, both exchanges. Its
 * fills lie in `hftbacktest-fills.txt`, made by `hftbacktest-fills.py`, so that no Python is needed here.
 *
 * What is known of the differences (they are listed in `sim/exchange/replay/replay-matching.ts`) is shown in two steps:
 * hftbacktest's exchange, written once more from its source, gives its fills, all of them; mended in two places it gives
 * ours, all of them. Under the models that do not meet the first of them ours are hftbacktest's own.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { POWERS_OF_TEN } from '../../../../core/scale.ts';
import { BBO, type FrameColumns, frameCount, type Tape } from '../../../../recordings/tape.ts';
import { QUEUE_MODEL_NAMES, type QueueModelName } from '../../../../sim/exchange/replay/queue-models.ts';
import { FILL_MODEL_NAMES, type ReplayFillSettings } from '../../../../sim/exchange/replay/replay-matching.ts';
import { BINANCE_CAPTURE, HAVE_DATA } from '../../../support/data.ts';
import { loadMarketFile } from '../../../support/load-market.ts';
import { type Grid, GridDriver, type GridExchange, type GridFill, replayExchange } from './grid-driver.ts';
import { HftbacktestExchange } from './hftbacktest-exchange.ts';

const NS_PER_MS = 1_000_000;

/** Of hftbacktest-fills.py. */
const GRID: Omit<Grid, 'firstWakeNs'> = {
  wakes: 160,
  everyNs: 1_000 * NS_PER_MS,
  levels: 3,
  sizeLots: 2_000,
  entryNs: 10.5 * NS_PER_MS,
  responseNs: 10 * NS_PER_MS,
};

/** Models that never bring the volume ahead below nothing here, so that hftbacktest's first mistake has no effect. */
const UNMISTAKEN: readonly QueueModelName[] = ['RiskAdverseQueueModel', 'PowerProbQueueFunc3', 'LogProbQueueFunc2'];

interface Run {
  settings: ReplayFillSettings;
  /** Sum of the best bids and asks that the strategy saw. */
  seen: number;
  fills: string[];
}

function readRuns(): { firstSecond: bigint; runs: Run[] } {
  const path = new URL('hftbacktest-fills.txt', import.meta.url);
  const [first, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const runs: Run[] = [];
  for (const line of lines) {
    const [mark, model, power, exchange, seen] = line.split(' ');
    if (mark !== '#') {
      runs[runs.length - 1].fills.push(line);
      continue;
    }
    const queueModel = QUEUE_MODEL_NAMES.find(name => name === model);
    const fillModel = FILL_MODEL_NAMES.find(name => name === exchange);
    if (queueModel === undefined || fillModel === undefined) throw new Error(`not understood: ${line}`);
    // A model without a power has 0 in the file, and reads none.
    const queuePower = Number(power) || 1;
    runs.push({ settings: { queueModel, queuePower, fillModel }, seen: Number(seen), fills: [] });
  }
  return { firstSecond: BigInt(first.slice(2)), runs };
}

/** hftbacktest's converter leaves `bookTicker` frames out. */
function withoutBbo(tape: Tape): Tape {
  const kept = Array.from({ length: frameCount(tape) }, (_, frame) => frame).filter(
    frame => tape.frames.kind[frame] !== BBO,
  );
  const newNumber = new Map(kept.map((frame, number) => [frame, number]));
  const pick = <T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(column: T): T => {
    const into = column.slice(0, kept.length);
    for (const [number, frame] of kept.entries()) into[number] = column[frame];
    return into as T;
  };
  const { recvNs, exchNs, kind, feed, instrument, flags, updateId, previousUpdateId, firstRow, rowCount } = tape.frames;
  const frames: FrameColumns = {
    recvNs: pick(recvNs),
    exchNs: pick(exchNs),
    kind: pick(kind),
    feed: pick(feed),
    instrument: pick(instrument),
    flags: pick(flags),
    updateId: pick(updateId),
    previousUpdateId: pick(previousUpdateId),
    firstRow: pick(firstRow),
    rowCount: pick(rowCount),
  };
  const order = Array.from(tape.exchangeOrder, frame => newNumber.get(frame)).filter(frame => frame !== undefined);
  return { ...tape, frames, exchangeOrder: Uint32Array.from(order) };
}

const { firstSecond, runs } = readRuns();

describe.skipIf(!HAVE_DATA)('a grid over the Binance capture, beside hftbacktest', () => {
  let tape: Tape;
  let secondNs: number;
  beforeAll(async () => {
    tape = withoutBbo((await loadMarketFile(BINANCE_CAPTURE)).tape);
    secondNs = Number(firstSecond * 1_000_000_000n - BigInt(tape.originNs));
  });

  function play(open: (filled: (fill: GridFill) => void) => GridExchange): { seen: number; fills: string[] } {
    const driver = new GridDriver(tape, { ...GRID, firstWakeNs: secondNs + NS_PER_MS / 2 }, open);
    driver.run();
    return { seen: driver.seen, fills: byMillisecond(driver.fills, secondNs) };
  }

  const ours = (settings: ReplayFillSettings) => play(filled => replayExchange(tape, settings, filled));
  const theirs = (settings: ReplayFillSettings, repaired: boolean) => {
    const lotsPerCoin = POWERS_OF_TEN[tape.instruments[0].sizeDecimals];
    return play(filled => new HftbacktestExchange({ ...settings, lotsPerCoin, repaired }, filled));
  };

  it('has fills of every model under both exchanges to compare with, partial ones too', () => {
    const names = runs.map(({ settings }) => `${settings.queueModel} ${settings.fillModel}`);
    expect(names).toEqual(QUEUE_MODEL_NAMES.flatMap(model => FILL_MODEL_NAMES.map(fills => `${model} ${fills}`)));
    for (const { settings, fills } of runs) {
      expect(fills.length).toBeGreaterThan(300);
      const partial = fills.filter(fill => !fill.endsWith(` ${GRID.sizeLots}`)).length;
      if (settings.fillModel === 'PartialFillExchange') expect(partial).toBeGreaterThan(50);
      else expect(partial).toBe(0);
    }
  });

  const named = runs.map(run => ({ name: `${run.settings.queueModel} in ${run.settings.fillModel}`, run }));

  it.each(named)('hftbacktest written once more gives its fills: $name', ({ run }) => {
    expect(theirs(run.settings, false)).toEqual({ seen: run.seen, fills: run.fills });
  });

  it.each(named)('ours are those of hftbacktest without its two mistakes: $name', ({ run }) => {
    expect(ours(run.settings)).toEqual(theirs(run.settings, true));
  });

  it.each(named.filter(({ run }) => UNMISTAKEN.includes(run.settings.queueModel)))(
    'ours are those of hftbacktest itself: $name',
    ({ run }) => {
      expect(ours(run.settings)).toEqual({ seen: run.seen, fills: run.fills });
    },
  );
});

/** Fills as the file has them: those of one order in one millisecond as one. */
function byMillisecond(fills: readonly GridFill[], secondNs: number): string[] {
  const sums = new Map<string, { atMs: number; fill: GridFill; lots: number }>();
  for (const fill of fills) {
    const atMs = Math.floor((fill.exchNs - secondNs) / NS_PER_MS);
    const key = `${atMs} ${fill.cloid}`;
    const sum = sums.get(key) ?? { atMs, fill, lots: 0 };
    sum.lots += fill.sizeLots;
    sums.set(key, sum);
  }
  const rows = [...sums.values()].sort(
    (a, b) => a.atMs - b.atMs || a.fill.side - b.fill.side || a.fill.priceTicks - b.fill.priceTicks || a.lots - b.lots,
  );
  return rows.map(({ atMs, fill, lots }) => `${atMs} ${'bs'[fill.side]} ${fill.priceTicks} ${lots}`);
}
