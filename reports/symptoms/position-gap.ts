/**
 * How far the local position of one instrument is from the exchange's, net of fills that are still inside their normal delivery time: the
 * core cannot have heard of those.
 */
import { BID } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';

interface PositionGapState {
  exchangeLots: number;
  localLots: number;
  dueNs: readonly number[];
  signedLots: readonly number[];
}

export class PositionGap {
  /** An account starts without a position. */
  #exchangeLots = 0;
  #localLots = 0;
  /** Fills on their way. */
  #dueNs: number[] = [];
  #signedLots: number[] = [];

  filled(positionLots: number): void {
    this.#exchangeLots = positionLots;
  }

  /** The notification of a fill was sent, and is normally at the core at `dueNs`. */
  sent({ side, sizeLots }: Fill, dueNs: number): void {
    this.#dueNs.push(dueNs);
    this.#signedLots.push(side === BID ? sizeLots : -sizeLots);
  }

  read(localLots: number): void {
    this.#localLots = localLots;
  }

  /** What the local position is too large by at a time, lots. */
  lotsAt(nowNs: number): number {
    for (let index = this.#dueNs.length - 1; index >= 0; index--) {
      if (this.#dueNs[index] > nowNs) continue;
      this.#dueNs.splice(index, 1);
      this.#signedLots.splice(index, 1);
    }
    let gap = this.#localLots - this.#exchangeLots;
    for (const lots of this.#signedLots) gap += lots;
    return gap;
  }

  /** When the next fill should have come in; Infinity where none is on its way. */
  get nextDueNs(): number {
    return this.#dueNs.reduce((next, ns) => Math.min(next, ns), Number.POSITIVE_INFINITY);
  }

  words(): string {
    return `we hold ${this.#localLots} lots, the exchange says ${this.#exchangeLots}`;
  }

  snapshot(): unknown {
    return {
      exchangeLots: this.#exchangeLots,
      localLots: this.#localLots,
      dueNs: [...this.#dueNs],
      signedLots: [...this.#signedLots],
    } satisfies PositionGapState;
  }

  restore(state: unknown): void {
    const { exchangeLots, localLots, dueNs, signedLots } = state as PositionGapState;
    this.#exchangeLots = exchangeLots;
    this.#localLots = localLots;
    this.#dueNs = [...dueNs];
    this.#signedLots = [...signedLots];
  }
}
