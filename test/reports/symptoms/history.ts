/** Drawn short histories of a market and own orders, and the slow, obvious judge of `stale-quotes` over them. */
import fc from 'fast-check';
import { SIDES, type Side } from '../../../core/market.ts';
import type { StaleQuotesThresholds } from '../../../reports/symptoms/thresholds.ts';
import type { Observer, OrderTruth } from '../../../sim/truth.ts';
import { fill, order } from '../support.ts';

export type Happening =
  | { ns: number; kind: 'market'; bid: number; ask: number }
  | { ns: number; kind: 'accept'; order: OrderTruth; replaces: number }
  | { ns: number; kind: 'remove'; order: OrderTruth; why: 'canceled' | 'modified' }
  | { ns: number; kind: 'fill'; order: OrderTruth; lots: number };

const step = fc.record({
  // Many at the same time, some far apart.
  gapNs: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(25)),
  kind: fc.constantFrom('market', 'market', 'accept', 'modify', 'cancel', 'fill', 'take'),
  side: fc.constantFrom<Side>(0, 1),
  amount: fc.integer({ min: -12, max: 12 }),
});

/** Orders of one run; `firstOid` keeps two runs apart. */
function play(steps: readonly { gapNs: number; kind: string; side: Side; amount: number }[]): Happening[] {
  const happenings: Happening[] = [];
  const live: OrderTruth[] = [];
  let ns = 1;
  let oid = 1;
  let mid = 20_000;
  const end = (o: OrderTruth): void => {
    live.splice(live.indexOf(o), 1);
  };
  for (const { gapNs, kind, side, amount } of steps) {
    ns += gapNs;
    const old = live.find(o => o.side === side);
    if (kind === 'market') {
      mid += amount;
      happenings.push({ ns, kind, bid: mid - 1, ask: mid + 1 });
    } else if (kind === 'accept' || kind === 'take') {
      const placed = order(oid++, { side, originalLots: 10 });
      happenings.push({ ns, kind: 'accept', order: placed, replaces: 0 });
      // An order that takes is filled in the moment in which it is accepted: it never rests.
      if (kind === 'take') happenings.push({ ns, kind: 'fill', order: placed, lots: 10 });
      else live.push(placed);
    } else if (old === undefined) {
      happenings.push({ ns, kind: 'market', bid: mid - 1, ask: mid + 1 });
    } else if (kind === 'cancel') {
      end(old);
      happenings.push({ ns, kind: 'remove', order: old, why: 'canceled' });
    } else if (kind === 'fill') {
      end(old);
      happenings.push({ ns, kind: 'fill', order: old, lots: 10 });
    } else {
      end(old);
      const placed = order(oid++, { side, originalLots: 10 });
      live.push(placed);
      happenings.push({ ns, kind: 'remove', order: old, why: 'modified' });
      happenings.push({ ns, kind: 'accept', order: placed, replaces: old.oid });
    }
  }
  return happenings;
}

export const history = fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }).map(play);

export function tell(observer: Observer, happenings: readonly Happening[], from = 0, to = happenings.length): void {
  for (let event = from; event < to; event++) {
    const it = happenings[event];
    if (it.kind === 'market') observer.onMarket?.(it.ns, event, 0, it.bid, it.ask);
    else if (it.kind === 'accept') observer.onAccepted?.(it.ns, event, it.order, it.replaces);
    else if (it.kind === 'remove') observer.onRemoved?.(it.ns, event, it.order, it.why);
    else {
      observer.onFill?.(it.ns, event, fill(it.order, it.lots), 0);
      observer.onRemoved?.(it.ns, event, { ...it.order, remainingLots: 0 }, 'filled');
    }
  }
}

interface SideView {
  resting: { oid: number; acceptedNs: number }[];
  acceptedNs: number;
  acceptedMid2: number;
  quoted: boolean;
  bareSinceNs: number;
}

/** State of both sides when all of each nanosecond is done. */
function* moments(happenings: readonly Happening[], endNs: number) {
  const sides = SIDES.map(
    (): SideView => ({ resting: [], acceptedNs: 0, acceptedMid2: 0, quoted: false, bareSinceNs: 0 }),
  );
  let mid2 = 0;
  let next = 0;
  for (let ns = 0; ns <= endNs; ns++) {
    const rested = sides.map(view => view.resting.length > 0);
    const quoted = sides.map(view => view.quoted);
    for (; next < happenings.length && happenings[next].ns === ns; next++) {
      const it = happenings[next];
      if (it.kind === 'market') {
        if (mid2 === 0) for (const view of sides) view.acceptedMid2 = it.bid + it.ask;
        mid2 = it.bid + it.ask;
        continue;
      }
      const view = sides[it.order.side];
      if (it.kind === 'accept') {
        view.resting.push({ oid: it.order.oid, acceptedNs: ns });
        Object.assign(view, { acceptedNs: ns, acceptedMid2: mid2, quoted: true });
      } else {
        view.resting = view.resting.filter(o => o.oid !== it.order.oid);
      }
    }
    sides.forEach((view, side) => {
      if (view.resting.length === 0 && (rested[side] || !quoted[side])) view.bareSinceNs = ns;
    });
    yield { ns, sides, mid2 };
  }
}

export interface Judged {
  fromNs: number;
  toNs: number | null;
  side: 'bid' | 'ask';
}

/** The matrix's words, looked at in every nanosecond. `twin` null: the run is the twin. */
export function judgeSlowly(
  run: readonly Happening[],
  twin: readonly Happening[] | null,
  endNs: number,
  thresholds: StaleQuotesThresholds,
): Judged[] {
  const intervals: Judged[] = [];
  const open: (Judged | null)[] = [null, null];
  const oldSinceNs: (number | null)[] = [null, null];
  const twinSinceNs: (number | null)[] = [null, null];
  const twinMoments = moments(twin ?? run, endNs);
  for (const { ns, sides, mid2 } of moments(run, endNs)) {
    const twinSides = twinMoments.next().value?.sides ?? [];
    sides.forEach((view, side) => {
      const { quoted, resting, acceptedNs, acceptedMid2, bareSinceNs } = view;
      const hot = open[side];
      if (hot !== null && resting.some(o => o.acceptedNs > hot.fromNs)) {
        hot.toNs = ns;
        open[side] = null;
      }
      const since = oldSinceNs[side];
      oldSinceNs[side] = null;
      const twinSince = twinSides[side].resting.length === 0 ? null : (twinSinceNs[side] ?? ns);
      twinSinceNs[side] = twinSince;
      if (open[side] !== null || !quoted || twinSince === null) return;
      const bps = (Math.abs(mid2 - acceptedMid2) / acceptedMid2) * 10_000;
      const isOld =
        resting.length > 0 && ns - acceptedNs > thresholds.quoteAgeNs && bps >= thresholds.midMoveBps - 1e-9;
      const isBare =
        resting.length === 0 && ns - bareSinceNs > thresholds.bareNs && ns - twinSince >= thresholds.reactionNs;
      if (isOld) oldSinceNs[side] = since ?? ns;
      const isOldForLong = isOld && ns - (since ?? ns) >= thresholds.reactionNs;
      if (!isOldForLong && !isBare) return;
      oldSinceNs[side] = null;
      const interval: Judged = { fromNs: ns, toNs: null, side: side === 0 ? 'bid' : 'ask' };
      open[side] = interval;
      intervals.push(interval);
    });
  }
  return intervals;
}
