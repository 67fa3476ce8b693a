/**
 * `MarketBeliefs` (playbook 2.4): what the core believes of the market, and how sure it is of that. Drift, intensity of own fills,
 * and the probabilities of the four regimes, all let go in part when the market changes.
 *
 * Beliefs scale what quotes lean on and how large they are. They never gate: fills come from quotes alone, and a core that
 * waited for beliefs before it quoted would wait for ever (playbook 2.4; incident I-8).
 */
import type { LogEntry } from '../evidence.ts';
import { pow } from '../math.ts';
import { NS_PER_S } from '../scale.ts';
import { ChangePoint } from './change-point.ts';
import { DriftPosterior } from './drift-posterior.ts';
import { DEFAULT_FILL_INTENSITY, FillIntensityPosterior, type FillIntensitySettings } from './fill-intensity.ts';
import { DEFAULT_HMM, Hmm, type HmmSettings } from './hmm.ts';

export interface BeliefsSettings {
  /** Probabilities of the regimes before anything is seen. They sum to 1. */
  priorQuiet: number;
  priorNormal: number;
  priorBursty: number;
  priorCascade: number;
  /** A market is another one from this probability of a change-point on, exclusive. */
  changePointAbove: number;
  /** Shortest time from one change to the next. */
  changeCooldownNs: number;
  /** How far beliefs go back towards the prior then, as a share. */
  softening: number;
  /** Observations of the price before the beliefs count as warm. */
  minObservations: number;
  /** Confidence below which the drift is not leant on at all. */
  minConfidence: number;
  /** Share of own fills that may be adverse before sizes are cut, and the least that is left of a size. */
  toxicAbove: number;
  minSizeFactor: number;
  fillIntensity: FillIntensitySettings;
  hmm: HmmSettings;
}

export const DEFAULT_BELIEFS: BeliefsSettings = {
  // The reference system's prior, threshold and number of observations.
  priorQuiet: 0.2,
  priorNormal: 0.5,
  priorBursty: 0.2,
  priorCascade: 0.1,
  changePointAbove: 0.7,
  minObservations: 50,
  // Incident I-22: beliefs that were thrown away every other minute. It asks for five.
  changeCooldownNs: 300_000_000_000,
  // Half-way: what was seen before a change still says something of the market after it.
  softening: 0.5,
  // The first floor of the reference system's readiness. Its drift had the wrong sign for the first 90 s (incident I-57).
  minConfidence: 0.3,
  // More fills against us than for us; and the clamp that came out of incident I-20.
  toxicAbove: 0.5,
  minSizeFactor: 0.3,
  fillIntensity: DEFAULT_FILL_INTENSITY,
  hmm: DEFAULT_HMM,
};

/** Observations from which on their number no longer lowers the confidence, and below which it does so in proportion. */
const MANY_OBSERVATIONS = 30;
const FEW_OBSERVATIONS = 10;
/** A return beyond this many standard deviations says no more of the drift than one of this many. */
const MAX_DRIFT_DEVIATIONS = 4;

export class MarketBeliefs {
  readonly fillIntensity: FillIntensityPosterior;
  readonly hmm: Hmm;
  readonly #settings: BeliefsSettings;
  readonly #log: (entry: LogEntry) => void;
  readonly #drift = new DriftPosterior();
  readonly #changePoint: ChangePoint;
  #lastMid = 0;
  #lastNs = -1;
  /** Quotes stand since then, at this depth; -1: none do. */
  #quotingSinceNs = -1;
  #quotingDepthBps = 0;
  #changes = 0;
  #changedNs = Number.NEGATIVE_INFINITY;

  constructor(settings: BeliefsSettings, log: (entry: LogEntry) => void) {
    this.#settings = settings;
    this.#log = log;
    const { priorQuiet, priorNormal, priorBursty, priorCascade } = settings;
    this.fillIntensity = new FillIntensityPosterior(settings.fillIntensity);
    this.hmm = new Hmm(settings.hmm, [priorQuiet, priorNormal, priorBursty, priorCascade]);
    this.#changePoint = new ChangePoint(settings.changePointAbove);
  }

  /**
   * A sample of the mid, at the pace of the volatility's samples.
   * @param sigma long-run volatility per square root of a second
   * @returns units of work done: 1, for the declared cost
   */
  onMid(midTicks: number, sigma: number, nowNs: number): number {
    const spanNs = nowNs - this.#lastNs;
    const returnShare = this.#lastMid > 0 ? (midTicks - this.#lastMid) / this.#lastMid : 0;
    const isFirst = this.#lastNs < 0;
    this.#lastMid = midTicks;
    this.#lastNs = nowNs;
    if (isFirst) return 1;
    const width = sigma * Math.sqrt(spanNs / NS_PER_S);
    const deviations = returnShare / width;
    // One leap is no drift: what is beyond it counts for the regime alone.
    const bound = MAX_DRIFT_DEVIATIONS * width;
    if (!this.#drift.observe(Math.min(bound, Math.max(-bound, returnShare)), spanNs)) return 1;
    this.hmm.observe(deviations);
    const isChange = this.#changePoint.observe(deviations);
    if (isChange && nowNs - this.#changedNs >= this.#settings.changeCooldownNs) this.#soften(nowNs);
    return 1;
  }

  #soften(nowNs: number): void {
    const { softening } = this.#settings;
    this.#changes++;
    this.#changedNs = nowNs;
    this.#drift.soften(softening);
    this.hmm.soften(softening);
    this.#log({ type: 'change-point', atNs: nowNs, changes: this.#changes });
  }

  /** One own fill, each trade id once (see `FillLearning`). */
  onOwnFill(nowNs: number): void {
    this.#addExposure(nowNs);
    this.fillIntensity.observe(1, 0, 0);
  }

  /** Quotes stand from now on at a depth of their best, or none does. Called whenever that is looked at. */
  onQuoting(isQuoting: boolean, depthBps: number, nowNs: number): void {
    this.#addExposure(nowNs);
    this.#quotingSinceNs = isQuoting ? nowNs : -1;
    this.#quotingDepthBps = depthBps;
  }

  #addExposure(nowNs: number): void {
    if (this.#quotingSinceNs < 0) return;
    this.fillIntensity.observe(0, nowNs - this.#quotingSinceNs, this.#quotingDepthBps);
    this.#quotingSinceNs = nowNs;
  }

  /** Probabilities of quiet, normal, bursty and cascade. Read it, do not change it. */
  get regimeProbabilities(): Float64Array {
    return this.hmm.probabilities;
  }

  /** Probability that the market has just become another one. */
  get changePointProbability(): number {
    return this.#changePoint.probability;
  }

  /** Changes of the market that were confirmed. */
  get changes(): number {
    return this.#changes;
  }

  /** Expected drift, a share of the price per square root of a second. */
  get drift(): number {
    return this.#drift.mean;
  }

  /** Returns of the price taken so far. */
  get observations(): number {
    return this.#drift.observations;
  }

  /** Geometric mean of the confidence in the drift, in the fill intensity, and in the number of observations. */
  get confidence(): number {
    const product = this.#drift.confidence * this.fillIntensity.confidence * this.#observationConfidence;
    return pow(product, 1 / 3);
  }

  get #observationConfidence(): number {
    const share = this.#drift.observations / MANY_OBSERVATIONS;
    if (share >= 1) return 1;
    return this.#drift.observations >= FEW_OBSERVATIONS ? Math.sqrt(share) : share;
  }

  /** How far the drift may be leant on: the confidence, and nothing while that is under its minimum. */
  get driftTrust(): number {
    const { confidence } = this;
    return confidence >= this.#settings.minConfidence ? confidence : 0;
  }

  /** Enough prices seen, and own fills too. For the dashboard, and for judging own fills: quoting does not wait for it. */
  get isWarmedUp(): boolean {
    return this.#drift.observations >= this.#settings.minObservations && this.fillIntensity.isWarmedUp;
  }

  /**
   * Share of the usual size, by what own fills were worth: cut in proportion where most of them were adverse. The usual size as long
   * as this session has too few fills to say that, or nothing is known of them (incident I-20).
   * @param adverseSelectionRate share of adverse fills, 0 to 1; undefined: not known
   */
  sizeFactor(adverseSelectionRate: number | undefined): number {
    if (!this.fillIntensity.isWarmedUp || adverseSelectionRate === undefined) return 1;
    const { toxicAbove, minSizeFactor } = this.#settings;
    const excess = Math.max(0, adverseSelectionRate - toxicAbove) / (1 - toxicAbove);
    return Math.max(minSizeFactor, 1 - excess);
  }

  /** Whether a fit of the regime model is due. It is no work for the way of a message. */
  get recalibrationDue(): boolean {
    return this.hmm.recalibrationDue;
  }

  /** Fits the regime model anew; returns how many returns it went over. */
  recalibrate(nowNs: number): number {
    const units = this.hmm.recalibrate();
    this.#log({ type: 'recalibration', atNs: nowNs, model: 'hmm', units });
    return units;
  }

  snapshot(): unknown {
    return {
      fillIntensity: this.fillIntensity.snapshot(),
      hmm: this.hmm.snapshot(),
      drift: this.#drift.snapshot(),
      changePoint: this.#changePoint.snapshot(),
      lastMid: this.#lastMid,
      lastNs: this.#lastNs,
      quotingSinceNs: this.#quotingSinceNs,
      quotingDepthBps: this.#quotingDepthBps,
      changes: this.#changes,
      changedNs: this.#changedNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      fillIntensity: unknown;
      hmm: unknown;
      drift: unknown;
      changePoint: unknown;
      lastMid: number;
      lastNs: number;
      quotingSinceNs: number;
      quotingDepthBps: number;
      changes: number;
      changedNs: number;
    };
    this.fillIntensity.restore(from.fillIntensity);
    this.hmm.restore(from.hmm);
    this.#drift.restore(from.drift);
    this.#changePoint.restore(from.changePoint);
    this.#lastMid = from.lastMid;
    this.#lastNs = from.lastNs;
    this.#quotingSinceNs = from.quotingSinceNs;
    this.#quotingDepthBps = from.quotingDepthBps;
    this.#changes = from.changes;
    this.#changedNs = from.changedNs;
  }
}
