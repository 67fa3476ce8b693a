/**
 * What is believed of how often quotes are filled (playbook 2.4): a gamma posterior, moved by own fills and by the time in which
 * quotes stood to be filled.
 *
 * It is warm from the tenth fill on, once quotes have stood for more than a minute. Only fills and time of this session count
 * for that: what a checkpoint brings moves the posterior and leaves it cold. A core that took its checkpoint's word was warm
 * without a fill, and drew conclusions from measurements that it did not have (incident I-20).
 */
import { exp } from '../math.ts';
import { BPS, NS_PER_S } from '../scale.ts';

export interface FillIntensitySettings {
  /** Fills of this session from which on it is warm. */
  minFills: number;
  /** Time that quotes must have stood, ns; this long exactly is not enough. */
  minExposureNs: number;
  /** What an earlier session saw and left in a checkpoint: its fills, and how long its quotes stood. */
  checkpointFills: number;
  checkpointExposureNs: number;
}

export const DEFAULT_FILL_INTENSITY: FillIntensitySettings = {
  // Playbook 2.4.
  minFills: 10,
  minExposureNs: 60_000_000_000,
  // A run begins without one.
  checkpointFills: 0,
  checkpointExposureNs: 0,
};

/** The reference system's prior: 20 fills in a tenth of a second, that is 200 a second. */
const PRIOR_SHAPE = 20;
const PRIOR_RATE_S = 0.1;
/** By how much the chance of a fill falls with the depth, per share of the price. */
const DEPTH_SENSITIVITY = 0.5;

export class FillIntensityPosterior {
  readonly #settings: FillIntensitySettings;
  #shape = PRIOR_SHAPE;
  #rateS = PRIOR_RATE_S;
  #fills = 0;
  #exposureNs = 0;

  constructor(settings: FillIntensitySettings) {
    this.#settings = settings;
    this.#shape += settings.checkpointFills;
    this.#rateS += settings.checkpointExposureNs / NS_PER_S;
  }

  /** So many own fills, and so long with quotes standing at a depth. */
  observe(fills: number, exposureNs: number, depthBps: number): void {
    this.#shape += fills;
    this.#rateS += (exposureNs / NS_PER_S) * exp((-DEPTH_SENSITIVITY * depthBps) / BPS);
    this.#fills += fills;
    this.#exposureNs += exposureNs;
  }

  /** Expected fills a second of quotes at the mid. */
  get meanPerS(): number {
    return this.#shape / this.#rateS;
  }

  /** 1 / (1 + coefficient of variation). */
  get confidence(): number {
    return 1 / (1 + 1 / Math.sqrt(this.#shape));
  }

  /** Own fills of this session. */
  get fills(): number {
    return this.#fills;
  }

  /** Time in which quotes stood in this session, ns. */
  get exposureNs(): number {
    return this.#exposureNs;
  }

  /** Whether this session has seen enough to judge by. Nothing waits for it: fills come from quotes alone (incident I-8). */
  get isWarmedUp(): boolean {
    return this.#fills >= this.#settings.minFills && this.#exposureNs > this.#settings.minExposureNs;
  }

  snapshot(): unknown {
    return [this.#shape, this.#rateS, this.#fills, this.#exposureNs];
  }

  restore(state: unknown): void {
    [this.#shape, this.#rateS, this.#fills, this.#exposureNs] = state as number[];
  }
}
