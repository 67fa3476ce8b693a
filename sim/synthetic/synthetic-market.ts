/**
 * The order flow of a whole synthetic market: one `SyntheticFlow` an instrument, and what they have in common. All
 * instruments are advanced together.
 */
import type { Instrument, Side } from '../../core/market.ts';
import type { AssetContext } from '../../core/port.ts';
import { ACTION_CLASSES, type ActionClass } from '../exchange/book/action-class.ts';
import type { MatchingEngine } from '../exchange/book/matching-engine.ts';
import type { RandomStreams } from '../kernel/random.ts';
import { type Character, characterOf } from './characters.ts';
import { checkParameters } from './check.ts';
import { CommonFactor, MAX_ADVANCE_NS } from './common-factor.ts';
import type { SyntheticParameters } from './parameters.ts';
import { SyntheticFlow } from './synthetic-flow.ts';

interface State {
  atNs: number;
  common: unknown;
  flows: unknown[];
}

export class SyntheticMarket {
  /** By instrument. */
  readonly flows: readonly SyntheticFlow[];
  readonly #common: CommonFactor;
  #atNs: number;

  /**
   * `engines` are the instruments' books, in the same order. The streams are named `synthetic.…` and are part of the run's
   * snapshot, not of this one's; likewise the engines. The parameters' event is placed in the run from `fromNs` to `toNs`.
   * `characters` are the instruments', where not the usual ones. Throws `scenario` for parameters outside their limits.
   */
  constructor(
    parameters: SyntheticParameters,
    instruments: readonly Instrument[],
    engines: readonly MatchingEngine[],
    random: RandomStreams,
    fromNs: number,
    toNs: number,
    characters: readonly Character[] = instruments.map(characterOf),
  ) {
    checkParameters(parameters);
    const common = new CommonFactor(parameters.price, random.stream('synthetic.common'), fromNs);
    this.#common = common;
    this.#atNs = fromNs;
    this.flows = instruments.map(
      (instrument, index) =>
        new SyntheticFlow(parameters, instrument, characters[index], common, random, engines[index], fromNs, toNs),
    );
  }

  /** Puts the first books into the empty engines. To be called once, at the start of a run; not after `restore`. */
  open(): void {
    for (const flow of this.flows) flow.open(this.#atNs);
  }

  /**
   * Decides about everything that arrives until `nowNs`, a block's time. The books stay as they are until `execute`. At most
   * `MAX_ADVANCE_NS` after the call before.
   */
  advanceTo(nowNs: number): void {
    if (nowNs - this.#atNs > MAX_ADVANCE_NS) throw new RangeError(`a block ${nowNs - this.#atNs} ns after the last`);
    this.#atNs = nowNs;
    for (const flow of this.flows) flow.advanceTo(nowNs);
  }

  /** Carries out what waits in a class of an instrument and arrived at `untilNs` or before. */
  execute(instrument: number, actionClass: ActionClass, untilNs: number): void {
    this.flows[instrument].execute(actionClass, untilNs);
  }

  /** A block in which nothing from elsewhere takes part. */
  executeAll(nowNs: number): void {
    for (const flow of this.flows) {
      for (const actionClass of ACTION_CLASSES) flow.execute(actionClass, nowNs);
    }
  }

  /** A match in an instrument's engine, whoever's: to be called by its listener for each one. */
  traded(atNs: number, instrument: number, takerOwner: number, takerSide: Side, ticks: number, lots: number): void {
    this.flows[instrument].traded(atNs, takerOwner, takerSide, ticks, lots);
  }

  /** What `activeAssetCtx` says of an instrument now. */
  context(instrument: number): AssetContext {
    return this.flows[instrument].context();
  }

  /** Rises whenever the context was renewed. */
  contextVersion(instrument: number): number {
    return this.flows[instrument].contextVersion;
  }

  snapshot(): unknown {
    const flows = this.flows.map(flow => flow.snapshot());
    return { atNs: this.#atNs, common: this.#common.snapshot(), flows } satisfies State;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#atNs = state.atNs;
    this.#common.restore(state.common);
    this.flows.forEach((flow, index) => {
      flow.restore(state.flows[index]);
    });
  }
}
