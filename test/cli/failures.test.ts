import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { RunDefect, reportFailure } from '../../sim/cli/failures.ts';
import { type Io, wantsColour, width } from '../../sim/cli/io.ts';
import { withProgress } from '../../sim/cli/progress.ts';

function collector(surroundings: Partial<Io> = {}): Io & { said: { out: string; err: string } } {
  const said = { out: '', err: '' };
  return {
    said,
    out: text => {
      said.out += text;
    },
    err: text => {
      said.err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: undefined,
    env: {},
    ...surroundings,
  };
}

const DEFECT = new RunDefect(
  { scenario: 'healthy/tape', seed: 7, phase: 'twin', atNs: 41_200_000_000, event: 18_231 },
  'replaybook run healthy/tape --seed 7',
  new TypeError('bids is undefined'),
);

describe('a failure', () => {
  it('of the input is one message, exit code 2', () => {
    const io = collector();
    expect(reportFailure(new ReplaybookError('file', 'x.gz: cannot be read', { file: 'x.gz' }), false, io)).toBe(2);
    expect(io.said).toEqual({ out: '', err: 'replaybook: x.gz: cannot be read\n' });
  });

  it('of the program names seed, scenario, time, event and the command that repeats it, exit code 70', () => {
    const io = collector();
    expect(reportFailure(DEFECT, false, io)).toBe(70);
    expect(io.said.out).toBe('');
    expect(io.said.err).toContain('bids is undefined');
    expect(io.said.err).toContain(
      'in the twin of healthy/tape, seed 7, at 41200000000 ns of virtual time, event 18231',
    );
    expect(io.said.err).toContain('to reproduce: replaybook run healthy/tape --seed 7');
    expect(io.said.err).toContain('TypeError: bids is undefined\n    at ');
  });

  it('of the program is a document with --json, and the stack goes to standard error', () => {
    const io = collector();
    expect(reportFailure(DEFECT, true, io)).toBe(70);
    expect(JSON.parse(io.said.out).error).toMatchObject({ code: 'internal', file: null, line: null });
    expect(io.said.err).toContain('    at ');
  });

  it('that nobody thought of is a defect, too', () => {
    const io = collector();
    expect(reportFailure('a bare text', false, io)).toBe(70);
    expect(io.said.err).toContain('this is a defect of the program: a bare text');
  });
});

describe('a terminal', () => {
  it('gets colour unless it is told not to', () => {
    expect(wantsColour(collector({ outIsTerminal: true }))).toBe(true);
    expect(wantsColour(collector({ outIsTerminal: false }))).toBe(false);
    expect(wantsColour(collector({ outIsTerminal: true, env: { NO_COLOR: '1' } }))).toBe(false);
    expect(wantsColour(collector({ outIsTerminal: true, env: { NO_COLOR: '' } }))).toBe(true);
    expect(wantsColour(collector({ outIsTerminal: true, env: { TERM: 'dumb' } }))).toBe(false);
  });

  it('is used up to 100 columns', () => {
    expect([60, 100, 240, undefined].map(columns => width(collector({ columns })))).toEqual([60, 100, 100, 100]);
  });

  it('shows no progress of what is done within a second, and a file never does', async () => {
    for (const errIsTerminal of [true, false]) {
      const io = collector({ errIsTerminal });
      await withProgress(io, tick => tick('working'));
      expect(io.said.err).toBe('');
    }
  });
});
