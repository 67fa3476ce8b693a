/**
 * Kappa: how fast the chance of a fill falls with the distance from the mid, per fraction of the price (playbook 2.5).
 *
 * The raw value is what the market shows: one over the mean distance, of the size resting near the touch and of the trades,
 * each in equal parts once both are known. On a tight market it lies far above anything to quote from, so the effective value
 * blends it with a prior: the evidence counts for at most 30 %, and for no more than twice the prior. Raw 6,400 to 7,700 is
 * 3,250 effective with a prior of 2,500. Whatever compares kappa with a threshold has to take `effective`: comparing
 * the raw one stopped whole cycles (incident I-7).
 *
 * From the fifth own fill on, and for good, own fills have their say: a gamma posterior whose prior is what the market gives.
 * The distance of an own fill is that of its price from the mid when it was placed; from the mid at its fill, which it has just
 * reached, it would be nothing (incident I-25).
 */
import type { Book } from '../book.ts';
import { NO_PRICE } from '../book.ts';
import { SIDES } from '../market.ts';

export interface KappaSettings {
  prior: number;
  /** Observations at which the evidence has half of its greatest share. */
  priorStrength: number;
  /** The greatest share of the evidence in the effective value. */
  maxEvidenceShare: number;
  /** Evidence counts for at most this multiple of the prior. */
  maxOverPrior: number;
  min: number;
  max: number;
  /** Share of the old value in each smoothed mean. */
  smoothing: number;
  /** Levels of each side that are looked at. */
  bookLevels: number;
  /** Own fills after which they count, for good. */
  minOwnFills: number;
  /** What the market gives counts as so many own fills. */
  marketStrength: number;
  /** Liquidity is not to be trusted where the book's kappa is over so many times that of the trades, and how far that counts. */
  ghostAbove: number;
  maxGhostFactor: number;
}

export const DEFAULT_KAPPA: KappaSettings = {
  // The reference system's cold default and clamp; the matrix keeps them.
  prior: 2_500,
  priorStrength: 5,
  // Its warm-up blend: 30 % robust evidence, capped at twice the prior.
  maxEvidenceShare: 0.3,
  maxOverPrior: 2,
  min: 50,
  max: 10_000,
  smoothing: 0.9,
  bookLevels: 10,
  // The end of its warm-up: entering it again made kappa swing by a factor of three (incident I-38).
  minOwnFills: 5,
  // The strength of its prior.
  marketStrength: 10,
  // Its rule of ghost liquidity.
  ghostAbove: 3,
  maxGhostFactor: 5,
};

/** A distance of zero would make kappa infinite: nothing is taken as nearer than a hundredth of a basis point. */
const MIN_DISTANCE = 0.000001;

export class Kappa {
  readonly #settings: KappaSettings;
  /** Smoothed mean distances, fractions of the price; 0 before the first. */
  #bookDistance = 0;
  #tradeDistance = 0;
  #bookSamples = 0;
  #tradeSamples = 0;
  /** Own fills so far; and of the newest, in decaying sums, how many and their distances. */
  #ownFills = 0;
  #ownCount = 0;
  #ownDistance = 0;

  constructor(settings: KappaSettings) {
    this.#settings = settings;
  }

  /** Takes the book's shape near the touch. Not for every frame: it walks levels. */
  onBook(book: Book, midTicks: number): void {
    const distance = this.#meanDistance(book, midTicks);
    if (distance <= 0) return;
    this.#bookDistance = this.#smooth(this.#bookDistance, distance, this.#bookSamples);
    this.#bookSamples++;
  }

  /** One live trade. */
  onTrade(priceTicks: number, midTicks: number): void {
    const distance = Math.abs(priceTicks - midTicks) / midTicks;
    this.#tradeDistance = this.#smooth(this.#tradeDistance, distance, this.#tradeSamples);
    this.#tradeSamples++;
  }

  /** One own fill, each trade id once: how far its price lay from the mid when the order was placed. */
  onOwnFill(priceTicks: number, midAtPlacementTicks: number): void {
    const { maxOverPrior, prior, smoothing: keep } = this.#settings;
    // No more evidence than the market's may be: quotes that lean close to the mid would else tighten the next ones, and those
    // the ones after them (incident I-25).
    const nearest = 1 / (maxOverPrior * prior);
    const distance = Math.max(nearest, Math.abs(priceTicks - midAtPlacementTicks) / midAtPlacementTicks);
    this.#ownFills++;
    // The shape counts observations, not volume (incident I-65).
    this.#ownCount = keep * this.#ownCount + 1;
    this.#ownDistance = keep * this.#ownDistance + distance;
  }

  #smooth(old: number, value: number, samples: number): number {
    // The first few are a plain mean, so that the first one alone does not set the value for long.
    const keep = Math.min(this.#settings.smoothing, samples / (samples + 1));
    return keep * old + (1 - keep) * value;
  }

  #meanDistance(book: Book, midTicks: number): number {
    let weighted = 0;
    let total = 0;
    for (const side of SIDES) {
      let ticks = book.bestTicks(side);
      for (let level = 0; level < this.#settings.bookLevels && ticks !== NO_PRICE; level++) {
        const lots = book.sizeLots(side, ticks);
        weighted += lots * Math.abs(ticks - midTicks);
        total += lots;
        ticks = book.worseThan(side, ticks);
      }
    }
    return total > 0 ? weighted / total / midTicks : 0;
  }

  /** From the market alone; the prior where nothing is known yet. */
  get raw(): number {
    const hasBook = this.#bookSamples > 0;
    const hasTrades = this.#tradeSamples > 0;
    if (!hasBook && !hasTrades) return this.#settings.prior;
    const distance =
      hasBook && hasTrades
        ? 0.5 * (this.#bookDistance + this.#tradeDistance)
        : hasBook
          ? this.#bookDistance
          : this.#tradeDistance;
    return 1 / Math.max(MIN_DISTANCE, distance);
  }

  /** What to compute and to compare with: blended, and within its limits. */
  get effective(): number {
    const { prior, priorStrength, maxEvidenceShare, maxOverPrior, min, max } = this.#settings;
    const samples = this.#bookSamples + this.#tradeSamples;
    const share = (maxEvidenceShare * samples) / (samples + priorStrength);
    const evidence = Math.min(this.raw, maxOverPrior * prior);
    const market = prior + share * (evidence - prior);
    return Math.min(max, Math.max(min, this.isWarmingUp ? market : this.#withOwnFills(market)));
  }

  #withOwnFills(market: number): number {
    const { marketStrength } = this.#settings;
    return (marketStrength + this.#ownCount) / (marketStrength / market + this.#ownDistance);
  }

  /** Own fills that it has learnt from. */
  get ownFills(): number {
    return this.#ownFills;
  }

  /** Whether own fills are too few to count. Once over it stays over. */
  get isWarmingUp(): boolean {
    return this.#ownFills < this.#settings.minOwnFills;
  }

  /**
   * Multiple of the risk aversion for liquidity that the book shows and trades do not find: 1 unless the book's kappa is far above that
   * of the trades.
   */
  get ghostLiquidityFactor(): number {
    if (this.#bookSamples === 0 || this.#tradeSamples === 0) return 1;
    const ratio = Math.max(MIN_DISTANCE, this.#tradeDistance) / Math.max(MIN_DISTANCE, this.#bookDistance);
    return ratio > this.#settings.ghostAbove ? Math.min(ratio, this.#settings.maxGhostFactor) : 1;
  }

  snapshot(): unknown {
    return [
      this.#bookDistance,
      this.#tradeDistance,
      this.#bookSamples,
      this.#tradeSamples,
      this.#ownFills,
      this.#ownCount,
      this.#ownDistance,
    ];
  }

  restore(state: unknown): void {
    [
      this.#bookDistance,
      this.#tradeDistance,
      this.#bookSamples,
      this.#tradeSamples,
      this.#ownFills,
      this.#ownCount,
      this.#ownDistance,
    ] = state as number[];
  }
}
