/** Our own raw recordings: received frames go to the decoder of the venue, sent ones are counted. */
import { BinanceDecoder } from '../decode/binance.ts';
import { HyperliquidDecoder } from '../decode/hyperliquid.ts';
import { type RecordedFrame, RecordingReader } from '../recording.ts';
import type { ImportSession } from './text.ts';

/**
 * Takes all frames of a recording onto the session's tape, and answers whether they were recorded at a real exchange. Throws as
 * `RecordingReader` does.
 */
export function importRecording(path: string, session: ImportSession): boolean {
  const { builder, instruments, tally, time } = session;
  const reader = new RecordingReader(path);
  try {
    const { originNs, venue } = reader.header;
    const hyperliquid = new HyperliquidDecoder(builder, instruments, tally);
    const binance = new BinanceDecoder(builder, instruments, tally);
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      const { recvNs, connection, direction, bytes }: RecordedFrame = frame;
      session.line(
        () => {
          if (direction === 'out') {
            tally.ignore('out');
            return;
          }
          time.readText(originNs);
          time.add(recvNs);
          const received = builder.receive(time.seconds, time.nanos);
          if (venue === 'hyperliquid') hyperliquid.take(bytes, 0, bytes.length, received, connection);
          else binance.take(bytes, 0, bytes.length, received);
        },
        bytes,
        0,
        bytes.length,
      );
    }
    tally.tornTailBytes = reader.tornTailBytes;
    return reader.header.synthetic !== true;
  } finally {
    reader.close();
  }
}
