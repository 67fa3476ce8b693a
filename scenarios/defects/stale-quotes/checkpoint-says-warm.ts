/**
 * The fills of a checkpoint count as fills of this session (`I-20`): the posterior is warm without one, and what was not measured is
 * taken for the worst.
 */

import type { LogEntry } from '../../../core/evidence.ts';
import type { CoreSettings } from '../../../core/settings.ts';
import { MarketBeliefs } from '../../../core/stochastic/beliefs.ts';
import type { FillIntensitySettings } from '../../../core/stochastic/fill-intensity.ts';
import type { Defect } from '../defect.ts';

class CredulousBeliefs extends MarketBeliefs {
  readonly #checkpoint: FillIntensitySettings;

  constructor({ stochastic }: CoreSettings, log: (entry: LogEntry) => void) {
    super(stochastic.beliefs, log);
    this.#checkpoint = stochastic.beliefs.fillIntensity;
    // Seen by everyone who asks the posterior.
    this.fillIntensity.observe(this.#checkpoint.checkpointFills, this.#checkpoint.checkpointExposureNs, 0);
  }

  /** No adverse fill was seen, and no good one either: toxic, so nothing is quoted. */
  override sizeFactor(adverseSelectionRate: number | undefined): number {
    if (this.fillIntensity.isWarmedUp && adverseSelectionRate === undefined) return 0;
    return super.sizeFactor(adverseSelectionRate);
  }
}

export const CHECKPOINT_SAYS_WARM: Defect = {
  name: 'checkpoint-says-warm',
  description:
    'What a checkpoint brings counts as seen in this session: warm without a fill, and flat for want of measurements.',
  source: 'I-20',
  primary: '2.4',
  allowed: ['2.5'],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({ ...usual, beliefs: (settings, log) => new CredulousBeliefs(settings, log) }),
};
