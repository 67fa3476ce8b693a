/**
 * The one way by which an own fill reaches all that learns from fills: kappa, the beliefs and the fill tracker. Called once for each
 * trade id, behind the deduplication, so that no estimator counts a fill twice: a fill that came by two ways once moved
 * kappa twice (playbook 3.3, 2.4).
 */
import type { Kappa } from '../estimator/kappa.ts';
import type { Fill } from '../port.ts';
import { NS_PER_MS } from '../scale.ts';
import type { MarketBeliefs } from '../stochastic/beliefs.ts';
import type { FillTracker } from './fill-tracker.ts';
import type { PlacementLog } from './placement-log.ts';

export class FillLearning {
  readonly #placements: PlacementLog;
  readonly #kappa: Kappa;
  readonly #beliefs: MarketBeliefs;
  readonly #tracker: FillTracker;

  constructor(placements: PlacementLog, kappa: Kappa, beliefs: MarketBeliefs, tracker: FillTracker) {
    this.#placements = placements;
    this.#kappa = kappa;
    this.#beliefs = beliefs;
    this.#tracker = tracker;
  }

  /**
   * One fill that is new, whether its order is tracked or not: the placement is found by its client order id. Of an order that was
   * not placed here nothing is known but the fill, and kappa learns nothing from it.
   */
  onFill(fill: Fill, nowNs: number): void {
    const placement = this.#placements.find(fill.cloid);
    if (placement !== null && placement.midTicks > 0) this.#kappa.onOwnFill(fill.priceTicks, placement.midTicks);
    this.#beliefs.onOwnFill(nowNs);
    this.#tracker.recordFill({
      timestampNs: nowNs,
      side: fill.side,
      priceTicks: fill.priceTicks,
      sizeLots: fill.sizeLots,
      queuePositionLots: placement?.queueAheadLots,
      latencyMs: Math.max(0, nowNs - fill.exchNs) / NS_PER_MS,
      midAtPlacementTicks: placement?.midTicks,
      priceAfter1s: undefined,
    });
  }
}
