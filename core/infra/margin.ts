/**
 * The margin tracker (playbook 1.5): what the account has, what its positions bind of it, and how much more it can carry, so
 * that sizes shrink before the exchange refuses them.
 *
 * It reckons with what the exchange says (`clearinghouseState`, `meta`), and until then with what it was told at the start. Of
 * what is free only a part is used, the safety buffer. What only reduces a position needs no margin and is never blocked.
 */
import type { LogEntry } from '../evidence.ts';
import { ASK, BID, type Instrument, type Side } from '../market.ts';
import type { AccountState, Action, MarginRules, PositionState, RestRequest } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import { AssetLeverageConfig } from './asset-leverage.ts';

export interface MarginConfig {
  /** Share of the free margin that may be used. */
  safetyBuffer: number;
  /** Largest position and largest order, USD. */
  maxPositionUsd: number;
  maxOrderUsd: number;
  /** How often the account is asked for, and at most how often when something calls for it sooner. */
  refreshNs: number;
  minRefreshNs: number;
  /** How often the margin rules are asked for. */
  rulesRefreshNs: number;
}

export const DEFAULT_MARGIN: MarginConfig = {
  // core-facts 1.5.
  safetyBuffer: 0.8,
  maxPositionUsd: 100_000,
  maxOrderUsd: 10_000,
  refreshNs: 10 * NS_PER_S,
  // Ours: a refusal for margin is worth a question of weight 2, but not one each cycle.
  minRefreshNs: NS_PER_S,
  // Ours: it weighs 20 of 1,200 a minute, and tiers seldom change.
  rulesRefreshNs: 60 * NS_PER_S,
};

/** What the tracker starts from (`CoreSettings.account`), before the exchange has said anything. */
export interface MarginAccount {
  equityUsd: number;
  /** Wanted for every instrument, as far as its tiers allow. */
  leverage: number;
  /** Largest position that is meant to be held, USD: its notional decides which tier's leverage is taken. */
  maxInventoryUsd: number;
}

/** Why an order may not be placed. */
export type MarginRefusal = 'ExceedsMaxLeverage' | 'ExceedsMaxNotional' | 'InsufficientMargin' | 'NoAvailableMargin';

/** A change of the free margin by more than this share is news. */
const NEWS_SHARE = 0.05;

export class MarginTracker {
  readonly #config: MarginConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #assets: readonly AssetLeverageConfig[];
  /** By instrument: signed worth of the position, USD. */
  readonly #positionUsd: Float64Array;
  #equityUsd: number;
  /** Bound by the exchange's last word; positions may have changed since. */
  #exchangeUsedUsd = 0;
  #knowsAccount = false;
  #knowsRules = false;
  #accountAskedNs = Number.NEGATIVE_INFINITY;
  #rulesAskedNs = Number.NEGATIVE_INFINITY;
  #isAccountWanted = false;
  #isRulesWanted = false;
  #loggedAvailableUsd: number;

  constructor(
    config: MarginConfig,
    account: MarginAccount,
    instruments: readonly Instrument[],
    log: (entry: LogEntry) => void,
  ) {
    this.#config = config;
    this.#log = log;
    this.#assets = instruments.map(
      (instrument, index) =>
        new AssetLeverageConfig(index, instrument.symbol, account.leverage, account.maxInventoryUsd),
    );
    this.#positionUsd = new Float64Array(instruments.length);
    this.#equityUsd = account.equityUsd;
    this.#loggedAvailableUsd = account.equityUsd;
  }

  // ----------------------------------------------------------------------------------- what is to be asked

  /** Questions that are due, to be sent now. At the start both are (`sync_limits`). */
  takeDue(nowNs: number): RestRequest[] {
    const { refreshNs, minRefreshNs, rulesRefreshNs } = this.#config;
    const due: RestRequest[] = [];
    const accountAgeNs = nowNs - this.#accountAskedNs;
    if (accountAgeNs >= (this.#isAccountWanted ? minRefreshNs : refreshNs)) {
      due.push('clearinghouseState');
      this.#accountAskedNs = nowNs;
      this.#isAccountWanted = false;
    }
    if (nowNs - this.#rulesAskedNs >= (this.#isRulesWanted ? refreshNs : rulesRefreshNs)) {
      due.push('meta');
      this.#rulesAskedNs = nowNs;
      this.#isRulesWanted = false;
    }
    return due;
  }

  /** A fill, or an order cancelled for margin: the account is not what it was. */
  requestRefresh(): void {
    this.#isAccountWanted = true;
  }

  /** An order was refused for margin or for the size of the position: rules may have changed, too. */
  refused(): void {
    this.#isAccountWanted = true;
    this.#isRulesWanted = true;
  }

  /** Account and rules are known: the limits are the exchange's own (playbook 1.5, `sync_limits()`). */
  get isSynced(): boolean {
    return this.#knowsAccount && this.#knowsRules;
  }

  // ------------------------------------------------------------------------------------- what is learnt

  /** The exchange's margin rules: tiers and modes. */
  onRules(rules: readonly MarginRules[], nowNs: number): void {
    this.#knowsRules = true;
    for (const rule of rules) {
      const asset = this.#assets[rule.instrument];
      if (!asset?.setRules(rule)) continue;
      const { instrument, mode, leverage, maxLeverage } = asset;
      this.#log({ type: 'leverage', atNs: nowNs, instrument, mode, leverage, maxLeverage });
    }
    this.#note(nowNs);
  }

  /** The exchange's word on the account and its positions. */
  onAccount(account: AccountState, positions: readonly PositionState[], nowNs: number): void {
    this.#knowsAccount = true;
    this.#equityUsd = account.valueUsd;
    this.#exchangeUsedUsd = account.marginUsedUsd;
    for (const { instrument, leverage, isCross } of positions) this.#assets[instrument]?.seen(leverage, isCross);
    this.#note(nowNs);
  }

  /** What a position is worth now, USD; negative where short. As often as it changes, and before sizes are asked for. */
  setPosition(instrument: number, positionUsd: number): void {
    this.#positionUsd[instrument] = positionUsd;
  }

  #note(nowNs: number): void {
    const { equityUsd, usedUsd, availableUsd } = this;
    if (Math.abs(availableUsd - this.#loggedAvailableUsd) <= NEWS_SHARE * this.#loggedAvailableUsd) return;
    const formerAvailableUsd = this.#loggedAvailableUsd;
    this.#loggedAvailableUsd = availableUsd;
    this.#log({ type: 'margin', atNs: nowNs, equityUsd, usedUsd, availableUsd, formerAvailableUsd });
  }

  // --------------------------------------------------------------------------------------- what it can carry

  get equityUsd(): number {
    return this.#equityUsd;
  }

  /** Margin that positions bind: by our own reckoning or by the exchange's, whichever is more. */
  get usedUsd(): number {
    let usedUsd = 0;
    for (const asset of this.#assets) usedUsd += this.#boundUsd(asset.instrument);
    return Math.max(usedUsd, this.#exchangeUsedUsd);
  }

  get availableUsd(): number {
    return Math.max(0, this.#equityUsd - this.usedUsd);
  }

  /** Leverage, tiers and margin mode of an instrument. */
  asset(instrument: number): AssetLeverageConfig {
    return this.#assets[instrument];
  }

  #boundUsd(instrument: number): number {
    return Math.abs(this.#positionUsd[instrument]) / this.#assets[instrument].leverage;
  }

  /**
   * Most by which orders of a side may make a position grow, USD; what reduces the position comes on top and is not counted. On
   * the reducing side it is what may be opened beyond zero, with the margin that closing sets free.
   */
  growthUsd(instrument: number, side: Side): number {
    const { safetyBuffer, maxPositionUsd, maxOrderUsd } = this.#config;
    const asset = this.#assets[instrument];
    const positionUsd = this.#positionUsd[instrument];
    const isReducing = side === BID ? positionUsd < 0 : positionUsd > 0;
    const heldUsd = isReducing ? 0 : Math.abs(positionUsd);
    const freeUsd = this.availableUsd + (isReducing ? this.#boundUsd(instrument) : 0);
    // Without any equity there is nothing to free.
    const usableUsd = Math.min(freeUsd, Math.max(0, this.#equityUsd));
    const carriedUsd = usableUsd * safetyBuffer * asset.leverage;
    return Math.max(0, Math.min(maxOrderUsd, carriedUsd, maxPositionUsd - heldUsd, asset.limitUsd - heldUsd));
  }

  /**
   * Why an order of a side and worth so much may not be placed; null: it may. In this order: the leverage that the larger position
   * would need, the largest notional, the margin. An order that only reduces always may.
   */
  canPlace(instrument: number, side: Side, orderUsd: number): MarginRefusal | null {
    const { safetyBuffer, maxPositionUsd } = this.#config;
    const asset = this.#assets[instrument];
    const positionUsd = this.#positionUsd[instrument];
    const afterUsd = positionUsd + (side === ASK ? -orderUsd : orderUsd);
    const isReducing = side === BID ? positionUsd < 0 : positionUsd > 0;
    if (isReducing && Math.abs(orderUsd) <= Math.abs(positionUsd)) return null;
    const notionalUsd = Math.abs(afterUsd);
    if (notionalUsd > asset.limitUsd) return 'ExceedsMaxLeverage';
    if (notionalUsd > maxPositionUsd) return 'ExceedsMaxNotional';
    const freeUsd = Math.min(
      this.availableUsd + (isReducing ? this.#boundUsd(instrument) : 0),
      Math.max(0, this.#equityUsd),
    );
    if (freeUsd <= 0) return 'NoAvailableMargin';
    const growthUsd = notionalUsd - (isReducing ? 0 : Math.abs(positionUsd));
    return growthUsd > freeUsd * safetyBuffer * asset.leverage ? 'InsufficientMargin' : null;
  }

  /**
   * Actions that set leverage and margin mode as they should be, each once: for assets that must be isolated and for those whose
   * leverage at the exchange is another. To be taken when the limits are synced, before the first quotes, and after every answer.
   */
  takeActions(): Action[] {
    const actions: Action[] = [];
    for (const asset of this.#assets) {
      if (!asset.takeUpdate()) continue;
      const { instrument, leverage, mode } = asset;
      actions.push({ type: 'updateLeverage', instrument, isCross: mode === 'Cross', leverage });
    }
    return actions;
  }

  /** The exchange refused such an action: it is taken again after the next answer. */
  actionRefused(instrument: number): void {
    this.#assets[instrument].updateRefused();
  }

  snapshot(): unknown {
    return {
      assets: this.#assets.map(asset => asset.snapshot()),
      positionUsd: this.#positionUsd.slice(),
      equityUsd: this.#equityUsd,
      exchangeUsedUsd: this.#exchangeUsedUsd,
      knowsAccount: this.#knowsAccount,
      knowsRules: this.#knowsRules,
      accountAskedNs: this.#accountAskedNs,
      rulesAskedNs: this.#rulesAskedNs,
      isAccountWanted: this.#isAccountWanted,
      isRulesWanted: this.#isRulesWanted,
      loggedAvailableUsd: this.#loggedAvailableUsd,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      assets: readonly unknown[];
      positionUsd: Float64Array;
      equityUsd: number;
      exchangeUsedUsd: number;
      knowsAccount: boolean;
      knowsRules: boolean;
      accountAskedNs: number;
      rulesAskedNs: number;
      isAccountWanted: boolean;
      isRulesWanted: boolean;
      loggedAvailableUsd: number;
    };
    for (const [index, asset] of this.#assets.entries()) asset.restore(from.assets[index]);
    this.#positionUsd.set(from.positionUsd);
    this.#equityUsd = from.equityUsd;
    this.#exchangeUsedUsd = from.exchangeUsedUsd;
    this.#knowsAccount = from.knowsAccount;
    this.#knowsRules = from.knowsRules;
    this.#accountAskedNs = from.accountAskedNs;
    this.#rulesAskedNs = from.rulesAskedNs;
    this.#isAccountWanted = from.isAccountWanted;
    this.#isRulesWanted = from.isRulesWanted;
    this.#loggedAvailableUsd = from.loggedAvailableUsd;
  }
}
