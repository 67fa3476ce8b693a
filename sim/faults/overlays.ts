/**
 * The faults of a run, laid over the world. The world below stays intact: a fault says what is withheld or refused while
 * it is active, and healing is switching it off.
 */
import { FEED_INDEX, FEEDS } from '../../core/market.ts';
import type { AllMidsMessage, AssetContextMessage, BookMessage, Connection, TradesMessage } from '../../core/port.ts';
import type { FaultPlan } from './plan.ts';

/** What the exchange sends on the market connection beside the frames of a tape. */
export type MarketMessage = BookMessage | TradesMessage | AllMidsMessage | AssetContextMessage;

/** A frame that a silence keeps back: of the tape by its number, or a message that the exchange made. */
export type Withheld = { type: 'frame'; frame: number; sequence: number } | { type: 'message'; message: MarketMessage };

interface Overlay {
  isActive: boolean;
  /** By feed and instrument: the newest withheld frame. */
  withheld: (Withheld | null)[];
}

interface OverlaysState {
  overlays: Overlay[];
}

export class FaultOverlays {
  readonly plan: FaultPlan;
  readonly #instruments: number;
  #overlays: Overlay[];
  /** By feed: number of the active silence that covers it, or -1. A read of this is all that an idle fault layer costs. */
  readonly #silenceOf = new Int32Array(FEEDS.length).fill(-1);

  constructor(plan: FaultPlan, instruments: number) {
    this.plan = plan;
    this.#instruments = instruments;
    this.#overlays = plan.map(() => ({
      isActive: false,
      withheld: new Array<Withheld | null>(FEEDS.length * instruments).fill(null),
    }));
  }

  begin(index: number): void {
    this.#overlays[index].isActive = true;
    this.#findSilences();
  }

  /** Switches the fault off and hands out what it kept back, by feed and instrument. */
  end(index: number): Withheld[] {
    const overlay = this.#overlays[index];
    overlay.isActive = false;
    this.#findSilences();
    const withheld = overlay.withheld.filter(item => item !== null);
    overlay.withheld.fill(null);
    return withheld;
  }

  #findSilences(): void {
    this.#silenceOf.fill(-1);
    this.plan.forEach((fault, index) => {
      if (fault.kind !== 'feed-silence' || !this.#overlays[index].isActive) return;
      for (const feed of fault.feeds) this.#silenceOf[FEED_INDEX[feed]] = index;
    });
  }

  /** Number of the fault that keeps this feed silent, or -1. */
  silenceOf(feedIndex: number): number {
    return this.#silenceOf[feedIndex];
  }

  withhold(index: number, feedIndex: number, instrument: number, item: Withheld): void {
    this.#overlays[index].withheld[feedIndex * this.#instruments + instrument] = item;
  }

  /** Number of the fault that refuses this connection, or -1. */
  refusalOf(connection: Connection): number {
    return this.plan.findIndex(
      (fault, index) =>
        fault.kind === 'connection-close' && fault.connection === connection && this.#overlays[index].isActive,
    );
  }

  snapshot(): OverlaysState {
    return {
      overlays: this.#overlays.map(overlay => ({ ...overlay, withheld: [...overlay.withheld] })),
    };
  }

  restore(state: OverlaysState): void {
    this.#overlays = state.overlays.map(overlay => ({ ...overlay, withheld: [...overlay.withheld] }));
    this.#findSilences();
  }
}
