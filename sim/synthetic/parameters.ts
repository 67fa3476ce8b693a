/**
 * What a synthetic market is made of, as data: how its fair price moves, who quotes, who takes, who is leveraged, and what
 * befalls it. A preset is one such set of numbers (`presets.ts`); those of single instruments, price level and liquidity,
 * stand apart (`characters.ts`) and scale them.
 *
 * Amounts are for an instrument of liquidity 1 (BTC) and are multiplied by the instrument's. bps are of the price.
 */

export interface SyntheticParameters {
  /** One line for people. */
  readonly description: string;
  readonly price: PriceParameters;
  readonly takers: TakerParameters;
  /** Professional quoters, kind by kind. */
  readonly makers: readonly MakerGroup[];
  readonly patient: PatientParameters;
  readonly references: ReferenceParameters;
  readonly accounts: AccountParameters;
  /** What befalls the market once in a run; null: nothing. */
  readonly event: MarketEvent | null;
}

/** The latent fair price: what an asset is worth before anybody has traded on it. */
export interface PriceParameters {
  /** Deviation of its changes over one second, root mean square over the regimes. */
  readonly volatilityBpsPerSqrtS: number;
  /** Volatility of the active regime by that of the quiet one, 1 or more, and how long each lasts on average. */
  readonly activeFactor: number;
  readonly activeMeanS: number;
  readonly quietMeanS: number;
  /** Deviation of a part that comes and goes, without leading anywhere, and the time in which it falls to 1/e. */
  readonly swingBps: number;
  readonly swingMemoryS: number;
  /** Jumps of either sign come at this rate, their sizes are exponential with this mean. */
  readonly jumpsPerS: number;
  readonly jumpMeanBps: number;
  /** Correlation of two instruments' changes, and the share of jumps that all make together: 0 to 1. */
  readonly commonShare: number;
  /** Lasting move for each million USD that takers buy (up) or sell (down), theirs and ours alike. */
  readonly impactBpsPerMUsd: number;
}

/** Aggressive orders: a Hawkes process in which buyers and sellers excite themselves and each other. */
export interface TakerParameters {
  /** Mean rate of both sides together, own excitement included. */
  readonly perS: number;
  /** Share of buyers among those that come by themselves. */
  readonly buyShare: number;
  /** Further orders of the same and of the other side that one brings about on average; less than 1 together. */
  readonly selfExcitation: number;
  readonly crossExcitation: number;
  /** Time in which the excitement falls to 1/e. */
  readonly excitementMemoryS: number;
  /** Log-normal size, capped. */
  readonly sizeMedianUsd: number;
  readonly sizeLogDeviation: number;
  readonly sizeMaxUsd: number;
  /** How far beyond the touch a taker pays. */
  readonly slippageBps: number;
  /** Added to the rate of buyers, as a share of it, for each bps that the fair price lies above the mid. */
  readonly tiltPerBps: number;
  /** Added to the rate of buyers, as a share of it, where all the size at the touch is bid. */
  readonly imbalanceTilt: number;
  /** Those who watch the fair price: how soon they see a stale quote, what it must be worth, how much they take of it. */
  readonly snipeMs: number;
  readonly snipeEdgeBps: number;
  readonly snipeUsd: number;
}

/** Makers of one kind: each quotes a ladder on both sides of what it holds for fair, and follows it. */
export interface MakerGroup {
  readonly makers: number;
  /** Orders a side, the first at `nearestBps` from fair, each next one `levelRatio` times as far. */
  readonly levels: number;
  readonly nearestBps: number;
  readonly levelRatio: number;
  /** The next maker of the group quotes this many times as far as the one before. */
  readonly makerRatio: number;
  /** Log-normal size of an order. */
  readonly sizeMedianUsd: number;
  readonly sizeLogDeviation: number;
  /** Size of bids and of asks by that. */
  readonly bidSizeFactor: number;
  readonly askSizeFactor: number;
  /** How soon, on average, a maker looks again, and so replaces what was taken and follows the price. */
  readonly reactionMs: number;
  /** A quote within this of where it should be stays, or within this share of its distance. */
  readonly toleranceBps: number;
  readonly toleranceShare: number;
  /** Deviation of a maker's opinion from the fair price, and how long it holds one. */
  readonly opinionBps: number;
  readonly opinionMeanS: number;
}

/** Small resting orders of many people, placed by distance from the mid and forgotten. */
export interface PatientParameters {
  /** How many are placed on a side within one lifetime. More rest than that, because the far ones live longer. */
  readonly ordersASide: number;
  /** Log-normal distance from the mid, cut at a hundred times the median. */
  readonly distanceMedianBps: number;
  readonly distanceLogDeviation: number;
  /** Of those at the median distance or nearer; farther ones live up to four times as long. */
  readonly lifetimeMeanS: number;
  readonly sizeMedianUsd: number;
  readonly sizeLogDeviation: number;
}

/** Oracle, mark and open interest. */
export interface ReferenceParameters {
  /** Deviation of the oracle's own error. */
  readonly oracleNoiseBps: number;
  /** Deviation of other venues' perpetuals from the fair price. */
  readonly venueNoiseBps: number;
  readonly openInterestUsd: number;
}

/** Leveraged accounts of others, liquidated when the mark reaches them. */
export interface AccountParameters {
  readonly accounts: number;
  /** Their share of the open interest; that of a run differs, because sizes are drawn. */
  readonly interestShare: number;
  /** Share of them that are long. */
  readonly longShare: number;
  /** Distance of the liquidation price when an account opens: the least, and the mean of what is added to it. */
  readonly liquidationMinBps: number;
  readonly liquidationMeanBps: number;
  /** How long a liquidated account stays away, on average. */
  readonly returnMeanS: number;
}

/** A slide of the fair price, and a recovery. Shares are of the run. */
export interface MarketEvent {
  readonly atShare: number;
  /** Negative: down. */
  readonly slideBps: number;
  readonly slideS: number;
  /** How much of the slide is made good, and how long that takes; it begins when the slide ends. */
  readonly recoveredShare: number;
  readonly recoveryS: number;
  /** While it slides: makers' sizes and distances, and the rate of takers in the slide's direction, by what is usual. */
  readonly depthFactor: number;
  readonly spreadFactor: number;
  readonly takerFactor: number;
}
