/**
 * Position reconciliation by events (playbook 3.4): compares the local position with the exchange's, and where they differ the
 * exchange is the truth.
 *
 *   idle ──timer 10 s, or a trigger──▶ asked ──same──▶ idle
 *                                        └──other──▶ doubt ──1 s, a fill on its way explains it──▶ idle
 *                                                      └──else──▶ fills asked ──they explain it──▶ idle
 *                                                                    └──else──▶ position set ──▶ idle
 *
 * Positions are compared as of the moment at which the exchange took its picture: fills matched after that are known here and
 * not there, and stay as they are. So a picture that lags behind overwrites nothing (incident I-26), and one that shows fills
 * that are still on their way is not believed against them before they have had their time.
 */
import type { LogEntry, ReconcileTrigger } from '../evidence.ts';
import type { FillConsumer } from '../fills/consumer.ts';
import type { Fill, RestReplyMessage } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import { METRIC } from './metrics/fields.ts';
import type { Metrics } from './metrics/updates.ts';
import type { RestRequests } from './rest-requests.ts';

export interface ReconciliationConfig {
  /** The position is compared at least so often. */
  intervalNs: number;
  /** Shortest time from one comparison to the next, whatever asks for it. */
  minIntervalNs: number;
  /** Fills may be on their way for so long before a difference counts. */
  deliveryNs: number;
  /** Without a reply after this long a comparison has failed. */
  replyTimeoutNs: number;
  /** A fill that the exchange saw at a position this far from ours, as a share of the maximum inventory, is a trigger. */
  driftShare: number;
}

export const DEFAULT_RECONCILIATION: ReconciliationConfig = {
  // core-facts 3.4.
  intervalNs: 10 * NS_PER_S,
  minIntervalNs: 2 * NS_PER_S,
  driftShare: 0.05,
  // A mismatch is one after a second (playbook matrix, `position-mismatch`).
  deliveryNs: NS_PER_S,
  // Ten times what a REST call may take when all is well (playbook 4.1 expects 500 ms and more).
  replyTimeoutNs: 5 * NS_PER_S,
};

/** One instrument's position. */
export interface PositionTarget {
  readonly index: number;
  readonly positionLots: number;
  /** What the exchange said of the position holds every fill up to this exchange time. */
  positionAsOfNs: number;
  readonly fills: Pick<FillConsumer, 'isProcessed' | 'lotsAfter' | 'voidCredits'>;
  /** Sets the position, and says so in the evidence. True where it was another one. */
  adjustPosition(positionLots: number, nowNs: number): boolean;
}

/** What the exchange said of the positions. */
export interface PositionsPicture {
  readonly exchNs: number;
  readonly positions: readonly { readonly instrument: number; readonly positionLots: number }[];
}

/** How far fills are asked for back before the last agreement: clocks and blocks are not that exact. */
const FILLS_MARGIN_NS = NS_PER_S;

type Phase = 'idle' | 'asked' | 'doubt' | 'fills';

export class Reconciliation {
  readonly #config: ReconciliationConfig;
  readonly #targets: readonly PositionTarget[];
  readonly #rest: RestRequests;
  readonly #metrics: Metrics;
  readonly #log: (entry: LogEntry) => void;

  #phase: Phase = 'idle';
  #phaseNs = 0;
  #requestId = 0;
  #begunNs = Number.NEGATIVE_INFINITY;
  #trigger: ReconcileTrigger = 'Timer';
  /** A comparison is wanted, as soon as the shortest interval allows; null: none is. */
  #wanted: ReconcileTrigger | null = null;
  #picture: PositionsPicture | null = null;
  /** Fills that came since the picture and were matched before it. */
  #inFlightFills = 0;
  /** Up to this exchange time the position is known to have been right; -1: it was never compared. */
  #agreedNs = -1;

  constructor(
    config: ReconciliationConfig,
    targets: readonly PositionTarget[],
    rest: RestRequests,
    metrics: Metrics,
    log: (entry: LogEntry) => void,
  ) {
    this.#config = config;
    this.#targets = targets;
    this.#rest = rest;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Something makes the position doubtful: compare it, as soon as the shortest interval allows. */
  request(trigger: ReconcileTrigger, nowNs: number): void {
    this.#wanted ??= trigger;
    this.#beginIfDue(nowNs);
  }

  /**
   * A new fill was taken into the position, which was `beforeLots`. One that the exchange saw at quite another position means that
   * a fill is missing here.
   */
  onFill(fill: Fill, beforeLots: number, maxLots: number, nowNs: number): void {
    if (this.#picture !== null && fill.exchNs <= this.#picture.exchNs) this.#inFlightFills++;
    const driftLots = Math.abs(fill.startPositionLots - beforeLots);
    if (driftLots > this.#config.driftShare * maxLots) this.request('LargePositionChange', nowNs);
  }

  /** To be called about once a second. */
  check(nowNs: number): void {
    if (this.#phase === 'doubt') {
      if (nowNs - this.#phaseNs >= this.#config.deliveryNs) this.#doubtEnds(nowNs);
    } else if (this.#phase !== 'idle' && nowNs - this.#phaseNs > this.#config.replyTimeoutNs) {
      this.#failed(nowNs);
    }
    if (nowNs - this.#begunNs >= this.#config.intervalNs) this.#wanted ??= 'Timer';
    this.#beginIfDue(nowNs);
  }

  #beginIfDue(nowNs: number): void {
    if (this.#wanted === null || this.#phase !== 'idle') return;
    if (nowNs - this.#begunNs < this.#config.minIntervalNs) return;
    this.#trigger = this.#wanted;
    this.#wanted = null;
    this.#begunNs = nowNs;
    if (this.#trigger !== 'Timer') this.#log({ type: 'reconciliation', atNs: nowNs, trigger: this.#trigger });
    this.#requestId = this.#rest.ask('clearinghouseState');
    this.#enter('asked', nowNs);
  }

  /** Takes a reply; false where it is none to a question of this part. `applyFill` takes a fill that may have been missed. */
  reply({ id, exchNs, body, nowNs }: RestReplyMessage, applyFill: (fill: Fill) => void): boolean {
    if (id !== this.#requestId || this.#phase === 'idle') return false;
    if (this.#phase === 'asked' && body.request === 'clearinghouseState') {
      const positions = body.positions.map(({ instrument, positionLots }) => ({ instrument, positionLots }));
      this.#compare({ exchNs, positions }, nowNs);
    } else if (this.#phase === 'fills' && body.request === 'userFillsByTime') {
      this.applyMissed(body.fills, applyFill);
      if (this.#picture !== null) this.#settle(this.#picture, nowNs);
      this.#enter('idle', nowNs);
    } else {
      this.#failed(nowNs);
    }
    return true;
  }

  #compare(picture: PositionsPicture, nowNs: number): void {
    this.#metrics.add(METRIC.reconciliations, 1);
    if (this.#agrees(picture)) {
      this.#agreed(picture);
      this.#enter('idle', nowNs);
      return;
    }
    this.#picture = picture;
    this.#inFlightFills = 0;
    this.#enter('doubt', nowNs);
  }

  #doubtEnds(nowNs: number): void {
    const picture = this.#picture;
    if (picture !== null && !this.#agrees(picture)) {
      this.#record(picture, this.#trigger, nowNs);
      if (this.#agreedNs >= 0) {
        this.#requestId = this.#rest.ask('userFillsByTime', { fromNs: this.fillsFromNs });
        this.#enter('fills', nowNs);
        return;
      }
      this.#settle(picture, nowNs);
    } else if (picture !== null) this.#agreed(picture);
    this.#enter('idle', nowNs);
  }

  /** Hands over the fills that were not processed yet. */
  applyMissed(fills: readonly Fill[], applyFill: (fill: Fill) => void): void {
    for (const fill of fills) {
      const target = this.#targets.find(({ index }) => index === fill.instrument);
      if (target !== undefined && !target.fills.isProcessed(fill.tid)) applyFill(fill);
    }
  }

  #agrees(picture: PositionsPicture): boolean {
    return this.#targets.every(target => (this.#differenceLots(target, picture) ?? 0) === 0);
  }

  #agreed(picture: PositionsPicture): void {
    for (const target of this.#targets) this.#holdsAsOf(target, picture.exchNs);
    this.#agreedNs = Math.max(this.#agreedNs, picture.exchNs);
  }

  #holdsAsOf(target: PositionTarget, exchNs: number): void {
    target.positionAsOfNs = Math.max(target.positionAsOfNs, exchNs);
  }

  /**
   * By how much the exchange's position was above ours when it was looked at; null where that cannot be told, because the picture is
   * older than what was set by another one, or than the fills that are remembered.
   */
  #differenceLots(target: PositionTarget, picture: PositionsPicture): number | null {
    if (picture.exchNs < target.positionAsOfNs) return null;
    const laterLots = target.fills.lotsAfter(picture.exchNs);
    if (laterLots === null) return null;
    return exchangeLots(target, picture) - (target.positionLots - laterLots);
  }

  /** Says which positions differ from the exchange's picture. True where there is one. */
  #record(picture: PositionsPicture, trigger: ReconcileTrigger, nowNs: number): boolean {
    let isWrong = false;
    for (const target of this.#targets) {
      const diffLots = this.#differenceLots(target, picture) ?? 0;
      if (diffLots === 0) continue;
      isWrong = true;
      this.#metrics.add(METRIC.positionDiscrepancies, 1);
      this.#log({
        type: 'position-discrepancy',
        atNs: nowNs,
        instrument: target.index,
        trigger,
        localLots: target.positionLots,
        exchangeLots: exchangeLots(target, picture),
        diffLots,
        inFlightFills: this.#inFlightFills,
      });
    }
    return isWrong;
  }

  /** Sets every position that differs to what the picture makes of it, later fills added. */
  #settle(picture: PositionsPicture, nowNs: number): void {
    for (const target of this.#targets) {
      const diffLots = this.#differenceLots(target, picture);
      if (diffLots === null) {
        // The picture is older than what is known here: another one has to tell.
        this.#wanted ??= this.#trigger;
        continue;
      }
      if (diffLots !== 0) {
        target.fills.voidCredits();
        if (target.adjustPosition(target.positionLots + diffLots, nowNs)) {
          this.#metrics.add(METRIC.positionAdjustments, 1);
        }
      }
      this.#holdsAsOf(target, picture.exchNs);
      this.#agreedNs = Math.max(this.#agreedNs, picture.exchNs);
    }
  }

  /**
   * Takes the exchange's picture for the truth at once, without waiting for fills on their way: after a reconnect, when they have been
   * asked for already. A comparison under way is void by it. True where a position was wrong.
   */
  trust(picture: PositionsPicture, trigger: ReconcileTrigger, nowNs: number): boolean {
    this.#enter('idle', nowNs);
    this.#begunNs = nowNs;
    this.#trigger = trigger;
    this.#inFlightFills = 0;
    this.#metrics.add(METRIC.reconciliations, 1);
    const isWrong = this.#record(picture, trigger, nowNs);
    this.#settle(picture, nowNs);
    return isWrong;
  }

  #failed(nowNs: number): void {
    this.#wanted ??= this.#trigger;
    this.#enter('idle', nowNs);
  }

  #enter(phase: Phase, nowNs: number): void {
    this.#phase = phase;
    this.#phaseNs = nowNs;
    if (phase === 'idle') {
      this.#requestId = 0;
      this.#picture = null;
    }
  }

  /** Since when fills are to be asked for to find those that were missed; -1: there was no agreement yet. */
  get fillsFromNs(): number {
    return this.#agreedNs < 0 ? -1 : Math.max(0, this.#agreedNs - FILLS_MARGIN_NS);
  }

  snapshot(): unknown {
    return {
      phase: this.#phase,
      phaseNs: this.#phaseNs,
      requestId: this.#requestId,
      begunNs: this.#begunNs,
      trigger: this.#trigger,
      wanted: this.#wanted,
      picture: this.#picture,
      inFlightFills: this.#inFlightFills,
      agreedNs: this.#agreedNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      phase: Phase;
      phaseNs: number;
      requestId: number;
      begunNs: number;
      trigger: ReconcileTrigger;
      wanted: ReconcileTrigger | null;
      picture: PositionsPicture | null;
      inFlightFills: number;
      agreedNs: number;
    };
    this.#phase = from.phase;
    this.#phaseNs = from.phaseNs;
    this.#requestId = from.requestId;
    this.#begunNs = from.begunNs;
    this.#trigger = from.trigger;
    this.#wanted = from.wanted;
    this.#picture = from.picture;
    this.#inFlightFills = from.inFlightFills;
    this.#agreedNs = from.agreedNs;
  }
}

function exchangeLots(target: PositionTarget, picture: PositionsPicture): number {
  return picture.positions.find(({ instrument }) => instrument === target.index)?.positionLots ?? 0;
}
