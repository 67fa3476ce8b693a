/**
 * `FillTracker` (playbook 3.5): what own fills were like. How many of the quotes were filled, how many of the fills were adverse, how
 * far back in the queue they stood, and how late we heard of them.
 *
 * It depends on two calls: `recordFill` with each fill, and `updatePriceAfter` with each mid. Where the second is missing nothing
 * is known of adverse selection, and it says just that: the rate is undefined, never 0. A fill younger than its horizon is
 * neither adverse nor not.
 *
 * The price after a fill is the mid that held at its horizon, not the first one that came after it. Where no mid came for so
 * long that it cannot be known, the fill stays without one.
 */
import { BID } from '../market.ts';
import { BPS } from '../scale.ts';
import { type FillRecord, FillRecords, UNKNOWN } from './fill-records.ts';
import { Markouts } from './markouts.ts';
import { PendingOutcomes } from './pending-outcomes.ts';

export interface FillTrackerSettings {
  /** Fills that the figures are of: the newest. */
  windowFills: number;
  /** A fill is adverse where the price has moved against it after this time. */
  horizonNs: number;
  /** A mid older than this says nothing of the price any longer. */
  staleAfterNs: number;
  /** Quotes before a fill rate means anything, and the least that is normal. */
  minQuotes: number;
  minNormalFillRate: number;
}

export const DEFAULT_FILL_TRACKER: FillTrackerSettings = {
  // Playbook 3.5.
  windowFills: 1_000,
  horizonNs: 1_000_000_000,
  // The reference system's: limit of its markouts, quotes of its check, and its circuit breaker's rate.
  staleAfterNs: 30_000_000_000,
  minQuotes: 10,
  minNormalFillRate: 0.1,
};

export class FillTracker {
  readonly #settings: FillTrackerSettings;
  readonly #records: FillRecords;
  readonly #pending: PendingOutcomes;
  readonly #markouts = new Markouts();
  #quotes = 0;
  /** The mid that holds, and how long it may be taken to. */
  #midTicks = 0;
  #midKnownUntilNs = -1;
  #resolved = 0;
  /** The adverse share, kept until a fill or an outcome changes it: it is asked for far more often than that. */
  #adverseShare: number | undefined = undefined;
  #isAdverseShareKnown = false;

  constructor(settings: FillTrackerSettings) {
    this.#settings = settings;
    this.#records = new FillRecords(settings.windowFills);
    this.#pending = new PendingOutcomes(settings.horizonNs);
  }

  /** So many new quotes were placed. */
  recordQuotes(count: number): void {
    this.#quotes += count;
  }

  /** One own fill, each trade id once. */
  recordFill(record: FillRecord): void {
    this.#pending.add(this.#records.end, record.timestampNs);
    this.#records.add(record);
    this.#isAdverseShareKnown = false;
    this.#markouts.add(record.side, record.priceTicks, record.timestampNs);
  }

  /** The mid as it is now. Also called where it has not changed: that it still holds is news as well. */
  updatePriceAfter(midTicks: number, nowNs: number): void {
    this.#resolve(nowNs);
    this.#midTicks = midTicks;
    this.#midKnownUntilNs = nowNs + this.#settings.staleAfterNs;
  }

  /** Outcomes that were due before now, with the mid that held until now. */
  #resolve(nowNs: number): void {
    const pending = this.#pending;
    while (pending.nextDueNs < nowNs) {
      if (pending.nextDueNs > this.#midKnownUntilNs) {
        pending.lose();
        continue;
      }
      const row = pending.take();
      if (row >= this.#records.first) this.#records.setPriceAfter(row, this.#midTicks);
      this.#isAdverseShareKnown = false;
      this.#resolved++;
    }
    this.#markouts.resolve(this.#midTicks, this.#midKnownUntilNs, nowNs);
  }

  /** Fills recorded so far. */
  get fills(): number {
    return this.#records.end;
  }

  /** Quotes placed so far. */
  get quotes(): number {
    return this.#quotes;
  }

  /** Fills that wait for the price after them, that got it, and that never will. */
  get pendingOutcomes(): number {
    return this.#pending.count;
  }
  get resolvedOutcomes(): number {
    return this.#resolved;
  }
  get lostOutcomes(): number {
    return this.#pending.lost;
  }

  /** Fills a quote; undefined before the first quote. */
  get fillRate(): number | undefined {
    return this.#quotes === 0 ? undefined : this.#records.end / this.#quotes;
  }

  /** Whether quotes are filled as often as is normal; undefined where there are too few to tell. */
  get isFillRateNormal(): boolean | undefined {
    const { minQuotes, minNormalFillRate } = this.#settings;
    const rate = this.fillRate;
    return rate === undefined || this.#quotes < minQuotes ? undefined : rate >= minNormalFillRate;
  }

  /** Share of the fills of known outcome after which the price stood against them; undefined where none is known. */
  get adverseSelectionRate(): number | undefined {
    if (!this.#isAdverseShareKnown) {
      this.#adverseShare = this.#countAdverse();
      this.#isAdverseShareKnown = true;
    }
    return this.#adverseShare;
  }

  #countAdverse(): number | undefined {
    let known = 0;
    let adverse = 0;
    for (let row = this.#records.first; row < this.#records.end; row++) {
      const after = this.#records.get('priceAfter', row);
      if (after === UNKNOWN) continue;
      known++;
      const price = this.#records.get('priceTicks', row);
      if (this.#records.get('side', row) === BID ? after < price : after > price) adverse++;
    }
    return known === 0 ? undefined : adverse / known;
  }

  /** Mean size that stood before an order when it was placed, of those that were filled, lots; undefined where none is known. */
  get queuePosition(): number | undefined {
    let known = 0;
    let sum = 0;
    for (let row = this.#records.first; row < this.#records.end; row++) {
      const value = this.#records.get('queueLots', row);
      if (value === UNKNOWN) continue;
      known++;
      sum += value;
    }
    return known === 0 ? undefined : sum / known;
  }

  /**
   * Mean distance of fills from the mid when their orders were placed, bps: what they were to earn, before fees. From the mid at the
   * fill it would say the same of all (incident I-13). Undefined where none is known.
   */
  get quotedEdgeBps(): number | undefined {
    let known = 0;
    let sum = 0;
    for (let row = this.#records.first; row < this.#records.end; row++) {
      const mid = this.#records.get('midTicks', row);
      if (mid === UNKNOWN) continue;
      known++;
      const edge = (mid - this.#records.get('priceTicks', row)) / mid;
      sum += this.#records.get('side', row) === BID ? edge : -edge;
    }
    return known === 0 ? undefined : (BPS * sum) / known;
  }

  /** Mean markout of a horizon of `MARKOUT_HORIZONS_NS`, by its number, bps; positive where fills paid. */
  markoutBps(horizon: number): number | undefined {
    return this.#markouts.meanBps(horizon);
  }

  /**
   * Percentiles of the time from match to here, ms, by linear interpolation between the two nearest; undefined without fills.
   * Sorts the window: not for the way of a message.
   * @param shares ranks, 0 to 1: 0.5 is the median
   */
  latencyMs(shares: readonly number[]): number[] | undefined {
    const { first, end } = this.#records;
    if (first === end) return undefined;
    const sorted = new Float64Array(end - first);
    for (let row = first; row < end; row++) sorted[row - first] = this.#records.get('latencyMs', row);
    sorted.sort((a, b) => a - b);
    return shares.map(share => percentile(sorted, share));
  }

  /** The newest fills, oldest first. */
  records(): FillRecord[] {
    const records: FillRecord[] = [];
    for (let row = this.#records.first; row < this.#records.end; row++) records.push(this.#records.record(row));
    return records;
  }

  snapshot(): unknown {
    return {
      records: this.#records.snapshot(),
      pending: this.#pending.snapshot(),
      markouts: this.#markouts.snapshot(),
      quotes: this.#quotes,
      midTicks: this.#midTicks,
      midKnownUntilNs: this.#midKnownUntilNs,
      resolved: this.#resolved,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      records: unknown;
      pending: unknown;
      markouts: unknown;
      quotes: number;
      midTicks: number;
      midKnownUntilNs: number;
      resolved: number;
    };
    this.#records.restore(from.records);
    this.#isAdverseShareKnown = false;
    this.#pending.restore(from.pending);
    this.#markouts.restore(from.markouts);
    this.#quotes = from.quotes;
    this.#midTicks = from.midTicks;
    this.#midKnownUntilNs = from.midKnownUntilNs;
    this.#resolved = from.resolved;
  }
}

function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
