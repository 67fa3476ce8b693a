/**
 * Captures of Binance USD-M futures in hftbacktest's form: lines of `<receive time, ns since 1970> <message>`, where a
 * message comes from a combined stream or is a bare REST depth snapshot.
 */
import { BinanceDecoder } from '../decode/binance.ts';
import type { ImportSession, LineReader } from './text.ts';

export function binanceReader(session: ImportSession): LineReader {
  const { builder, time } = session;
  const decoder = new BinanceDecoder(builder, session.instruments, session.tally);
  return (bytes, start, end) => {
    const message = time.readNs(bytes, start, end);
    decoder.take(bytes, message, end, builder.receive(time.seconds, time.nanos));
  };
}
