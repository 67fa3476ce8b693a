/** What is in a tape, a raw recording or an importable file: figures only, which the command line formats. */
import { isArrow } from './importers/detect.ts';
import { importFile } from './importers/import.ts';
import type { ImportReport } from './importers/report.ts';
import { readHead } from './importers/source.ts';
import { isRecording, type RecordedVenue, RecordingReader } from './recording.ts';
import { type TapeFigures, tapeFigures } from './tape-figures.ts';
import { readTape } from './tape-file.ts';

export type { StreamFigures, TapeFigures } from './tape-figures.ts';

/** What a raw recording holds, whatever its frames mean. */
export interface RecordingFigures {
  venue: RecordedVenue;
  originNs: string;
  note: string;
  frames: number;
  received: number;
  sent: number;
  connections: number;
  bytes: number;
  tornTailBytes: number;
}

export interface Inspection {
  kind: 'tape' | 'recording' | 'import';
  /** Null for a recording of which no frame is market data. */
  tape: TapeFigures | null;
  recording: RecordingFigures | null;
  /** How the import went; null for a tape. Its anomalies count what the tape no longer shows. */
  report: ImportReport | null;
}

/** Inspects a file, recognised by its content. Throws as `readTape`, `RecordingReader` and `importFile` do. */
export async function inspectFile(path: string): Promise<Inspection> {
  const head = await readHead(path);
  if (isArrow(head)) return { kind: 'tape', tape: tapeFigures(await readTape(path)), recording: null, report: null };
  if (!isRecording(head)) {
    const { tape, report } = await importFile(path);
    return { kind: 'import', tape: tapeFigures(tape), recording: null, report };
  }
  const recording = recordingFigures(path);
  if (recording.received === 0) return { kind: 'recording', tape: null, recording, report: null };
  const { tape, report } = await importFile(path);
  return { kind: 'recording', tape: tapeFigures(tape), recording, report };
}

function recordingFigures(path: string): RecordingFigures {
  const reader = new RecordingReader(path);
  try {
    const connections = new Set<number>();
    let received = 0;
    let bytes = 0;
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      connections.add(frame.connection);
      if (frame.direction === 'in') received++;
      bytes += frame.bytes.length;
    }
    const { frames, tornTailBytes } = reader;
    const { venue, originNs, note } = reader.header;
    const sent = frames - received;
    return { venue, originNs, note, frames, received, sent, connections: connections.size, bytes, tornTailBytes };
  } finally {
    reader.close();
  }
}
