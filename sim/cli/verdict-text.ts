/** A verdict for people, of a run or of its stored trace. */
import { renderVerdict } from '../../reports/text.ts';
import type { Scored } from './judging.ts';
import { printableLine } from './printable.ts';
import { withoutChatter } from './story.ts';

export function verdictText({ facts, verdict, evidence }: Scored, colour: boolean): string {
  const { scenario, isRecorded, synthetic } = facts;
  // The tape is named after its file, which may be called anything.
  const tape = verdict.tape === null ? null : { ...verdict.tape, name: printableLine(verdict.tape.name) };
  const shown = { ...verdict, scenario: printableLine(verdict.scenario), tape };
  return renderVerdict(shown, {
    title: printableLine(scenario.title),
    isRecorded,
    synthetic,
    fromNs: scenario.fromNs,
    toNs: scenario.toNs,
    operated: scenario.operator.map(({ atNs, action }) => ({
      atNs,
      what: action.type === 'set' ? `set ${action.path}` : action.type,
    })),
    entries: withoutChatter(evidence.entries),
    colour,
  });
}
