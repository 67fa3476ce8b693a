/**
 * What a core believes of its account (`QuotingCore.accountView`), as it changes from one call to the next: how many instruments
 * there are, and those that differ, each with its number, position, rate of adverse selection (null: none is given), and the oid
 * and cloid of every order: `[count, [instrument, positionLots, rate, oid, cloid, oid, cloid …], …]`.
 */
import { ReplaybookError } from '../../core/errors.ts';
import type { InstrumentAccount } from '../../core/port.ts';
import { decodeState, encodeState } from '../kernel/codec.ts';

type AccountRecord = [instrument: number, positionLots: number, rate: number | null, ...orders: number[]];

/** Place of the first order in a record. */
const ORDERS_AT = 3;
const NOTHING = new Uint8Array();

/** Looks at a core's account and says what has changed. */
export class AccountWatch {
  /** By instrument, as it was last seen. */
  #seen: AccountRecord[] = [];

  /** What changed since the last call; empty where nothing did. */
  changes(accounts: readonly InstrumentAccount[]): Uint8Array {
    const isOther = accounts.length !== this.#seen.length;
    this.#seen.length = Math.min(this.#seen.length, accounts.length);
    const changed: AccountRecord[] = [];
    for (let instrument = 0; instrument < accounts.length; instrument++) {
      const { positionLots, adverseSelectionRate, orders } = accounts[instrument];
      const rate = adverseSelectionRate ?? null;
      if (isSame(this.#seen[instrument], positionLots, rate, orders)) continue;
      const record: AccountRecord = [instrument, positionLots, rate];
      for (const { oid, cloid } of orders) record.push(oid, cloid);
      this.#seen[instrument] = record;
      changed.push(record);
    }
    return isOther || changed.length > 0 ? encodeState([accounts.length, ...changed]) : NOTHING;
  }

  snapshot(): unknown {
    return [...this.#seen];
  }

  restore(state: unknown): void {
    this.#seen = [...(state as AccountRecord[])];
  }
}

function isSame(
  seen: AccountRecord | undefined,
  positionLots: number,
  rate: number | null,
  orders: InstrumentAccount['orders'],
): boolean {
  if (seen === undefined || !Object.is(seen[1], positionLots) || !Object.is(seen[2], rate)) return false;
  if (seen.length !== ORDERS_AT + 2 * orders.length) return false;
  let at = ORDERS_AT;
  for (const { oid, cloid } of orders) {
    if (seen[at++] !== oid || seen[at++] !== cloid) return false;
  }
  return true;
}

/** A core's account from the changes that an `AccountWatch` has said. */
export class StoredAccount {
  readonly accounts: InstrumentAccount[] = [];

  /** Throws `format` where the bytes hold no change. */
  apply(bytes: Uint8Array): void {
    const state = decodeState(bytes);
    if (!Array.isArray(state)) throw unreadable();
    const [count, ...changed] = state as unknown[];
    if (!isCount(count)) throw unreadable();
    this.accounts.length = Math.min(this.accounts.length, count);
    for (const record of changed) {
      if (!isRecord(record)) throw unreadable();
      const [instrument, positionLots, rate, ...ids] = record;
      // A new one follows those that are known, so that there are no holes.
      if (!isCount(instrument) || instrument > this.accounts.length) throw unreadable();
      const orders: { oid: number; cloid: number }[] = [];
      for (let at = 0; at < ids.length; at += 2) orders.push({ oid: ids[at], cloid: ids[at + 1] });
      this.accounts[instrument] = { positionLots, orders, ...(rate !== null && { adverseSelectionRate: rate }) };
    }
    if (this.accounts.length !== count) throw unreadable();
  }
}

function isRecord(value: unknown): value is AccountRecord {
  if (!Array.isArray(value) || value.length < ORDERS_AT || (value.length - ORDERS_AT) % 2 !== 0) return false;
  return value.every((part, at) => typeof part === 'number' || (part === null && at === 2));
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function unreadable(): ReplaybookError {
  return new ReplaybookError('format', 'a change of the account cannot be read');
}
