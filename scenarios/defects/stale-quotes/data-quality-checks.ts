/**
 * One check of the data quality is there and does nothing: the frame that it finds bad is applied all the same (playbook matrix, 2.2),
 * or it does not find anything (`L26`, and times that go back).
 */
import type { AnomalyType, LogEntry } from '../../../core/evidence.ts';
import { DataQuality, type DataQualityConfig } from '../../../core/infra/data-quality.ts';
import { BID, FEED_INDEX, FEEDS } from '../../../core/market.ts';
import type { BookMessage, TradesMessage } from '../../../core/port.ts';
import type { Defect } from '../defect.ts';

type Log = (entry: LogEntry) => void;
type Anomaly = Extract<LogEntry, { type: 'anomaly' }>;

/** Applies what is refused for an anomaly that `lets` through. */
class LenientDataQuality extends DataQuality {
  readonly #found: { last: Anomaly | null };
  readonly #lets: (anomaly: Anomaly) => boolean;

  constructor(config: DataQualityConfig, log: Log, lets: (anomaly: Anomaly) => boolean) {
    const found: { last: Anomaly | null } = { last: null };
    super(config, entry => {
      if (entry.type === 'anomaly') found.last = entry;
      log(entry);
    });
    this.#found = found;
    this.#lets = lets;
  }

  override checkBook(message: BookMessage, midTicks: number): boolean {
    this.#found.last = null;
    return super.checkBook(message, midTicks) || this.#isLetThrough();
  }

  override checkTrades(message: TradesMessage, midTicks: number): boolean {
    this.#found.last = null;
    return super.checkTrades(message, midTicks) || this.#isLetThrough();
  }

  #isLetThrough(): boolean {
    const { last } = this.#found;
    return last !== null && this.#lets(last);
  }
}

/** Sees that a book is crossed, and takes it. */
class CrossedDataQuality extends DataQuality {
  readonly #tell: Log;

  constructor(config: DataQualityConfig, log: Log) {
    super({ ...config, checkCrossedBooks: false }, log);
    this.#tell = log;
  }

  override checkBook(message: BookMessage, midTicks: number): boolean {
    const isGood = super.checkBook(message, midTicks);
    const { side, priceTicks } = message.levels;
    let ask = message.first;
    while (ask < message.first + message.count && side[ask] === BID) ask++;
    const hasBoth = ask > message.first && ask < message.first + message.count;
    if (hasBoth && priceTicks[message.first] >= priceTicks[ask]) {
      const [value, limit] = [priceTicks[message.first], priceTicks[ask]];
      this.#tell({ type: 'anomaly', atNs: message.nowNs, feed: message.feed, anomaly: 'CrossedBook', value, limit });
    }
    return isGood;
  }
}

/** Believes that every message has the number 0. */
class UnnumberedDataQuality extends DataQuality {
  override checkBook(message: BookMessage, midTicks: number): boolean {
    return super.checkBook({ ...message, sequence: 0 }, midTicks);
  }

  override checkTrades(message: TradesMessage, midTicks: number): boolean {
    return super.checkTrades({ ...message, sequence: 0 }, midTicks);
  }
}

/** Does not look at the time of a message: none seems older than the one before it. */
class TimelessDataQuality extends DataQuality {
  readonly #newestNs = new Float64Array(FEEDS.length).fill(Number.NEGATIVE_INFINITY);

  override checkBook(message: BookMessage, midTicks: number): boolean {
    return super.checkBook({ ...message, exchNs: this.#forward(FEED_INDEX[message.feed], message.exchNs) }, midTicks);
  }

  override checkTrades(message: TradesMessage, midTicks: number): boolean {
    return super.checkTrades({ ...message, exchNs: this.#forward(FEED_INDEX.trades, message.exchNs) }, midTicks);
  }

  #forward(feed: number, exchNs: number): number {
    this.#newestNs[feed] = Math.max(this.#newestNs[feed], exchNs);
    return this.#newestNs[feed];
  }

  override snapshot(): unknown {
    return { usual: super.snapshot(), newestNs: this.#newestNs.slice() };
  }

  override restore(state: unknown): void {
    const { usual, newestNs } = state as { usual: unknown; newestNs: Float64Array };
    super.restore(usual);
    this.#newestNs.set(newestNs);
  }
}

const INVALID: readonly AnomalyType[] = ['InvalidPrice', 'InvalidSize'];

/** What all of these may light up: bad data reaches everything that is made from it. */
const HARM = {
  primary: '2.2',
  allowed: ['2.5', '1.3', '2.1'],
  symptoms: ['stale-quotes', 'orders-not-sending'],
} as const;

function lenient(name: string, description: string, lets: (anomaly: Anomaly) => boolean): Defect {
  return {
    name,
    description,
    source: 'playbook matrix 2.2',
    ...HARM,
    parts: usual => ({
      ...usual,
      dataQuality: ({ infra }, log) => new LenientDataQuality(infra.dataQuality, log, lets),
    }),
  };
}

export const DATA_QUALITY_DEFECTS: readonly Defect[] = [
  lenient(
    'bad-values-are-applied',
    'Prices and sizes that are no number, zero or negative are counted and applied all the same.',
    // Of a price that is too far off, the limit is the largest deviation.
    ({ anomaly, limit }) => INVALID.includes(anomaly) && limit === 0,
  ),
  lenient(
    'far-prices-are-applied',
    'Prices that are too far off the mid are counted and applied all the same.',
    ({ anomaly, limit }) => anomaly === 'InvalidPrice' && limit > 0,
  ),
  {
    name: 'crossed-books-are-applied',
    description: 'Crossed books are counted and applied all the same, and shut no gate.',
    source: 'playbook matrix 2.2',
    ...HARM,
    parts: usual => ({ ...usual, dataQuality: ({ infra }, log) => new CrossedDataQuality(infra.dataQuality, log) }),
  },
  {
    name: 'sequence-gaps-are-not-seen',
    description: 'All messages are taken to have the number 0, so that none ever seems to be missing.',
    source: 'L26',
    ...HARM,
    parts: usual => ({ ...usual, dataQuality: ({ infra }, log) => new UnnumberedDataQuality(infra.dataQuality, log) }),
  },
  {
    name: 'old-messages-are-applied',
    description: 'Messages are not held against the time of those before them.',
    source: 'playbook matrix 2.2',
    ...HARM,
    parts: usual => ({ ...usual, dataQuality: ({ infra }, log) => new TimelessDataQuality(infra.dataQuality, log) }),
  },
];
