import { expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { logOf } from '../../../core/infra/instrument-log.ts';
import { BID } from '../../../core/market.ts';

const OWN: readonly LogEntry[] = [
  { type: 'quote-gate', atNs: 1, reason: null },
  { type: 'rejection-backoff', atNs: 1, side: BID, refusals: 3, untilNs: 2 },
  { type: 'position-zone', atNs: 1, zone: 'red', usedShare: 0.9 },
  { type: 'side-empty', atNs: 1, side: BID, isEmpty: true },
  { type: 'position-adjusted', atNs: 1, fromLots: 1, toLots: 0 },
];
const OF_ALL: readonly LogEntry[] = [
  { type: 'kill-switch', atNs: 1, isKilled: true, reasons: [] },
  { type: 'quota-tier', atNs: 1, tier: 'full', headroom: 0.5 },
];

it('names the instrument where there are several, and the entry is of one', () => {
  const written: LogEntry[] = [];
  const log = logOf(1, 2, entry => written.push(entry));
  for (const entry of [...OWN, ...OF_ALL]) log(entry);
  expect(written).toEqual([...OWN.map(entry => ({ ...entry, instrument: 1 })), ...OF_ALL]);
});

it('leaves everything as it is where there is one', () => {
  const written: LogEntry[] = [];
  const log = logOf(0, 1, entry => written.push(entry));
  for (const entry of [...OWN, ...OF_ALL]) log(entry);
  expect(written).toEqual([...OWN, ...OF_ALL]);
});
