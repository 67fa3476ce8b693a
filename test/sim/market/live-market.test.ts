import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCore } from '../../../core/core.ts';
import { type ASK, BID, FEED_INDEX, MARKET_FEEDS } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { importFile } from '../../../recordings/importers/import.ts';
import { BBO, frameCount, SNAPSHOT, TRADES } from '../../../recordings/tape.ts';
import { checkTape } from '../../../recordings/tape-check.ts';
import { writeRawRecording } from '../../../recordings/wire/raw-recording.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import { BOOK_CADENCE, BOOK_CADENCES } from '../../../sim/market/publishing.ts';
import { synthesize } from '../../../sim/market/synthesize.ts';
import { syntheticIdentity, syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import { Simulation, type SimulationState } from '../../../sim/simulate.ts';
import type { Observer } from '../../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../../sim/world.ts';
import { probe, type Reaction } from '../../support/probe-core.ts';

const ALL = ['BTC', 'ETH', 'hyna:HYPE'];

function plan<Core>(core: Core, seconds: number, over: Partial<RunPlan<Core>> = {}): RunPlan<Core> {
  return {
    seed: 1,
    market: { synthetic: syntheticPlan('busy', ['BTC']) },
    fromNs: 0,
    toNs: seconds * NS_PER_S,
    healNs: seconds * NS_PER_S,
    core,
    world: DEFAULT_WORLD,
    faults: [],
    ...over,
  };
}

describe('a synthetic market as a tape', () => {
  const synthetic = syntheticPlan('busy', ALL);
  const tape = synthesize(synthetic, 1, 60 * NS_PER_S, { bookCadence: 'july-2026' });

  it('holds to what every tape holds to, and has every kind of frame of every instrument', () => {
    checkTape(tape);
    for (let instrument = 0; instrument < ALL.length; instrument++) {
      const kinds = new Set<number>();
      for (let frame = 0; frame < frameCount(tape); frame++) {
        if (tape.frames.instrument[frame] === instrument) kinds.add(tape.frames.kind[frame]);
      }
      expect([...kinds].sort((a, b) => a - b)).toEqual([SNAPSHOT, BBO, TRADES]);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    const again = synthesize(synthetic, 1, 60 * NS_PER_S, { bookCadence: 'july-2026' });
    expect(again.identity).toBe(tape.identity);
    expect(synthesize(synthetic, 2, 5 * NS_PER_S, { bookCadence: 'july-2026' }).identity).not.toBe(tape.identity);
  });

  it.each(BOOK_CADENCES)('sends books as often as the exchange did: %s', bookCadence => {
    const short = synthesize(syntheticPlan('calm', ['BTC']), 1, 21 * NS_PER_S, { bookCadence });
    const { fullNs, fastNs } = BOOK_CADENCE[bookCadence];
    const times = (feed: number): number[] =>
      [...short.frames.exchNs].filter((_, frame) => short.frames.feed[frame] === feed);
    for (const [feed, leastNs] of [
      [FEED_INDEX.l2Book, fullNs],
      [FEED_INDEX.fastBook, fastNs],
    ]) {
      const gaps = times(feed)
        .slice(1)
        .map((atNs, index) => atNs - times(feed)[index]);
      for (const gapNs of gaps) {
        expect(gapNs).toBeGreaterThanOrEqual(leastNs);
        // The block that it waits for comes at most 80 ms later.
        expect(gapNs).toBeLessThanOrEqual(leastNs + 80 * NS_PER_MS);
      }
      expect(gaps.length > 0).toBe(leastNs !== Infinity);
    }
  });

  it('sends a best bid and ask only where it is another', () => {
    const { frames, levels } = tape;
    const last = new Map<number, string>();
    for (let frame = 0; frame < frameCount(tape); frame++) {
      if (frames.kind[frame] !== BBO) continue;
      const rows = Array.from({ length: frames.rowCount[frame] }, (_, row) => frames.firstRow[frame] + row);
      const bbo = rows.map(row => [levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]]);
      const text = JSON.stringify(bbo);
      expect(last.get(frames.instrument[frame])).not.toBe(text);
      last.set(frames.instrument[frame], text);
    }
  });

  it('is the same tape when its raw recording is imported', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replaybook-live-'));
    try {
      const path = join(folder, 'busy.rec');
      writeRawRecording(tape, path, 'a test');
      expect((await importFile(path)).tape.identity).toBe(tape.identity);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the identity of a synthetic market', () => {
  it('hangs on parameters and instruments, and not on what it is called', () => {
    const calm = syntheticPlan('calm', ['BTC']);
    const { parameters } = calm;
    const same = { ...calm, name: 'busy' as const, parameters: { ...parameters, description: 'other words' } };
    expect(syntheticIdentity(same)).toBe(syntheticIdentity(calm));
    const price = { ...parameters.price, jumpMeanBps: parameters.price.jumpMeanBps + 1 };
    expect(syntheticIdentity({ ...calm, parameters: { ...parameters, price } })).not.toBe(syntheticIdentity(calm));
    expect(syntheticIdentity(syntheticPlan('calm', ['ETH']))).not.toBe(syntheticIdentity(calm));
  });
});

/** Subscribes everything when a connection opens. */
const subscribeAll: Reaction = (message, act) => {
  if (message.kind === 'start') {
    act.send({ kind: 'connect', connection: 'market' });
    act.send({ kind: 'connect', connection: 'user' });
  }
  if (message.kind !== 'connection' || message.status !== 'open') return;
  const feeds = message.connection === 'market' ? MARKET_FEEDS : (['orderUpdates', 'userFills', 'userEvents'] as const);
  for (const feed of feeds) act.send({ kind: 'subscribe', feed, instrument: 0 });
};

function order(cloid: number, side: typeof BID | typeof ASK, priceTicks: number, sizeLots: number): PlaceOrder {
  return { cloid, instrument: 0, side, priceTicks, sizeLots, tif: 'Alo', reduceOnly: false };
}

describe('a run in a synthetic market', () => {
  it('sends mids about every 2 s and the context about every 3 s, numbered', () => {
    const seen: Record<string, number[]> = { 'all-mids': [], 'asset-context': [] };
    const { createCore: createProbe } = probe((message, act) => {
      subscribeAll(message, act);
      if (message.kind === 'all-mids' || message.kind === 'asset-context') {
        expect(message.nowNs).toBeGreaterThan(message.exchNs);
        expect(message.sequence).toBe(seen[message.kind].push(message.exchNs));
        if (message.kind === 'all-mids') expect(message.midTicks).toHaveLength(1);
        else expect(message.context.oracleTicks).toBeGreaterThan(0);
      }
    });
    new Simulation(plan(null, 60), [], createProbe).run();
    expect(seen['all-mids'].length).toBeGreaterThanOrEqual(27);
    expect(seen['all-mids'].length).toBeLessThanOrEqual(30);
    expect(seen['asset-context'].length).toBeGreaterThanOrEqual(15);
    expect(seen['asset-context'].length).toBeLessThanOrEqual(25);
  });

  it('keeps the feeds of a connection in order, whatever they are', () => {
    let lastNs = 0;
    let frames = 0;
    const { createCore: createProbe } = probe((message, act) => {
      subscribeAll(message, act);
      if (message.kind === 'book' || message.kind === 'trades' || message.kind === 'asset-context') {
        expect(message.nowNs).toBeGreaterThanOrEqual(lastNs);
        lastNs = message.nowNs;
        frames++;
      }
    });
    new Simulation(plan(null, 20), [], createProbe).run();
    expect(frames).toBeGreaterThan(100);
  });

  it('answers a post after its block, within the round trip that the defaults promise', () => {
    const sentNs = new Map<number, number>();
    const tripsNs: number[] = [];
    let accepted = 0;
    const { createCore: createProbe } = probe((message, act) => {
      subscribeAll(message, act);
      if (message.kind === 'connection' && message.connection === 'user' && message.status === 'open') {
        act.send({ kind: 'set-timer', timer: 'post', atNs: 0 });
      }
      if (message.kind === 'timer') {
        const id = sentNs.size + 1;
        sentNs.set(id, message.nowNs);
        act.send({
          kind: 'post',
          via: 'websocket',
          id,
          nonce: id,
          action: { type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: id }] },
        });
        act.send({ kind: 'set-timer', timer: 'post', atNs: message.nowNs + 311 * NS_PER_MS });
      }
      if (message.kind === 'post-reply') {
        tripsNs.push(message.nowNs - (sentNs.get(message.id) ?? 0));
        if (message.error === null) accepted++;
      }
    });
    new Simulation(plan(null, 400), [], createProbe).run();
    expect(accepted).toBeGreaterThan(1_000);
    tripsNs.sort((a, b) => a - b);
    const share = (of: number): number => tripsNs[Math.floor(of * tripsNs.length)] / NS_PER_MS;
    // Log-normal with median 90 ms and sigma 0.35, cut at 400 ms; a fast one may have to wait for its block.
    expect(share(0.5)).toBeGreaterThan(85);
    expect(share(0.5)).toBeLessThan(97);
    expect(share(0.95)).toBeGreaterThan(90 * 1.6);
    expect(share(0.95)).toBeLessThan(90 * 2);
    expect(share(1 - 1e-9)).toBeLessThanOrEqual(400);
  });

  it('carries actions out in blocks: what happens to our orders has the time of one', () => {
    const times = new Set<number>();
    const blocks = new Set<number>();
    const observer: Observer = {
      name: 'times',
      onMarket: atNs => void blocks.add(atNs),
      onAccepted: atNs => void times.add(atNs),
      onRemoved: atNs => void times.add(atNs),
      snapshot: () => null,
      restore: () => undefined,
    };
    new Simulation(plan(DEFAULT_SETTINGS, 60), [observer], createCore).run();
    expect(times.size).toBeGreaterThan(10);
    for (const atNs of times) expect(blocks).toContain(atNs);
    for (const atNs of blocks) expect(atNs % NS_PER_MS).toBe(0);
  });

  it('does what the exchange does by itself in blocks, too: the dead man’s switch, liquidation', () => {
    const blocks = new Set<number>();
    const ends: number[] = [];
    const liquidated: number[] = [];
    const observer: Observer = {
      name: 'ends',
      onMarket: atNs => void blocks.add(atNs),
      onRemoved: atNs => void ends.push(atNs),
      onFill: atNs => void liquidated.push(atNs),
      snapshot: () => null,
      restore: () => undefined,
    };
    // It falls at a millisecond that no block of this seed has.
    const dueNs = 10_000 * NS_PER_MS + 1;
    const { createCore: createProbe } = probe((message, act) => {
      subscribeAll(message, act);
      if (message.kind !== 'book' || message.feed !== 'l2Book' || message.sequence !== 1) return;
      const orders = [order(1, BID, message.levels.priceTicks[message.first + 3], 40)];
      act.send({ kind: 'post', via: 'websocket', id: 1, nonce: 1, action: { type: 'order', orders } });
      act.send({ kind: 'post', via: 'websocket', id: 2, nonce: 2, action: { type: 'scheduleCancel', atNs: dueNs } });
    });
    const limits = { ...DEFAULT_WORLD.exchange.limits, addressStartVolumeUsd: 2_000_000 };
    // $12 for a position of $950: a fall of 0.02 % and it is closed.
    const account = { ...DEFAULT_WORLD.exchange.account, equityUsd: 12 };
    const held = { ...DEFAULT_WORLD.exchange, limits };
    new Simulation(plan(null, 12, { world: { ...DEFAULT_WORLD, exchange: held } }), [observer], createProbe).run();
    expect(ends).toHaveLength(1);
    expect(ends[0]).toBeGreaterThan(dueNs);
    expect(ends[0]).toBeLessThan(dueNs + 80 * NS_PER_MS);
    const short = { ...held, account, startPositionLots: [1_000] };
    new Simulation(plan(null, 60, { world: { ...DEFAULT_WORLD, exchange: short } }), [observer], createProbe).run();
    expect(liquidated.length).toBeGreaterThan(0);
    for (const atNs of [...ends, ...liquidated]) expect(blocks).toContain(atNs);
  });

  it('has our orders in the book that it publishes', () => {
    const { market } = plan(null, 20);
    const lotsAt = (lots: number): number => {
      let ticks = 0;
      let seen = 0;
      const { createCore: createProbe } = probe((message, act) => {
        subscribeAll(message, act);
        if (message.kind !== 'book' || message.feed !== 'l2Book') return;
        const { priceTicks, sizeLots } = message.levels;
        if (ticks === 0) {
          ticks = priceTicks[message.first + 3];
          const orders = [order(1, BID, ticks, lots)];
          act.send({ kind: 'post', via: 'websocket', id: 1, nonce: 1, action: { type: 'order', orders } });
          return;
        }
        for (let row = message.first; row < message.first + message.count && seen === 0; row++) {
          if (priceTicks[row] === ticks) seen = sizeLots[row];
        }
      });
      new Simulation(plan(null, 20, { market }), [], createProbe).run();
      return seen;
    };
    // Neither is large enough to change what others do before the next book.
    expect(lotsAt(40) - lotsAt(30)).toBe(10);
  });
});

describe('a run in a synthetic market that is stopped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replaybook-live-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const seconds = 25;
  const over = { market: { synthetic: syntheticPlan('volatile', ['BTC', 'SOL']) } };

  it('goes on from any moment as if it had not been stopped', () => {
    const whole = new Simulation(plan(DEFAULT_SETTINGS, seconds, over), [], createCore).run();
    const stopped = new Simulation(plan(DEFAULT_SETTINGS, seconds, over), [], createCore);
    for (const momentNs of [0, 70.5e6, 3.3e9, 12.05e9, 24.9e9]) {
      stopped.runUntil(momentNs);
      const state = decodeState(encodeState(stopped.snapshot())) as SimulationState;
      const restored = new Simulation(plan(DEFAULT_SETTINGS, seconds, over), [], createCore);
      restored.restore(state);
      expect(restored.run().digest).toBe(whole.digest);
    }
    expect(stopped.run().digest).toBe(whole.digest);
  });

  it('goes on with a position that is liquidated in the meantime', () => {
    const exchange = {
      ...DEFAULT_WORLD.exchange,
      account: { ...DEFAULT_WORLD.exchange.account, equityUsd: 14 },
      startPositionLots: [1_000, -10],
    };
    const world = { ...DEFAULT_WORLD, exchange };
    const make = () => new Simulation(plan(DEFAULT_SETTINGS, seconds, { ...over, world }), [], createCore);
    const whole = make().run();
    expect(whole.stats.fills).toBeGreaterThan(0);
    const stopped = make();
    for (const momentNs of [70.5e6, 2.2e9, 9.9e9, 17e9]) {
      stopped.runUntil(momentNs);
      const restored = make();
      restored.restore(decodeState(encodeState(stopped.snapshot())) as SimulationState);
      expect(restored.run().digest).toBe(whole.digest);
    }
  });

  it('has the same digest in another process', () => {
    const run = 'dist/test/sim/market/print-digest.js';
    const { digest } = new Simulation(plan(DEFAULT_SETTINGS, seconds, over), [], createCore).run();
    expect(execFileSync(process.execPath, [run], { encoding: 'utf8' }).trim()).toBe(digest);
  });
});
