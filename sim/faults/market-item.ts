/** What is about to reach the core on the market connection: a frame of the tape by its number, or a message. */
import { FEED_INDEX } from '../../core/market.ts';
import type { AllMidsMessage, AssetContextMessage, BookMessage, TradesMessage } from '../../core/port.ts';

export type MarketMessage = BookMessage | TradesMessage | AllMidsMessage | AssetContextMessage;

/** `feed` is the feed's index; all mids come in one message, under the first instrument. Plain data, for a snapshot. */
export type MarketItem =
  | {
      readonly type: 'frame';
      readonly feed: number;
      readonly instrument: number;
      readonly frame: number;
      readonly sequence: number;
    }
  | {
      readonly type: 'message';
      readonly feed: number;
      readonly instrument: number;
      readonly message: MarketMessage;
    };

/** The item of a message that the exchange made for us. */
export function itemOf(message: MarketMessage): MarketItem {
  const feed =
    message.kind === 'all-mids'
      ? FEED_INDEX.allMids
      : message.kind === 'asset-context'
        ? FEED_INDEX.activeAssetCtx
        : FEED_INDEX[message.feed];
  return { type: 'message', feed, instrument: message.kind === 'all-mids' ? 0 : message.instrument, message };
}
