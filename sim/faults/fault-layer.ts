/**
 * The faults of a run, between the world and the core: begun and ended in their time, and asked at every place where one of
 * them may act. While none is active a place costs a look at an empty list.
 */
import { FEED_INDEX, FEEDS, type Feed } from '../../core/market.ts';
import type { Connection, Fill, OrderUpdate, PlaceOrder, PostCommand, RestBody, RestCommand } from '../../core/port.ts';
import type { ActionReply } from '../exchange/exchange.ts';
import type { Refusal } from '../exchange/order-rules.ts';
import type { HostOverlay } from '../host/host-overlay.ts';
import { CLASS_FAULT, type Kernel } from '../kernel/kernel.ts';
import type { ArrivedPost } from '../market/market.ts';
import type { OrderTruth } from '../truth.ts';
import type { WorldEvent } from '../world.ts';
import type { MarketItem } from './market-item.ts';
import type { Overlay, OverlayWorld } from './overlay.ts';
import type { FaultPlan } from './plan.ts';
import { kindOf } from './registry.ts';

/** The machine that the core runs on, which is told of the overlays that act on it. */
export interface HostOfOverlays {
  setOverlays(overlays: readonly HostOverlay[]): void;
}

export interface FaultLayerState {
  isActive: boolean[];
  running: number;
  overlays: unknown[];
}

export class FaultLayer {
  readonly #plan: FaultPlan;
  readonly #kernel: Kernel<WorldEvent>;
  readonly #healed: () => void;
  #overlays: readonly Overlay[] = [];
  #host: HostOfOverlays | null = null;
  readonly #isActive: boolean[];
  /** Those that are active, in the order of the plan. */
  #active: Overlay[] = [];
  /** By feed: 1 where an active overlay wants to see its messages. */
  readonly #isCovered = new Uint8Array(FEEDS.length);
  /** Faults that have not ended yet. */
  #running: number;

  /** `healed`: called when the last fault has ended. */
  constructor(plan: FaultPlan, kernel: Kernel<WorldEvent>, healed: () => void) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.#healed = healed;
    this.#isActive = plan.map(() => false);
    this.#running = plan.length;
  }

  /** Makes the overlays; `worldOf` gives each the world as it may act on it. Once, before the run begins. */
  attach(worldOf: (index: number) => OverlayWorld, host: HostOfOverlays): void {
    this.#host = host;
    this.#overlays = this.#plan.map((fault, index) => kindOf(fault.kind).create(fault, worldOf(index)));
  }

  // ------------------------------------------------------------------------------------------------- time

  /** Puts every fault's beginning into the kernel. */
  scheduleAll(): void {
    this.#plan.forEach((fault, index) => {
      this.#kernel.schedule(fault.atNs, CLASS_FAULT, { kind: 'fault-begin', index });
    });
  }

  begin(index: number): void {
    const overlay = this.#overlays[index];
    this.#isActive[index] = true;
    this.#listActive();
    overlay.begin?.();
    const endNs = overlay.endNs?.() ?? this.#kernel.nowNs + this.#plan[index].forNs;
    this.#kernel.schedule(endNs, CLASS_FAULT, { kind: 'fault-end', index });
  }

  end(index: number): void {
    this.#isActive[index] = false;
    this.#listActive();
    this.#overlays[index].end?.();
    this.#running--;
    if (this.#running === 0) this.#healed();
  }

  wakeAt(index: number, atNs: number): void {
    this.#kernel.schedule(atNs, CLASS_FAULT, { kind: 'fault-due', index });
  }

  due(index: number): void {
    this.#overlays[index].due?.();
  }

  #listActive(): void {
    this.#active = this.#overlays.filter((_, index) => this.#isActive[index]);
    this.#isCovered.fill(0);
    for (const { feeds } of this.#active) for (const feed of feeds ?? []) this.#isCovered[FEED_INDEX[feed]] = 1;
    this.#host?.setOverlays(this.#active.filter(actsOnHost));
  }

  // ------------------------------------------------------------------------------------ market connection

  /** Whether messages of this feed have to be shown to the overlays. */
  covers(feedIndex: number): boolean {
    return this.#isCovered[feedIndex] !== 0;
  }

  /** What is delivered in place of a message; null: nothing is now. */
  market(item: MarketItem): MarketItem | null {
    return passThrough(this.#active, item);
  }

  /** The same for what the overlay of this number hands on: those after it are asked. */
  marketAfter(index: number, item: MarketItem): MarketItem | null {
    return passThrough(
      this.#overlays.filter((_, other) => other > index && this.#isActive[other]),
      item,
    );
  }

  // ------------------------------------------------------------------------------------------ connections

  refuses(connection: Connection): boolean {
    return this.#active.some(overlay => overlay.refuses?.(connection) === true);
  }

  opened(connection: Connection): void {
    for (const overlay of this.#active) overlay.opened?.(connection);
  }

  loses(connection: Connection, direction: 'up' | 'down'): boolean {
    return this.#active.some(overlay => overlay.loses?.(connection, direction) === true);
  }

  losesSubscription(feed: Feed, instrument: number): boolean {
    return this.#active.some(overlay => overlay.losesSubscription?.(feed, instrument) === true);
  }

  // ---------------------------------------------------------------------------------------------- requests

  postDelayNs(post: PostCommand): number {
    let delayNs = 0;
    for (const overlay of this.#active) delayNs += overlay.postDelayNs?.(post) ?? 0;
    return delayNs;
  }

  postArrives(post: ArrivedPost): ActionReply | null {
    for (const overlay of this.#active) {
      const reply = overlay.postArrives?.(post) ?? null;
      if (reply !== null) return reply;
    }
    return null;
  }

  carriedOut(post: ArrivedPost): ArrivedPost {
    let left = post;
    for (const overlay of this.#active) left = overlay.carriedOut?.(left) ?? left;
    return left;
  }

  orderRefusal(order: PlaceOrder): Refusal | null {
    for (const overlay of this.#active) {
      const refused = overlay.orderRefusal?.(order) ?? null;
      if (refused !== null) return refused;
    }
    return null;
  }

  postAnswered(post: ArrivedPost, reply: ActionReply): ActionReply | null {
    let answer: ActionReply | null = reply;
    for (const overlay of this.#active) {
      if (overlay.postAnswered !== undefined) answer = overlay.postAnswered(post, answer);
    }
    return answer;
  }

  replyDelayNs(post: ArrivedPost): number {
    let delayNs = 0;
    for (const overlay of this.#active) delayNs += overlay.replyDelayNs?.(post) ?? 0;
    return delayNs;
  }

  queryArrives(command: RestCommand): RestBody | null {
    for (const overlay of this.#active) {
      const body = overlay.queryArrives?.(command) ?? null;
      if (body !== null) return body;
    }
    return null;
  }

  /** How far back pictures of the account may be asked for, ns. */
  get pictureLagNs(): number {
    return this.#plan.reduce((lagNs, fault) => lagNs + (kindOf(fault.kind).pictureLagNs?.(fault) ?? 0), 0);
  }

  pictureAgeNs(command: RestCommand): number {
    let ageNs = 0;
    for (const overlay of this.#active) ageNs += overlay.pictureAgeNs?.(command) ?? 0;
    return ageNs;
  }

  // ------------------------------------------------------------------------------------------ user streams

  orderUpdates(updates: readonly OrderUpdate[]): readonly OrderUpdate[] {
    let sent = updates;
    for (const overlay of this.#active) sent = overlay.orderUpdates?.(sent) ?? sent;
    return sent;
  }

  fills(fills: readonly Fill[]): readonly Fill[] {
    let sent = fills;
    for (const overlay of this.#active) sent = overlay.fills?.(sent) ?? sent;
    return sent;
  }

  pushDelayNs(feed: Feed): number {
    let delayNs = 0;
    for (const overlay of this.#active) delayNs += overlay.pushDelayNs?.(feed) ?? 0;
    return delayNs;
  }

  // ---------------------------------------------------------------------------------------------- own orders

  orderAccepted(order: OrderTruth): void {
    for (const overlay of this.#active) overlay.orderAccepted?.(order);
  }

  orderRemoved(order: OrderTruth): void {
    for (const overlay of this.#active) overlay.orderRemoved?.(order);
  }

  snapshot(): FaultLayerState {
    return {
      isActive: [...this.#isActive],
      running: this.#running,
      overlays: this.#overlays.map(overlay => overlay.snapshot?.() ?? null),
    };
  }

  restore(state: FaultLayerState): void {
    for (const [index, isActive] of state.isActive.entries()) this.#isActive[index] = isActive;
    this.#running = state.running;
    this.#overlays.forEach((overlay, index) => {
      overlay.restore?.(state.overlays[index]);
    });
    this.#listActive();
  }
}

function actsOnHost(overlay: Overlay): boolean {
  const { arenaTakenBytes, costFactor, handlerExtraNs } = overlay;
  return [arenaTakenBytes, costFactor, handlerExtraNs].some(hook => hook !== undefined);
}

/** What overlays, one after the other, make of an item of one of their feeds. */
function passThrough(overlays: readonly Overlay[], item: MarketItem): MarketItem | null {
  let passed: MarketItem | null = item;
  for (const overlay of overlays) {
    if (overlay.market === undefined || overlay.feeds?.includes(FEEDS[item.feed]) !== true) continue;
    passed = overlay.market(passed);
    if (passed === null) return null;
  }
  return passed;
}
