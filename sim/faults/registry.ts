/** The kinds of fault that there are: what each does, its parameters and limits, and what it may light up. */
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import type { FaultInfo } from './plan.ts';

const DAY_NS = 86_400 * NS_PER_S;

export const FAULTS: readonly FaultInfo[] = [
  {
    kind: 'feed-silence',
    description:
      'One feed or all market feeds stop while the connection stays open. Counted from the last delivered frame; ' +
      'survives reconnects; at its end the newest withheld frame of each feed is delivered at once.',
    targets: ['all', 'l2Book', 'bbo', 'fastBook', 'book', 'trades', 'allMids', 'activeAssetCtx'],
    parameters: [
      {
        name: 'target',
        unit: '',
        description: 'A feed, `book` for all feeds of the book, `all` for every market feed.',
      },
      { name: 'at', unit: 'time or share of the run', description: 'When it begins.' },
      { name: 'for', unit: 'time', description: 'Length of the gap between two delivered frames.' },
    ],
    forNs: { min: NS_PER_MS, max: DAY_NS },
    primary: '2.3',
    allowed: ['2.2', '1.2'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  },
  {
    kind: 'connection-close',
    description: 'The server closes the connection and refuses every new one until the fault ends.',
    targets: ['market', 'user'],
    parameters: [
      { name: 'target', unit: '', description: '`market` or `user`.' },
      { name: 'at', unit: 'time or share of the run', description: 'When the server closes it.' },
      { name: 'for', unit: 'time', description: 'How long new connections are refused.' },
    ],
    forNs: { min: NS_PER_MS, max: DAY_NS },
    primary: '2.3',
    allowed: ['1.2', '2.2'],
    symptoms: ['stale-quotes', 'orders-not-sending', 'position-mismatch'],
  },
];
