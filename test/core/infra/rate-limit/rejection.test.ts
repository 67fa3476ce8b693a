import { describe, expect, it } from 'vitest';
import { DEFAULT_REJECTION, RejectionRateLimiter } from '../../../../core/infra/rate-limit/rejection.ts';
import { ASK, BID } from '../../../../core/market.ts';
import { NS_PER_S } from '../../../../core/scale.ts';
import { KeptLog } from '../frames.ts';

function fresh() {
  const log = new KeptLog();
  return { log, limiter: new RejectionRateLimiter(DEFAULT_REJECTION, log.write) };
}

describe('refusals in a row', () => {
  it('hold the side back from the third on, for 5, 10, 20, 40, 80, 120 and 120 s', () => {
    const { log, limiter } = fresh();
    let nowNs = 0;
    for (let refusal = 1; refusal <= 9; refusal++) {
      limiter.refused(BID, nowNs);
      if (refusal < 3) expect(limiter.holdsBack(BID, nowNs)).toBe(false);
      nowNs = log.of('rejection-backoff').at(-1)?.untilNs ?? 0;
    }
    const waits = log.of('rejection-backoff').map(({ atNs, untilNs }) => (untilNs - atNs) / NS_PER_S);
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120]);
    expect(log.of('rejection-backoff')[0]).toMatchObject({ side: BID, refusals: 3 });
  });

  it('hold back to the end of the back-off and not at it, and leave the other side alone', () => {
    const { limiter } = fresh();
    for (let refusal = 0; refusal < 3; refusal++) limiter.refused(ASK, NS_PER_S);
    expect(limiter.holdsBack(ASK, 6 * NS_PER_S - 1)).toBe(true);
    expect(limiter.holdsBack(ASK, 6 * NS_PER_S)).toBe(false);
    expect(limiter.holdsBack(BID, NS_PER_S)).toBe(false);
  });

  it('answer what was sent before, where they arrive during a back-off, and do not make it longer', () => {
    const { log, limiter } = fresh();
    for (let refusal = 0; refusal < 5; refusal++) limiter.refused(BID, NS_PER_S);
    expect(log.of('rejection-backoff')).toHaveLength(1);
    expect([limiter.consecutive(BID), limiter.total(BID)]).toEqual([3, 5]);
    expect(limiter.holdsBack(BID, 6 * NS_PER_S)).toBe(false);
  });

  it('are forgotten with the first order that is taken, and with a new connection', () => {
    const { limiter } = fresh();
    for (const forget of [() => limiter.accepted(BID), () => limiter.reset()]) {
      for (let refusal = 0; refusal < 5; refusal++) limiter.refused(BID, 0);
      forget();
      expect(limiter.holdsBack(BID, 0)).toBe(false);
      limiter.refused(BID, 0);
      limiter.refused(BID, 0);
      expect(limiter.holdsBack(BID, 0)).toBe(false);
      limiter.accepted(BID);
    }
  });

  it('count a batch once in a row, and all of its orders in the total (incident I-29)', () => {
    const { limiter } = fresh();
    limiter.refused(BID, 0, 25);
    expect([limiter.consecutive(BID), limiter.total(BID), limiter.total(ASK)]).toEqual([1, 25, 0]);
    expect(limiter.holdsBack(BID, 0)).toBe(false);
    limiter.accepted(BID);
    expect([limiter.consecutive(BID), limiter.total(BID)]).toEqual([0, 25]);
    const two = fresh().limiter;
    two.restore(structuredClone(limiter.snapshot()));
    expect(two.total(BID)).toBe(25);
  });

  it('tell their end once, and go on after a restore', () => {
    const one = fresh().limiter;
    for (let refusal = 0; refusal < 3; refusal++) one.refused(BID, 0);
    const two = fresh().limiter;
    two.restore(structuredClone(one.snapshot()));
    expect(two.takeEnded(5 * NS_PER_S - 1)).toBe(false);
    expect(two.takeEnded(5 * NS_PER_S)).toBe(true);
    expect(two.takeEnded(6 * NS_PER_S)).toBe(false);
    two.refused(BID, 6 * NS_PER_S);
    expect(two.holdsBack(BID, 16 * NS_PER_S - 1), 'the fourth').toBe(true);
  });
});
