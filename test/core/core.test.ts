/** A whole core in a scripted world: what a user sees of it from outside, as orders on the exchange's book. */
import { describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { METRIC, stopMetric } from '../../core/infra/metrics/fields.ts';
import { ASK, BID, newLevelColumns, SIDES } from '../../core/market.ts';
import type { Fill, QuotingCore } from '../../core/port.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../core/settings.ts';
import { BTC, milliseconds, ScriptHost, seconds } from '../support/script-host.ts';

/** A started world with its core. */
function world(settings: CoreSettings = DEFAULT_SETTINGS): { host: ScriptHost; core: QuotingCore } {
  const host = new ScriptHost();
  const core = createCore(host, settings, [BTC]);
  host.start(core);
  return { host, core };
}

/** The same, warm and quoting. */
function quoting(settings: CoreSettings = DEFAULT_SETTINGS): { host: ScriptHost; core: QuotingCore } {
  const made = world(settings);
  made.host.run(seconds(10));
  expect(made.host.openOrders.size).toBe(10);
  return made;
}

function distanceBps(host: ScriptHost, side: 0 | 1): number {
  const [best] = host.restingOrders(side);
  return (Math.abs(best.limitTicks - host.midTicks) / host.midTicks) * 10_000;
}

function usd(host: ScriptHost, lots: number): number {
  return (lots * host.midTicks) / 1_000_000;
}

describe('start', () => {
  it('quotes five levels of $200 a side once warm', () => {
    const { host } = quoting();
    for (const side of SIDES) {
      const orders = host.restingOrders(side);
      expect(orders).toHaveLength(5);
      for (const order of orders) expect(usd(host, order.remainingLots)).toBeCloseTo(200, 0);
    }
    expect(host.logged('warm-up').map(entry => entry.state)).toEqual(['warming', 'warm']);
  });

  it('quotes wide after ten seconds where no trade shows how the market takes', () => {
    const { host, core } = world();
    host.behaviour.trades = false;
    host.run(seconds(9.9));
    expect(host.openOrders.size).toBe(0);
    host.run(seconds(10.2));
    expect(host.openOrders.size).toBe(10);
    expect(host.logged('warm-up').at(-1)?.state).toBe('wide');
    const wideBps = core.metrics[METRIC.halfSpreadBps];

    const warm = quoting();
    expect(wideBps / warm.core.metrics[METRIC.halfSpreadBps]).toBeCloseTo(1.5, 1);
  });

  it('sends nothing before the user connection is open and recovery has run', () => {
    const { host } = world();
    host.behaviour.refuse.user = true;
    host.run(seconds(15));
    expect(host.posts()).toEqual([]);
    host.behaviour.refuse.user = false;
    host.run(seconds(60));
    const [recovery] = host.logged('recovery');
    expect(host.posts()[0].id).toBe(1);
    const firstPostNs = host.handled.find(({ commands }) => commands.some(({ kind }) => kind === 'post'))?.message
      .nowNs;
    expect(firstPostNs).toBeGreaterThanOrEqual(recovery.atNs);
    expect(host.openOrders.size).toBe(10);
  });

  it('cancels what an earlier run has left behind, and starts from its position', () => {
    const { host, core } = world();
    host.positionLots = 120;
    host.placeForeign(BID, 480_000, 500);
    host.placeForeign(ASK, 520_000, 500);
    host.run(seconds(1));
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('recovery')[0].orphansCancelled).toBe(2);
    expect(core.metrics[METRIC.positionLots]).toBe(120);
    expect(host.logged('position-adjusted')).toMatchObject([{ fromLots: 0, toLots: 120 }]);
  });
});

describe('following the market', () => {
  it('moves its quotes after a jump of 4 bps, with modifications only', () => {
    const { host } = quoting();
    const before = host.posts().length;
    host.midTicks += 200;
    host.publishBook();
    host.run(host.nowNs + milliseconds(300));
    for (const side of SIDES) {
      expect(distanceBps(host, side)).toBeGreaterThan(2.3);
      expect(distanceBps(host, side)).toBeLessThan(7.5);
    }
    const posts = host.posts().slice(before);
    expect(posts.length).toBeGreaterThan(0);
    expect(posts.every(({ action }) => action.type === 'batchModify')).toBe(true);
  });

  it('cancels at once what a jump of 8 bps has moved the touch through, and has all quotes back soon', () => {
    const { host } = quoting();
    const before = host.posts().length;
    host.midTicks += 400;
    host.publishBook();
    host.run(host.nowNs + milliseconds(400));
    const cancels = host
      .posts()
      .slice(before)
      .flatMap(({ action }) => (action.type === 'cancel' ? action.cancels : []));
    expect(cancels).toHaveLength(3);
    for (const side of SIDES) {
      expect(host.restingOrders(side)).toHaveLength(5);
      expect(distanceBps(host, side)).toBeLessThan(7.5);
    }
  });

  it('follows a slow drift that never jumps', () => {
    const { host } = quoting();
    for (let step = 0; step < 40; step++) {
      host.midTicks += 10;
      host.run(host.nowNs + milliseconds(250));
    }
    const [bid] = host.restingOrders(BID);
    expect(((host.midTicks - bid.limitTicks) / host.midTicks) * 10_000).toBeLessThan(8);
  });

  it('leaves quotes alone while nothing moves', () => {
    const { host } = quoting();
    const before = host.posts().length;
    host.run(host.nowNs + seconds(20));
    expect(host.posts().slice(before)).toEqual([]);
  });

  it('cancels and places anew after a jump that a modification does not bridge', () => {
    const { host } = quoting();
    host.midTicks += 4_000;
    host.publishBook();
    host.run(host.nowNs + seconds(1));
    for (const side of SIDES) expect(host.restingOrders(side)).toHaveLength(5);
    // A jump of 80 bps is volatility, too.
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(15);
  });

  it('never rests more on a side than the inventory allows, not even between cancel and confirmation', () => {
    const { host } = quoting();
    for (let step = 0; step < 30; step++) {
      host.midTicks += step % 2 === 0 ? 4_000 : -4_000;
      host.publishBook();
      for (let tick = 0; tick < 20; tick++) {
        host.run(host.nowNs + milliseconds(10));
        for (const side of SIDES) {
          const lots = host.restingOrders(side).reduce((sum, order) => sum + order.remainingLots, 0);
          // Orders were sized at the mid of their time.
          expect(usd(host, lots)).toBeLessThan(1_000 * 1.02);
        }
      }
    }
  });
});

describe('silence of the market', () => {
  it('pulls quotes when the book is over 15 s old, and has them back within a second of its return', () => {
    const { host } = quoting();
    const silentNs = host.nowNs;
    host.behaviour.book = false;
    host.behaviour.trades = false;
    host.run(silentNs + seconds(15));
    expect(host.openOrders.size).toBe(10);
    host.run(silentNs + seconds(16.2));
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('quotes-pulled')).toMatchObject([{ orders: 10 }]);
    expect(host.logged('quote-gate').at(-1)?.reason?.type).toBe('StaleData');

    host.behaviour.book = true;
    const backNs = silentNs + seconds(25);
    host.run(backNs);
    host.publishBook();
    host.run(backNs + seconds(1));
    expect(host.openOrders.size).toBe(10);
  });

  it('connects again where nothing comes, and takes up where it was', () => {
    const { host, core } = quoting();
    host.close('market');
    host.run(host.nowNs + seconds(1));
    expect(host.isOpen.market).toBe(true);
    expect(core.metrics[METRIC.wsReconnections]).toBe(1);
    host.midTicks += 300;
    host.run(host.nowNs + seconds(1));
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(8);
  });

  it('takes quotes down when deltas have crossed the book around the same mid', () => {
    const { host } = quoting();
    host.behaviour.book = false;
    const message = host.bookMessage();
    const levels = newLevelColumns(2);
    levels.side.set([BID, ASK]);
    levels.priceTicks.set([host.midTicks + 15, host.midTicks - 15]);
    levels.sizeLots.set([1, 1]);
    host.deliver({ ...message, isSnapshot: false, levels, count: 2 });
    host.run(host.nowNs + milliseconds(95));
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('quote-gate').at(-1)?.reason?.type).toBe('CrossedBook');
    host.behaviour.book = true;
    host.run(host.nowNs + seconds(1));
    expect(host.openOrders.size).toBe(10);
  });

  it('shuts at a crossed book and opens with the next good one', () => {
    const { host, core } = quoting();
    host.behaviour.halfSpreadTicks = -5;
    host.publishBook();
    host.run(host.nowNs + milliseconds(95));
    expect(host.openOrders.size).toBe(0);
    host.behaviour.halfSpreadTicks = 5;
    host.publishBook();
    host.run(host.nowNs + milliseconds(400));
    expect(host.openOrders.size).toBe(10);
    expect(core.metrics[stopMetric('DataQualityGate')]).toBeGreaterThan(0);
  });
});

describe('a book feed whose deltas are out of step', () => {
  it('is the one that is asked for again, whichever frame was refused', () => {
    const { host } = quoting();
    host.behaviour.book = false;
    const message = host.bookMessage();
    // A delta with messages missing before it.
    host.deliver({ ...message, isSnapshot: false, sequence: message.sequence + 3, count: 1 });
    const asked = (): string[] =>
      host.handled.at(-1)?.commands.flatMap(command => (command.kind === 'subscribe' ? [command.feed] : [])) ?? [];
    expect(asked()).toEqual(['l2Book']);
    host.run(host.nowNs + milliseconds(20));
    // The frame that shows it next is a bad one of another feed, after the shortest time between two requests.
    host.behaviour.oneWayNs = seconds(5);
    host.run(host.nowNs + seconds(1.2));
    const levels = newLevelColumns(2);
    levels.side.set([BID, ASK]);
    levels.priceTicks.set([host.midTicks + 5, host.midTicks - 5]);
    levels.sizeLots.set([1, 1]);
    host.deliver({ ...host.bookMessage(), feed: 'bbo', levels, count: 2 });
    expect(asked()).not.toContain('bbo');
  });
});

describe('events that wait because cycles are stopped', () => {
  it('are no pile-up: not while warming up, not behind a shut gate', () => {
    const { host } = world({
      ...DEFAULT_SETTINGS,
      estimator: {
        ...DEFAULT_SETTINGS.estimator,
        warmUp: { ...DEFAULT_SETTINGS.estimator.warmUp, minTrades: 1_000_000, maxWaitNs: seconds(30) },
      },
    });
    host.run(seconds(29));
    expect(host.openOrders.size).toBe(0);
    host.run(seconds(32));
    expect(host.openOrders.size).toBe(10);
    host.behaviour.book = false;
    host.run(seconds(80));
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('events-pending')).toEqual([]);
    expect(host.logged('sync-health').map(({ level }) => level)).toEqual(['Healthy']);
  });
});

describe('several instruments', () => {
  it('each stand for themselves: one without a book keeps no other from quoting', () => {
    const host = new ScriptHost();
    const core = createCore(host, DEFAULT_SETTINGS, [BTC, { ...BTC, symbol: 'ETH' }]);
    host.start(core);
    host.run(seconds(11));
    expect(host.openOrders.size).toBe(10);
    expect([...host.openOrders.values()].every(order => order.instrument === 0)).toBe(true);
    const subscribed = () =>
      host.handled.flatMap(({ commands }) => commands.filter(command => command.kind === 'subscribe'));
    // Four of each instrument, the mids of all, and three of the account.
    const asked = 2 * 4 + 1 + 3;
    expect(subscribed()).toHaveLength(asked);
    host.run(seconds(13));
    const again = subscribed().slice(asked);
    expect(
      again.map(({ instrument }) => instrument),
      'its two feeds of the book, which never spoke',
    ).toEqual([1, 1]);
  });
});

describe('risk', () => {
  it('pulls at a jump of 6 % and quotes again when a second has passed', () => {
    const { host } = quoting();
    host.midTicks = 530_005;
    host.publishBook();
    host.run(host.nowNs + milliseconds(100));
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('risk').at(-1)).toMatchObject({ pullQuotes: true, monitors: ['price-velocity'] });
    host.run(host.nowNs + seconds(2.5));
    expect(host.openOrders.size).toBe(10);
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(20);
  });

  it.each([
    ['a jump', (host: ScriptHost) => Object.assign(host, { midTicks: 530_005 }), milliseconds(300)],
    ['silence', (host: ScriptHost) => Object.assign(host.behaviour, { book: false, trades: false }), seconds(16.3)],
  ])('pulls at %s though the recovery after a reconnect waits for answers', (_name, happen, withinNs) => {
    const { host } = quoting();
    host.behaviour.loseRest = true;
    host.close('user');
    host.run(host.nowNs + seconds(2));
    expect(host.isOpen.user).toBe(true);
    expect(host.openOrders.size).toBe(10);
    happen(host);
    host.run(host.nowNs + withinNs);
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('quotes-pulled')).toMatchObject([{ orders: 10 }]);
  });

  it('stops the growing side alone at nine tenths of the maximum inventory, and gives it ever less room before', () => {
    const { host, core } = quoting();
    const roomUsd: number[] = [];
    while (host.restingOrders(BID).length > 0 && roomUsd.length < 40) {
      const lots = host.restingOrders(BID).reduce((sum, order) => sum + order.remainingLots, 0);
      roomUsd.push(usd(host, lots));
      host.fillBest(BID);
      // So slowly that its growth alone is no reason to stop.
      host.run(host.nowNs + seconds(90));
    }
    expect(usd(host, host.positionLots)).toBeGreaterThan(850);
    expect(usd(host, host.positionLots)).toBeLessThanOrEqual(1_000);
    expect(roomUsd).toEqual(roomUsd.slice().sort((a, b) => b - a));
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    expect(host.restingOrders(BID)).toHaveLength(0);
    expect(host.restingOrders(ASK).length).toBeGreaterThan(0);
  });

  it('stops the growing side while the position grows fast, and has it back when it does not', () => {
    const { host } = quoting();
    for (let fill = 0; fill < 3; fill++) {
      host.fillBest(BID);
      host.run(host.nowNs + seconds(1));
    }
    expect(host.restingOrders(BID)).toHaveLength(0);
    expect(host.restingOrders(ASK)).toHaveLength(5);
    expect(host.logged('risk').at(-1)?.monitors).toContain('position-velocity');
    host.run(host.nowNs + seconds(7));
    expect(host.restingOrders(BID).length).toBeGreaterThan(0);
  });

  it('only reduces above the maximum, with no more than the position', () => {
    const { host } = world();
    host.positionLots = 2_100;
    host.run(seconds(10));
    expect(usd(host, host.positionLots)).toBeGreaterThan(1_000);
    expect(host.restingOrders(BID)).toHaveLength(0);
    const asks = host.restingOrders(ASK);
    expect(asks.length).toBeGreaterThan(0);
    expect(asks.reduce((sum, order) => sum + order.remainingLots, 0)).toBeLessThanOrEqual(2_100);
    const placed = host.posts().flatMap(({ action }) => (action.type === 'order' ? action.orders : []));
    expect(placed.every(order => order.reduceOnly)).toBe(true);
  });
});

describe('own fills', () => {
  it('move the position at once and lean the quotes against it', () => {
    const { host, core } = quoting();
    const bidBps = distanceBps(host, BID);
    const askBps = distanceBps(host, ASK);
    host.fillBest(BID);
    host.run(host.nowNs + milliseconds(46));
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    host.run(host.nowNs + seconds(61));
    host.fillBest(BID);
    host.run(host.nowNs + seconds(61));
    expect(core.metrics[METRIC.inventorySkewBps]).toBeGreaterThan(0);
    expect(distanceBps(host, ASK)).toBeLessThan(askBps);
    expect(distanceBps(host, BID)).toBeGreaterThan(bidBps);
    expect(host.restingOrders(ASK)).toHaveLength(5);
  });

  it('count once, however often they are told', () => {
    const { host, core } = quoting();
    const fill = host.fillBest(BID, 100);
    host.run(host.nowNs + milliseconds(100));
    host.deliver({ kind: 'fills', nowNs: host.nowNs, isSnapshot: false, fills: [fill, fill] });
    expect(core.metrics[METRIC.positionLots]).toBe(100);
    expect(core.metrics[METRIC.duplicateFills]).toBe(2);
  });

  it('from before the run do not count', () => {
    const { host, core } = world();
    host.run(seconds(1));
    const old: Fill = {
      tid: 77,
      oid: 5,
      cloid: 0,
      instrument: 0,
      side: BID,
      priceTicks: 500_000,
      sizeLots: 900,
      exchNs: -1,
      startPositionLots: 0,
      crossed: false,
      feeUsd: 0,
    };
    host.deliver({ kind: 'fills', nowNs: host.nowNs, isSnapshot: true, fills: [old] });
    expect(core.metrics[METRIC.positionLots]).toBe(0);
  });

  it('of an unknown order count all the same', () => {
    const { host, core } = quoting();
    const fill = host.fillBest(ASK, 50);
    host.run(host.nowNs + milliseconds(100));
    host.deliver({
      kind: 'fills',
      nowNs: host.nowNs,
      isSnapshot: false,
      fills: [{ ...fill, tid: 9_999, oid: 424_242, cloid: 0, exchNs: host.nowNs }],
    });
    expect(core.metrics[METRIC.positionLots]).toBe(-100);
    expect(core.metrics[METRIC.orphanFills]).toBe(1);
  });
});

describe('user connection', () => {
  it('goes on beside the socket while that is closed', () => {
    const { host } = quoting();
    host.behaviour.refuse.user = true;
    host.close('user');
    const closedNs = host.nowNs;
    host.midTicks += 500;
    host.run(closedNs + seconds(5));
    expect(host.isOpen.user).toBe(false);
    expect(new Set(host.posts(closedNs).map(({ via }) => via))).toEqual(new Set(['rest']));
    // Wider than before: a jump is volatility.
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(13);
    expect(host.openOrders.size).toBe(10);
  });

  it('stops quoting when closed and without that way, and goes on after recovery', () => {
    const wsPost = { ...DEFAULT_SETTINGS.infra.wsPost, fallbackToRest: false };
    const { host, core } = quoting({ ...DEFAULT_SETTINGS, infra: { ...DEFAULT_SETTINGS.infra, wsPost } });
    host.behaviour.refuse.user = true;
    host.close('user');
    const closedNs = host.nowNs;
    host.midTicks += 500;
    host.run(closedNs + seconds(5));
    expect(host.posts(closedNs)).toEqual([]);
    expect(host.logged('cycle-stopped', closedNs)).toMatchObject([{ reason: 'NotConnected', stage: 'execute' }]);
    expect(core.metrics[stopMetric('NotConnected')]).toBeGreaterThan(0);

    host.behaviour.refuse.user = false;
    host.run(closedNs + seconds(30));
    expect(host.logged('recovery', closedNs).length).toBeGreaterThan(0);
    expect(host.logged('cycle-resumed', closedNs)).toHaveLength(1);
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(8);
    expect(host.openOrders.size).toBe(10);
  });

  it('times out everything in flight when it closes', () => {
    const { host } = quoting();
    host.midTicks += 400;
    host.publishBook();
    host.run(host.nowNs + milliseconds(10));
    host.close('user');
    // The cancels of what the touch has reached, and the modifications.
    expect(host.logged('request-timeout')).toHaveLength(2);
    host.run(host.nowNs + seconds(10));
    expect(host.openOrders.size).toBe(10);
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(8);
  });

  it('learns of a fill that happened while it was closed, and counts it once', () => {
    const { host, core } = quoting();
    host.behaviour.refuse.user = true;
    host.close('user');
    host.run(host.nowNs + seconds(1));
    host.fillBest(BID);
    host.behaviour.refuse.user = false;
    host.run(host.nowNs + seconds(30));
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    expect(core.metrics[METRIC.fills]).toBe(1);
    // A level less where it would grow.
    expect(host.restingOrders(BID)).toHaveLength(4);
    expect(host.restingOrders(ASK)).toHaveLength(5);
  });

  it('takes the exchange for the truth where a fill is never told', () => {
    const { host, core } = quoting();
    host.behaviour.refuse.user = true;
    host.close('user');
    host.run(host.nowNs + seconds(1));
    host.fillBest(ASK);
    host.allFills.length = 0;
    host.behaviour.refuse.user = false;
    host.run(host.nowNs + seconds(10));
    expect(host.positionLots).toBeLessThan(0);
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    expect(host.logged('position-adjusted')).toHaveLength(1);
  });

  it('does not count a fill again that the position from the exchange held already', () => {
    const { host, core } = quoting();
    host.behaviour.refuse.user = true;
    host.close('user');
    host.run(host.nowNs + seconds(1));
    const fill = host.fillBest(BID);
    host.allFills.length = 0;
    host.behaviour.refuse.user = false;
    host.run(host.nowNs + seconds(5));
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    host.deliver({ kind: 'fills', nowNs: host.nowNs, isSnapshot: false, fills: [fill] });
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    expect(core.metrics[METRIC.fills]).toBe(1);
  });
});

describe('requests that go wrong', () => {
  it('times out after half a second, and no order is on the book twice in the end', () => {
    const { host, core } = quoting();
    host.behaviour.losePosts = true;
    host.midTicks += 300;
    host.publishBook();
    const sentNs = host.nowNs;
    host.run(sentNs + milliseconds(900));
    expect(host.logged('request-timeout').length).toBeGreaterThan(0);
    expect(host.logged('request-timeout')[0].ageNs).toBe(milliseconds(500));
    host.run(sentNs + seconds(3));
    host.behaviour.losePosts = false;
    host.run(sentNs + seconds(20));
    for (const side of SIDES) {
      expect(host.restingOrders(side)).toHaveLength(5);
      expect(distanceBps(host, side)).toBeLessThan(8);
    }
    expect(core.metrics[METRIC.openOrders]).toBe(10);
  });

  it('applies a reply that comes after its timeout', () => {
    const { host, core } = quoting();
    host.behaviour.replyHoldNs = milliseconds(600);
    host.behaviour.loseUserEvents = true;
    host.midTicks += 300;
    host.publishBook();
    host.run(host.nowNs + milliseconds(720));
    expect(core.metrics[METRIC.lateReplies]).toBeGreaterThan(0);
    host.behaviour.replyHoldNs = 0;
    host.behaviour.loseUserEvents = false;
    host.run(host.nowNs + seconds(5));
    expect(host.openOrders.size).toBe(10);
    expect(core.metrics[METRIC.openOrders]).toBe(10);
  });

  it('falls back from a refused modification to cancel and place', () => {
    const { host } = quoting();
    host.behaviour.rejectWith = 'Insufficient margin to place order. asset=0';
    host.midTicks += 300;
    host.publishBook();
    host.run(host.nowNs + milliseconds(400));
    expect(host.logged('order-rejected').length).toBeGreaterThan(0);
    host.behaviour.rejectWith = null;
    host.run(host.nowNs + seconds(6));
    expect(host.openOrders.size).toBe(10);
    for (const side of SIDES) expect(distanceBps(host, side)).toBeLessThan(8);
  });

  it('cancels an order that turns up under its name and is none of its own', () => {
    const { host, core } = quoting();
    const oid = host.placeForeign(BID, 490_000, 100);
    host.deliver({
      kind: 'order-updates',
      nowNs: host.nowNs,
      updates: [
        {
          oid,
          cloid: 0,
          instrument: 0,
          side: BID,
          limitTicks: 490_000,
          originalLots: 100,
          remainingLots: 100,
          status: 'open',
          statusNs: host.nowNs,
        },
      ],
    });
    host.run(host.nowNs + seconds(4.5));
    expect(host.openOrders.has(oid), 'within its grace').toBe(true);
    host.run(host.nowNs + seconds(3));
    expect(host.openOrders.has(oid)).toBe(false);
    expect(host.openOrders.size).toBe(10);
    expect(core.metrics[METRIC.openOrders]).toBe(10);
  });

  it('does not repeat what the exchange keeps refusing as fast as it may', () => {
    const { host } = quoting();
    host.behaviour.rejectWith = 'Insufficient margin to place order. asset=0';
    const fromNs = host.nowNs;
    // A market that gives a reason for new quotes with every frame.
    for (let step = 0; step < 600; step++) {
      host.midTicks += step % 2 === 0 ? 300 : -300;
      host.run(host.nowNs + milliseconds(100));
    }
    // Over a minute: two batches a side at once, then one after 5, 10, 20 and 40 s; modifications at the start.
    const asking = host.posts(fromNs).filter(({ action }) => action.type === 'order' || action.type === 'batchModify');
    expect(asking.length).toBeLessThanOrEqual(12);
    expect(host.logged('rejection-backoff').length).toBeGreaterThan(2);
    expect(host.openOrders.size, 'what was not right is off the book').toBeLessThan(10);

    host.behaviour.rejectWith = null;
    host.run(host.nowNs + seconds(121));
    expect(host.openOrders.size).toBe(10);
  });

  it('goes on quoting where the market was faster than post-only orders', () => {
    const { host } = quoting();
    host.behaviour.rejectWith = 'Post only order would have immediately matched, bbo was 1@2. asset=0';
    for (let step = 0; step < 50; step++) {
      host.midTicks += step % 2 === 0 ? 300 : -300;
      host.run(host.nowNs + milliseconds(100));
    }
    expect(host.logged('rejection-backoff')).toEqual([]);
    host.behaviour.rejectWith = null;
    host.run(host.nowNs + seconds(5.5));
    expect(host.openOrders.size).toBe(10);
  });

  it('does not place anew at once what the order stream reports as refused', () => {
    const { host } = world();
    host.behaviour.losePosts = true;
    while (host.posts().length === 0) host.run(host.nowNs + milliseconds(10));
    const [placed] = host.posts().flatMap(({ action }) => (action.type === 'order' ? [...action.orders] : []));
    const toldNs = host.nowNs;
    host.deliver({
      kind: 'order-updates',
      nowNs: toldNs,
      updates: [
        {
          oid: 99_999,
          cloid: placed.cloid,
          instrument: 0,
          side: placed.side,
          limitTicks: placed.priceTicks,
          originalLots: placed.sizeLots,
          remainingLots: placed.sizeLots,
          status: 'perpMarginRejected',
          statusNs: toldNs,
        },
      ],
    });
    host.run(toldNs + milliseconds(400));
    expect(host.posts(toldNs + 1).filter(({ action }) => action.type === 'order')).toEqual([]);
  });

  it('repeats cancels that are refused while quotes are pulled, but once a second', () => {
    const { host } = quoting();
    host.behaviour.book = false;
    host.behaviour.trades = false;
    const silentNs = host.nowNs;
    host.run(silentNs + seconds(14.9));
    // Every cancel comes back refused, and leaves its order on the book.
    host.behaviour.losePosts = true;
    const fromNs = host.nowNs;
    for (let step = 0; step < 100; step++) {
      host.run(host.nowNs + milliseconds(50));
      for (const { id, action } of host.handled.at(-1)?.commands.flatMap(one => (one.kind === 'post' ? [one] : [])) ??
        []) {
        const items =
          action.type === 'cancel' ? action.cancels.map(() => ({ status: 'error', error: 'busy' }) as const) : [];
        host.deliver({ kind: 'post-reply', nowNs: host.nowNs, id, error: null, items });
      }
    }
    const cancels = host.posts(fromNs).filter(({ action }) => action.type === 'cancel');
    expect(cancels.length).toBeGreaterThan(1);
    expect(cancels.length).toBeLessThanOrEqual(7);
  });

  it('finds a fill that is never told by comparing positions, and quotes anew at once', () => {
    const { host, core } = quoting();
    host.behaviour.loseUserEvents = true;
    host.fillBest(BID);
    const filledNs = host.nowNs;
    host.run(host.nowNs + milliseconds(100));
    host.behaviour.loseUserEvents = false;
    expect(core.metrics[METRIC.positionLots]).toBe(0);
    while (core.metrics[METRIC.positionLots] === 0 && host.nowNs < filledNs + seconds(20)) {
      host.run(host.nowNs + milliseconds(50));
    }
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
    // Ten seconds from one comparison to the next, one for fills on their way, and the questions.
    expect(host.nowNs - filledNs).toBeLessThan(seconds(12.5));
    expect(host.logged('position-discrepancy')).toHaveLength(1);
    expect(core.metrics[METRIC.fills], 'asked for and processed as any other').toBe(1);
    host.run(host.nowNs + milliseconds(250));
    expect(core.metrics[METRIC.inventorySkewBps]).toBeGreaterThan(0);
  });
});

describe('the view of its account', () => {
  it('shows the position and the orders that it takes to be live', () => {
    const { host, core } = quoting();
    const [account, ...others] = core.accountView?.() ?? [];
    expect(others).toEqual([]);
    const oids = account.orders.map(({ oid }) => oid);
    expect(oids.sort((a, b) => a - b)).toEqual([...host.openOrders.keys()].sort((a, b) => a - b));
    expect(account.positionLots).toBe(core.metrics[METRIC.positionLots]);
    expect(account.adverseSelectionRate).toBeNaN();
  });
});
