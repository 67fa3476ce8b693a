import { describe, expect, it } from 'vitest';
import { CancelRaces } from '../../../core/fills/cancel-races.ts';
import { ASK, BID } from '../../../core/market.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';
import { fillOf } from '../execution/orders.ts';
import { KeptLog } from '../infra/frames.ts';

const pending = { cloid: 1, isCancelPending: true, cancelSentNs: 0, lastChangeNs: 0 };
const confirmedAt = (lastChangeNs: number) => ({ ...pending, isCancelPending: false, lastChangeNs });

describe('a race', () => {
  it('is any fill while the cancel is on its way', () => {
    const log = new KeptLog();
    const races = new CancelRaces(log.write);
    expect(races.onFill(fillOf({ tid: 7, sizeLots: 4 }), pending, seconds(3))).toBe(true);
    expect(log.of('cancel-fill-race')).toEqual([
      {
        type: 'cancel-fill-race',
        atNs: seconds(3),
        cloid: 1,
        oid: 101,
        tid: 7,
        sizeLots: 4,
        sinceCancelNs: seconds(3),
        whipsawLots: 4,
      },
    ]);
  });

  it('ends half a second after the confirmation', () => {
    const races = new CancelRaces(() => {});
    expect(races.onFill(fillOf(), confirmedAt(seconds(1)), seconds(1.5))).toBe(true);
    expect(races.onFill(fillOf(), confirmedAt(seconds(1)), seconds(1.5) + 1)).toBe(false);
    expect(races.onFill(fillOf(), null, seconds(1))).toBe(false);
    expect(races.count).toBe(1);
  });
});

describe('the whipsaw', () => {
  it('is how far the position swings from the first race until five seconds after the last', () => {
    const races = new CancelRaces(() => {});
    races.onFill(fillOf({ side: BID, sizeLots: 9 }), null, 0);
    races.onFill(fillOf({ side: BID, sizeLots: 4 }), pending, seconds(1));
    races.onFill(fillOf({ side: ASK, sizeLots: 7 }), null, seconds(2));
    expect(races.whipsawLots).toBe(7);
    races.onFill(fillOf({ side: BID, sizeLots: 20 }), null, seconds(6) + 1);
    expect(races.whipsawLots).toBe(7);
    races.onFill(fillOf({ side: ASK, sizeLots: 2 }), pending, seconds(20));
    expect(races.whipsawLots).toBe(2);
  });

  it('goes on after a restore', () => {
    const races = new CancelRaces(() => {});
    races.onFill(fillOf({ sizeLots: 4 }), pending, milliseconds(1));
    const other = new CancelRaces(() => {});
    other.restore(structuredClone(races.snapshot()));
    other.onFill(fillOf({ sizeLots: 4 }), null, milliseconds(2));
    expect([other.count, other.whipsawLots]).toEqual([1, 8]);
  });
});
