/**
 * How long messages are on their way. Market frames of a recorded tape carry their own latency; everything else is drawn
 * here. Every draw is made when the message is sent, whatever becomes of it, so that a fault shifts no other draw.
 */
import { NS_PER_MS } from '../../core/scale.ts';
import type { RandomStreams } from '../kernel/random.ts';

export interface LatencySettings {
  /** A post's round trip, block wait included: log-normal, cut at `postMaxNs` (playbook-matrix, defaults). */
  postMedianNs: number;
  postSigma: number;
  postMaxNs: number;
  /** Share of a post's round trip that passes before the exchange acts on it, the wait for its block included, 0 to 1. */
  postUpShare: number;
  /** Share of it that passes before it arrives there to wait for a block, less than `postUpShare`. */
  postArriveShare: number;
  /** Least share of it that the reply takes, where the wait for a block was longer than what was left for it. */
  postBackShare: number;
  /** Added to a round trip where the action goes beside the socket, as a request of its own (playbook 4.4: about 200 ms). */
  restPostExtraNs: number;
  /** From a block to the core on the market connection, where no recording says it. */
  marketMedianNs: number;
  marketSigma: number;
  marketMaxNs: number;
  /** From the exchange to the core on the user connection, for order updates and fills. */
  pushMedianNs: number;
  pushSigma: number;
  pushMaxNs: number;
  /** From asking for a connection (TCP, TLS, websocket upgrade) or a subscription to the answer. */
  connectNs: number;
  subscribeNs: number;
  /** Round trip of a REST query: log-normal. */
  restMedianNs: number;
  restSigma: number;
  restMaxNs: number;
  /** How old the picture of the account is that a query is answered from: drawn evenly between these two. */
  snapshotLagMinNs: number;
  snapshotLagMaxNs: number;
}

/** The post's figures are the playbook matrix's; the others keep their proportions (hyperliquid, section 6.6). */
export const DEFAULT_LATENCY: LatencySettings = {
  postMedianNs: 90 * NS_PER_MS,
  postSigma: 0.35,
  postMaxNs: 400 * NS_PER_MS,
  postUpShare: 0.6,
  postArriveShare: 0.25,
  postBackShare: 0.1,
  restPostExtraNs: 200 * NS_PER_MS,
  marketMedianNs: 36 * NS_PER_MS,
  marketSigma: 0.35,
  marketMaxNs: 160 * NS_PER_MS,
  pushMedianNs: 36 * NS_PER_MS,
  pushSigma: 0.35,
  pushMaxNs: 160 * NS_PER_MS,
  connectNs: 150 * NS_PER_MS,
  subscribeNs: 60 * NS_PER_MS,
  restMedianNs: 150 * NS_PER_MS,
  restSigma: 0.35,
  restMaxNs: 800 * NS_PER_MS,
  snapshotLagMinNs: 0,
  snapshotLagMaxNs: 0,
};

export class Latency {
  readonly #settings: LatencySettings;
  readonly #random: RandomStreams;

  constructor(settings: LatencySettings, random: RandomStreams) {
    this.#settings = settings;
    this.#random = random;
  }

  postRoundTripNs(): number {
    const { postMedianNs, postSigma, postMaxNs } = this.#settings;
    return this.#draw('network.post', postMedianNs, postSigma, postMaxNs);
  }

  /** The part of a post's round trip that passes before it arrives. `inBlocks`: where it then waits for its block. */
  postUpNs(roundTripNs: number, inBlocks: boolean): number {
    const { postArriveShare, postUpShare } = this.#settings;
    return Math.floor(roundTripNs * (inBlocks ? postArriveShare : postUpShare));
  }

  /** The least that a reply takes. */
  postBackNs(roundTripNs: number): number {
    return Math.floor(roundTripNs * this.#settings.postBackShare);
  }

  /** What an action takes longer that goes beside the socket. */
  get restPostExtraNs(): number {
    return this.#settings.restPostExtraNs;
  }

  marketNs(): number {
    const { marketMedianNs, marketSigma, marketMaxNs } = this.#settings;
    return this.#draw('network.market', marketMedianNs, marketSigma, marketMaxNs);
  }

  /** How old the next answer about the account is. */
  snapshotLagNs(): number {
    const { snapshotLagMinNs, snapshotLagMaxNs } = this.#settings;
    const spanNs = snapshotLagMaxNs - snapshotLagMinNs;
    return snapshotLagMinNs + this.#random.stream('network.snapshot-lag').int(spanNs + 1);
  }

  get snapshotLagMaxNs(): number {
    return this.#settings.snapshotLagMaxNs;
  }

  pushNs(): number {
    const { pushMedianNs, pushSigma, pushMaxNs } = this.#settings;
    return this.#draw('network.push', pushMedianNs, pushSigma, pushMaxNs);
  }

  /** What the way of a push usually takes, without a draw: for what a fault sends. */
  get pushMedianNs(): number {
    return this.#settings.pushMedianNs;
  }

  restRoundTripNs(): number {
    const { restMedianNs, restSigma, restMaxNs } = this.#settings;
    return this.#draw('network.rest', restMedianNs, restSigma, restMaxNs);
  }

  get connectNs(): number {
    return this.#settings.connectNs;
  }

  get subscribeNs(): number {
    return this.#settings.subscribeNs;
  }

  #draw(stream: string, medianNs: number, sigma: number, maxNs: number): number {
    return Math.min(Math.round(this.#random.stream(stream).logNormal(medianNs, sigma)), maxNs);
  }
}
