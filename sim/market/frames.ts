/**
 * Market frames by their number: what a recorded tape and a live one have in common. A frame that is on its way, waits in an
 * inbox or is withheld by a fault is known by its number alone; its rows are read here when it is taken up.
 *
 * A live tape grows, and then its columns are other objects: read `frames`, `levels` and `trades` anew at each event.
 */
import type { LevelColumns, TradeColumns } from '../../core/market.ts';
import type { FrameColumns } from '../../recordings/tape.ts';

export interface MarketFrames {
  readonly frames: FrameColumns;
  readonly levels: LevelColumns;
  readonly trades: TradeColumns;
}
