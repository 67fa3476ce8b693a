import { expect, it } from 'vitest';
import { Connections } from '../../../sim/network/connections.ts';

it('keeps messages of a socket in order, each way by itself', () => {
  const connections = new Connections(1);
  connections.open('user', 1_000);
  expect(connections.downNs('user', 5_000)).toBe(5_000);
  expect(connections.downNs('user', 4_000)).toBe(5_000);
  expect(connections.upNs('user', 2_000)).toBe(2_000);
  expect(connections.downNs('market', 3_000)).toBe(3_000);
});

it('lets nothing that was lost with a socket hold up the next one', () => {
  const connections = new Connections(1);
  connections.open('user', 1_000);
  connections.downNs('user', 9_000);
  connections.upNs('user', 9_000);
  connections.close('user');
  connections.open('user', 2_000);
  expect(connections.downNs('user', 2_500)).toBe(2_500);
  expect(connections.upNs('user', 2_400)).toBe(2_400);
});
