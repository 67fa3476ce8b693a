/** What a tape holds, in figures. */
import { FEEDS } from '../core/market.ts';
import {
  FLAG_BACKLOG,
  FLAG_NONE,
  FLAG_REPEATED,
  FRAME_KINDS,
  frameCount,
  type Tape,
  TRADES,
  tapeEndNs,
} from './tape.ts';

/** Frames of one feed and instrument. */
export interface StreamFigures {
  feed: string;
  instrument: string;
  frames: number;
  rows: number;
  /** Longest time between two frames, by the recorder's and the exchange's clock, ns, and when it began; 0 for one frame. */
  recvGapNs: { longest: number; median: number; atNs: number };
  exchGapNs: { longest: number; median: number; atNs: number };
}

/** What a tape holds. Times are ns since its origin. */
export interface TapeFigures {
  name: string;
  identity: string;
  originNs: string;
  source: Tape['source'];
  instruments: Tape['instruments'];
  frames: number;
  framesByKind: Record<string, number>;
  levelRows: number;
  tradeRows: number;
  spanNs: number;
  streams: StreamFigures[];
  /** Receive minus exchange time, ns, of frames that are live (no backlog, no repetition); null where there are none. */
  latencyNs: { min: number; median: number; max: number } | null;
  /** Longest time without any frame, by the recorder's clock, ns, and when it began. */
  silenceNs: { longest: number; atNs: number };
  anomalies: {
    backlogFrames: number;
    repeatedFrames: number;
    crossedBooks: number;
    /** Frames of a stream older, by the exchange's clock, than the one before. */
    exchangeStepsBack: number;
    sequenceBreaks: number;
  };
}

export function tapeFigures(tape: Tape): TapeFigures {
  const { frames } = tape;
  const count = frameCount(tape);
  const framesByKind: Record<string, number> = {};
  for (const kind of FRAME_KINDS) framesByKind[kind] = 0;
  const anomalies = { backlogFrames: 0, repeatedFrames: 0, crossedBooks: 0, exchangeStepsBack: 0, sequenceBreaks: 0 };
  const streams = new Map<number, number[]>();
  for (let frame = 0; frame < count; frame++) {
    framesByKind[FRAME_KINDS[frames.kind[frame]]]++;
    if ((frames.flags[frame] & FLAG_BACKLOG) !== 0) anomalies.backlogFrames++;
    if ((frames.flags[frame] & FLAG_REPEATED) !== 0) anomalies.repeatedFrames++;
    if (isCrossed(tape, frame)) anomalies.crossedBooks++;
    const stream = frames.instrument[frame] * FEEDS.length + frames.feed[frame];
    const members = streams.get(stream);
    if (members === undefined) streams.set(stream, [frame]);
    else members.push(frame);
  }
  for (const members of streams.values()) countBreaks(tape, members, anomalies);
  const { name, identity, originNs, source, instruments } = tape;
  return {
    name,
    identity,
    originNs,
    source,
    instruments,
    frames: count,
    framesByKind,
    levelRows: tape.levels.side.length,
    tradeRows: tape.trades.aggressor.length,
    spanNs: count === 0 ? 0 : tapeEndNs(tape) - frames.recvNs[0],
    streams: [...streams.values()].map(members => streamFigures(tape, members)),
    latencyNs: latency(tape),
    silenceNs: longestStep(frames.recvNs),
    anomalies,
  };
}

function streamFigures(tape: Tape, members: number[]): StreamFigures {
  const { frames } = tape;
  let rows = 0;
  for (const frame of members) rows += frames.rowCount[frame];
  return {
    feed: FEEDS[frames.feed[members[0]]],
    instrument: tape.instruments[frames.instrument[members[0]]].symbol,
    frames: members.length,
    rows,
    recvGapNs: gaps(frames.recvNs, frames.recvNs, members),
    exchGapNs: gaps(frames.exchNs, frames.recvNs, members),
  };
}

/** Longest and median step of a clock over a stream, and when the longest began by the recorder's. */
function gaps(clock: Float64Array, recvNs: Float64Array, members: number[]): StreamFigures['recvGapNs'] {
  const steps = new Float64Array(members.length - 1);
  let longest = 0;
  let atNs = 0;
  for (let i = 0; i < steps.length; i++) {
    steps[i] = clock[members[i + 1]] - clock[members[i]];
    if (steps[i] > longest) {
      longest = steps[i];
      atNs = recvNs[members[i]];
    }
  }
  return { longest, median: median(steps), atNs };
}

function longestStep(recvNs: Float64Array): { longest: number; atNs: number } {
  let longest = 0;
  let atNs = 0;
  for (let i = 1; i < recvNs.length; i++) {
    if (recvNs[i] - recvNs[i - 1] <= longest) continue;
    longest = recvNs[i] - recvNs[i - 1];
    atNs = recvNs[i - 1];
  }
  return { longest, atNs };
}

function latency({ frames }: Tape): TapeFigures['latencyNs'] {
  const live: number[] = [];
  for (let i = 0; i < frames.recvNs.length; i++) {
    if (frames.flags[i] === FLAG_NONE) live.push(frames.recvNs[i] - frames.exchNs[i]);
  }
  if (live.length === 0) return null;
  const sorted = Float64Array.from(live).sort((a, b) => a - b);
  return { min: sorted[0], median: median(sorted), max: sorted[sorted.length - 1] };
}

/** The middle value, the lower of the two middle ones; 0 where there are none. */
function median(values: Float64Array): number {
  if (values.length === 0) return 0;
  return values.slice().sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function countBreaks(tape: Tape, members: number[], anomalies: TapeFigures['anomalies']): void {
  const { exchNs, kind, updateId, previousUpdateId, flags } = tape.frames;
  let lastUpdateId = 0;
  for (let i = 0; i < members.length; i++) {
    const frame = members[i];
    // A backlog is old by its nature.
    if (i > 0 && exchNs[frame] < exchNs[members[i - 1]] && flags[frame] === FLAG_NONE) anomalies.exchangeStepsBack++;
    if (FRAME_KINDS[kind[frame]] !== 'delta') continue;
    if (lastUpdateId !== 0 && previousUpdateId[frame] !== lastUpdateId) anomalies.sequenceBreaks++;
    lastUpdateId = updateId[frame];
  }
}

/** A snapshot or best bid and ask where bid >= ask. A delta alone does not tell. */
function isCrossed({ frames, levels }: Tape, frame: number): boolean {
  const kind = FRAME_KINDS[frames.kind[frame]];
  if (frames.kind[frame] === TRADES || kind === 'delta') return false;
  const first = frames.firstRow[frame];
  const end = first + frames.rowCount[frame];
  let ask = first;
  while (ask < end && levels.side[ask] === 0) ask++;
  return ask > first && ask < end && levels.priceTicks[first] >= levels.priceTicks[ask];
}
