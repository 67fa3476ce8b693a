import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { DEFAULT_LOGGING, Logger } from '../../../core/infra/logging.ts';
import { METRIC } from '../../../core/infra/metrics/fields.ts';
import { Metrics } from '../../../core/infra/metrics/updates.ts';
import type { CoreHost, Stage } from '../../../core/port.ts';

function logger(settings: Partial<typeof DEFAULT_LOGGING> = {}) {
  const written: LogEntry[] = [];
  const charged: Stage[] = [];
  const host: CoreHost = {
    send: () => {},
    charge: stage => charged.push(stage),
    chargedNs: () => 0,
    queuedNs: () => 0,
    arenaTakenBytes: () => 0,
    draw: () => 0,
    log: entry => written.push(entry),
  };
  const metrics = new Metrics();
  return { made: new Logger({ ...DEFAULT_LOGGING, ...settings }, host, metrics), written, charged, metrics };
}

const entry = (atNs: number): LogEntry => ({ type: 'cycle-resumed', atNs });

describe('the log', () => {
  it('costs its sender little: the writer is another', () => {
    const { made, written, charged } = logger();
    made.write(entry(0));
    expect(written).toHaveLength(1);
    expect(charged).toEqual(['log']);
  });

  it('costs a write where it is synchronous, and then drops nothing', () => {
    const { made, written, charged, metrics } = logger({ synchronous: true, queueCapacity: 1 });
    for (let count = 0; count < 5; count++) made.write(entry(0));
    expect(written).toHaveLength(5);
    expect(charged).toEqual(Array.from({ length: 5 }, () => 'log-sync'));
    expect(metrics.values[METRIC.logEntriesDropped]).toBe(0);
  });

  it('drops what does not fit into the queue, counts it, and takes entries again as they are written', () => {
    const { made, written, metrics } = logger({ queueCapacity: 3, writtenPerSecond: 10 });
    for (let count = 0; count < 5; count++) made.write(entry(0));
    expect(written).toHaveLength(3);
    expect(metrics.values[METRIC.logEntriesDropped]).toBe(2);
    made.write(entry(99_000_000));
    expect(written).toHaveLength(3);
    made.write(entry(100_000_000));
    expect(written).toHaveLength(4);
  });

  it('goes on from a snapshot', () => {
    const one = logger({ queueCapacity: 2 });
    one.made.write(entry(0));
    const two = logger({ queueCapacity: 2 });
    two.made.restore(one.made.snapshot());
    two.made.write(entry(0));
    two.made.write(entry(0));
    expect(two.written).toHaveLength(1);
  });
});
