/**
 * Writes a tape as the raw recording that a recorder would have made of it: greeting, subscriptions with their answers, then
 * every frame in the exchange's wire format at its receive time. Imported again it is the same tape, to its identity.
 *
 * The wire has whole milliseconds of the exchange's clock and no update ids: a tape with more than that is refused.
 */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { NS_PER_MS } from '../../core/scale.ts';
import { RecordingWriter } from '../recorder.ts';
import { DELTA, frameCount, type Tape } from '../tape.ts';
import { type ClockMs, subscriptionFrames, wireFrame } from './hyperliquid.ts';

const GREETING = 'Websocket connection established.';
/** The one connection that all market data comes on. */
const CONNECTION = 0;

/** Writes the recording; it is there whole or not at all. Throws `format` for a tape that the wire cannot hold, `file` too. */
export function writeRawRecording(tape: Tape, path: string, note: string): void {
  const clockMs = exchangeClock(tape);
  const folder = makeFolderBeside(path);
  try {
    const beside = join(folder, basename(path));
    const { originNs } = tape;
    const writer = new RecordingWriter(beside, {
      venue: 'hyperliquid',
      originNs,
      note,
      synthetic: !tape.source.recorded,
    });
    try {
      writeFrames(tape, writer, clockMs);
    } finally {
      writer.close();
    }
    renameSync(beside, path);
  } catch (cause) {
    if (cause instanceof ReplaybookError) throw cause;
    throw cannotWrite(path, cause);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFrames(tape: Tape, writer: RecordingWriter, clockMs: ClockMs): void {
  writer.append(0, CONNECTION, 'in', Buffer.from(GREETING));
  const { feed, instrument, recvNs } = tape.frames;
  const subscribed = new Set<string>();
  for (let frame = 0; frame < frameCount(tape); frame++) {
    const { symbol } = tape.instruments[instrument[frame]];
    const { request, answer } = subscriptionFrames(feed[frame], symbol);
    if (!subscribed.has(request)) {
      subscribed.add(request);
      writer.append(recvNs[frame], CONNECTION, 'out', Buffer.from(request));
      writer.append(recvNs[frame], CONNECTION, 'in', Buffer.from(answer));
    }
    writer.append(recvNs[frame], CONNECTION, 'in', Buffer.from(wireFrame(tape, frame, clockMs)));
  }
}

/** The exchange's clock. Throws `format` where a time is no whole millisecond of it, or the wire has no form for a frame. */
function exchangeClock(tape: Tape): ClockMs {
  const { exchNs, kind, updateId } = tape.frames;
  const originNs = BigInt(tape.originNs);
  const wholeMs = Number(originNs / BigInt(NS_PER_MS));
  const nanosOfMs = Number(originNs % BigInt(NS_PER_MS));
  const isWhole = (ns: number): boolean => (ns + nanosOfMs) % NS_PER_MS === 0;
  const fits = exchNs.every(isWhole) && tape.trades.exchNs.every(isWhole);
  if (!fits || tape.source.recvShiftNs !== 0 || kind.includes(DELTA) || updateId.some(id => id !== 0)) {
    throw new ReplaybookError('format', `tape ${tape.name}: it holds more than Hyperliquid's wire format can tell`);
  }
  return ns => wholeMs + (ns + nanosOfMs) / NS_PER_MS;
}

function makeFolderBeside(path: string): string {
  try {
    return mkdtempSync(join(dirname(path), '.replaybook-'));
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

function cannotWrite(path: string, cause: unknown): ReplaybookError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ReplaybookError('file', `cannot write ${path}: ${reason}`, { file: path }, cause);
}
