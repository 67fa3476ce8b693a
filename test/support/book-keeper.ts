/**
 * The smallest core there is: it subscribes to the market and keeps the book. It shows what the port asks of a core, and
 * measures what the world costs without a strategy.
 */
import { Book } from '../../core/book.ts';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { MARKET_FEEDS } from '../../core/market.ts';
import type { BookMessage, CoreHost, Inbound, QuotingCore } from '../../core/port.ts';

export class BookKeeper implements QuotingCore {
  readonly metrics = new Float64Array(METRICS.length);
  readonly book = new Book();
  /** Sum of best bid and ask over all frames: what two replays of one tape must agree on. */
  checksum = 0;
  readonly #host: CoreHost;

  constructor(host: CoreHost) {
    this.#host = host;
  }

  receive(message: Inbound): void {
    switch (message.kind) {
      case 'start':
        return this.#host.send({ kind: 'connect', connection: 'market' });
      case 'connection':
        if (message.status !== 'open') return;
        for (const feed of MARKET_FEEDS) this.#host.send({ kind: 'subscribe', feed, instrument: 0 });
        return;
      case 'book':
        return this.#apply(message);
    }
  }

  #apply(message: BookMessage): void {
    const { levels, first, count } = message;
    if (message.isSnapshot) this.book.applySnapshot(levels, first, count);
    else if (message.feed === 'bbo') this.book.applyBbo(levels, first, count);
    else this.book.applyDelta(levels, first, count);
    this.checksum += this.book.bestBidTicks + this.book.bestAskTicks;
  }

  snapshot(): unknown {
    throw new TypeError('a BookKeeper is not made to be stopped half-way');
  }

  restore(): void {
    throw new TypeError('a BookKeeper is not made to be stopped half-way');
  }
}
