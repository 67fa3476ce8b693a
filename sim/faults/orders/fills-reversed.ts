/**
 * Two own fills of one millisecond are told in the wrong order (playbook 3.4): the exchange gives them one time, and their order in
 * the message is not that of the matches.
 */
import type { Fill } from '../../../core/port.ts';
import { NS_PER_MS } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import {
  AGGRESSOR_SHARE,
  Aggressor,
  type AggressorState,
  ORDER_SCOPE,
  OrderScope,
  orderToHit,
  shareOf,
} from './aggressor.ts';
import { FILL_FAULT } from './armed-fills.ts';

interface State {
  aggressor: AggressorState;
  kept: Fill[];
  isHitting: boolean;
}

class FillsReversed implements Overlay {
  readonly #world: OverlayWorld;
  readonly #scope: OrderScope;
  readonly #forNs: number;
  readonly #share: number;
  readonly #aggressor: Aggressor;
  /** The first of the two that the aggressor makes waits here for the second. */
  #kept: Fill[] = [];
  #isHitting = false;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#scope = new OrderScope(fault);
    this.#forNs = fault.forNs;
    this.#share = numberOf(fault, 'share');
    this.#aggressor = new Aggressor(world);
  }

  begin(): void {
    this.#aggressor.arm(this.#forNs);
  }

  end(): void {
    this.#aggressor.disarm();
  }

  due(): void {
    if (!this.#aggressor.isDue) return;
    const { connections, market, nowNs } = this.#world;
    if (!connections.isSubscribed('userFills', 0)) return this.#aggressor.later();
    const order = orderToHit(this.#world, this.#scope);
    if (order === null || order.remainingLots < 2) return this.#aggressor.later();
    const lots = Math.max(2, shareOf(order, this.#share));
    const firstLots = Math.floor(lots / 2);
    this.#isHitting = true;
    const isHit = [firstLots, lots - firstLots].every(part => market.fillOutOfTurn(nowNs, order.oid, part) > 0);
    this.#isHitting = false;
    if (isHit) this.#aggressor.disarm();
    else this.#aggressor.later();
  }

  fills(fills: readonly Fill[]): readonly Fill[] {
    if (this.#isHitting && this.#kept.length === 0) {
      this.#kept = [...fills];
      return [];
    }
    const all = [...this.#kept, ...fills];
    this.#kept = [];
    const pair = all.findIndex((fill, at) => at > 0 && this.#isPair(all[at - 1], fill));
    if (pair < 0) return all;
    this.#aggressor.disarm();
    const [first, second] = [all[pair - 1], all[pair]];
    const maker = this.#isHitting ? ', which a marked aggressor made' : '';
    this.#world.tookEffect(`told fill ${second.tid} before fill ${first.tid}, of the same millisecond${maker}`);
    return [...all.slice(0, pair - 1), second, first, ...all.slice(pair + 1)];
  }

  #isPair(first: Fill, second: Fill): boolean {
    if (first.instrument !== second.instrument || !this.#scope.has(first) || !this.#scope.has(second)) return false;
    // What the aggressor made is there to be hit.
    return second.exchNs - first.exchNs < NS_PER_MS && (this.#isHitting || this.#world.hits());
  }

  snapshot(): unknown {
    const state: State = {
      aggressor: this.#aggressor.snapshot(),
      kept: [...this.#kept],
      isHitting: this.#isHitting,
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#aggressor.restore(state.aggressor);
    this.#kept = [...state.kept];
    this.#isHitting = state.isHitting;
  }
}

export const fillsReversed: FaultKind = {
  info: faultInfo({
    ...FILL_FAULT,
    kind: 'fills-reversed',
    description:
      'Two own fills of one millisecond are told in the wrong order. Where the market brings no two in the first half of its ' +
      'time, a marked aggressor fills the best order in two parts.',
    parameters: [...ORDER_SCOPE, AGGRESSOR_SHARE],
    primary: '3.4',
    allowed: ['3.1'],
    symptoms: ['position-mismatch'],
  }),
  create: (fault, world) => new FillsReversed(fault, world),
};
