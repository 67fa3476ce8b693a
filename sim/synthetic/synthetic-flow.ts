/**
 * The order flow of one synthetic instrument: what everybody but us does to its book.
 *
 *   latent price → makers, takers, patient orders → actions, in three lists by class → block → matching engine
 *        ↑                      ↑ book as it is, our orders included                              │
 *        └── impact, last trade, open interest ← `traded` ←──────────────────────────────────────┘
 *
 * `advanceTo` decides what arrives until a block's time and changes nothing in the book; `execute` carries out one class of
 * it, in the order of arrival, as the block asks for it. Times of arrival are integral ns; nothing is allocated an event.
 *
 * Every kind of participant draws from a random stream of its own, and the latent price from one that nothing else
 * touches: two runs of one seed see the same fair price but for what their own trades did to it.
 */
import { NO_PRICE } from '../../core/book.ts';
import { ASK, BID, type Instrument, SIDES, type Side } from '../../core/market.ts';
import type { AssetContext } from '../../core/port.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';
import { roundDown, roundUp } from '../../core/strategy/price-grid.ts';
import { type ActionClass, CANCELS, PLACES } from '../exchange/book/action-class.ts';
import { BACKGROUND, type MatchingEngine } from '../exchange/book/matching-engine.ts';
import type { RandomStreams } from '../kernel/random.ts';
import { ActionList } from './action-list.ts';
import type { Character } from './characters.ts';
import type { CommonFactor } from './common-factor.ts';
import { Contract } from './contract.ts';
import { EventCourse } from './event-course.ts';
import { LatentPrice } from './latent-price.ts';
import { LotScale } from './lots.ts';
import { Makers } from './makers.ts';
import type { MarketView } from './market-view.ts';
import type { SyntheticParameters } from './parameters.ts';
import { PATIENT, PatientOrders } from './patient-orders.ts';
import { NO_ACCOUNT, TakerOrders } from './taker-orders.ts';

/** What happens next, as an index into the times of all. Of two at one time the first here is first. */
const LATENT = 0;
const TAKE = 1;
const MAKE = 2;
const SNIPE = 3;
const PLACE = 4;
const CANCEL = 5;
const RENEW = 6;
const SAMPLE = 7;
const KINDS = 8;

interface State {
  isDisplaced: boolean;
  actions: unknown[];
  latent: unknown;
  takers: unknown;
  makers: unknown;
  patient: unknown;
  contract: unknown;
}

export class SyntheticFlow {
  readonly #instrument: Instrument;
  readonly #liquidity: number;
  readonly #engine: MatchingEngine;
  readonly #scale: LotScale;
  readonly #lists = [new ActionList(), new ActionList(), new ActionList()] as const;
  readonly #latent: LatentPrice;
  readonly #takers: TakerOrders;
  readonly #makers: Makers;
  readonly #patient: PatientOrders;
  readonly #contract: Contract;
  readonly #patientAtStart: number;
  /** Made anew whenever the flow goes on. */
  readonly #nextNs = new Float64Array(KINDS);
  readonly #view: MarketView = { bestBidTicks: 0, bestAskTicks: 0, midTicks: 0, imbalance: 0, fairTicks: 0 };
  /** While an account's liquidation is matched: then it is known what becomes of the positions. */
  #liquidates = false;
  /** The fair price was put elsewhere, and the book has not followed yet. */
  #isDisplaced = false;

  /** `engine` is the instrument's book. The event's shares are of the run from `fromNs` to `toNs`. */
  constructor(
    parameters: SyntheticParameters,
    instrument: Instrument,
    character: Character,
    common: CommonFactor,
    random: RandomStreams,
    engine: MatchingEngine,
    fromNs: number,
    toNs: number,
  ) {
    const stream = (use: string) => random.stream(`synthetic.${instrument.symbol}.${use}`);
    const { price, takers, makers, patient, event } = parameters;
    const { liquidity, volatility, priceUsd } = character;
    const startTicks = priceUsd * POWERS_OF_TEN[instrument.priceDecimals];
    const course = new EventCourse(event, fromNs, toNs);
    const scale = new LotScale(instrument);
    this.#instrument = instrument;
    this.#liquidity = liquidity;
    this.#engine = engine;
    this.#scale = scale;
    this.#latent = new LatentPrice(price, volatility, startTicks, fromNs, common, course, stream('latent'));
    this.#takers = new TakerOrders(takers, instrument, liquidity, scale, fromNs, course, stream);
    this.#makers = new Makers(makers, instrument, character, scale, fromNs, course, stream('makers'), engine);
    this.#patient = new PatientOrders(patient, instrument, liquidity, scale, fromNs, stream, engine);
    this.#contract = new Contract(parameters, instrument, character, scale, startTicks, fromNs, stream, engine);
    this.#patientAtStart = 2 * patient.ordersASide;
  }

  /** Puts the first book into the empty engine. To be called once, before anything else; not after `restore`. */
  open(atNs: number): void {
    const [places, cancels] = this.#lists;
    const fairTicks = this.#latent.ticks;
    for (let maker = 0; maker < this.#makers.count; maker++) {
      this.#makers.requote(maker, atNs, fairTicks, places, cancels);
    }
    for (let i = 0; i < this.#patientAtStart; i++) this.#patient.add(atNs, fairTicks, places);
    this.execute(PLACES, atNs);
  }

  // -------------------------------------------------------------------------------------------------- deciding

  /** Decides about everything that arrives until `nowNs`, that time included. */
  advanceTo(nowNs: number): void {
    this.#look();
    const next = this.#nextNs;
    next[LATENT] = this.#latent.nextNs;
    next[TAKE] = this.#takers.takeNs;
    next[MAKE] = this.#makers.nextNs;
    next[SNIPE] = this.#takers.snipeNs;
    next[PLACE] = this.#patient.placeNs;
    next[CANCEL] = this.#patient.cancelNs;
    next[RENEW] = this.#contract.renewNs;
    next[SAMPLE] = this.#contract.sampleNs;
    for (;;) {
      let kind = 0;
      for (let other = 1; other < KINDS; other++) if (next[other] < next[kind]) kind = other;
      if (next[kind] > nowNs) return;
      next[kind] = this.#happen(kind);
    }
  }

  /** What everybody sees of the book until the next block. */
  #look(): void {
    const view = this.#view;
    const engine = this.#engine;
    const bid = engine.bestBidTicks;
    const ask = engine.bestAskTicks;
    const fair = this.#latent.ticks;
    view.fairTicks = fair;
    view.bestBidTicks = bid;
    view.bestAskTicks = ask;
    view.midTicks = bid === NO_PRICE || ask === NO_PRICE ? fair : (bid + ask) / 2;
    const bidLots = bid === NO_PRICE ? 0 : engine.levelLots(BID, bid);
    const askLots = ask === NO_PRICE ? 0 : engine.levelLots(ASK, ask);
    view.imbalance = bidLots + askLots === 0 ? 0 : (bidLots - askLots) / (bidLots + askLots);
  }

  /** Lets one thing happen, and returns when the next of its kind does. */
  #happen(kind: number): number {
    const [places, cancels, takes] = this.#lists;
    const view = this.#view;
    switch (kind) {
      case LATENT:
        this.#latent.move();
        view.fairTicks = this.#latent.ticks;
        return this.#latent.nextNs;
      case TAKE:
        this.#takers.take(view, takes);
        return this.#takers.takeNs;
      case MAKE:
        this.#makers.look(view.fairTicks, places, cancels);
        return this.#makers.nextNs;
      case SNIPE:
        this.#takers.snipe(view, takes);
        return this.#takers.snipeNs;
      case PLACE:
        this.#patient.place(view.midTicks, places);
        return this.#patient.placeNs;
      case CANCEL:
        this.#patient.cancel(view.midTicks, cancels);
        return this.#patient.cancelNs;
      case RENEW:
        this.#contract.renew(view, takes, this.#latent.displacedBy);
        return this.#contract.renewNs;
      default:
        this.#contract.sample();
        return this.#contract.sampleNs;
    }
  }

  // ------------------------------------------------------------------------------------------------- executing

  /** Number of actions that wait in a class. */
  waiting(actionClass: ActionClass): number {
    const list = this.#lists[actionClass];
    return list.count - list.done;
  }

  /**
   * Carries out what waits in a class and arrived at `untilNs` or before, in the order of arrival. A block asks for each
   * class as far as its own time at the latest; in between, what arrived from elsewhere has its turn.
   */
  execute(actionClass: ActionClass, untilNs: number): void {
    const list = this.#lists[actionClass];
    while (list.done < list.count && list.atNs[list.done] <= untilNs) {
      const at = list.done++;
      if (actionClass === PLACES) this.#rest(list, at);
      else if (actionClass === CANCELS) this.#cancel(list, at);
      else this.#take(list, at);
    }
    if (list.done === list.count) list.reset();
  }

  /** Post only: where it would cross it takes the nearest price that does not. */
  #rest(list: ActionList, at: number): void {
    const engine = this.#engine;
    const side = list.sideAt(at);
    const lots = list.lots[at];
    let ticks = list.ticks[at];
    if (side === BID) {
      const ask = engine.bestAskTicks;
      if (ask !== NO_PRICE && ticks >= ask) ticks = roundDown(this.#instrument, ask - 1);
    } else {
      const bid = engine.bestBidTicks;
      if (ticks <= bid) ticks = roundUp(this.#instrument, bid + 1);
    }
    const order = list.reference[at];
    const slot = engine.rest(BACKGROUND, side, ticks, lots);
    if (order === PATIENT) this.#patient.rested(slot);
    else this.#makers.rested(order, slot, lots);
  }

  #cancel(list: ActionList, at: number): void {
    const slot = list.reference[at];
    if (this.#engine.generationOf(slot) === list.generation[at]) this.#engine.cancel(slot);
  }

  #take(list: ActionList, at: number): void {
    const lots = list.lots[at];
    const account = list.reference[at];
    this.#liquidates = account !== NO_ACCOUNT;
    const left = this.#engine.take(BACKGROUND, list.sideAt(at), list.ticks[at], lots);
    this.#liquidates = false;
    if (account !== NO_ACCOUNT && left < lots) this.#contract.liquidated(account, list.atNs[at], lots - left);
  }

  /** A match in the engine, whoever's: to be called by its listener for each one. */
  traded(atNs: number, takerOwner: number, takerSide: Side, ticks: number, lots: number): void {
    const usd = this.#scale.usd(lots, ticks);
    this.#latent.press(takerSide === BID ? usd : -usd, this.#liquidity);
    this.#contract.traded(ticks, lots, this.#liquidates);
    if (takerOwner !== BACKGROUND) this.#takers.excite(atNs, takerSide);
  }

  // ---------------------------------------------------------------------------------------- in a fault's hands

  /**
   * One fault holds the fair price so far from where it would be, as a share of that; 0: no longer. The book follows at the next block,
   * at once (`reprice`): makers and patient people step aside, and what does not, ours, is taken.
   */
  displace(fault: number, share: number): void {
    const before = this.#latent.displacedBy;
    this.#latent.displace(fault, share);
    const { displacedBy } = this.#latent;
    if (displacedBy === before) return;
    this.#contract.shift(displacedBy / before);
    this.#isDisplaced = true;
  }

  /** From now on one fault has so much less open interest told of than there is, as a share of it. */
  hideInterest(fault: number, share: number): void {
    this.#contract.hideInterest(fault, share);
  }

  /** Brings the book to where the fair price has been put since the block before. True where there was something to do. */
  reprice(atNs: number): boolean {
    if (!this.#isDisplaced) return false;
    this.#isDisplaced = false;
    const engine = this.#engine;
    const fairTicks = this.#latent.ticks;
    const [places, cancels] = this.#lists;
    this.#makers.withdraw();
    this.#patient.withdrawBeyond(fairTicks);
    for (const side of SIDES) {
      const limitTicks = side === BID ? Math.floor(fairTicks) : Math.ceil(fairTicks);
      engine.take(BACKGROUND, side, limitTicks, Number.MAX_SAFE_INTEGER);
    }
    for (let maker = 0; maker < this.#makers.count; maker++) {
      this.#makers.requote(maker, atNs, fairTicks, places, cancels);
    }
    this.execute(PLACES, atNs);
    return true;
  }

  // --------------------------------------------------------------------------------------------------- telling

  /** What `activeAssetCtx` says now. */
  context(): AssetContext {
    return this.#contract.context();
  }

  /** Rises whenever oracle and mark were renewed. */
  get contextVersion(): number {
    return this.#contract.version;
  }

  /** The latent price, not a whole number: the truth that nobody in the market sees. */
  get fairTicks(): number {
    return this.#latent.ticks;
  }

  /** Without the engine and the random streams, which belong to others. */
  snapshot(): unknown {
    const state: State = {
      isDisplaced: this.#isDisplaced,
      actions: this.#lists.map(list => list.snapshot()),
      latent: this.#latent.snapshot(),
      takers: this.#takers.snapshot(),
      makers: this.#makers.snapshot(),
      patient: this.#patient.snapshot(),
      contract: this.#contract.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#isDisplaced = state.isDisplaced;
    this.#lists.forEach((list, at) => {
      list.restore(state.actions[at]);
    });
    this.#latent.restore(state.latent);
    this.#takers.restore(state.takers);
    this.#makers.restore(state.makers);
    this.#patient.restore(state.patient);
    this.#contract.restore(state.contract);
  }
}
