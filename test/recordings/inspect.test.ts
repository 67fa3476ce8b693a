import { describe, expect, it } from 'vitest';
import { inspectFile } from '../../recordings/inspect.ts';
import { RecordingWriter } from '../../recordings/recorder.ts';
import { samplePath } from '../../recordings/samples/samples.ts';
import { ARCHIVE_HOUR, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { formatError, tempFolder, writeTemp } from './support.ts';

const folder = tempFolder();

describe('inspecting', () => {
  it.skipIf(!HAVE_DATA)('the archive hour finds its gaps and latency', async () => {
    const { kind, tape, report, recording } = await inspectFile(ARCHIVE_HOUR);
    expect([kind, recording, report?.lines]).toEqual(['import', null, 5_587]);
    expect(tape?.streams.length).toBe(1);
    const [{ recvGapNs, feed, frames }] = tape?.streams ?? [];
    expect([feed, frames]).toEqual(['l2Book', 5_587]);
    expect([Math.round(recvGapNs.median / 1e6), Math.round(recvGapNs.longest / 1e7)]).toEqual([604, 273]);
    const { min, median, max } = tape?.latencyNs ?? { min: 0, median: 0, max: 0 };
    expect([min, median, max].map(ns => Math.round(ns / 1e6))).toEqual([101, 517, 2_915]);
  });

  it.skipIf(!HAVE_DATA)('a capture counts its oddities', async () => {
    const { tape } = await inspectFile(WS_CAPTURE);
    expect(tape?.anomalies).toEqual({
      backlogFrames: 1,
      repeatedFrames: 1,
      crossedBooks: 0,
      exchangeStepsBack: 0,
      sequenceBreaks: 0,
    });
    expect(tape?.framesByKind).toEqual({ snapshot: 46, delta: 0, bbo: 0, trades: 9 });
  });

  it('a tape gives its identity and needs no import', async () => {
    const { kind, tape, report } = await inspectFile(samplePath('btc-busy') ?? '');
    expect([kind, report]).toEqual(['tape', null]);
    expect(tape).toMatchObject({ name: 'btc-busy', identity: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect(tape?.streams.map(stream => stream.feed)).toEqual(['bbo', 'l2Book', 'fastBook', 'trades']);
  });

  it('a recording counts what was received and sent, and its torn tail', async () => {
    const path = `${folder}/sent-only.recording`;
    const writer = new RecordingWriter(path, { venue: 'hyperliquid', originNs: '1737918843893903000', note: 'n' });
    writer.append(1, 3, 'out', Buffer.from('{"method":"ping"}'));
    writer.close();
    expect(await inspectFile(path)).toMatchObject({
      kind: 'recording',
      tape: null,
      recording: { venue: 'hyperliquid', frames: 1, received: 0, sent: 1, connections: 1, bytes: 17, tornTailBytes: 0 },
    });
  });

  it('something else says what is understood', async () => {
    expect((await formatError(() => inspectFile(writeTemp(folder, 'x', 'x')))).message).toContain('Understood are');
  });
});
