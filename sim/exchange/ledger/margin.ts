/**
 * What an account is worth and what margin its positions ask for, exactly, at the marks of this moment (hyperliquid,
 * sections 2.1 and 6.3). Everything here is for fills, answers and close calls; the path of every order and of every
 * market event goes by `quick-margin.ts`.
 */
import type { Ledger } from './ledger.ts';
import type { MarginTable } from './margin-table.ts';
import { Money, ZERO } from './money.ts';

/** Where marks come from. */
export interface MarkSource {
  /** In whole ticks; 0 while it is not known. */
  markTicks(instrument: number): number;
}

/** Sums over the cross positions. */
export interface CrossFigures {
  /** With unrealised profit. */
  valueUsd: Money;
  notionalUsd: Money;
  initialUsd: Money;
  maintenanceUsd: Money;
}

/** Share of the notional that has to stay when money leaves a position other than by trading. */
const TRANSFER_SHARE = new Money('0.1');

export class Margin {
  readonly #ledger: Ledger;
  readonly #tables: readonly MarginTable[];
  readonly #marks: MarkSource;

  /** `tables` is read anew each time, so that its entries may be replaced. */
  constructor(ledger: Ledger, tables: readonly MarginTable[], marks: MarkSource) {
    this.#ledger = ledger;
    this.#tables = tables;
    this.#marks = marks;
  }

  /** Signed worth of a position at its mark. */
  worth(instrument: number): Money {
    const { lots } = this.#ledger.holding(instrument);
    if (lots === 0) return ZERO;
    return this.#ledger.scale(instrument).notional(this.#marks.markTicks(instrument), lots);
  }

  cross(): CrossFigures {
    const figures = { valueUsd: this.#ledger.crossUsd, notionalUsd: ZERO, initialUsd: ZERO, maintenanceUsd: ZERO };
    for (let instrument = 0; instrument < this.#ledger.instruments; instrument++) {
      const { isCross, lots, leverage } = this.#ledger.holding(instrument);
      if (!isCross || lots === 0) continue;
      const worth = this.worth(instrument);
      const notional = worth.abs();
      figures.valueUsd = figures.valueUsd.plus(worth);
      figures.notionalUsd = figures.notionalUsd.plus(notional);
      figures.initialUsd = figures.initialUsd.plus(notional.div(leverage));
      figures.maintenanceUsd = figures.maintenanceUsd.plus(this.#tables[instrument].maintenance(notional));
    }
    return figures;
  }

  /** Equity of an isolated position: its pot and what it is worth. */
  isolatedEquity(instrument: number): Money {
    return this.#ledger.holding(instrument).potUsd.plus(this.worth(instrument));
  }

  maintenance(instrument: number): Money {
    return this.#tables[instrument].maintenance(this.worth(instrument).abs());
  }

  /** What the whole account is worth. */
  accountValue(): Money {
    let value = this.#ledger.crossUsd;
    for (let instrument = 0; instrument < this.#ledger.instruments; instrument++) {
      value = value.plus(this.#ledger.holding(instrument).potUsd).plus(this.worth(instrument));
    }
    return value;
  }

  /** What a position binds: initial margin of a cross position, the whole equity of an isolated one. */
  used(instrument: number): Money {
    const { isCross, leverage } = this.#ledger.holding(instrument);
    return isCross ? this.worth(instrument).abs().div(leverage) : this.isolatedEquity(instrument);
  }

  unrealized(instrument: number): Money {
    return this.worth(instrument).minus(this.#ledger.holding(instrument).costUsd);
  }

  /** What may leave the account: not below the transfer margin, which is the initial margin or 10 % of the notional. */
  withdrawable(): Money {
    const { valueUsd, notionalUsd, initialUsd } = this.cross();
    return Money.max(ZERO, valueUsd.minus(transferMargin(initialUsd, notionalUsd)));
  }

  /** What may leave the pot of an isolated position. */
  removable(instrument: number): Money {
    const notional = this.worth(instrument).abs();
    const initial = notional.div(this.#ledger.holding(instrument).leverage);
    return this.isolatedEquity(instrument).minus(transferMargin(initial, notional));
  }

  /**
   * What could still serve as initial margin if an instrument's position had so many lots, at its mark (`elseTicks` where
   * that is not known): negative where it is too little. A position that is opened isolated takes its margin from what
   * the cross positions leave, and what it releases counts for it.
   */
  surplusWith(instrument: number, lots: number, leverage: number, elseTicks: number): Money {
    const holding = this.#ledger.holding(instrument);
    const ticks = this.#marks.markTicks(instrument) || elseTicks;
    const initial = this.#ledger.scale(instrument).notional(ticks, Math.abs(lots)).div(leverage);
    const { valueUsd, initialUsd } = this.cross();
    const free = valueUsd.minus(initialUsd);
    if (holding.isCross) return free.plus(this.worth(instrument).abs().div(holding.leverage)).minus(initial);
    const opposes = holding.lots !== 0 && holding.lots > 0 !== lots > 0;
    // The growth of an isolated position asks for its own margin, whatever became of the pot.
    const held = this.worth(instrument).abs().div(leverage);
    return opposes
      ? free.plus(Money.max(ZERO, this.isolatedEquity(instrument))).minus(initial)
      : free.plus(held).minus(initial);
  }

  /** The mark at which a position is liquidated, all others as they are; not a whole tick. Null: none is. */
  liquidationTicks(instrument: number): Money | null {
    const { isCross, lots, potUsd } = this.#ledger.holding(instrument);
    if (lots === 0) return null;
    let rest = potUsd;
    if (isCross) {
      const { valueUsd, maintenanceUsd } = this.cross();
      rest = valueUsd.minus(this.worth(instrument)).minus(maintenanceUsd).plus(this.maintenance(instrument));
    }
    const notional = this.#tables[instrument].liquidationNotional(rest, lots > 0 ? 1 : -1);
    return notional === null ? null : this.#ledger.scale(instrument).ticks(notional, Math.abs(lots));
  }
}

function transferMargin(initial: Money, notional: Money): Money {
  return Money.max(initial, notional.times(TRANSFER_SHARE));
}
