import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import type { RunPlan } from '../../sim/run-plan.ts';
import { Simulation } from '../../sim/simulate.ts';
import type { FaultEffect, HandledWork, Observer } from '../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../sim/world.ts';
import { fault } from '../support/faults.ts';
import { type ProbeCore, probe, type Reaction, type Received, subscribeToMarket } from '../support/probe-core.ts';
import { scriptedTape, steadyTape } from '../support/tapes.ts';

const tape = steadyTape(60, () => 427_000);

function plan(faults: Fault[], overrides: Partial<RunPlan> = {}): RunPlan {
  return {
    seed: 1,
    market: { tape },
    fromNs: 0,
    toNs: 60 * NS_PER_S,
    healNs: 60 * NS_PER_S,
    core: null,
    world: DEFAULT_WORLD,
    faults,
    ...overrides,
  };
}

function runWith(
  react: Reaction,
  faults: Fault[] = [],
  overrides: Partial<RunPlan> = {},
): { core: ProbeCore; digest: string; effects: FaultEffect[] } {
  const { createCore, cores } = probe(react);
  const effects: FaultEffect[] = [];
  const observer: Observer = {
    name: 'effects',
    onFault: effect => effects.push(effect),
    snapshot: () => null,
    restore: () => undefined,
  };
  const { digest } = new Simulation(plan(faults, overrides), [observer], createCore).run();
  return { core: cores[0], digest, effects };
}

const books = (core: ProbeCore): Received[] =>
  core.received.filter(entry => entry.detail === 'l2Book' && entry.kind === 'book');

describe('market connection', () => {
  it('delivers nothing before the subscription, then a snapshot, then every frame at its recorded time', () => {
    const { core } = runWith(subscribeToMarket);
    const kinds = core.received.slice(0, 5).map(entry => `${entry.kind} ${entry.detail}`);
    expect(kinds).toEqual([
      'start ',
      'connection market open',
      'subscribed l2Book',
      'book l2Book',
      'subscribed trades',
    ]);
    const times = books(core).map(entry => entry.nowNs);
    const { connectNs, subscribeNs } = DEFAULT_WORLD.latency;
    expect(times[0]).toBe(connectNs + subscribeNs);
    // The frame that the exchange made before the subscription and that arrives after it is not for us.
    expect(times[1]).toBe(500 * NS_PER_MS);
    expect(times.length).toBe(121);
    expect(books(core).map(entry => entry.sequence)).toEqual(Array.from({ length: 121 }, (_, index) => index + 1));
  });

  it('repeats the trades of late to a new subscriber, unmarked, then delivers live ones', () => {
    const trades = scriptedTape([
      { atMs: 0, book: [427_000, 427_020] },
      { atMs: 50, exchMs: -20_000, trade: { aggressor: BID, priceTicks: 427_020, sizeLots: 10 } },
      { atMs: 100, exchMs: 60, trade: { aggressor: ASK, priceTicks: 427_000, sizeLots: 20 } },
      { atMs: 900, trade: { aggressor: BID, priceTicks: 427_020, sizeLots: 30 } },
    ]);
    const counts: number[] = [];
    runWith(
      (message, act) => {
        subscribeToMarket(message, act);
        if (message.kind === 'trades') counts.push(message.count);
      },
      [],
      { market: { tape: trades }, toNs: NS_PER_S },
    );
    expect(counts).toEqual([2, 1]);
  });
});

describe('feed-silence', () => {
  it.each([4.9, 7, 12.5, 20, 40])('leaves a gap of exactly %d s between two delivered frames', seconds => {
    const silence = fault('feed-silence', { target: 'all', atNs: 10.123 * NS_PER_S, forNs: seconds * NS_PER_S });
    const { core, effects } = runWith(subscribeToMarket, [silence]);
    const times = books(core).map(entry => entry.nowNs);
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    expect(Math.max(...gaps)).toBe(seconds * NS_PER_S);
    expect(effects.length).toBeGreaterThan(0);
    // What was lost shows in the sequence: one number for each frame that the exchange sent.
    const sequences = books(core).map(entry => entry.sequence);
    expect(sequences.at(-1)).toBe(121);
  });

  it('survives a reconnect, and withholds the snapshot that follows it', () => {
    let reconnected = false;
    const { core } = runWith(
      (message, act) => {
        subscribeToMarket(message, act);
        if (message.kind === 'start') act.send({ kind: 'set-timer', timer: 'reconnect', atNs: 15 * NS_PER_S });
        if (message.kind === 'timer' && !reconnected) {
          reconnected = true;
          act.send({ kind: 'connect', connection: 'market' });
        }
      },
      [fault('feed-silence', { target: 'l2Book', atNs: 10 * NS_PER_S, forNs: 10 * NS_PER_S })],
    );
    // At 10 s the silence is there before the frame of that moment: the last one came at 9.5 s. At 19.5 s the newest
    // withheld frame is let through, and the tape's own frame of that moment follows.
    const times = books(core).map(entry => entry.nowNs / NS_PER_S);
    expect(times.filter(time => time > 9.5 && time < 20)).toEqual([19.5, 19.5]);
  });
});

describe('connection-close', () => {
  it('closes, refuses while it lasts, and lets the core in afterwards', () => {
    const close = fault('connection-close', { target: 'market', atNs: 10 * NS_PER_S, forNs: NS_PER_S });
    const { core, effects } = runWith(subscribeToMarket, [close]);
    const connection = core.received.filter(entry => entry.kind === 'connection');
    const statuses = connection.map(entry => entry.detail);
    expect(statuses[0]).toBe('market open');
    expect(statuses[1]).toBe('market closed');
    expect(statuses.slice(2, -1).every(status => status === 'market refused')).toBe(true);
    expect(statuses.at(-1)).toBe('market open');
    // Every 150 ms an attempt, for one second.
    expect(effects.map(effect => effect.what)).toEqual([
      'closed the market connection',
      ...new Array(6).fill('refused a market connection'),
    ]);
    expect(books(core).every(entry => entry.nowNs < 10 * NS_PER_S || entry.nowNs > 11 * NS_PER_S)).toBe(true);
  });
});

describe('virtual CPU', () => {
  it('queues what arrives while it is busy, and lets commands leave when it is done', () => {
    const cost = { fixedNs: 1_200 * NS_PER_MS, perUnitNs: 0 };
    const world = { ...DEFAULT_WORLD, costs: { ...DEFAULT_WORLD.costs, book: cost } };
    const { core } = runWith(
      (message, act) => {
        subscribeToMarket(message, act);
        if (message.kind === 'book') act.charge('book', 1);
      },
      [],
      { world, toNs: 10 * NS_PER_S },
    );
    const times = books(core).map(entry => entry.nowNs);
    // A book every 500 ms, 1,200 ms of work for each: they are taken up one after the other, none is lost.
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    expect(gaps.every(gap => gap === 1_200 * NS_PER_MS)).toBe(true);
    expect(books(core).map(entry => entry.sequence)).toEqual(times.map((_, index) => index + 1));
  });

  it('tells of each message what it was, how long it waited, and whether it was a quote cycle', () => {
    const cost = { fixedNs: 400 * NS_PER_MS, perUnitNs: 0 };
    const world = { ...DEFAULT_WORLD, costs: { ...DEFAULT_WORLD.costs, book: cost } };
    const seen: HandledWork[] = [];
    const { createCore } = probe((message, act) => {
      subscribeToMarket(message, act);
      if (message.kind === 'start') act.send({ kind: 'set-timer', timer: 'a', atNs: 3 * NS_PER_S });
      if (message.kind !== 'book') return;
      act.charge('book', 1);
      if (message.sequence % 2 === 0) return;
      // Two cycles, of which the second stops half-way and outgrows its arena.
      for (const stage of ['strategy', 'ladder', 'reconcile', 'strategy', 'ladder'] as const) act.charge(stage, 1);
      act.charge('arena-spill', 0);
      act.charge('arena-spill', 2);
    });
    const observer: Observer = {
      name: 'work',
      onHandled: (_startNs, _endNs, _queuedNs, work) => seen.push({ ...work }),
      snapshot: () => null,
      restore: () => undefined,
    };
    new Simulation(plan([], { world, toNs: 10 * NS_PER_S }), [observer], createCore).run();
    const seenBooks = seen.filter(({ kind }) => kind === 'book');
    expect(seenBooks.length).toBeGreaterThan(10);
    seenBooks.forEach(({ cycles, spills }, index) => {
      expect([cycles, spills]).toEqual(index % 2 === 0 ? [2, 1] : [0, 0]);
    });
    expect(seen.map(({ event }) => event)).toEqual(seen.map(({ event }) => event).sort((a, b) => a - b));
    // The timer may have come while a book was at work; nothing waits longer than for one.
    expect(seen.filter(({ kind }) => kind === 'timer')).toHaveLength(1);
    expect(Math.max(...seen.map(({ waitedNs }) => waitedNs))).toBeLessThan(500 * NS_PER_MS);
  });

  it('counts as waiting the time in which the CPU was busy with others', () => {
    const cost = { fixedNs: 700 * NS_PER_MS, perUnitNs: 0 };
    const world = { ...DEFAULT_WORLD, costs: { ...DEFAULT_WORLD.costs, timer: cost } };
    const waits: [string, number][] = [];
    const { createCore } = probe((message, act) => {
      if (message.kind === 'timer') act.charge('timer', 1);
      if (message.kind !== 'start') return;
      for (const [timer, atS] of Object.entries({ a: 1, b: 1.1, c: 1.2, d: 9 })) {
        act.send({ kind: 'set-timer', timer, atNs: atS * NS_PER_S });
      }
    });
    const observer: Observer = {
      name: 'work',
      onHandled: (_startNs, _endNs, queuedNs, { kind, waitedNs }) => {
        if (kind === 'timer') waits.push([`${queuedNs / NS_PER_MS}`, waitedNs / NS_PER_MS]);
      },
      snapshot: () => null,
      restore: () => undefined,
    };
    new Simulation(plan([], { world, toNs: 10 * NS_PER_S }), [observer], createCore).run();
    expect(waits).toEqual([
      ['0', 0],
      ['600', 600],
      ['1200', 1_200],
      ['0', 0],
    ]);
  });

  it('fires a timer that was moved at its new time only', () => {
    const { core } = runWith((message, act) => {
      if (message.kind !== 'start') return;
      act.send({ kind: 'set-timer', timer: 'a', atNs: 2 * NS_PER_S });
      act.send({ kind: 'set-timer', timer: 'b', atNs: 3 * NS_PER_S });
      act.send({ kind: 'set-timer', timer: 'a', atNs: 4 * NS_PER_S });
      act.send({ kind: 'set-timer', timer: 'c', atNs: 5 * NS_PER_S });
      act.send({ kind: 'set-timer', timer: 'c', atNs: Infinity });
    }, []);
    const fired = core.received.filter(entry => entry.kind === 'timer');
    expect(fired.map(entry => [entry.detail, entry.nowNs / NS_PER_S])).toEqual([
      ['b', 3],
      ['a', 4],
    ]);
  });
});

describe('determinism', () => {
  it('gives one digest for one plan, another for another seed or fault', () => {
    const silence = fault('feed-silence', { target: 'l2Book', atNs: 5 * NS_PER_S, forNs: NS_PER_S });
    const order: Reaction = (message, act) => {
      subscribeToMarket(message, act);
      if (message.kind === 'start') act.send({ kind: 'connect', connection: 'user' });
      if (message.kind === 'connection' && message.connection === 'user') {
        act.send({ kind: 'rest', id: 1, request: 'openOrders' });
      }
    };
    const base = runWith(order).digest;
    expect(runWith(order).digest).toBe(base);
    expect(runWith(order, [silence]).digest).not.toBe(base);
    expect(runWith(order, [], { seed: 2 }).digest).not.toBe(base);
  });
});
