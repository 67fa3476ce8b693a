/** Positions in the hands of a planted bug: what reconciliation is given to set, another part may set as well. */
import type { PositionTarget } from '../../../core/infra/reconciliation.ts';
import type { CoreParts } from '../../../core/parts.ts';

export interface Positions {
  of(instrument: number): PositionTarget;
}

/** The usual parts and those of `make`, which is given the positions of the core at hand. */
export function withPositions(usual: CoreParts, make: (positions: Positions) => Partial<CoreParts>): CoreParts {
  let targets: readonly PositionTarget[] = [];
  return {
    ...usual,
    ...make({ of: instrument => targets[instrument] }),
    reconciliation: (settings, given, rest, metrics, log) => {
      targets = given;
      return usual.reconciliation(settings, given, rest, metrics, log);
    },
  };
}
