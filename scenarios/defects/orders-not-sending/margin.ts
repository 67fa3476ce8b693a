/** Bugs of margin (playbook 1.5): sizes that no margin bounds, and the wrong margin mode. */
import { MarginTracker } from '../../../core/infra/margin.ts';
import type { MarginRules } from '../../../core/port.ts';
import type { Defect } from '../defect.ts';

/** It hears of the account, and says that there is margin for all. */
class BoundlessMargin extends MarginTracker {
  readonly #startUsd: number;

  constructor(...given: ConstructorParameters<typeof MarginTracker>) {
    super(...given);
    this.#startUsd = given[1].equityUsd;
  }

  override get equityUsd(): number {
    return this.#startUsd;
  }

  override growthUsd(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  override canPlace(): null {
    return null;
  }
}

export const sizerIgnoresMargin: Defect = {
  name: 'sizer-ignores-margin',
  description: 'Orders are sized without a look at the margin that is left.',
  source: 'playbook matrix, 1.5',
  primary: '1.5',
  allowed: ['1.1', '1.3'],
  symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch'],
  parts: usual => ({
    ...usual,
    margin: ({ account, infra, risk }, instruments, log) =>
      new BoundlessMargin(infra.margin, { ...account, maxInventoryUsd: risk.maxInventoryUsd }, instruments, log),
  }),
};

/** It never hears that an asset is isolated only, and takes every one for cross. */
class CrossTracker extends MarginTracker {
  override onRules(rules: readonly MarginRules[], nowNs: number): void {
    super.onRules(
      rules.map(rule => ({ ...rule, onlyIsolated: false })),
      nowNs,
    );
  }
}

export const crossOnIsolatedOnly: Defect = {
  name: 'cross-on-isolated-only',
  description: 'Every asset is taken for one with cross margin, also those that are isolated only.',
  source: 'playbook matrix, 1.5',
  primary: '1.5',
  allowed: ['1.1', '2.5'],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    margin: ({ account, infra, risk }, instruments, log) =>
      new CrossTracker(
        infra.margin,
        { ...account, maxInventoryUsd: risk.maxInventoryUsd },
        instruments.map(instrument => ({ ...instrument, symbol: instrument.symbol.replace(/^.*:/, '') })),
        log,
      ),
  }),
};
