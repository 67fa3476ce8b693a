/** What a trace gives back is what the observers of the run were told, call by call, and what they could read of the core. */
import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { createCore } from '../../../core/core.ts';
import type { Command, CoreFactory } from '../../../core/port.ts';
import type { CoreSettings } from '../../../core/settings.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import { Simulation, type SimulationState } from '../../../sim/simulate.ts';
import { rowCount } from '../../../sim/trace/trace.ts';
import { decodeTrace } from '../../../sim/trace/trace-decode.ts';
import { driveTrace } from '../../../sim/trace/trace-driver.ts';
import { encodeTrace } from '../../../sim/trace/trace-encode.ts';
import { TraceRecorder } from '../../../sim/trace/trace-recorder.ts';
import { fault } from '../../support/faults.ts';
import { S, syntheticRun, tapePlan, witness } from './support.ts';

const CASES: [string, RunPlan<CoreSettings>][] = [
  ['silent feeds on a tape', tapePlan([fault('feed-silence', { target: 'all', atNs: 40 * S, forNs: 30 * S })])],
  ['a lost user connection', tapePlan([fault('connection-close', { target: 'user', atNs: 40 * S, forNs: 20 * S })])],
  ['a volatile market', syntheticRun('volatile', [])],
  ['a flash crash in three coins, in several batches', syntheticRun('flash-crash', [], ['BTC', 'ETH', 'SOL'])],
];

describe.each(CASES)('the trace of %s', (_, plan) => {
  it('drives observers as the run did', () => {
    const live = witness();
    const recorder = new TraceRecorder();
    const simulation = new Simulation(plan, [live, recorder], createCore);
    const { digest } = simulation.run();
    expect(new Simulation(plan, [], createCore).run().digest).toBe(digest);

    const { bytes, identity } = encodeTrace(arrow, recorder.trace(), '1.2.3', { digest });
    const stored = decodeTrace(bytes, '1.2.3');
    expect([stored.identity, stored.facts]).toEqual([identity, { digest }]);
    const again = witness();
    const metrics = driveTrace(stored.trace, [again]);
    expect(again.calls.length).toBe(live.calls.length);
    const first = live.calls.findIndex((call, index) => call !== again.calls[index]);
    expect([again.calls[first], first]).toEqual([live.calls[first], -1]);
    expect(again.core()).toBe(live.core());
    expect(metrics).toEqual(simulation.core.metrics);
    expect(rowCount(stored.trace)).toBe(live.calls.length);
  });
});

describe('the recorder', () => {
  it('goes on from a snapshot, in a new run, as if nothing had been', () => {
    const plan = syntheticRun('flash-crash', [], ['BTC', 'ETH', 'SOL']);
    const whole = new TraceRecorder();
    new Simulation(plan, [whole], createCore).run();
    const { identity } = encodeTrace(arrow, whole.trace(), '1', null);
    expect(whole.trace().batches.length).toBeGreaterThan(1);
    for (const cutS of [20, 110]) {
      const before = new Simulation(plan, [new TraceRecorder()], createCore);
      before.runUntil(cutS * S);
      const state = decodeState(encodeState(before.snapshot())) as SimulationState;
      const recorder = new TraceRecorder();
      const after = new Simulation(plan, [recorder], createCore);
      after.restore(state);
      after.run();
      expect(driven(recorder)).toEqual(driven(whole));
      expect(encodeTrace(arrow, recorder.trace(), '1', null).identity).toBe(identity);
    }
  });

  it('takes cores of other people: without a view, with properties left undefined, with objects of a class', () => {
    class Entry {
      readonly type = 'duplicate-fill';
      readonly atNs = 5 * S;
      readonly tid = 7;
      readonly via = 'stream';
      readonly note = undefined;
    }
    const live = witness();
    const recorder = new TraceRecorder();
    const makeCore: CoreFactory<CoreSettings> = host => ({
      metrics: Float64Array.of(0, Number.NaN),
      receive(message) {
        if (message.kind === 'start') host.send({ kind: 'connect', connection: 'user' });
        if (message.kind !== 'connection') return;
        host.log(new Entry());
        const action = { type: 'noop' } as const;
        const post = { kind: 'post', via: 'rest', id: 1, nonce: 1, expiresAfterNs: undefined, action };
        host.send(post as unknown as Command);
      },
      snapshot: () => null,
      restore() {},
    });
    new Simulation(tapePlan([]), [live, recorder], makeCore).run();
    const again = witness();
    driveTrace(decodeTrace(encodeTrace(arrow, recorder.trace(), '1', null).bytes, '1').trace, [again]);
    expect(again.calls).toEqual(live.calls);
    expect(again.calls.some(call => call.includes('duplicate-fill'))).toBe(true);
    expect(again.core()).toBe(live.core());
  });
});

function driven(recorder: TraceRecorder): string[] {
  const told = witness();
  driveTrace(recorder.trace(), [told]);
  return [...told.calls, told.core()];
}
