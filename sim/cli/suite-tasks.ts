/**
 * The runs of a suite, in the order in which they are reported, and the order in which they are made: runs that share a twin
 * (same market, baseline and seed) one after the other by one worker, as long as there is enough to do for all.
 */
import type { SuiteRun } from '../../reports/suite-run.ts';
import type { Form } from '../../scenarios/forms.ts';
import { formsOf } from '../../scenarios/forms.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { drawVariation } from '../../scenarios/variation.ts';
import { RandomStreams } from '../kernel/random.ts';
import { runCommand } from './shell.ts';

/** A run that is to be made, and all of its `SuiteRun` that is known before. */
export interface Task {
  readonly planned: Omit<SuiteRun, 'result'>;
  /** The scenario as `run` takes it. */
  readonly name: string;
  /** Planted in the run beside what the scenario says. */
  readonly defect: string | null;
  /** Equal for runs that share a twin. */
  readonly twinKey: string;
}

export interface Choices {
  readonly seeds: readonly number[];
  readonly form: Form | 'both';
  /** Variations of each run that are made besides, where the scenario says within which limits. */
  readonly variations: number;
  readonly core: string | undefined;
}

/** The runs of one scenario: forms, seeds within them, and each with its variations. */
export function tasksOf(name: string, scenario: Scenario, { seeds, form, core, variations }: Choices): Task[] {
  return formsOf(scenario)
    .filter(each => form === 'both' || form === each)
    .flatMap(each =>
      seeds.flatMap(seed => [
        taskOf(name, scenario, each, seed, core, null),
        ...variationsOf(scenario, seed, variations).map(varied =>
          taskOf(name, scenario, each, seed, core, null, varied),
        ),
      ]),
    );
}

/** So many variations, the same for the same scenario and seed; none where it does not say within which limits. */
function variationsOf({ id, ranges }: Scenario, seed: number, count: number): string[][] {
  if (ranges.length === 0) return [];
  const stream = new RandomStreams(String(seed)).stream(`variations:${id}`);
  return Array.from({ length: count }, () => drawVariation(ranges, () => stream.next()));
}

/** One of them. `defect`: by its name; null for none. `varied`: what is changed of the scenario, as `path=value`. */
export function taskOf(
  name: string,
  scenario: Scenario,
  form: Form,
  seed: number,
  core: string | undefined,
  defect: string | null,
  varied: readonly string[] = [],
): Task {
  const { id, document } = scenario;
  const { outcome, symptom } = document.expect;
  const turnsHot = outcome === 'symptom' || (outcome === 'absorbed' && form === 'defect');
  return {
    planned: {
      scenario: id,
      form,
      seed,
      varied,
      playbook: document.playbook,
      outcome,
      symptom: turnsHot ? (symptom ?? null) : null,
      mustFail: document.mustFail === true,
      command: runCommand({ scenario: name, seed, form, set: varied, core, defect: defect ?? undefined }),
    },
    name,
    defect,
    twinKey: JSON.stringify([document.baseline, seed, varied.filter(edit => !edit.startsWith('cause.'))]),
  };
}

/** Hands tasks out to several workers. */
export class TaskQueue {
  /** Tasks that are left, by twin: as indices, the next one last. Markets that are the same stand together. */
  readonly #groups = new Map<string, number[]>();
  readonly #untouched: string[] = [];

  constructor(tasks: readonly Task[]) {
    for (let index = tasks.length - 1; index >= 0; index--) {
      const { twinKey } = tasks[index];
      const group = this.#groups.get(twinKey);
      if (group === undefined) this.#groups.set(twinKey, [index]);
      else group.push(index);
    }
    // Handed out from the end: in the order of their markets' text.
    this.#untouched = [...this.#groups.keys()].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  }

  /** Index of the task that a worker does next which has just made a run with the twin of `lastKey`; null: nothing is left. */
  next(lastKey: string | null): number | null {
    const own = lastKey === null ? undefined : this.#groups.get(lastKey)?.pop();
    if (own !== undefined) return own;
    const fresh = this.#untouched.pop();
    if (fresh !== undefined) return this.#groups.get(fresh)?.pop() ?? null;
    // The others are still at theirs: the one with the most to do gives some away.
    let largest: number[] = [];
    for (const group of this.#groups.values()) if (group.length > largest.length) largest = group;
    return largest.pop() ?? null;
  }
}
