/** The supervisor hears less than it should, or never forgets what went wrong (playbook 2.3). */
import { ConnectionSupervisor, type SupervisorAction } from '../../../core/infra/connection-supervisor.ts';
import { BOOK_FEEDS, type Feed } from '../../../core/market.ts';
import type { Defect } from '../defect.ts';

/** Takes a message of any market feed as one of each book feed. */
class OneAgeSupervisor extends ConnectionSupervisor {
  override onMarketData(feed: Feed, nowNs: number): void {
    super.onMarketData(feed, nowNs);
    for (const book of BOOK_FEEDS) if (book !== feed) super.onMarketData(book, nowNs);
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
      supervisor: ({ infra }, feeds, draw, log) => new OneAgeSupervisor(infra.supervisor, feeds, draw, log),
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
      supervisor: ({ infra }, feeds, draw, log) => new UserBlindSupervisor(infra.supervisor, feeds, draw, log),
    }),
  },
];
