/**
 * What a scenario can change of the simulated exchange (`baseline.exchange`): its settings, how it publishes its books, and
 * how old its picture of the account is, in one tree with the exchange's own values as defaults.
 */
import { QUEUE_MODEL_NAMES } from '../sim/exchange/replay/queue-models.ts';
import { FILL_MODEL_NAMES } from '../sim/exchange/replay/replay-matching.ts';
import { BOOK_CADENCES } from '../sim/market/publishing.ts';
import { DEFAULT_WORLD, type WorldSettings } from '../sim/world.ts';
import type { Complaints, Path } from './complaints.ts';
import { didYouMean } from './nearest.ts';

const { snapshotLagMinNs, snapshotLagMaxNs } = DEFAULT_WORLD.latency;

/** The tree with its defaults. */
export const EXCHANGE_TREE = {
  ...DEFAULT_WORLD.exchange,
  ...DEFAULT_WORLD.publishing,
  snapshotLagMinNs,
  snapshotLagMaxNs,
};
export type ExchangeTree = typeof EXCHANGE_TREE;

/** Settings that are one of a few words. */
const CHOICES = {
  queueModel: QUEUE_MODEL_NAMES,
  fillModel: FILL_MODEL_NAMES,
  bookCadence: BOOK_CADENCES,
} as const;

/** Adds what the tree's types cannot refuse. `root`: where the tree stands in the scenario. */
export function checkExchange(tree: ExchangeTree, root: Path, complaints: Complaints): void {
  for (const [name, known] of Object.entries(CHOICES)) {
    const value = tree[name as keyof typeof CHOICES];
    if (known.some(choice => choice === value)) continue;
    complaints.add([...root, name], `expected one of ${known.join(', ')}${didYouMean(value, known)}`);
  }
  if (tree.queuePower <= 0) complaints.add([...root, 'queuePower'], 'expected a number above 0');
  if (tree.limits.addressStartQuota > 1) {
    complaints.add([...root, 'limits', 'addressStartQuota'], 'expected a share from 0 to 1');
  }
  if (tree.snapshotLagMinNs > tree.snapshotLagMaxNs) {
    complaints.add([...root, 'snapshotLagMin'], 'expected no more than snapshotLagMax');
  }
}

/** The world with this exchange in it. */
export function worldWith(tree: ExchangeTree): WorldSettings {
  const { bookCadence, snapshotLagMinNs: minNs, snapshotLagMaxNs: maxNs, ...exchange } = tree;
  return {
    ...DEFAULT_WORLD,
    exchange,
    publishing: { bookCadence },
    latency: { ...DEFAULT_WORLD.latency, snapshotLagMinNs: minNs, snapshotLagMaxNs: maxNs },
  };
}
