/**
 * The identity of a stored trace: SHA-256 over its metadata and every value of its rows. A trace is believed only as it was
 * written, for what it tells its observers is not looked at any closer.
 */
import { createHash } from 'node:crypto';
import { littleEndian } from '../../recordings/byte-order.ts';
import { columnsOf, type TraceBatch } from './trace.ts';

/** `sha256:` and 64 hex digits. `meta`: the metadata's text. */
export function traceIdentity(meta: string, batches: readonly TraceBatch[]): string {
  const hash = createHash('sha256').update(`${meta.length} ${batches.length} ${meta}`);
  for (const batch of batches) {
    const columns = columnsOf(batch);
    hash.update(`${columns.map(column => column.length).join(' ')}\n`);
    for (const column of columns) hash.update(littleEndian(column));
  }
  return `sha256:${hash.digest('hex')}`;
}
