import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { SCENARIOS } from '../../sim/cli/paths.ts';
import { type Task, TaskQueue, tasksOf } from '../../sim/cli/suite-tasks.ts';

const [anyTask] = tasksOf('healthy/calm', openScenario('healthy/calm'), {
  seeds: [1],
  form: 'both',
  core: undefined,
  variations: 0,
});
const tasksWith = (keys: readonly string[]): Task[] => keys.map(twinKey => ({ ...anyTask, twinKey }));

describe('the runs of a suite', () => {
  it('share a twin where market, baseline and seed are the same', () => {
    const keys = ['2.3-all-feeds-silent', '2.3-one-frame-late', 'healthy/calm', 'healthy/thin'].map(name =>
      tasksOf(name, openScenario(name), { seeds: [1, 2], form: 'both', core: undefined, variations: 0 }).map(
        ({ twinKey }) => twinKey,
      ),
    );
    const [silent, late, calm, thin] = keys.map(([first]) => first);
    expect(silent).toBe(late);
    expect(new Set([silent, calm, thin, keys[0][1]]).size).toBe(4);
  });

  it('are reproduced by the command that they carry', () => {
    const { planned } = anyTask;
    expect(planned.command).toBe('npx replaybook run healthy/calm --seed 1');
  });
});

describe('handing out', () => {
  /** Workers take turns in some order until nothing is left. Gives what each has done, as keys. */
  function handOut(keys: readonly string[], turns: readonly number[], workers: number): string[][] {
    const queue = new TaskQueue(tasksWith(keys));
    const last = new Array<string | null>(workers).fill(null);
    const done: string[][] = Array.from({ length: workers }, () => []);
    const seen = new Set<number>();
    for (let turn = 0; ; turn++) {
      const worker = turns[turn % turns.length] % workers;
      const index = queue.next(last[worker]);
      if (index === null) break;
      expect(seen.has(index)).toBe(false);
      seen.add(index);
      last[worker] = keys[index];
      done[worker].push(keys[index]);
    }
    expect(seen.size).toBe(keys.length);
    return done;
  }

  it('gives every run once, whoever asks and when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }),
        fc.array(fc.nat(7), { minLength: 1 }),
        fc.integer({ min: 1, max: 8 }),
        (keys, turns, workers) => {
          handOut(keys, turns, workers);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('leaves a twin with one worker as long as there is enough for all', () => {
    const [one, two] = handOut(['a', 'b', 'a', 'b', 'a', 'b'], [0, 1], 2);
    expect([one, two]).toEqual([
      ['a', 'a', 'a'],
      ['b', 'b', 'b'],
    ]);
  });

  it('shares what is left of the largest where others have nothing to do', () => {
    const keys = [...new Array(9).fill('a'), 'b'];
    expect(handOut(keys, [0, 1], 2).map(done => done.length)).toEqual([5, 5]);
  });

  it('keeps the order within a twin, so that one worker alone does them as they stand', () => {
    const queue = new TaskQueue(tasksWith(['b', 'a', 'b', 'a']));
    const order: (number | null)[] = [];
    for (let key: string | null = null, index = queue.next(key); index !== null; index = queue.next(key)) {
      order.push(index);
      key = ['b', 'a', 'b', 'a'][index];
    }
    expect(order).toEqual([1, 3, 0, 2]);
  });
});

describe('variations', () => {
  const text = readFileSync(join(SCENARIOS, '2-stale-quotes/2.3-all-feeds-silent.yaml'), 'utf8').replace(
    /^vary:[\s\S]*/m,
    '',
  );
  const varied = parseScenario(`${text}vary: { cause.faults.0.at: 40s..70s }\n`, 'varied.yaml');
  const choices = { seeds: [1, 2], form: 'both', core: undefined, variations: 3 } as const;

  it('are made of each run, and are the same whenever they are drawn', () => {
    const tasks = tasksOf('varied', varied, choices);
    expect(tasks.map(task => task.planned.varied.length)).toEqual([0, 1, 1, 1, 0, 1, 1, 1]);
    expect(tasksOf('varied', varied, choices)).toEqual(tasks);
    expect(new Set(tasks.map(task => task.planned.command)).size).toBe(8);
  });

  it('can be made again by the command that is printed', () => {
    const [, { planned }] = tasksOf('varied', varied, choices);
    expect(planned.command).toMatch(/^npx replaybook run varied --seed 1 --set cause\.faults\.0\.at=\d+(\.\d+)?s$/);
  });

  it('share the twin of the run that they are of, where only the cause is another one', () => {
    expect(new Set(tasksOf('varied', varied, choices).map(task => task.twinKey)).size).toBe(2);
  });

  it('are none where the scenario does not say within which limits', () => {
    expect(tasksOf('plain', parseScenario(text, 'plain.yaml'), choices)).toHaveLength(2);
  });
});
