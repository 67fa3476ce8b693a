/**
 * How quotes are made of the three models (playbook 4.5), in one call with flat inputs and outputs:
 *
 *   GLFT (half-spread, fee, risk) → HJB solver (regimes, lean against the position, expected drift, sizes) → hub (bounded signals)
 *
 *   half-spread = GLFT's base for the blended risk aversion
 *               + widening, ≤ 20 bps in ALL: risk + warm-up + regime premium + what the caller adds + signals
 *   skew        = position + expected drift + signals (GLFT's drift term), ≤ 80 % of the half-spread
 *   sizes       = the side's total, spread over the levels and cut to the room, ≤ 25 % of the largest position an order
 *
 * A skew is positive where quotes move down.
 */
import type { RegimeSettings } from '../estimator/regime.ts';
import { ASK, BID, type BySide, type Instrument } from '../market.ts';
import { BPS, NS_PER_S } from '../scale.ts';
import type { HjbInput, HjbSizes, HjbSolver } from '../stochastic/hjb-solver.ts';
import {
  boundedSkewBps,
  cappedWideningBps,
  type GlftSettings,
  halfSpreadWithDriftBps,
  regimePremiumBps,
} from './glft.ts';
import { type LadderSettings, type LadderSizes, lotUsd, minimumLots } from './ladder.ts';
import type { SignalIntegration } from './signal-integration.ts';

/** Of the world, the estimators, the beliefs and risk. The caller keeps one and writes into it. */
export interface QuoteModelInput extends HjbInput {
  nowNs: number;
  midTicks: number;
  /** Largest position of either sign, lots. */
  maxLots: number;
  /** Most that may rest on each side, lots. */
  capacityLots: BySide<number>;
  /** Share of the usual size, 0 to 1. */
  sizeFactor: number;
  /** True: quotes only close the position, and may be smaller than the minimum. */
  closing: boolean;
  /** What risk and warm-up ask for on top of the half-spread, as a share of it: 0.5 is half as wide again. */
  wideningShare: number;
  /** What others ask for on top of it, bps. */
  wideningBps: number;
}

export class QuoteModel implements LadderSizes {
  readonly #instrument: Instrument;
  readonly #glft: GlftSettings;
  readonly #ladder: LadderSettings;
  readonly #regime: RegimeSettings;
  readonly #signals: SignalIntegration;
  readonly #horizonS: number;
  readonly #depthsBps: Float64Array;
  readonly #sizes: HjbSizes = { totalLots: 0, roomLots: 0, minLots: 0, maxLots: 0 };
  readonly hjb: HjbSolver;

  /** Half-spread before and after widening, bps. */
  baseHalfSpreadBps = 0;
  halfSpreadBps = 0;
  /** Shift of both sides, down where positive, bps. */
  skewBps = 0;
  /** Of that shift, before the bound: what the signals ask for. */
  signalSkewBps = 0;
  readonly bidLots: Float64Array;
  readonly askLots: Float64Array;
  maxOrderLots = 0;

  /** `hjb`: made for as many levels as the ladder has. */
  constructor(
    instrument: Instrument,
    strategy: { glft: GlftSettings; ladder: LadderSettings },
    regime: RegimeSettings,
    hjb: HjbSolver,
    signals: SignalIntegration,
  ) {
    const { levels } = strategy.ladder;
    this.#instrument = instrument;
    this.#glft = strategy.glft;
    this.#ladder = strategy.ladder;
    this.#regime = regime;
    this.#signals = signals;
    this.#horizonS = strategy.glft.horizonNs / NS_PER_S;
    this.#depthsBps = new Float64Array(levels);
    this.hjb = hjb;
    this.bidLots = new Float64Array(levels);
    this.askLots = new Float64Array(levels);
  }

  /**
   * Computes all outputs.
   * @returns units of work done, for the declared cost: one a level and side, and what the signals took
   */
  compute(input: QuoteModelInput): number {
    const { hjb } = this;
    const glft = this.#glft;
    hjb.optimalQuotes(input);
    this.baseHalfSpreadBps = hjb.halfSpreadBps;
    const units = this.#signals.integrate(hjb.halfSpreadBps, input.nowNs);
    this.halfSpreadBps = hjb.halfSpreadBps + cappedWideningBps(glft, this.#widening(input));
    this.signalSkewBps = this.#signalSkew();
    const skew = hjb.inventorySkewBps + hjb.predictiveSkewBps + this.signalSkewBps;
    this.skewBps = boundedSkewBps(glft, this.halfSpreadBps, skew);
    this.#spread(input);
    return units + 2 * this.#depthsBps.length;
  }

  #widening({ wideningShare, wideningBps, regimeProbabilities }: QuoteModelInput): number {
    const { burstyPremiumBps, cascadePremiumBps } = this.#regime;
    return (
      this.baseHalfSpreadBps * wideningShare +
      wideningBps +
      regimePremiumBps(regimeProbabilities, burstyPremiumBps, cascadePremiumBps) +
      this.#signals.wideningBps
    );
  }

  /** What the signals expect within the horizon is a drift to GLFT; half the difference of its two sides is a shift. */
  #signalSkew(): number {
    const glft = this.#glft;
    const driftPerS = this.#signals.expectedMoveBps / BPS / this.#horizonS;
    const bid = halfSpreadWithDriftBps(glft, BID, this.halfSpreadBps, driftPerS, this.#horizonS);
    const ask = halfSpreadWithDriftBps(glft, ASK, this.halfSpreadBps, driftPerS, this.#horizonS);
    return (bid - ask) / 2;
  }

  #spread(input: QuoteModelInput): void {
    const { levels, levelUsd, depthRatio, maxDepthBps, maxOrderShare } = this.#ladder;
    const { midTicks, maxLots, capacityLots, sizeFactor, closing, kappa } = input;
    let depthBps = this.halfSpreadBps;
    for (let level = 0; level < levels; level++) {
      this.#depthsBps[level] = Math.min(depthBps, maxDepthBps);
      depthBps *= depthRatio;
    }
    const minLots = closing ? 1 : minimumLots(this.#instrument, midTicks);
    // A quarter of a small position may be worth less than the least that an order may be.
    this.maxOrderLots = Math.max(minLots, Math.floor(maxOrderShare * maxLots));
    const sizes = this.#sizes;
    // No more than a whole position: with many levels each is smaller.
    const wantedLots = Math.min(maxLots, (levels * levelUsd) / lotUsd(this.#instrument, midTicks));
    sizes.totalLots = Math.floor(wantedLots * sizeFactor);
    sizes.minLots = sizeFactor > 0 ? minLots : Number.POSITIVE_INFINITY;
    sizes.maxLots = this.maxOrderLots;
    sizes.roomLots = capacityLots[BID];
    this.hjb.spread(sizes, kappa, this.#depthsBps, this.bidLots);
    sizes.roomLots = capacityLots[ASK];
    this.hjb.spread(sizes, kappa, this.#depthsBps, this.askLots);
  }

  /** Each cycle computes everything anew; between two of them others ask how far from the mid the last one quoted. */
  snapshot(): unknown {
    return this.halfSpreadBps;
  }

  restore(state: unknown): void {
    this.halfSpreadBps = state as number;
  }
}
