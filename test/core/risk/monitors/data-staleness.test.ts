import { expect, it } from 'vitest';
import { NO_RISK } from '../../../../core/risk/monitor.ts';
import { DataStalenessMonitor, DEFAULT_DATA_STALENESS } from '../../../../core/risk/monitors/data-staleness.ts';
import { NS_PER_S } from '../../../../core/scale.ts';
import { riskInput } from './inputs.ts';

const monitor = new DataStalenessMonitor(DEFAULT_DATA_STALENESS);
const at = (bookAgeNs: number, bookCadenceNs = 0) => monitor.evaluate(riskInput({ bookAgeNs, bookCadenceNs }));

it.each([
  [0, 'None', 'None', 1],
  [5 * NS_PER_S, 'None', 'None', 1],
  [5 * NS_PER_S + 1, 'Medium', 'WidenSpreads', 1.5],
  [15 * NS_PER_S, 'Medium', 'WidenSpreads', 1.5],
  [15 * NS_PER_S + 1, 'High', 'PullQuotes', 1],
  [30 * NS_PER_S, 'High', 'PullQuotes', 1],
  [30 * NS_PER_S + 1, 'Critical', 'PullQuotes', 1],
  [10_000 * NS_PER_S, 'Critical', 'PullQuotes', 1],
])('a book %d ns old: %s, %s', (ageNs, severity, action, spreadFactor) => {
  expect(at(ageNs)).toMatchObject({ severity, action, spreadFactor });
});

it('has no say before any data', () => {
  expect(at(Number.POSITIVE_INFINITY)).toBe(NO_RISK);
});

it('waits for three of the gaps of a slow feed', () => {
  expect(at(12 * NS_PER_S, 4 * NS_PER_S).action).toBe('None');
  expect(at(12 * NS_PER_S + 1, 4 * NS_PER_S).action).toBe('WidenSpreads');
  expect(at(24 * NS_PER_S, 8 * NS_PER_S).action).toBe('None');
  expect(at(24 * NS_PER_S + 1, 8 * NS_PER_S).action).toBe('PullQuotes');
});

it('hands out the same answer while nothing changes', () => {
  expect(at(6 * NS_PER_S)).toBe(at(7 * NS_PER_S));
});
