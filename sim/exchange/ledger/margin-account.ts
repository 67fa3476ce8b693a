/**
 * An account with its margin: which orders it may place and have filled, what it answers when it is asked, and its ledger.
 *
 * Resting orders bind no margin. An order is checked when it is placed, as if it were filled at the mark there and then, and
 * a resting one again at each match (hyperliquid, section 3.1). What only closes a position is never refused.
 */
import { BID, type Instrument, type Side } from '../../../core/market.ts';
import type { AccountState, Action, MarginRules, PlaceOrder, PositionState } from '../../../core/port.ts';
import type { OrderTruth } from '../../truth.ts';
import type { Refusal } from '../order-rules.ts';
import { type MarginTier, maxLeverage, onlyIsolated, type Perp, perpFor } from '../perps.ts';
import { Ledger, type MarginSetting } from './ledger.ts';
import { Margin, type MarkSource } from './margin.ts';
import { MarginTable } from './margin-table.ts';
import {
  insufficientMargin,
  invalidAsset,
  LEVERAGE_TEXTS,
  newTiers,
  PERP_MAX_POSITION,
  POT_TEXTS,
} from './margin-texts.ts';
import { isAtLeastZero, Money, toUsd } from './money.ts';
import { CLOSE_CALL, ENOUGH, type QuickAnswer, QuickMargin } from './quick-margin.ts';

/** How an account starts. */
export interface AccountSettings {
  readonly equityUsd: number;
  /** Of every instrument, as far as its margin tiers allow. A whole number. */
  readonly leverage: number;
  /** False: positions are isolated. Instruments that know no cross margin are isolated anyway. */
  readonly isCross: boolean;
  /** Other leverages than `leverage`, by symbol. */
  readonly leverageBySymbol?: Readonly<Record<string, number>>;
}

/** The playbook matrix' account: $1,000 at a leverage of 3. */
export const DEFAULT_ACCOUNT: AccountSettings = { equityUsd: 1_000, leverage: 3, isCross: true };

/** What became of the account's money since the run began, for observers; USD, to the sixth decimal. */
export interface LedgerTruth {
  readonly startUsd: number;
  /** start + deposits + realised + unrealised − fees + funding − seized + covered. */
  readonly equityUsd: number;
  readonly depositsUsd: number;
  readonly realizedUsd: number;
  readonly unrealizedUsd: number;
  /** Paid; negative where rebates prevail. */
  readonly feesUsd: number;
  /** Received; negative where it was paid. */
  readonly fundingUsd: number;
  /** Kept by the liquidator, and losses that others had to bear. */
  readonly seizedUsd: number;
  readonly coveredUsd: number;
}

interface State {
  ledger: unknown;
  /** By instrument, because a fault may have changed them. */
  tiers: { lowerBoundUsd: number; maxLeverage: number }[][];
  wantsCross: Uint8Array;
  adopting: Float64Array;
  lastTicks: Float64Array;
}

const MICROS_PER_USD = 1_000_000;

type LeverageUpdate = Extract<Action, { type: 'updateLeverage' }>;
type MarginUpdate = Extract<Action, { type: 'updateIsolatedMargin' }>;

export class MarginAccount {
  readonly ledger: Ledger;
  readonly margin: Margin;
  readonly #perps: readonly Perp[];
  readonly #tables: MarginTable[];
  readonly #quick: QuickMargin;
  readonly #marks: MarkSource;
  /** Positions from before the run that wait for a first mark to be worth something. */
  readonly #adopting: Float64Array;
  #isAdopting = false;
  /** By instrument: 1 where cross margin was asked for and the asset knows none. */
  readonly #wantsCross: Uint8Array;
  /** Price of the last fill, which stands for the mark until there is one. */
  readonly #lastTicks: Float64Array;

  constructor(
    instruments: readonly Instrument[],
    settings: AccountSettings,
    marks: MarkSource,
    startPositionLots: readonly number[] = [],
  ) {
    this.#perps = instruments.map(perpFor);
    this.#tables = this.#perps.map(perp => new MarginTable(perp.marginTiers));
    this.#lastTicks = new Float64Array(instruments.length);
    this.#wantsCross = new Uint8Array(instruments.length);
    this.#adopting = new Float64Array(instruments.length);
    this.#adopting.set(startPositionLots);
    this.#isAdopting = this.#adopting.some(lots => lots !== 0);
    this.#marks = { markTicks: instrument => marks.markTicks(instrument) || this.#lastTicks[instrument] };
    const margins = this.#perps.map(perp => marginSetting(perp, settings));
    this.ledger = new Ledger(instruments, margins, settings.equityUsd);
    this.margin = new Margin(this.ledger, this.#tables, this.#marks);
    this.#quick = new QuickMargin(instruments, this.ledger, this.#tables, this.#marks);
  }

  markTicks(instrument: number): number {
    return this.#marks.markTicks(instrument);
  }

  // -------------------------------------------------------------------------------------------- orders

  /** Why the account may not place an order that is in form, or null. */
  refusal(order: PlaceOrder): Refusal | null {
    if (order.reduceOnly) return null;
    const { instrument } = order;
    // Ours: how the exchange takes an order whose owner has asked for cross margin, of an asset without, is not documented.
    if (this.#wantsCross[instrument] === 1) {
      return { error: LEVERAGE_TEXTS.crossNotAllowed, status: 'perpMarginRejected' };
    }
    const lots = this.#lotsAfter(instrument, order.side, order.sizeLots);
    if (lots === null) return null;
    const table = this.#tables[instrument];
    const { isCross, leverage: chosen } = this.ledger.holding(instrument);
    const leverage = Math.min(chosen, table.maxLeverage);
    const ticks = this.markTicks(instrument) || order.priceTicks;
    if (this.#isTooLarge(instrument, lots, leverage, ticks)) {
      return { error: PERP_MAX_POSITION, status: 'perpMaxPositionRejected' };
    }
    if (chosen > leverage) {
      // The tiers have been changed. The lower leverage is taken over if the margin is enough for it.
      if (!this.#isEnough(instrument, lots, leverage, ticks)) {
        return { error: newTiers(this.#perps[instrument].symbol), status: 'perpMarginRejected' };
      }
      this.ledger.setMargin(instrument, { isCross, leverage });
      return null;
    }
    if (this.#isEnough(instrument, lots, leverage, ticks)) return null;
    return { error: insufficientMargin(instrument), status: 'perpMarginRejected' };
  }

  /** The margin check of a resting order when it is about to be matched. False: it has to leave as `marginCanceled`. */
  mayMatch({ instrument, side, priceTicks }: OrderTruth, sizeLots: number): boolean {
    const lots = this.#lotsAfter(instrument, side, sizeLots);
    if (lots === null) return true;
    return this.#isEnough(instrument, lots, this.ledger.holding(instrument).leverage, priceTicks);
  }

  /** Signed lots after a fill; null where that only closes. */
  #lotsAfter(instrument: number, side: Side, sizeLots: number): number | null {
    if (this.#isAdopting) this.#adopt();
    const { lots } = this.ledger.holding(instrument);
    const after = side === BID ? lots + sizeLots : lots - sizeLots;
    const closes = side === BID ? lots < 0 && after <= 0 : lots > 0 && after >= 0;
    return closes ? null : after;
  }

  /** True where a position of this size may not have the leverage. */
  #isTooLarge(instrument: number, lots: number, leverage: number, ticks: number): boolean {
    const limitUsd = this.#tables[instrument].limitUsd(leverage);
    if (limitUsd === Number.POSITIVE_INFINITY) return false;
    return this.ledger.scale(instrument).notional(ticks, Math.abs(lots)).gt(limitUsd);
  }

  #isEnough(instrument: number, lots: number, leverage: number, elseTicks: number): boolean {
    const quick = this.#quick.surplusWith(instrument, lots, leverage, elseTicks);
    if (quick !== CLOSE_CALL) return quick === ENOUGH;
    return isAtLeastZero(this.margin.surplusWith(instrument, lots, leverage, elseTicks));
  }

  // ------------------------------------------------------------------------------------------ postings

  /** Books a fill; returns the profit that it closed, without the fee. */
  fill(instrument: number, side: Side, priceTicks: number, sizeLots: number, feeUsd: number): Money {
    // The first mark there is, where a position of before the run still waits for one.
    this.#lastTicks[instrument] = priceTicks;
    if (this.#isAdopting) this.#adopt();
    const profit = this.ledger.fill(instrument, side, priceTicks, sizeLots, feeUsd);
    this.#quick.refresh();
    return profit;
  }

  /** Pays an hour's funding; returns what was received. */
  fund(instrument: number, oracleTicks: number, ratePerHour: number): Money {
    if (this.#isAdopting) this.#adopt();
    const received = this.ledger.fund(instrument, oracleTicks, ratePerHour);
    this.#quick.refresh();
    return received;
  }

  /** Puts money into the account, or takes it out where negative: a fault cuts the equity so. */
  deposit(usd: number): void {
    this.ledger.deposit(new Money(usd));
    this.#quick.refresh();
  }

  /** The liquidator takes over an isolated position, or all cross ones, at the marks. */
  seizeIsolated(instrument: number): void {
    this.ledger.seizeIsolated(instrument, this.markTicks(instrument));
    this.#quick.refresh();
  }

  seizeCross(instruments: readonly number[]): void {
    for (const instrument of instruments) this.ledger.seizeCross(instrument, this.markTicks(instrument));
    this.ledger.seizeCrossMoney();
    this.#quick.refresh();
  }

  /** Changes an instrument's margin tiers, as the exchange does at times and a fault may. */
  setTiers(instrument: number, tiers: readonly MarginTier[]): void {
    this.#tables[instrument] = new MarginTable(tiers);
    this.#quick.refresh();
  }

  /** True: some position of before the run has now a mark, and is held. */
  #adopt(): boolean {
    this.#isAdopting = false;
    for (const [instrument, lots] of this.#adopting.entries()) {
      if (lots === 0) continue;
      const ticks = this.markTicks(instrument);
      if (ticks === 0) {
        this.#isAdopting = true;
        continue;
      }
      this.ledger.adopt(instrument, lots, ticks);
      this.#adopting[instrument] = 0;
    }
    this.#quick.refresh();
    return this.#quick.holdsAny;
  }

  // ------------------------------------------------------------------------------------------- actions

  /** Carries `updateLeverage` out. Returns the text of a refusal, or null. */
  updateLeverage({ instrument, isCross, leverage }: LeverageUpdate): string | null {
    if (this.#perps[instrument] === undefined) return invalidAsset(instrument);
    if (this.#isAdopting) this.#adopt();
    const holding = this.ledger.holding(instrument);
    const table = this.#tables[instrument];
    const notional = this.margin.worth(instrument).abs();
    const isInRange = Number.isInteger(leverage) && leverage >= 1 && leverage <= table.maxLeverageAt(notional);
    if (!isInRange) return LEVERAGE_TEXTS.invalid;
    const isForbidden = isCross && onlyIsolated(this.#perps[instrument]);
    this.#wantsCross[instrument] = isForbidden ? 1 : 0;
    if (isForbidden) return LEVERAGE_TEXTS.crossNotAllowed;
    if (holding.lots !== 0 && isCross !== holding.isCross) return LEVERAGE_TEXTS.openPosition;
    if (holding.lots !== 0 && leverage < holding.leverage) {
      if (isCross && !isAtLeastZero(this.margin.surplusWith(instrument, holding.lots, leverage, 0))) {
        return LEVERAGE_TEXTS.crossTooLittle;
      }
      if (!isCross && !isAtLeastZero(this.margin.isolatedEquity(instrument).minus(notional.div(leverage)))) {
        return LEVERAGE_TEXTS.isolatedTooLittle;
      }
    }
    this.ledger.setMargin(instrument, { isCross, leverage });
    return null;
  }

  /** Carries `updateIsolatedMargin` out. Returns the text of a refusal, or null. */
  updateIsolatedMargin({ instrument, microUsd }: MarginUpdate): string | null {
    if (this.#perps[instrument] === undefined) return invalidAsset(instrument);
    if (this.#isAdopting) this.#adopt();
    const holding = this.ledger.holding(instrument);
    if (!Number.isSafeInteger(microUsd) || microUsd === 0) return POT_TEXTS.zero;
    if (holding.lots === 0) return POT_TEXTS.noPosition;
    if (holding.isCross) return POT_TEXTS.notIsolated;
    const usd = new Money(microUsd).div(MICROS_PER_USD);
    if (microUsd < 0) {
      if (this.#perps[instrument].marginMode === 'strictIsolated') return POT_TEXTS.strict;
      if (!isAtLeastZero(this.margin.removable(instrument).plus(usd))) return POT_TEXTS.tooLittleToRemove;
    } else if (!isAtLeastZero(this.margin.withdrawable().minus(usd))) {
      return POT_TEXTS.tooLittleToAdd;
    }
    this.ledger.movePot(instrument, usd);
    this.#quick.refresh();
    return null;
  }

  // -------------------------------------------------------------------------------------- maintenance

  /** True while some position is held. */
  get holdsAny(): boolean {
    return this.#quick.holdsAny || (this.#isAdopting && this.#adopt());
  }

  /** True: every position certainly has its maintenance margin. Cheap, as it is asked at each move of a market. */
  get isCalm(): boolean {
    if (this.#isAdopting) this.#adopt();
    return this.#quick.isCalm();
  }

  crossIsMaintained(): boolean {
    return this.#settle(this.#quick.crossIsMaintained(), () => {
      const { valueUsd, maintenanceUsd } = this.margin.cross();
      return isAtLeastZero(valueUsd.minus(maintenanceUsd));
    });
  }

  isolatedIsMaintained(instrument: number): boolean {
    return this.#settle(this.#quick.isolatedIsMaintained(instrument), () =>
      isAtLeastZero(this.margin.isolatedEquity(instrument).minus(this.margin.maintenance(instrument))),
    );
  }

  #settle(quick: QuickAnswer, exact: () => boolean): boolean {
    return quick === CLOSE_CALL ? exact() : quick === ENOUGH;
  }

  // ------------------------------------------------------------------------------------------- answers

  /** What `clearinghouseState` shows: positions held, in order of instrument. */
  positions(): PositionState[] {
    if (this.#isAdopting) this.#adopt();
    const positions: PositionState[] = [];
    for (let instrument = 0; instrument < this.ledger.instruments; instrument++) {
      const { lots, costUsd, leverage, isCross } = this.ledger.holding(instrument);
      if (lots === 0) continue;
      const liquidationTicks = this.margin.liquidationTicks(instrument);
      positions.push({
        instrument,
        positionLots: lots,
        entryTicks: this.ledger.scale(instrument).ticks(costUsd, lots).toNumber(),
        leverage,
        isCross,
        marginUsedUsd: toUsd(this.margin.used(instrument)),
        unrealizedUsd: toUsd(this.margin.unrealized(instrument)),
        liquidationTicks: liquidationTicks === null ? null : liquidationTicks.toNumber(),
      });
    }
    return positions;
  }

  accountState(): AccountState {
    if (this.#isAdopting) this.#adopt();
    let used = new Money(0);
    for (let instrument = 0; instrument < this.ledger.instruments; instrument++) {
      if (this.ledger.holding(instrument).lots !== 0) used = used.plus(this.margin.used(instrument));
    }
    return {
      valueUsd: toUsd(this.margin.accountValue()),
      marginUsedUsd: toUsd(used),
      withdrawableUsd: toUsd(this.margin.withdrawable()),
    };
  }

  /** What `meta` shows. */
  rules(): MarginRules[] {
    return this.#perps.map((perp, instrument) => ({
      instrument,
      tiers: this.#tables[instrument].tiers.map(tier => ({ ...tier })),
      onlyIsolated: onlyIsolated(perp),
    }));
  }

  truth(): LedgerTruth {
    if (this.#isAdopting) this.#adopt();
    const { depositsUsd, realizedUsd, feesUsd, fundingUsd, seizedUsd, coveredUsd } = this.ledger.totals;
    let unrealized = new Money(0);
    for (let instrument = 0; instrument < this.ledger.instruments; instrument++) {
      unrealized = unrealized.plus(this.margin.unrealized(instrument));
    }
    return {
      startUsd: toUsd(this.ledger.startUsd),
      equityUsd: toUsd(this.margin.accountValue()),
      depositsUsd: toUsd(depositsUsd),
      realizedUsd: toUsd(realizedUsd),
      unrealizedUsd: toUsd(unrealized),
      feesUsd: toUsd(feesUsd),
      fundingUsd: toUsd(fundingUsd),
      seizedUsd: toUsd(seizedUsd),
      coveredUsd: toUsd(coveredUsd),
    };
  }

  snapshot(): unknown {
    const state: State = {
      ledger: this.ledger.snapshot(),
      wantsCross: this.#wantsCross.slice(),
      tiers: this.#tables.map(table => table.tiers.map(tier => ({ ...tier }))),
      adopting: this.#adopting.slice(),
      lastTicks: this.#lastTicks.slice(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.ledger.restore(state.ledger);
    this.#wantsCross.set(state.wantsCross);
    for (const [instrument, tiers] of state.tiers.entries()) this.#tables[instrument] = new MarginTable(tiers);
    this.#adopting.set(state.adopting);
    this.#isAdopting = this.#adopting.some(lots => lots !== 0);
    this.#lastTicks.set(state.lastTicks);
    this.#quick.refresh();
  }
}

function marginSetting(perp: Perp, settings: AccountSettings): MarginSetting {
  const { leverage, isCross, leverageBySymbol = {} } = settings;
  const wanted = Object.hasOwn(leverageBySymbol, perp.symbol) ? leverageBySymbol[perp.symbol] : leverage;
  return { isCross: isCross && !onlyIsolated(perp), leverage: Math.min(wanted, maxLeverage(perp)) };
}
