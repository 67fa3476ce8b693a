/**
 * The digest's records of the core's commands: all that tells one command from another, so that two runs with equal digests
 * have sent the same. A batch is one record an item, so that a difference is found at the order; a modification is two, the
 * order that it ends and the one that takes its place.
 */
import { FEED_INDEX } from '../../core/market.ts';
import type { Action, Command, PlaceOrder, PostCommand, RestRequest } from '../../core/port.ts';
import { type DigestChain, RECORD_COMMAND } from '../kernel/digest.ts';

const COMMAND_CODE = { connect: 0, subscribe: 1, rest: 2, 'set-timer': 3, unsubscribe: 12 } as const;
const ACTION_CODE = {
  order: 4,
  cancel: 5,
  cancelByCloid: 6,
  batchModify: 7,
  scheduleCancel: 8,
  updateLeverage: 9,
  updateIsolatedMargin: 10,
  noop: 11,
} as const;
const REQUEST_CODE: Readonly<Record<RestRequest, number>> = {
  clearinghouseState: 0,
  openOrders: 1,
  orderStatus: 2,
  userFillsByTime: 3,
  userRateLimit: 4,
  meta: 5,
};
/** Added to the code of an action that goes beside the socket. */
const VIA_REST = 32;
const TIF_CODE = { Alo: 0, Ioc: 1, Gtc: 2 } as const;

/** Writes a command that leaves the core now. */
export function recordCommand(digest: DigestChain, nowNs: number, command: Command): void {
  if (command.kind === 'post') return recordAction(digest, nowNs, command.via, command.action);
  const code = COMMAND_CODE[command.kind];
  switch (command.kind) {
    case 'set-timer':
      return digest.record(RECORD_COMMAND, nowNs, code, 0, 0, 0, 0, command.atNs);
    case 'subscribe':
    case 'unsubscribe':
      return digest.record(RECORD_COMMAND, nowNs, code, FEED_INDEX[command.feed], command.instrument, 0, 0, 0);
    case 'connect':
      return digest.record(RECORD_COMMAND, nowNs, code, command.connection === 'user' ? 1 : 0, 0, 0, 0, 0);
    case 'rest':
      return digest.recordWithId(
        RECORD_COMMAND,
        nowNs,
        code,
        REQUEST_CODE[command.request],
        0,
        command.cloid ?? 0,
        command.fromNs ?? 0,
      );
  }
}

function recordAction(digest: DigestChain, nowNs: number, via: PostCommand['via'], action: Action): void {
  const code = ACTION_CODE[action.type] + (via === 'rest' ? VIA_REST : 0);
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
        digest.recordWithId(RECORD_COMMAND, nowNs, code, action.alwaysPlace ? 1 : 0, 0, oid, 0);
        recordOrder(digest, nowNs, code, order);
      }
      return;
    case 'scheduleCancel':
      return digest.record(RECORD_COMMAND, nowNs, code, 0, 0, 0, 0, action.atNs ?? 0);
    case 'updateLeverage':
      return digest.record(
        RECORD_COMMAND,
        nowNs,
        code,
        action.isCross ? 1 : 0,
        action.instrument,
        0,
        0,
        action.leverage,
      );
    case 'updateIsolatedMargin':
      return digest.record(RECORD_COMMAND, nowNs, code, 0, action.instrument, 0, 0, action.microUsd);
    case 'noop':
      return digest.record(RECORD_COMMAND, nowNs, code, 0, 0, 0, 0, 0);
  }
}

function recordOrder(digest: DigestChain, nowNs: number, code: number, order: PlaceOrder): void {
  const { side, tif, reduceOnly, priceTicks, cloid, sizeLots } = order;
  const flags = side + 2 * TIF_CODE[tif] + (reduceOnly ? 8 : 0);
  digest.recordWithId(RECORD_COMMAND, nowNs, code, flags, priceTicks, cloid, sizeLots);
}
