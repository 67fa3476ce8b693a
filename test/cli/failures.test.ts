import { describe, expect, it, vi } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { RunDefect, reportFailure } from '../../sim/cli/failures.ts';
import { type Io, wantsColour, width } from '../../sim/cli/io.ts';
import { printable, printableLine } from '../../sim/cli/printable.ts';
import { withProgress } from '../../sim/cli/progress.ts';
import { table } from '../../sim/cli/table.ts';

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
  'npx replaybook run healthy/tape --seed 7',
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
    expect(io.said.err).toContain('to reproduce: npx replaybook run healthy/tape --seed 7');
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

  it('is used as if it had 40 columns where it has fewer, and 100 where it does not know', () => {
    expect([1, 39, 40, 0].map(columns => width(collector({ columns })))).toEqual([40, 40, 40, 100]);
  });

  it('shows a table whose first column alone is wider', () => {
    const name = 'core.infra.supervisor.marketDataStaleThreshold';
    expect(table([[name, '10s']], 40)).toBe(`${name}  10s\n`);
  });

  it('is not steered by names', () => {
    expect(printable('a\u001b[31m\r\u0007\n\u009bü')).toBe('a\\x1b[31m\\x0d\\x07\n\\x9bü');
    expect(printableLine('a\nb')).toBe('a\\nb');
    expect(table([['x', 'a\u001b[2J\nb']], 100)).toBe('x  a\\x1b[2J\\nb\n');
  });

  it('shows no progress of what is done within a second, and a file never does', async () => {
    for (const errIsTerminal of [true, false]) {
      const io = collector({ errIsTerminal });
      await withProgress(io, tick => tick('working'));
      expect(io.said.err).toBe('');
    }
  });

  it('makes room for what is to stay', async () => {
    const io = collector({ errIsTerminal: true });
    let nowMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    await withProgress(io, (tick, say) => {
      nowMs = 2_000;
      tick('working');
      say('interrupted\n');
    });
    clock.mockRestore();
    expect(io.said.err).toBe('\r\u001b[Kworking\r\u001b[Kinterrupted\n');
  });
});
