import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../core/evidence.ts';
import { DigestLog, firstDifference } from '../../sim/cli/first-difference.ts';
import { DigestChain, RECORD_EVENT } from '../../sim/kernel/digest.ts';

/** The records of a run in which something happens every ns, as these details. */
function records(details: readonly number[]): DigestLog {
  const log = new DigestLog();
  const chain = new DigestChain('sha256:aa', (_block, bytes) => log.take(bytes));
  for (const [at, detail] of details.entries()) chain.record(RECORD_EVENT, at, 1, 0, 0, 0, 0, detail);
  chain.tellOpenBlock();
  return log;
}

const entry = (atNs: number): LogEntry => ({ type: 'cycle-resumed', atNs });
const same = Array.from({ length: 2_500 }, () => 7);

describe('where a run parts from its twin', () => {
  it('is the first record that differs, in whatever block', () => {
    for (const at of [0, 1_023, 1_024, 2_499]) {
      const other = same.map((detail, index) => (index === at ? 8 : detail));
      const found = firstDifference({ records: records(same), entries: [] }, { records: records(other), entries: [] });
      expect(found).toEqual({ atNs: at, event: at });
    }
  });

  it('is where the shorter of the two ends', () => {
    for (const [twin, run] of [
      [same, same.slice(0, 1_500)],
      [same.slice(0, 1_500), same],
      [same.slice(0, 1_024), same],
      [same, same.slice(0, 1_024)],
    ]) {
      const at = Math.min(twin.length, run.length);
      const found = firstDifference({ records: records(twin), entries: [] }, { records: records(run), entries: [] });
      expect(found).toEqual({ atNs: at, event: at });
    }
  });

  it('is the first entry of evidence where the records are the same', () => {
    const told = { records: records(same), entries: [entry(5), entry(1_200)] };
    const less = { records: records(same), entries: [entry(5)] };
    expect(firstDifference(less, told)).toEqual({ atNs: 1_200, event: 1_200 });
    expect(firstDifference(told, less)).toEqual({ atNs: 1_200, event: 1_200 });
    expect(firstDifference(told, told)).toBeNull();
  });
});
