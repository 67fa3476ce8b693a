/** What the background's participants see of one instrument while they decide. One object, made anew at each block. */
export interface MarketView {
  bestBidTicks: number;
  bestAskTicks: number;
  /** Of the book as it is, own orders of ours included; the fair price where a side is empty. */
  midTicks: number;
  /** Size at the best bid less that at the best ask, by their sum: -1 to 1. */
  imbalance: number;
  /** The latent price, not a whole number. */
  fairTicks: number;
}
