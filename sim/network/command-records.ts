/**
 * The digest's records of the core's commands: all that tells one command from another, so that two runs with equal digests
 * have sent the same. A batch is one record an item, so that a difference is found at the order; a modification is two, the
 * order that it ends and the one that takes its place.
 */
import { FEED_INDEX } from '../../core/market.ts';
import type { Action, Command, PlaceOrder } from '../../core/port.ts';
import { type DigestChain, RECORD_COMMAND } from '../kernel/digest.ts';

const COMMAND_CODE = { connect: 0, subscribe: 1, rest: 2, 'set-timer': 3 } as const;
const ACTION_CODE = { order: 4, cancel: 5, cancelByCloid: 6, batchModify: 7 } as const;
const TIF_CODE = { Alo: 0, Ioc: 1, Gtc: 2 } as const;

/** Writes a command that leaves the core now. */
export function recordCommand(digest: DigestChain, nowNs: number, command: Command): void {
  if (command.kind === 'post') return recordAction(digest, nowNs, command.action);
  const code = COMMAND_CODE[command.kind];
  switch (command.kind) {
    case 'set-timer':
      return digest.record(RECORD_COMMAND, nowNs, code, 0, 0, 0, 0, command.atNs);
    case 'subscribe':
      return digest.record(RECORD_COMMAND, nowNs, code, FEED_INDEX[command.feed], command.instrument, 0, 0, 0);
    case 'connect':
      return digest.record(RECORD_COMMAND, nowNs, code, command.connection === 'user' ? 1 : 0, 0, 0, 0, 0);
    case 'rest':
      return digest.record(RECORD_COMMAND, nowNs, code, command.request === 'openOrders' ? 1 : 0, 0, 0, 0, 0);
  }
}

function recordAction(digest: DigestChain, nowNs: number, action: Action): void {
  const code = ACTION_CODE[action.type];
  switch (action.type) {
    case 'order':
      for (const order of action.orders) recordOrder(digest, nowNs, code, order);
      return;
    case 'cancel':
      for (const { oid } of action.cancels) digest.recordWithId(RECORD_COMMAND, nowNs, code, 0, 0, oid, 0);
      return;
    case 'cancelByCloid':
      for (const { cloid } of action.cancels) digest.recordWithId(RECORD_COMMAND, nowNs, code, 0, 0, cloid, 0);
      return;
    case 'batchModify':
      for (const { oid, order } of action.modifies) {
        digest.recordWithId(RECORD_COMMAND, nowNs, code, 0, 0, oid, 0);
        recordOrder(digest, nowNs, code, order);
      }
  }
}

function recordOrder(digest: DigestChain, nowNs: number, code: number, order: PlaceOrder): void {
  const { side, tif, reduceOnly, priceTicks, cloid, sizeLots } = order;
  const flags = side + 2 * TIF_CODE[tif] + (reduceOnly ? 8 : 0);
  digest.recordWithId(RECORD_COMMAND, nowNs, code, flags, priceTicks, cloid, sizeLots);
}
