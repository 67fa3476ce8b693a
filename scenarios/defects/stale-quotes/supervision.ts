/** The supervisor hears less than it should, or never forgets what went wrong (playbook 2.3). */
import { ConnectionSupervisor, type SupervisorAction } from '../../../core/infra/connection-supervisor.ts';
import { BOOK_FEEDS, type Feed } from '../../../core/market.ts';
import type { Defect } from '../defect.ts';

/** Takes a message of any market feed as one of each book feed, of all instruments. */
class OneAgeSupervisor extends ConnectionSupervisor {
  readonly #instruments: number;

  constructor(...given: ConstructorParameters<typeof ConnectionSupervisor>) {
    super(...given);
    this.#instruments = given[4] ?? 1;
  }

  override onMarketData(feed: Feed, nowNs: number, instrument = 0): void {
    super.onMarketData(feed, nowNs, instrument);
    for (let each = 0; each < this.#instruments; each++) {
      for (const book of BOOK_FEEDS) if (book !== feed || each !== instrument) super.onMarketData(book, nowNs, each);
    }
  }
}

/** Never looks at the age of user events. */
class UserBlindSupervisor extends ConnectionSupervisor {
  override check(nowNs: number, _openOrders: number): readonly SupervisorAction[] {
    return super.check(nowNs, 0);
  }
}

export const SUPERVISION_DEFECTS: readonly Defect[] = [
  {
    name: 'one-age-for-all-feeds',
    description: 'The age of market data is that of the newest message of any feed: trades hide a book that is dead.',
    source: 'I-33',
    primary: '2.3',
    allowed: ['2.5', '2.1'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
    parts: usual => ({
      ...usual,
      supervisor: ({ infra }, ...given) => new OneAgeSupervisor(infra.supervisor, ...given),
    }),
  },
  {
    name: 'user-events-never-age',
    description: 'How long ago the account’s streams spoke is not recorded, so that their silence is never found.',
    source: 'L4',
    primary: '2.3',
    allowed: ['1.2'],
    symptoms: ['stale-quotes'],
    parts: usual => ({
      ...usual,
      supervisor: ({ infra }, ...given) => new UserBlindSupervisor(infra.supervisor, ...given),
    }),
  },
];
