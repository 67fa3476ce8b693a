import { expect, it } from 'vitest';
import { DEFAULT_POSITION, PositionMonitor } from '../../../../core/risk/monitors/position.ts';
import { riskInput } from './inputs.ts';

const monitor = new PositionMonitor(DEFAULT_POSITION);

it.each([
  [0, 'None', 'None'],
  [800, 'None', 'None'],
  [800.01, 'Low', 'Warn'],
  [1_000, 'Low', 'Warn'],
  [1_000.01, 'High', 'ReduceOnly'],
  [2_000, 'High', 'ReduceOnly'],
  [2_000.01, 'Critical', 'ReduceOnly'],
])('a position of $%d of $1,000, long or short: %s, %s', (positionUsd, severity, action) => {
  expect(monitor.evaluate(riskInput({ positionUsd }))).toMatchObject({ severity, action });
  expect(monitor.evaluate(riskInput({ positionUsd: -positionUsd }))).toMatchObject({ severity, action });
});

it('warns of any position where none is allowed', () => {
  expect(monitor.evaluate(riskInput({ positionUsd: 0.01, maxInventoryUsd: 0 })).action).toBe('ReduceOnly');
  expect(monitor.evaluate(riskInput({ positionUsd: 0, maxInventoryUsd: 0 })).action).toBe('None');
});
