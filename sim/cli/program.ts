/**
 * The program: a command line in, an exit code out. Each command is loaded when it is called for, so that none pays for the
 * libraries of another.
 */
import { reportFailure } from './failures.ts';
import type { Io } from './io.ts';
import { wantsJson } from './mistakes.ts';
import { quickParse, spreadLists } from './quick-parse.ts';
import type { Request } from './request.ts';

export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const words = spreadLists(argv);
    const request = quickParse(words) ?? (await (await import('./parse.ts')).parse(words, io));
    return request === null ? 0 : await dispatch(request, io);
  } catch (error) {
    return reportFailure(error, wantsJson(argv), io);
  }
}

async function dispatch(request: Request, io: Io): Promise<number> {
  switch (request.command) {
    case 'run':
      return (await import('./commands/run.ts')).run(request, io);
    case 'suite':
      return (await import('./commands/suite.ts')).suite(request, io);
    case 'score':
      return (await import('./commands/score.ts')).score(request, io);
    case 'import':
      return (await import('./commands/import.ts')).importRecording(request, io);
    case 'synthesize':
      return (await import('./commands/synthesize.ts')).synthesize(request, io);
    case 'inspect':
      return (await import('./commands/inspect.ts')).inspect(request, io);
    case 'verify':
      return (await import('./commands/verify.ts')).verify(request, io);
    case 'list':
      return (await import('./commands/list.ts')).list(request, io);
  }
}
