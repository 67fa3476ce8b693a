/**
 * The symptom `position-mismatch` (playbook 3, playbook matrix), by instrument:
 *
 * (a) the local position differs from the exchange's, net of fills inside their normal delivery time, for more than 1 s; or
 * (b) an order is in one book of record and not in the other for more than 10 s; or
 * (c) the reported adverse-selection rate differs from the true one by more than 0.10, and more than 3 fills, over 20 fills or
 *     more, for longer than news of a fill and of the price after it needs to come in.
 *
 * Cold as soon as none of them holds. The core's side is its `accountView`: a core without one is not judged, and one that reports
 * no rate is not judged by (c). It is read after every message but market data, after those too during which the core wrote to
 * its log, and when a post leaves: what a core changes in silence on a market message is seen at the next of these.
 */
import type { LogEntry } from '../../core/evidence.ts';
import type { Instrument } from '../../core/market.ts';
import type { Command, Fill, Inbound, InstrumentAccount } from '../../core/port.ts';
import { NS_PER_S } from '../../core/scale.ts';
import type { HandledWork, OrderTruth, RunContext } from '../../sim/truth.ts';
import { AdverseSelection } from './adverse-selection.ts';
import { BooksOfRecord } from './books-of-record.ts';
import { HotList } from './hot-list.ts';
import { MomentJudge, type MomentState, NEVER } from './moment-judge.ts';
import { PositionGap } from './position-gap.ts';
import { POSITION_MISMATCH, type PositionMismatchThresholds } from './thresholds.ts';

/** Lets a difference of exactly the limit pass, whatever the division left in its last digits. */
const ROUNDING = 1e-9;

interface PositionMismatchState extends MomentState {
  gaps: readonly unknown[];
  books: readonly unknown[];
  rates: readonly unknown[];
  gapSinceNs: Float64Array;
  rateSinceNs: Float64Array;
  isReported: Uint8Array;
  reported: Float64Array;
  mid2: Float64Array;
  lastNewsNs: Float64Array;
  hasLogged: boolean;
}

export class PositionMismatch extends MomentJudge {
  readonly symptom = 'position-mismatch';
  readonly #instruments: readonly Instrument[];
  readonly #thresholds: PositionMismatchThresholds;
  // By instrument:
  readonly #gaps: readonly PositionGap[];
  readonly #books: readonly BooksOfRecord[];
  readonly #rates: readonly AdverseSelection[];
  /** Since when the position has differed; -1: it does not. */
  readonly #gapSinceNs: Float64Array;
  /** Since when the reported rate has been off; -1: it is not. */
  readonly #rateSinceNs: Float64Array;
  /** 1: the core reports a rate. */
  readonly #isReported: Uint8Array;
  readonly #reported: Float64Array;
  /** Best bid plus best ask; 0 until both were seen. */
  readonly #mid2: Float64Array;
  readonly #lastNewsNs: Float64Array;
  #view: (() => readonly InstrumentAccount[]) | null = null;
  /** The core has written to its log since it was last read. */
  #hasLogged = false;

  constructor(instruments: readonly Instrument[], thresholds: PositionMismatchThresholds = POSITION_MISMATCH) {
    super(new HotList(instruments, instruments.length));
    const { horizonNs, rateWindow } = thresholds;
    this.#instruments = instruments;
    this.#thresholds = thresholds;
    this.#gaps = instruments.map(() => new PositionGap());
    this.#books = instruments.map(() => new BooksOfRecord());
    this.#rates = instruments.map(() => new AdverseSelection(horizonNs, rateWindow));
    this.#gapSinceNs = new Float64Array(instruments.length).fill(-1);
    this.#rateSinceNs = new Float64Array(instruments.length).fill(-1);
    this.#isReported = new Uint8Array(instruments.length);
    this.#reported = new Float64Array(instruments.length);
    this.#mid2 = new Float64Array(instruments.length);
    this.#lastNewsNs = new Float64Array(instruments.length);
  }

  onStart({ core }: Pick<RunContext, 'core'>): void {
    this.#view = core.accountView === undefined ? null : () => core.accountView?.() ?? [];
  }

  onMarket(atNs: number, event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    this.pass(atNs, event);
    this.#lastNewsNs[instrument] = atNs;
    if (bestBidTicks !== 0 && bestAskTicks !== 0) this.#mid2[instrument] = bestBidTicks + bestAskTicks;
  }

  onAccepted(atNs: number, event: number, order: OrderTruth, _replaces: number): void {
    this.begin(atNs, event);
    this.#books[order.instrument].accepted(atNs, order.oid, order.cloid);
  }

  onRemoved(atNs: number, event: number, { oid, instrument }: OrderTruth): void {
    this.begin(atNs, event);
    this.#books[instrument].removed(atNs, oid);
  }

  onFill(atNs: number, event: number, fill: Fill, positionLots: number): void {
    this.begin(atNs, event);
    this.#gaps[fill.instrument].filled(positionLots);
    this.#rates[fill.instrument].filled(atNs, fill);
  }

  onFillSent(atNs: number, event: number, fill: Fill, dueNs: number): void {
    this.begin(atNs, event);
    this.#gaps[fill.instrument].sent(fill, dueNs);
  }

  onCommand(atNs: number, event: number, command: Command): void {
    if (command.kind !== 'post') return;
    this.begin(atNs, event);
    this.#read(atNs);
  }

  onEvidence(_entry: LogEntry): void {
    this.#hasLogged = true;
  }

  onHandled(startNs: number, _endNs: number, _queuedNs: number, { event, kind }: HandledWork): void {
    if (isMarketData(kind) && !this.#hasLogged) return;
    this.begin(startNs, event);
    this.#read(startNs);
  }

  /** Looks at what the core believes. */
  #read(atNs: number): void {
    this.#hasLogged = false;
    if (this.#view === null) return;
    const accounts = this.#view();
    for (let instrument = 0; instrument < accounts.length; instrument++) {
      const { positionLots, orders, adverseSelectionRate } = accounts[instrument];
      this.#gaps[instrument].read(positionLots);
      this.#books[instrument].read(atNs, orders);
      this.#isReported[instrument] = adverseSelectionRate === undefined ? 0 : 1;
      this.#reported[instrument] = adverseSelectionRate ?? Number.NaN;
    }
  }

  protected judge(ns: number): number {
    if (this.#view === null) return NEVER;
    let wakeNs = NEVER;
    for (let instrument = 0; instrument < this.#instruments.length; instrument++) {
      wakeNs = Math.min(wakeNs, this.#judgeInstrument(ns, instrument));
    }
    return wakeNs;
  }

  /** Judges one instrument at `ns` and returns when it has to be judged next if no event comes before. */
  #judgeInstrument(ns: number, instrument: number): number {
    const gap = this.#gaps[instrument];
    const rate = this.#rates[instrument];
    const { positionNs, orderNs, rateNs } = this.#thresholds;
    rate.passTime(ns, this.#mid2[instrument], this.#lastNewsNs[instrument]);
    const gapSinceNs = since(this.#gapSinceNs, instrument, gap.lotsAt(ns) !== 0, ns);
    const rateSinceNs = since(this.#rateSinceNs, instrument, this.#isRateOff(instrument), ns);
    const aloneSinceNs = this.#aloneSinceNs(ns, instrument);
    let wakeNs = Math.min(gap.nextDueNs, rate.nextDueNs);
    let words: string | null = null;
    if (ns - gapSinceNs > positionNs) words = `${gap.words()}, for ${seconds(ns - gapSinceNs)}`;
    else wakeNs = Math.min(wakeNs, gapSinceNs + positionNs + 1);
    if (ns - aloneSinceNs > orderNs) {
      words ??= `${this.#books[instrument].words(aloneSinceNs)}, for ${seconds(ns - aloneSinceNs)}`;
    } else {
      wakeNs = Math.min(wakeNs, aloneSinceNs + orderNs + 1);
    }
    if (ns - rateSinceNs > rateNs) words ??= this.#rateWords(instrument);
    else wakeNs = Math.min(wakeNs, rateSinceNs + rateNs + 1);
    const isHot = this.hot.hotSinceNs(instrument) >= 0;
    if (words !== null && !isHot) this.hot.open(instrument, ns, this.lastEvent, instrument, null, words);
    else if (words === null && isHot) this.hot.close(instrument, ns, this.lastEvent, 'local and exchange state agree');
    return wakeNs;
  }

  /** Since when an order has been alone, or a time that is no later where that is not long enough yet. */
  #aloneSinceNs(ns: number, instrument: number): number {
    const books = this.#books[instrument];
    return ns - books.oldestBoundNs > this.#thresholds.orderNs ? books.oldestAloneNs() : books.oldestBoundNs;
  }

  #isRateOff(instrument: number): boolean {
    const { count, adverse } = this.#rates[instrument];
    if (this.#isReported[instrument] === 0 || count < this.#thresholds.rateFills) return false;
    const { rateOff, rateFillsOff } = this.#thresholds;
    const reported = this.#reported[instrument];
    // Over so many fills a core that reports no rate has lost them.
    return (
      Number.isNaN(reported) ||
      Math.abs(reported - adverse / count) > Math.max(rateOff, rateFillsOff / count) + ROUNDING
    );
  }

  #rateWords(instrument: number): string {
    const { count, adverse } = this.#rates[instrument];
    const reported = this.#reported[instrument];
    const told = Number.isNaN(reported) ? 'is not reported' : `is reported as ${reported.toFixed(2)}`;
    return `adverse selection ${told}, and is ${(adverse / count).toFixed(2)} over ${count} fills`;
  }

  snapshot(): unknown {
    return {
      ...this.moment(),
      gaps: this.#gaps.map(gap => gap.snapshot()),
      books: this.#books.map(books => books.snapshot()),
      rates: this.#rates.map(rate => rate.snapshot()),
      gapSinceNs: this.#gapSinceNs.slice(),
      rateSinceNs: this.#rateSinceNs.slice(),
      isReported: this.#isReported.slice(),
      reported: this.#reported.slice(),
      mid2: this.#mid2.slice(),
      lastNewsNs: this.#lastNewsNs.slice(),
      hasLogged: this.#hasLogged,
    } satisfies PositionMismatchState;
  }

  restore(state: unknown): void {
    const from = state as PositionMismatchState;
    this.restoreMoment(from);
    for (let instrument = 0; instrument < this.#instruments.length; instrument++) {
      this.#gaps[instrument].restore(from.gaps[instrument]);
      this.#books[instrument].restore(from.books[instrument]);
      this.#rates[instrument].restore(from.rates[instrument]);
    }
    this.#gapSinceNs.set(from.gapSinceNs);
    this.#rateSinceNs.set(from.rateSinceNs);
    this.#isReported.set(from.isReported);
    this.#reported.set(from.reported);
    this.#mid2.set(from.mid2);
    this.#lastNewsNs.set(from.lastNewsNs);
    this.#hasLogged = from.hasLogged;
  }
}

/** Keeps since when something has held, -1 while it does not; returns that time, Infinity while it does not. */
function since(sinceNs: Float64Array, instrument: number, holds: boolean, ns: number): number {
  if (!holds) sinceNs[instrument] = -1;
  else if (sinceNs[instrument] < 0) sinceNs[instrument] = ns;
  return holds ? sinceNs[instrument] : NEVER;
}

function seconds(ns: number): string {
  return `${(ns / NS_PER_S).toFixed(1)} s`;
}

/** What comes with every frame of the market. */
function isMarketData(kind: Inbound['kind']): boolean {
  return kind === 'book' || kind === 'trades' || kind === 'all-mids' || kind === 'asset-context';
}
