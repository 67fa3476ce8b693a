/**
 * Open interest falls, and is told of so by the exchange, as it would be when positions are closed by force (playbook 1.3). It comes
 * back at the end.
 */
import type { Feed } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { INSTRUMENT, instrumentsOf, PERCENT } from './price-shares.ts';

/** Asset contexts come every 3 s: a finer fall nobody sees. */
const STEP_NS = NS_PER_S;

class OpenInterestDrop implements Overlay {
  readonly feeds: readonly Feed[] = ['activeAssetCtx'];
  readonly #world: OverlayWorld;
  readonly #instruments: readonly number[];
  readonly #drop: number;
  readonly #overNs: number;
  #fromNs = 0;
  #isOver = false;
  /** What is hidden at the moment, %. */
  #hiddenPercent = 0;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#instruments = instrumentsOf(fault, world);
    this.#drop = numberOf(fault, 'drop');
    this.#overNs = numberOf(fault, 'over');
  }

  begin(): void {
    this.#fromNs = this.#world.nowNs;
    this.#world.wakeAt(this.#fromNs + Math.min(STEP_NS, this.#overNs));
  }

  due(): void {
    if (this.#isOver) return;
    const { nowNs } = this.#world;
    const share = this.#shareAt(nowNs);
    this.#hide(share * this.#drop);
    if (share < 1) this.#world.wakeAt(Math.min(nowNs + STEP_NS, this.#fromNs + this.#overNs));
  }

  market(item: MarketItem): MarketItem {
    if (this.#hiddenPercent > 0 && this.#instruments.includes(item.instrument)) {
      this.#world.tookEffect(`told of ${this.#hiddenPercent.toFixed(2)} % less open interest`);
    }
    return item;
  }

  end(): void {
    this.#isOver = true;
    this.#hide(0);
  }

  #shareAt(nowNs: number): number {
    return Math.min(1, (nowNs - this.#fromNs) / this.#overNs);
  }

  #hide(percent: number): void {
    const { index, market } = this.#world;
    this.#hiddenPercent = percent;
    for (const instrument of this.#instruments) market.hideInterest(instrument, index, percent / PERCENT);
  }

  snapshot(): unknown {
    return { fromNs: this.#fromNs, isOver: this.#isOver, hiddenPercent: this.#hiddenPercent };
  }

  restore(state: unknown): void {
    const from = state as { fromNs: number; isOver: boolean; hiddenPercent: number };
    this.#hiddenPercent = from.hiddenPercent;
    this.#fromNs = from.fromNs;
    this.#isOver = from.isOver;
  }
}

export const openInterestDrop: FaultKind = {
  info: faultInfo({
    kind: 'open-interest-drop',
    group: 'account and market',
    description: 'Open interest falls evenly, stays down to the end of the fault, and is back then.',
    parameters: [
      { name: 'drop', description: 'How much of it.', type: 'number', unit: '%', min: 0.1, max: 50, default: 2.5 },
      {
        name: 'over',
        description: 'How long it falls.',
        type: 'time',
        min: NS_PER_S,
        max: 60 * NS_PER_S,
        default: 10 * NS_PER_S,
      },
      INSTRUMENT,
    ],
    forNs: { min: 4 * NS_PER_S, max: 600 * NS_PER_S },
    markets: 'synthetic',
    primary: '1.3',
    allowed: [],
    symptoms: ['orders-not-sending', 'stale-quotes'],
  }),
  contradiction: fault =>
    numberOf(fault, 'over') > fault.forNs ? 'it is over before open interest has fallen so far (over, for)' : null,
  create: (fault, world) => new OpenInterestDrop(fault, world),
};
