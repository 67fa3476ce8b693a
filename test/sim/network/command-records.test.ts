import { expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import type { Action, Command, PlaceOrder } from '../../../core/port.ts';
import { DigestChain } from '../../../sim/kernel/digest.ts';
import { recordCommand } from '../../../sim/network/command-records.ts';

const ORDER: PlaceOrder = {
  cloid: 7,
  instrument: 0,
  side: BID,
  priceTicks: 500,
  sizeLots: 3,
  tif: 'Alo',
  reduceOnly: false,
};

function post(action: Action): Command {
  return { kind: 'post', via: 'websocket', id: 1, nonce: 1, action };
}

function place(change: Partial<PlaceOrder>): Command {
  return post({ type: 'order', orders: [{ ...ORDER, ...change }] });
}

it('no two different commands are one in the digest', () => {
  const commands: Command[] = [
    place({}),
    place({ cloid: 8 }),
    place({ side: ASK }),
    place({ priceTicks: 501 }),
    place({ sizeLots: 4 }),
    place({ tif: 'Ioc' }),
    place({ tif: 'Gtc' }),
    place({ reduceOnly: true }),
    post({ type: 'cancel', cancels: [{ instrument: 0, oid: 7 }] }),
    post({ type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: 7 }] }),
    post({ type: 'batchModify', modifies: [{ oid: 7, order: ORDER }] }),
    post({ type: 'batchModify', modifies: [{ oid: 8, order: ORDER }] }),
    { kind: 'connect', connection: 'market' },
    { kind: 'connect', connection: 'user' },
    { kind: 'subscribe', feed: 'l2Book', instrument: 0 },
    { kind: 'subscribe', feed: 'bbo', instrument: 0 },
    { kind: 'subscribe', feed: 'l2Book', instrument: 1 },
    { kind: 'rest', id: 1, request: 'openOrders' },
    { kind: 'rest', id: 1, request: 'clearinghouseState' },
    { kind: 'set-timer', timer: 'check', atNs: 5 },
    { kind: 'set-timer', timer: 'check', atNs: 6 },
  ];
  const digests = commands.map(command => {
    const chain = new DigestChain('tape');
    recordCommand(chain, 9, command);
    return chain.value();
  });
  expect(new Set(digests).size).toBe(commands.length);
});
