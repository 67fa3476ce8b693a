/**
 * The identity of a tape: SHA-256 over what a replay depends on, in a fixed order and fixed little-endian width.
 *
 * It counts the origin, the instruments, whether and with what shift it was recorded, and every column by name and value.
 * Names of tape and file do not count, nor how the file was written: the same tape written by another version of Arrow, or
 * imported again under another file name, keeps its identity.
 */
import { createHash } from 'node:crypto';
import type { Instrument } from '../core/market.ts';
import { type Column, littleEndian } from './byte-order.ts';
import type { Tape } from './tape.ts';

/** Raised whenever the preimage below changes, because then all identities do. */
const IDENTITY_VERSION = 1;

/** `sha256:` and 64 hex digits. The tape's own `identity` field is not looked at. */
export function tapeIdentity(tape: Omit<Tape, 'identity'>): string {
  const columns = identityColumns(tape);
  const head = JSON.stringify([
    'replaybook tape',
    IDENTITY_VERSION,
    tape.originNs,
    tape.source.recorded,
    tape.source.recvShiftNs,
    tape.instruments.map(instrumentFields),
    columns.map(([name, values]) => [name, values.BYTES_PER_ELEMENT, values.length]),
  ]);
  const hash = createHash('sha256').update(head);
  for (const [, values] of columns) hash.update(littleEndian(values));
  return `sha256:${hash.digest('hex')}`;
}

function instrumentFields(instrument: Instrument): (string | number)[] {
  const { symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd } = instrument;
  return [symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd];
}

/** First rows are left out: rows lie in frame order without holes, so the counts say it all. */
function identityColumns({ frames, levels, trades, exchangeOrder }: Omit<Tape, 'identity'>): [string, Column][] {
  return [
    ['recvNs', frames.recvNs],
    ['exchNs', frames.exchNs],
    ['kind', frames.kind],
    ['feed', frames.feed],
    ['instrument', frames.instrument],
    ['flags', frames.flags],
    ['updateId', frames.updateId],
    ['previousUpdateId', frames.previousUpdateId],
    ['rowCount', frames.rowCount],
    ['levels.side', levels.side],
    ['levels.priceTicks', levels.priceTicks],
    ['levels.sizeLots', levels.sizeLots],
    ['levels.orders', levels.orders],
    ['trades.aggressor', trades.aggressor],
    ['trades.priceTicks', trades.priceTicks],
    ['trades.sizeLots', trades.sizeLots],
    ['trades.tradeId', trades.tradeId],
    ['trades.exchNs', trades.exchNs],
    ['exchangeOrder', exchangeOrder],
  ];
}
