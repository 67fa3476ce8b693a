/**
 * The central hub of signals (playbook 4.5): several sources, each with a bound and an age, come out as one expected move and one
 * widening of the spread.
 *
 *   trades → flow ┐
 *   leader → lead-lag ├→ × weight by mutual information ┐
 *   oracle → basis ┘                                    ├→ expected move, widening (≤ 20 bps in all)
 *   funding, cascade ───────────────────────────────────┘
 *
 * Everything is added, never multiplied, and capped in total: factors once compounded to over three times the spread (incident
 * I-10). Where sources contradict each other strongly the quotes become wider instead of following either.
 */
import type { LogEntry } from '../evidence.ts';
import type { Side } from '../market.ts';
import type { AssetContext } from '../port.ts';
import { BPS } from '../scale.ts';
import {
  DEFAULT_MUTUAL_INFORMATION,
  MutualInformation,
  type MutualInformationSettings,
} from '../stochastic/mutual-information.ts';
import { Basis } from './signals/basis.ts';
import { Flow } from './signals/flow.ts';
import { LeadLag } from './signals/lead-lag.ts';
import { SignalSource } from './signals/signal-source.ts';

export interface SignalSettings {
  /** Bounds of the move that each source may expect, bps. */
  flowCapBps: number;
  leadLagCapBps: number;
  basisCapBps: number;
  fundingCapBps: number;
  /** Move that a flow of buyers only is thought to announce, bps. */
  flowGainBps: number;
  /** What a full cascade adds to the half-spread, bps. */
  cascadeBps: number;
  /** Time constants: of the flow's means, of the lead-lag's means, and of the usual basis. */
  flowDecayNs: number;
  leadLagDecayNs: number;
  basisDecayNs: number;
  /** Contradiction, bps, beyond which each bps of it adds `conflictFactor` to the half-spread. */
  conflictAboveBps: number;
  conflictFactor: number;
  /** Most that all widening together may come to, bps. */
  maxWideningBps: number;
  minUpdates: number;
  staleAfterNs: number;
  contextStaleAfterNs: number;
  forgetAfterNs: number;
  staleFactor: number;
  veryStaleFactor: number;
  mutualInformation: MutualInformationSettings;
}

export const DEFAULT_SIGNALS: SignalSettings = {
  // The reference system's caps: lead-lag 15, flow 10, other skew 3.
  flowCapBps: 10,
  leadLagCapBps: 15,
  basisCapBps: 3,
  fundingCapBps: 3,
  // A fifth of the usual half-spread at most: a lean, which its weight then confirms or takes away.
  flowGainBps: 1,
  // Its fill cascades add 10 and 20 bps; this is the total cap as well.
  cascadeBps: 20,
  // The short horizon of the volatility, its sample, and its long horizon.
  flowDecayNs: 5_000_000_000,
  leadLagDecayNs: 2_000_000_000,
  basisDecayNs: 60_000_000_000,
  // The reference system's rule of conflict.
  conflictAboveBps: 4,
  conflictFactor: 2,
  // Playbook 4.5.
  maxWideningBps: 20,
  // A feed that has shown itself to be there.
  minUpdates: 10,
  // The reference's lead-lag feed is stale after 5 s. Asset contexts come only when they change, about every 3 s.
  staleAfterNs: 5_000_000_000,
  contextStaleAfterNs: 30_000_000_000,
  // After this a silent feed is one that is not there.
  forgetAfterNs: 120_000_000_000,
  // Its multipliers of staleness.
  staleFactor: 1.5,
  veryStaleFactor: 2,
  mutualInformation: DEFAULT_MUTUAL_INFORMATION,
};

const FLOW = 0;
const LEAD_LAG = 1;
const BASIS = 2;
const FUNDING = 3;
const CASCADE = 4;
/** The first sources have a weight by what they have told so far. */
const WEIGHED = 3;
/** What sources are called in the evidence, by their number. */
export const SIGNAL_SOURCES = ['flow', 'lead-lag', 'basis', 'funding', 'cascade'] as const;

export class SignalIntegration {
  readonly #settings: SignalSettings;
  readonly #log: (entry: LogEntry) => void;
  readonly #flow: Flow;
  readonly #leadLag: LeadLag;
  readonly #basis: Basis;
  readonly #sources: readonly SignalSource[];
  readonly #information: readonly MutualInformation[];
  /** What the weighed sources said at the last sample, and the mid then. */
  readonly #said = new Float64Array(WEIGHED);
  #lastMid = 0;

  /** What all sources together expect of the price, bps; positive: it rises. */
  expectedMoveBps = 0;
  /** What they add to the half-spread, bps, capped in total. */
  wideningBps = 0;
  /** How strongly they contradict each other, bps. */
  conflictBps = 0;

  constructor(settings: SignalSettings, log: (entry: LogEntry) => void) {
    this.#settings = settings;
    this.#log = log;
    this.#flow = new Flow(settings.flowDecayNs);
    this.#leadLag = new LeadLag(settings.leadLagDecayNs);
    this.#basis = new Basis(settings.basisDecayNs);
    const { flowCapBps, leadLagCapBps, basisCapBps, fundingCapBps } = settings;
    const { minUpdates, staleAfterNs, contextStaleAfterNs, forgetAfterNs, staleFactor, veryStaleFactor } = settings;
    const feed = { minUpdates, staleAfterNs, forgetAfterNs, staleFactor, veryStaleFactor };
    const context = { ...feed, staleAfterNs: contextStaleAfterNs };
    // Trades and cascades are events: silence is what they say when nothing happens, and no sign of a dead feed.
    const event = { ...feed, minUpdates: 1, staleAfterNs: Number.POSITIVE_INFINITY };
    this.#sources = [
      new SignalSource(SIGNAL_SOURCES[FLOW], flowCapBps, event, log),
      new SignalSource(SIGNAL_SOURCES[LEAD_LAG], leadLagCapBps, feed, log),
      new SignalSource(SIGNAL_SOURCES[BASIS], basisCapBps, context, log),
      new SignalSource(SIGNAL_SOURCES[FUNDING], fundingCapBps, context, log),
      new SignalSource(SIGNAL_SOURCES[CASCADE], 0, event, log),
    ];
    this.#information = Array.from({ length: WEIGHED }, () => new MutualInformation(settings.mutualInformation));
  }

  // -------------------------------------------------------------------------------------------------- inputs

  /** One public trade: `BID` where a buyer took. */
  onTrade(aggressor: Side, sizeLots: number, nowNs: number): void {
    this.#flow.onTrade(aggressor, sizeLots, nowNs);
  }

  /** Price of a market that leads this one, in whatever unit. Never called where there is none. */
  onLeader(price: number, nowNs: number): void {
    this.#leadLag.onLeader(price, nowNs);
    this.#sources[LEAD_LAG].update(this.#leadLag.expectedMoveBps, 0, nowNs);
  }

  /** The instrument's asset context, with our own mid of this moment, ticks. */
  onContext(context: AssetContext, midTicks: number, nowNs: number): void {
    this.#basis.onOracle(context.oracleTicks, midTicks, nowNs);
    this.#sources[BASIS].update(this.#basis.expectedMoveBps, 0, nowNs);
    // Longs pay: quotes lean towards being paid, by what an hour of it is worth.
    this.#sources[FUNDING].update(-BPS * context.fundingPerHour, 0, nowNs);
  }

  /** How far a cascade has gone, 0 to 1. */
  onCascade(severity: number, nowNs: number): void {
    this.#sources[CASCADE].update(0, this.#settings.cascadeBps * severity, nowNs);
  }

  /** A sample of our own mid, at the pace of the volatility's samples. */
  onMid(midTicks: number, nowNs: number): void {
    this.#leadLag.onMid(midTicks, nowNs);
    if (this.#lastMid > 0) {
      const returnBps = (BPS * (midTicks - this.#lastMid)) / this.#lastMid;
      for (let source = 0; source < WEIGHED; source++) {
        // A source that says nothing teaches nothing.
        if (this.#said[source] !== 0) this.#information[source].observe(this.#said[source], returnBps);
      }
    }
    this.#lastMid = midTicks;
    this.#sources[FLOW].update(this.#settings.flowGainBps * this.#flow.imbalance(nowNs), 0, nowNs);
    for (let source = 0; source < WEIGHED; source++) this.#said[source] = this.#sources[source].expectedMoveBps;
  }

  // ------------------------------------------------------------------------------------------------- outputs

  /**
   * Puts all sources together, for a half-spread. O(sources).
   * @returns units of work done: 1, for the declared cost
   */
  integrate(halfSpreadBps: number, nowNs: number): number {
    const { conflictAboveBps, conflictFactor, maxWideningBps } = this.#settings;
    let up = 0;
    let down = 0;
    let widening = 0;
    let stalenessFactor = 1;
    for (let index = 0; index < this.#sources.length; index++) {
      const source = this.#sources[index];
      source.check(nowNs);
      const weight = index < WEIGHED ? this.#information[index].weight : 1;
      const move = weight * source.expectedMoveBps;
      if (move > 0) up += move;
      else down -= move;
      widening += source.wideningBps;
      stalenessFactor = Math.max(stalenessFactor, source.stalenessFactor(nowNs));
    }
    this.expectedMoveBps = up - down;
    this.conflictBps = Math.min(up, down);
    widening += halfSpreadBps * (stalenessFactor - 1);
    widening += conflictFactor * Math.max(0, this.conflictBps - conflictAboveBps);
    this.wideningBps = Math.min(maxWideningBps, widening);
    return 1;
  }

  /** Weight of a source, 0 to 1. */
  weight(source: (typeof SIGNAL_SOURCES)[number]): number {
    const index = SIGNAL_SOURCES.indexOf(source);
    return index < WEIGHED ? this.#information[index].weight : 1;
  }

  /** Whether a source's weight is due to be found anew. It is no work for the way of a message. */
  get recalibrationDue(): boolean {
    return this.#information.some(information => information.recalibrationDue);
  }

  /** Finds the weight of each source that has told enough, due or not; returns how many pairs that went over. */
  recalibrate(nowNs: number): number {
    let units = 0;
    for (const information of this.#information) units += information.recalibrate();
    this.#log({ type: 'recalibration', atNs: nowNs, model: 'mutual-information', units });
    return units;
  }

  snapshot(): unknown {
    return {
      flow: this.#flow.snapshot(),
      leadLag: this.#leadLag.snapshot(),
      basis: this.#basis.snapshot(),
      sources: this.#sources.map(source => source.snapshot()),
      information: this.#information.map(information => information.snapshot()),
      said: this.#said.slice(),
      lastMid: this.#lastMid,
      outputs: [this.expectedMoveBps, this.wideningBps, this.conflictBps],
    };
  }

  restore(state: unknown): void {
    const from = state as {
      flow: unknown;
      leadLag: unknown;
      basis: unknown;
      sources: readonly unknown[];
      information: readonly unknown[];
      said: Float64Array;
      lastMid: number;
      outputs: readonly [number, number, number];
    };
    this.#flow.restore(from.flow);
    this.#leadLag.restore(from.leadLag);
    this.#basis.restore(from.basis);
    this.#sources.forEach((source, index) => {
      source.restore(from.sources[index]);
    });
    this.#information.forEach((information, index) => {
      information.restore(from.information[index]);
    });
    this.#said.set(from.said);
    this.#lastMid = from.lastMid;
    [this.expectedMoveBps, this.wideningBps, this.conflictBps] = from.outputs;
  }
}
