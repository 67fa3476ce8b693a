/**
 * What a scenario can change of the simulated exchange (`baseline.exchange`): its settings, how it publishes its books, and
 * how old its picture of the account is, in one tree with the exchange's own values as defaults.
 */
import type { CoreSettings } from '../core/settings.ts';
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

/**
 * The tree's defaults beside these settings of a core: what the core takes its account for, the exchange takes it for, too.
 * The exchange knows whole leverages only; the next one lets the core have all that it means to have.
 */
export function exchangeDefaults({ account }: CoreSettings): ExchangeTree {
  const { equityUsd, leverage } = account;
  return {
    ...EXCHANGE_TREE,
    account: { ...EXCHANGE_TREE.account, equityUsd, leverage: Math.max(1, Math.ceil(leverage)) },
  };
}

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
  const { leverage } = tree.account;
  if (!Number.isInteger(leverage) || leverage < 1) {
    complaints.add([...root, 'account', 'leverage'], 'expected a whole number of 1 or more');
  }
  if (tree.queuePower <= 0) complaints.add([...root, 'queuePower'], 'expected a number above 0');
  if (tree.limits.addressStartQuota > 1) {
    complaints.add([...root, 'limits', 'addressStartQuota'], 'expected a share from 0 to 1');
  }
  if (tree.snapshotLagMinNs > tree.snapshotLagMaxNs) {
    complaints.add([...root, 'snapshotLagMin'], 'expected no more than snapshotLagMax');
  }
}

/** Settings of the replayed exchange, which fills own orders by a model, and of the one in a synthetic market, where they rest in a real book. */
const OF_REPLAY: readonly string[] = ['queueModel', 'queuePower', 'fillModel'] satisfies (keyof ExchangeTree)[];
const OF_SYNTHETIC: readonly string[] = ['bookCadence'] satisfies (keyof ExchangeTree)[];

/** Adds what was given for the other kind of market: it would do nothing. `given`: the overrides as they were written. */
export function checkExchangeFits(
  given: Readonly<Record<string, unknown>>,
  isSynthetic: boolean,
  root: Path,
  complaints: Complaints,
): void {
  const foreign = isSynthetic ? OF_REPLAY : OF_SYNTHETIC;
  const why = isSynthetic
    ? 'belongs to a tape: in a synthetic market own orders rest in the book itself'
    : 'belongs to a synthetic market: a tape brings its books as they were recorded';
  for (const name of Object.keys(given)) if (foreign.includes(name)) complaints.add([...root, name], why, 'key');
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
