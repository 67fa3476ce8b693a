/**
 * A grid over a recording, with constant latencies: the strategy of `hftbacktest-fills.py`, written once more. It drives
 * an exchange itself and leaves out the network, the limits on requests and the virtual CPU, which hftbacktest does not
 * have.
 *
 * What happens at one moment happens in this order: the market moves, actions arrive, the core's book moves, answers arrive,
 * the strategy acts.
 */
import { Book } from '../../../../core/book.ts';
import { BID, SIDES, type Side } from '../../../../core/market.ts';
import type { Action, Fill, PlaceOrder, PostItem } from '../../../../core/port.ts';
import { BBO, frameCount, SNAPSHOT, type Tape, TRADES } from '../../../../recordings/tape.ts';
import { DEFAULT_EXCHANGE, type ExchangeSettings } from '../../../../sim/exchange/exchange.ts';
import { ReplayExchange } from '../../../../sim/exchange/replay/replay-exchange.ts';
import type { ReplayFillSettings } from '../../../../sim/exchange/replay/replay-matching.ts';
import { Journal } from '../support.ts';

export interface Grid {
  firstWakeNs: number;
  wakes: number;
  everyNs: number;
  levels: number;
  sizeLots: number;
  entryNs: number;
  responseNs: number;
}

export type GridFill = Pick<Fill, 'cloid' | 'side' | 'priceTicks' | 'sizeLots' | 'exchNs'>;

export interface GridExchange {
  applyFrame(nowNs: number, tape: Tape, frame: number): void;
  handleAction(nowNs: number, nonce: number, action: Action): { items: readonly PostItem[] };
}

/** The exchange of this project, for an account that neither margin nor its requests hold back. */
export function replayExchange(
  tape: Tape,
  settings: ReplayFillSettings,
  filled: (fill: GridFill) => void,
): GridExchange {
  const journal = new Journal();
  journal.filled = filled;
  const rich: ExchangeSettings = {
    ...DEFAULT_EXCHANGE,
    ...settings,
    account: { ...DEFAULT_EXCHANGE.account, equityUsd: 1e9 },
    limits: { ...DEFAULT_EXCHANGE.limits, addressInitialRequests: 1e9 },
  };
  return new ReplayExchange(tape.instruments, rich, journal);
}

/** An order as the strategy knows it. */
interface Known {
  cloid: number;
  side: Side;
  ticks: number;
  leftLots: number;
  /** 'sent' until the answer is there, 'leaving' until the cancellation's. */
  status: 'sent' | 'open' | 'leaving';
}

/** What is on its way, in the order in which it arrives, which with constant latencies is that of sending. */
class Wire<T> {
  readonly #waiting: { atNs: number; what: T }[] = [];
  #at = 0;

  get headNs(): number {
    return this.#at < this.#waiting.length ? this.#waiting[this.#at].atNs : Infinity;
  }

  send(atNs: number, what: T): void {
    this.#waiting.push({ atNs, what });
  }

  take(): T {
    return this.#waiting[this.#at++].what;
  }
}

interface Answer {
  cloid: number;
  is: 'open' | 'gone' | 'filled';
  filledLots: number;
}

export class GridDriver {
  readonly fills: GridFill[] = [];
  /** Sum of the best bids and asks that the strategy saw. */
  seen = 0;
  readonly #tape: Tape;
  readonly #grid: Grid;
  readonly #exchange: GridExchange;
  readonly #book = new Book();
  readonly #known = new Map<number, Known>();
  readonly #requests = new Wire<Action>();
  readonly #answers = new Wire<Answer>();
  #nowNs = 0;
  #nonce = 0;
  #cloid = 0;

  /** `open` makes the exchange, which is to tell its fills. */
  constructor(tape: Tape, grid: Grid, open: (filled: (fill: GridFill) => void) => GridExchange) {
    this.#tape = tape;
    this.#grid = grid;
    this.#exchange = open(fill => {
      this.fills.push(fill);
      this.#answer(fill.cloid, 'filled', fill.sizeLots);
    });
  }

  run(): void {
    const { exchangeOrder, frames } = this.#tape;
    const { firstWakeNs, wakes, everyNs } = this.#grid;
    const count = frameCount(this.#tape);
    let moved = 0;
    let received = 0;
    for (let woken = 0; woken < wakes; ) {
      const movesNs = moved < count ? frames.exchNs[exchangeOrder[moved]] : Infinity;
      const receivedNs = received < count ? frames.recvNs[received] : Infinity;
      const wakeNs = firstWakeNs + woken * everyNs;
      const requestNs = this.#requests.headNs;
      const answerNs = this.#answers.headNs;
      this.#nowNs = Math.min(movesNs, requestNs, receivedNs, answerNs, wakeNs);
      if (this.#nowNs === movesNs) {
        this.#exchange.applyFrame(movesNs, this.#tape, exchangeOrder[moved++]);
      } else if (this.#nowNs === requestNs) {
        this.#carryOut(this.#requests.take());
      } else if (this.#nowNs === receivedNs) {
        this.#receive(received++);
      } else if (this.#nowNs === answerNs) {
        this.#learn(this.#answers.take());
      } else {
        this.#quote();
        woken++;
      }
    }
  }

  #answer(cloid: number, is: Answer['is'], filledLots: number): void {
    this.#answers.send(this.#nowNs + this.#grid.responseNs, { cloid, is, filledLots });
  }

  #carryOut(action: Action): void {
    const { items } = this.#exchange.handleAction(this.#nowNs, ++this.#nonce, action);
    for (const [at, item] of items.entries()) {
      if (action.type === 'order') {
        this.#answer(action.orders[at].cloid, item.status === 'resting' ? 'open' : 'gone', 0);
      } else if (action.type === 'cancelByCloid' && item.status === 'success') {
        this.#answer(action.cancels[at].cloid, 'gone', 0);
      }
    }
  }

  #receive(frame: number): void {
    const { kind, firstRow, rowCount } = this.#tape.frames;
    const { levels } = this.#tape;
    if (kind[frame] === TRADES) return;
    if (kind[frame] === SNAPSHOT) this.#book.applySnapshot(levels, firstRow[frame], rowCount[frame]);
    else if (kind[frame] === BBO) this.#book.applyBbo(levels, firstRow[frame], rowCount[frame]);
    else this.#book.applyDelta(levels, firstRow[frame], rowCount[frame]);
  }

  #learn(answer: Answer): void {
    const order = this.#known.get(answer.cloid);
    if (order === undefined) return;
    if (answer.is === 'open') order.status = 'open';
    else if (answer.is === 'gone') this.#known.delete(order.cloid);
    else {
      order.leftLots -= answer.filledLots;
      if (order.leftLots === 0) this.#known.delete(order.cloid);
    }
  }

  #quote(): void {
    const { bestBidTicks, bestAskTicks } = this.#book;
    const { levels, sizeLots, entryNs } = this.#grid;
    this.seen += bestBidTicks + bestAskTicks;
    const stands = [new Set<number>(), new Set<number>()];
    const cancels: { instrument: number; cloid: number }[] = [];
    for (const { cloid, side, ticks, status } of this.#known.values()) {
      const away = side === BID ? bestBidTicks - ticks : ticks - bestAskTicks;
      if (away >= 0 && away < levels) stands[side].add(ticks);
      else if (status === 'open') cancels.push({ instrument: 0, cloid });
    }
    for (const { cloid } of cancels) {
      const order = this.#known.get(cloid);
      if (order !== undefined) order.status = 'leaving';
    }
    const orders: PlaceOrder[] = [];
    for (let level = 0; level < levels; level++) {
      for (const side of SIDES) {
        const priceTicks = side === BID ? bestBidTicks - level : bestAskTicks + level;
        if (stands[side].has(priceTicks)) continue;
        const cloid = ++this.#cloid;
        orders.push({ cloid, instrument: 0, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly: false });
        this.#known.set(cloid, { cloid, side, ticks: priceTicks, leftLots: sizeLots, status: 'sent' });
      }
    }
    const arrivesNs = this.#nowNs + entryNs;
    if (cancels.length > 0) this.#requests.send(arrivesNs, { type: 'cancelByCloid', cancels });
    if (orders.length > 0) this.#requests.send(arrivesNs, { type: 'order', orders });
  }
}
