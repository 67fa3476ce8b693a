/** `replaybook inspect`: what is in a recording or tape. */
import { type Inspection, inspectFile, type RecordingFigures } from '../../../recordings/inspect.ts';
import type { TapeFigures } from '../../../recordings/tape-figures.ts';
import { seconds } from '../../../reports/seconds.ts';
import { counts, importRows, milliseconds, originText } from '../figures.ts';
import { checkInputFile } from '../input-file.ts';
import { type Io, width } from '../io.ts';
import { withProgress } from '../progress.ts';
import type { Request } from '../request.ts';
import { table } from '../table.ts';

export async function inspect(request: Request, io: Io): Promise<number> {
  checkInputFile(request.operand);
  const inspection = await withProgress(io, tick => {
    tick(`reading ${request.operand} …`);
    return inspectFile(request.operand);
  });
  io.out(request.flag('json') ? `${JSON.stringify(inspection)}\n` : asText(inspection, width(io)));
  return 0;
}

function asText({ tape, recording, report }: Inspection, columns: number): string {
  return table(
    [
      ...(recording === null ? [] : recordingRows(recording)),
      ...(tape === null ? [] : tapeRows(tape)),
      ...(report === null ? clockRows(tape) : importRows(report)),
    ],
    columns,
  );
}

function recordingRows(figures: RecordingFigures): string[][] {
  const { venue, originNs, note, frames, received, sent, connections, bytes, tornTailBytes } = figures;
  return [
    ['recording', `of ${venue}, begun ${originText(originNs)}${note === '' ? '' : `: ${note}`}`],
    ['raw frames', `${frames}: ${received} received, ${sent} sent, on ${connections} connections, ${bytes} bytes`],
    ...(tornTailBytes === 0 ? [] : [['torn tail', `${tornTailBytes} bytes of an unfinished frame at the end`]]),
  ];
}

function tapeRows(figures: TapeFigures): string[][] {
  const { source, latencyNs, silenceNs } = figures;
  const rows = [
    [
      'tape',
      `${figures.name}, ${source.recorded ? 'recorded at a real exchange' : 'made by a program'} (${source.format})`,
    ],
    ['identity', figures.identity],
    ['begins', originText(figures.originNs)],
    ['span', seconds(figures.spanNs)],
    ['instruments', figures.instruments.map(({ symbol }) => symbol).join(', ')],
    ['frames', `${figures.frames}: ${counts(figures.framesByKind)}`],
    ['rows', `${figures.levelRows} levels, ${figures.tradeRows} trades`],
  ];
  for (const { feed, instrument, frames, recvGapNs, exchGapNs } of figures.streams) {
    rows.push([
      `${instrument} ${feed}`,
      `${frames} frames; received every ${milliseconds(recvGapNs.median)} (median), longest gap ` +
        `${seconds(recvGapNs.longest)} at ${seconds(recvGapNs.atNs)}; longest gap at the exchange ${seconds(exchGapNs.longest)}`,
    ]);
  }
  rows.push(['silence', `no frame at all for ${seconds(silenceNs.longest)} at ${seconds(silenceNs.atNs)}`]);
  if (latencyNs !== null) {
    const { min, median, max } = latencyNs;
    rows.push(['latency', `${milliseconds(min)} to ${milliseconds(max)}, median ${milliseconds(median)}`]);
  }
  rows.push(['oddities', counts(figures.anomalies)]);
  return rows;
}

/** Of a tape; where there is an import its own rows say it. */
function clockRows(tape: TapeFigures | null): string[][] {
  if (tape === null || tape.source.recvShiftNs === 0) return [];
  return [['clock', `receive times shifted by ${seconds(tape.source.recvShiftNs)}: the recorder’s clock ran behind`]];
}
