/** `replaybook score`: the verdict on a run that was stored with --trace, without running it. */
import { EXIT_OF_VERDICT } from '../exit-codes.ts';
import { type Io, wantsColour } from '../io.ts';
import { withProgress } from '../progress.ts';
import type { Request } from '../request.ts';
import { scoreTraces } from '../score-traces.ts';

export async function score(request: Request, io: Io): Promise<number> {
  const scored = await withProgress(io, tick =>
    scoreTraces(request.operand, (phase, atNs) => tick(`${phase}: ${Math.floor(atNs / 1e9)} s`)),
  );
  const { verdict } = scored;
  const asText = async (): Promise<string> => (await import('../verdict-text.ts')).verdictText(scored, wantsColour(io));
  io.out(request.flag('json') ? `${JSON.stringify(verdict)}\n` : await asText());
  return EXIT_OF_VERDICT[verdict.verdict];
}
