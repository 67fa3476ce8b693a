/**
 * Money leaves the account at the exchange, as when its owner withdraws it elsewhere, and comes back at the end (playbook 1.5).
 * Nothing of it is on the streams: the core sees it when it asks.
 */
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { PERCENT } from './price-shares.ts';

const CENTS = 100;

class EquityCut implements Overlay {
  readonly #world: OverlayWorld;
  readonly #cut: number;
  /** What has been taken, USD. */
  #takenUsd = 0;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#cut = numberOf(fault, 'cut');
  }

  begin(): void {
    const { exchange, links, nowNs } = this.#world;
    const { equityUsd } = exchange.clearing.truth();
    this.#takenUsd = Math.round((CENTS * equityUsd * this.#cut) / PERCENT) / CENTS;
    if (!(this.#takenUsd > 0)) return;
    exchange.clearing.account.deposit(-this.#takenUsd);
    exchange.settle(nowNs);
    links.accountChanged();
    this.#world.tookEffect(`took $${this.#takenUsd.toFixed(2)} of $${equityUsd.toFixed(2)} out of the account`);
  }

  end(): void {
    if (!(this.#takenUsd > 0)) return;
    this.#world.exchange.clearing.account.deposit(this.#takenUsd);
    this.#world.links.accountChanged();
  }

  snapshot(): unknown {
    return this.#takenUsd;
  }

  restore(state: unknown): void {
    this.#takenUsd = state as number;
  }
}

export const equityCut: FaultKind = {
  info: faultInfo({
    kind: 'equity-cut',
    group: 'account and market',
    description: 'A share of the account’s equity is withdrawn at the exchange, and paid in again at the end.',
    parameters: [
      { name: 'cut', description: 'Share of the equity.', type: 'number', unit: '%', min: 1, max: 99.99, default: 80 },
    ],
    primary: '1.5',
    // With less equity the largest position is smaller, too, and refusals for margin call for a back-off.
    // Without an order that fits a cycle ends with an empty ladder.
    allowed: ['1.1', '1.3', '2.5'],
    symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch'],
  }),
  create: (fault, world) => new EquityCut(fault, world),
};
