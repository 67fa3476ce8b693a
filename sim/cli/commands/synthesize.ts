/** `replaybook synthesize`: a synthetic market becomes a tape, and on request a raw recording in the exchange's wire format. */
import { resolve } from 'node:path';
import { ReplaybookError } from '../../../core/errors.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { isRecording } from '../../../recordings/recording.ts';
import { isSealed } from '../../../recordings/seal.ts';
import { FRAME_KINDS, frameCount, type Tape, tapeEndNs } from '../../../recordings/tape.ts';
import { writeTape } from '../../../recordings/tape-file.ts';
import { writeRawRecording } from '../../../recordings/wire/raw-recording.ts';
import { seconds } from '../../../reports/seconds.ts';
import { formatDuration, parseDuration } from '../../../scenarios/duration.ts';
import { LONGEST_SYNTHETIC_NS } from '../../../scenarios/market.ts';
import { didYouMean } from '../../../scenarios/nearest.ts';
import { BOOK_CADENCES, type PublishingSettings } from '../../market/publishing.ts';
import { synthesize as synthesizeTape } from '../../market/synthesize.ts';
import { SYNTHETIC_SYMBOLS, syntheticPlan } from '../../market/synthetic-plan.ts';
import { PRESET_NAMES } from '../../synthetic/presets.ts';
import { counts } from '../figures.ts';
import { type Io, width } from '../io.ts';
import { checkOutputFile } from '../output-file.ts';
import { withProgress } from '../progress.ts';
import { MAX_SEED, type Request } from '../request.ts';
import { table } from '../table.ts';

export async function synthesize(request: Request, io: Io): Promise<number> {
  const preset = oneOf('preset', request.operand, PRESET_NAMES);
  const symbols = symbolsOf(request.text('instrument') ?? '');
  const seed = request.wholeNumber('seed', 0, MAX_SEED);
  const durationNs = durationOf(request.text('duration') ?? '');
  const publishing: PublishingSettings = {
    bookCadence: oneOf('--book-cadence', request.text('book-cadence') ?? '', BOOK_CADENCES),
  };
  const out = request.text('out') ?? `${preset}-${symbols.join('-').replaceAll(':', '-')}-${seed}.arrow`;
  const raw = request.text('raw');
  await checkOutputFile('--out', out, { what: 'tape', example: 'market.arrow', isOurs: isSealed });
  if (raw !== undefined) {
    if (resolve(raw) === resolve(out)) {
      throw new ReplaybookError(
        'usage',
        `--raw ${raw}: the tape goes there already; name another file for the recording`,
      );
    }
    await checkOutputFile('--raw', raw, { what: 'recording', example: 'market.rec', isOurs: isRecording });
  }
  const plan = syntheticPlan(preset, symbols);
  const tape = await withProgress(io, tick =>
    synthesizeTape(plan, seed, durationNs, publishing, share => tick(`${preset} ${Math.floor(100 * share)} %`)),
  );
  await writeTape(tape, out);
  if (raw !== undefined) writeRawRecording(tape, raw, `synthetic market ${tape.name}`);
  if (request.flag('json')) io.out(`${JSON.stringify(asData(tape, out, raw))}\n`);
  else io.out(table(asRows(tape, out, raw), width(io)));
  return 0;
}

/** `BTC,ETH`; blanks around a name do not count. */
function symbolsOf(text: string): string[] {
  const symbols = text.split(',').map(symbol => symbol.trim());
  symbols.forEach((symbol, index) => {
    oneOf('--instrument', symbol, SYNTHETIC_SYMBOLS);
    if (symbols.indexOf(symbol) < index) {
      throw new ReplaybookError('usage', `--instrument ${text}: ${symbol} is there twice`);
    }
  });
  return symbols;
}

function oneOf<Name extends string>(what: string, name: string, known: readonly Name[]): Name {
  const found = known.find(one => one === name);
  if (found !== undefined) return found;
  throw new ReplaybookError('usage', `${what} ${name}: expected one of ${known.join(', ')}${didYouMean(name, known)}`);
}

function durationOf(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new ReplaybookError('usage', `--duration ${text}: ${parsed.problem}`);
  if (parsed.ns >= NS_PER_S && parsed.ns <= LONGEST_SYNTHETIC_NS) return parsed.ns;
  const limits = `1s to ${formatDuration(LONGEST_SYNTHETIC_NS)}`;
  throw new ReplaybookError('usage', `--duration ${text}: expected ${limits}`);
}

function framesByKind(tape: Tape): Record<string, number> {
  const frames: Record<string, number> = Object.fromEntries(FRAME_KINDS.map(kind => [kind, 0]));
  for (const kind of tape.frames.kind) frames[FRAME_KINDS[kind]]++;
  return frames;
}

function asData(tape: Tape, out: string, raw: string | undefined): unknown {
  return {
    out,
    raw: raw ?? null,
    identity: tape.identity,
    spanNs: tapeEndNs(tape),
    frames: frameCount(tape),
    framesByKind: framesByKind(tape),
    levelRows: tape.levels.side.length,
    tradeRows: tape.trades.aggressor.length,
    instruments: tape.instruments,
  };
}

function asRows(tape: Tape, out: string, raw: string | undefined): string[][] {
  return [
    ['tape', out],
    ...(raw === undefined ? [] : [['recording', raw]]),
    ['identity', tape.identity],
    ['span', seconds(tapeEndNs(tape))],
    ['frames', `${frameCount(tape)}: ${counts(framesByKind(tape))}`],
    ['rows', `${tape.levels.side.length} levels, ${tape.trades.aggressor.length} trades`],
  ];
}
