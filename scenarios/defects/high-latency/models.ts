/** Models that are fitted on the way of a message, or that lean the wrong way (playbook 4.5). */
import type { LogEntry } from '../../../core/evidence.ts';
import type { CoreHost } from '../../../core/port.ts';
import type { MarketBeliefs } from '../../../core/stochastic/beliefs.ts';
import { type HjbInput, HjbSolver } from '../../../core/stochastic/hjb-solver.ts';
import { QuoteModel, type QuoteModelInput } from '../../../core/strategy/quote-model.ts';
import { SignalIntegration } from '../../../core/strategy/signal-integration.ts';
import type { Defect } from '../defect.ts';

/** Passes of a fit that is carried on until nothing changes. */
const FIT_PASSES = 50;
/** Rounds of a null distribution by the book, in place of nineteen. */
const NULL_ROUNDS = 999;

const MODEL = {
  primary: '4.5',
  allowed: ['4.1', '4.3'],
  symptoms: ['high-latency'],
} as const;

/** A quote model that does something more in every cycle. */
class FittingModel extends QuoteModel {
  fit: (nowNs: number) => void = () => {};

  override compute(input: QuoteModelInput): number {
    this.fit(input.nowNs);
    return super.compute(input);
  }
}

export const hmmInCycle: Defect = {
  ...MODEL,
  name: 'hmm-in-cycle',
  description: 'The regime model is fitted anew in every quote cycle, until it converges, in place of idle time.',
  source: 'matrix 4.5 (a)',
  parts: usual => {
    let world: CoreHost | null = null;
    let beliefs: MarketBeliefs | null = null;
    return {
      ...usual,
      host: given => {
        world = usual.host(given);
        return world;
      },
      beliefs: (settings, log) => {
        beliefs = usual.beliefs(settings, log);
        return beliefs;
      },
      quoteModel: (instrument, settings, hjb, signals) => {
        const model = new FittingModel(instrument, settings.strategy, settings.estimator.regime, hjb, signals);
        const [host, fitted] = [world, beliefs];
        model.fit = nowNs => host?.charge('recalibrate', FIT_PASSES * (fitted?.recalibrate(nowNs) ?? 0));
        return model;
      },
    };
  },
};

/** Signals that are weighed anew whenever somebody asks for it. */
class WeighedOnDemand extends SignalIntegration {
  #samples = 0;
  readonly #tell: (entry: LogEntry) => void;

  constructor(settings: ConstructorParameters<typeof SignalIntegration>[0], log: (entry: LogEntry) => void) {
    super(settings, log);
    this.#tell = log;
  }

  override onMid(midTicks: number, nowNs: number): void {
    super.onMid(midTicks, nowNs);
    this.#samples++;
  }

  /** Returns the pairs that were gone over; the weights stay as they are, which is not what matters here. */
  weigh(nowNs: number): number {
    const pairs = this.#samples * NULL_ROUNDS;
    this.#tell({ type: 'recalibration', atNs: nowNs, model: 'mutual-information', units: pairs });
    return pairs;
  }

  override snapshot(): unknown {
    return { usual: super.snapshot(), samples: this.#samples };
  }

  override restore(state: unknown): void {
    const from = state as { usual: unknown; samples: number };
    super.restore(from.usual);
    this.#samples = from.samples;
  }
}

export const mutualInformationInCycle: Defect = {
  ...MODEL,
  name: 'mutual-information-in-cycle',
  description:
    'The weights of the signals are found anew, with 999 rounds each, in every quote cycle, in place of idle time.',
  source: 'matrix 4.5 (b)',
  parts: usual => {
    let world: CoreHost | null = null;
    return {
      ...usual,
      host: given => {
        world = usual.host(given);
        return world;
      },
      signals: ({ strategy }, log) => new WeighedOnDemand(strategy.signals, log),
      quoteModel: (instrument, settings, hjb, signals) => {
        const model = new FittingModel(instrument, settings.strategy, settings.estimator.regime, hjb, signals);
        const host = world;
        model.fit = nowNs => {
          if (signals instanceof WeighedOnDemand) host?.charge('mutual-information', signals.weigh(nowNs));
        };
        return model;
      },
    };
  },
};

/** Leans against the move that it expects. */
class WrongWay extends HjbSolver {
  override optimalQuotes(input: HjbInput): void {
    super.optimalQuotes(input);
    this.predictiveSkewBps = -this.predictiveSkewBps;
  }
}

export const predictiveSkewReversed: Defect = {
  ...MODEL,
  name: 'predictive-skew-reversed',
  description: 'Quotes are shifted against the move that is expected, not along with it.',
  source: 'L22',
  symptoms: [],
  parts: usual => ({
    ...usual,
    hjbSolver: ({ stochastic, strategy }) => new WrongWay(stochastic.hjbSolver, strategy.glft, strategy.ladder.levels),
  }),
};
