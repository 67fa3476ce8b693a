/** Websocket captures of Hyperliquid: lines of `<receive time, ns since 1970> <frame>`, all of one connection. */
import { HyperliquidDecoder } from '../decode/hyperliquid.ts';
import type { ImportSession, LineReader } from './text.ts';

const ONLY_CONNECTION = 0;

export function hyperliquidWsReader(session: ImportSession): LineReader {
  const { builder, time } = session;
  const decoder = new HyperliquidDecoder(builder, session.instruments, session.tally);
  return (bytes, start, end) => {
    const frame = time.readNs(bytes, start, end);
    decoder.take(bytes, frame, end, builder.receive(time.seconds, time.nanos), ONLY_CONNECTION);
  };
}
