/** Real markets under a simple grid: every fill must be one that the recording itself justifies. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import type { Fill, PlaceOrder } from '../../../core/port.ts';
import { NS_PER_MS } from '../../../core/scale.ts';
import { FLAG_NONE, frameCount, type Tape, TRADES } from '../../../recordings/tape.ts';
import { DEFAULT_EXCHANGE } from '../../../sim/exchange/exchange.ts';
import { ReplayExchange } from '../../../sim/exchange/replay/replay-exchange.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../../support/data.ts';
import { loadMarketFile } from '../../support/load-market.ts';
import { Auditor } from './auditor.ts';
import { RICH } from './support.ts';

interface Grid {
  levels: number;
  everyNs: number;
  sizeLots: number;
}

/** Quotes `levels` prices a side from the touch outwards and moves them every so often. */
class GridRun {
  readonly auditor = new Auditor();
  readonly exchange: ReplayExchange;
  readonly tape: Tape;
  readonly grid: Grid;
  at = 0;
  nextNs = Number.NEGATIVE_INFINITY;
  nonce = 0;
  cloid = 0;

  constructor(tape: Tape, grid: Grid) {
    this.tape = tape;
    this.grid = grid;
    this.exchange = new ReplayExchange(tape.instruments, { ...DEFAULT_EXCHANGE, account: RICH }, this.auditor);
  }

  /** Plays up to this place in exchange order; `onFills` sees those of each frame. */
  playTo(end: number, onFills: (frame: number, fills: readonly Fill[]) => void = () => {}): void {
    const { frames, exchangeOrder } = this.tape;
    for (; this.at < end; this.at++) {
      const frame = exchangeOrder[this.at];
      const nowNs = frames.exchNs[frame];
      const before = this.auditor.fills.length;
      this.exchange.applyFrame(nowNs, this.tape, frame);
      if (this.auditor.fills.length > before) onFills(frame, this.auditor.fills.slice(before));
      if (nowNs >= this.nextNs) this.#quote(nowNs);
    }
  }

  #quote(nowNs: number): void {
    const { bestBidTicks, bestAskTicks } = this.exchange.book(0);
    if (bestBidTicks === 0 || bestAskTicks <= bestBidTicks) return;
    this.nextNs = nowNs + this.grid.everyNs;
    const tick = bestBidTicks % 10 === 0 && bestAskTicks % 10 === 0 ? 10 : 1;
    const wanted: [side: typeof BID | typeof ASK, ticks: number][] = [];
    for (let level = 0; level < this.grid.levels; level++) {
      wanted.push([BID, bestBidTicks - level * tick], [ASK, bestAskTicks + level * tick]);
    }
    const open = this.exchange.openOrders();
    const isOpen = ([side, ticks]: (typeof wanted)[number]) =>
      open.some(order => order.side === side && order.limitTicks === ticks);
    const cancels = open
      .filter(order => !wanted.some(([side, ticks]) => side === order.side && ticks === order.limitTicks))
      .map(({ oid }) => ({ instrument: 0, oid }));
    const orders = wanted
      .filter(quote => !isOpen(quote))
      .map(([side, priceTicks]): PlaceOrder => {
        const sizeLots = this.grid.sizeLots;
        return { cloid: ++this.cloid, instrument: 0, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly: false };
      });
    if (cancels.length > 0) this.exchange.handleAction(nowNs, ++this.nonce, { type: 'cancel', cancels });
    if (orders.length > 0) this.exchange.handleAction(nowNs, ++this.nonce, { type: 'order', orders });
  }
}

/** What in the frame lets this order fill: a trade at or through its price, or the other side's best at or through it. */
function isJustified(run: GridRun, frame: number, fill: Fill): boolean {
  const { frames, trades } = run.tape;
  if (frames.kind[frame] !== TRADES) {
    const { bestBidTicks, bestAskTicks } = run.exchange.book(0);
    return fill.side === BID ? bestAskTicks <= fill.priceTicks : bestBidTicks >= fill.priceTicks;
  }
  if (frames.flags[frame] !== FLAG_NONE) return false;
  for (let row = frames.firstRow[frame]; row < frames.firstRow[frame] + frames.rowCount[frame]; row++) {
    if (trades.aggressor[row] === fill.side) continue;
    const through =
      fill.side === BID ? fill.priceTicks - trades.priceTicks[row] : trades.priceTicks[row] - fill.priceTicks;
    if (through > 0 || (through === 0 && fill.sizeLots <= trades.sizeLots[row])) return true;
  }
  return false;
}

function expectSound(run: GridRun, end: number): void {
  const unjustified: Fill[] = [];
  run.playTo(end, (frame, fills) => {
    unjustified.push(...fills.filter(fill => !isJustified(run, frame, fill)));
  });
  expect(unjustified).toEqual([]);
  const { fills } = run.auditor;
  expect(fills.every(fill => !fill.crossed && fill.feeUsd >= 0)).toBe(true);
  expect(new Set(fills.map(fill => fill.tid)).size).toBe(fills.length);
  const position = fills.reduce((sum, fill) => sum + (fill.side === BID ? fill.sizeLots : -fill.sizeLots), 0);
  expect(run.exchange.positionLots(0)).toBe(position);
  expect(run.auditor.live.size).toBe(run.exchange.openOrders().length);
  expect(run.auditor.lines.filter(line => line.startsWith('rejected'))).toEqual([]);
}

describe.skipIf(!HAVE_DATA)('a grid over the Binance capture', () => {
  const grid: Grid = { levels: 5, everyNs: 100 * NS_PER_MS, sizeLots: 100 };
  let tape: Tape;
  beforeAll(async () => {
    tape = (await loadMarketFile(BINANCE_CAPTURE)).tape;
  });

  it('fills only where the recording traded or crossed, and adds up', () => {
    const run = new GridRun(tape, grid);
    expectSound(run, frameCount(tape));
    const { fills, lines } = run.auditor;
    expect(fills.length).toBeGreaterThan(500);
    expect(fills.some(fill => fill.sizeLots < grid.sizeLots)).toBe(true);
    expect(fills.some(fill => fill.side === BID) && fills.some(fill => fill.side === ASK)).toBe(true);
    expect(lines.length).toBeGreaterThan(5_000);
  });

  it('is the same from a snapshot in the middle', () => {
    const whole = new GridRun(tape, grid);
    const middle = 30_000;
    const end = 40_000;
    whole.playTo(middle);
    const restored = new GridRun(tape, grid);
    const { at, nextNs, nonce, cloid } = whole;
    Object.assign(restored, { at, nextNs, nonce, cloid });
    restored.exchange.restore(structuredClone(whole.exchange.snapshot()));
    restored.auditor.adopt(whole.auditor);
    whole.auditor.forget();
    whole.playTo(end);
    restored.playTo(end);
    expect(restored.auditor.lines).toEqual(whole.auditor.lines);
    expect(restored.auditor.fills).toEqual(whole.auditor.fills);
    expect(restored.exchange.snapshot()).toEqual(whole.exchange.snapshot());
  });

  it('shows a new subscriber all levels, since the market is made of deltas', () => {
    const run = new GridRun(tape, grid);
    run.playTo(10_000);
    const book = run.exchange.book(0);
    expect(run.exchange.bookFrame(0)?.count).toBe(book.levels(BID) + book.levels(ASK));
    expect(book.levels(BID)).toBeGreaterThan(500);
  });
});

describe.skipIf(!HAVE_DATA)('a grid over Hyperliquid recordings', () => {
  const grid: Grid = { levels: 3, everyNs: 500 * NS_PER_MS, sizeLots: 1_000 };

  it('fills from the archive hour, which has no trades, by crossing only and always whole', async () => {
    const { tape } = await loadMarketFile(ARCHIVE_HOUR);
    const run = new GridRun(tape, grid);
    expectSound(run, frameCount(tape));
    const { fills } = run.auditor;
    expect(fills.length).toBeGreaterThan(50);
    expect(fills.every(fill => fill.sizeLots === grid.sizeLots)).toBe(true);
    expect(run.exchange.bookFrame(0)?.count).toBe(40);
  });

  it('takes nothing from the backlog of the websocket capture', async () => {
    const { tape } = await loadMarketFile(WS_CAPTURE);
    expectSound(new GridRun(tape, grid), frameCount(tape));
  });
});
