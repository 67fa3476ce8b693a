/** Tardis' CSV files of book updates and of trades, as downloaded. */
import { TardisDecoder } from '../decode/tardis.ts';
import type { ImportSession, LineReader } from './text.ts';

export function tardisCsvReader(session: ImportSession): LineReader {
  const decoder = new TardisDecoder(session.builder, session.instruments, session.tally);
  session.atEnd = () => decoder.end();
  return (bytes, start, end) => {
    decoder.take(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
  };
}
