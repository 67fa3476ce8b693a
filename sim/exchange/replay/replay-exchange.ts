/** The exchange over a recorded market, and the two steps in which a frame of the recording reaches it. */
import type { Instrument } from '../../../core/market.ts';
import { FLAG_NONE, type Tape, TRADES } from '../../../recordings/tape.ts';
import type { ExchangeEvents } from '../account.ts';
import { Exchange, type ExchangeSettings } from '../exchange.ts';
import { ReplayVenue } from './replay-venue.ts';

export class ReplayExchange extends Exchange<ReplayVenue> {
  constructor(instruments: readonly Instrument[], settings: ExchangeSettings, events: ExchangeEvents) {
    super(instruments, settings, events, account => new ReplayVenue(instruments, account, settings));
  }

  /** The next frame in exchange order: the market moves, then the queues, then own orders fill. */
  applyFrame(nowNs: number, tape: Tape, frame: number): void {
    this.moveMarket(nowNs, tape, frame);
    this.fillOwnOrders(nowNs, tape, frame);
  }

  /** The first half of `applyFrame`: the recorded book moves and nothing else. */
  moveMarket(nowNs: number, tape: Tape, frame: number): void {
    this.venue.moveMarket(nowNs, tape, frame);
    const { kind, flags, firstRow, rowCount, instrument } = tape.frames;
    if (kind[frame] !== TRADES || flags[frame] !== FLAG_NONE || rowCount[frame] === 0) return;
    this.clearing.traded(instrument[frame], tape.trades.priceTicks[firstRow[frame] + rowCount[frame] - 1]);
  }

  /** The second half: what the frame does to own orders. */
  fillOwnOrders(nowNs: number, tape: Tape, frame: number): void {
    this.passTime(nowNs);
    this.venue.fillOwnOrders(nowNs, tape, frame);
    this.settle(nowNs);
  }
}
