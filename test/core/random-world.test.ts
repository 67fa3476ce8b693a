/**
 * A whole core in drawn weather: whatever goes wrong, what it sends obeys the rules, what it believes comes right again, and a
 * core restored in the middle goes on exactly as the original.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { METRIC } from '../../core/infra/metrics/fields.ts';
import { ASK, BID, SIDES } from '../../core/market.ts';
import type { Command, CoreHost, PlaceOrder, QuotingCore } from '../../core/port.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import { roundDown } from '../../core/strategy/price-grid.ts';
import { decodeState, encodeState } from '../../sim/kernel/codec.ts';
import { draws } from '../support/draws.ts';
import { BTC, type Handled, milliseconds, ScriptHost, seconds } from '../support/script-host.ts';

/** One thing that happens, and how long afterwards the next does. */
interface Step {
  readonly what: string;
  readonly size: number;
  readonly waitMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'move',
    'move',
    'move',
    'jump',
    'fill bid',
    'fill ask',
    'silence',
    'speak',
    'lose posts',
    'lose events',
    'hold replies',
    'calm',
    'close user',
    'close market',
    'reject',
    'foreign order',
    'cross',
  ),
  size: fc.integer({ min: -40, max: 40 }),
  waitMs: fc.integer({ min: 1, max: 2_500 }),
});

function happen(host: ScriptHost, { what, size }: Step): void {
  const { behaviour } = host;
  if (what === 'move') host.midTicks += 10 * size;
  else if (what === 'jump') host.midTicks += 150 * size;
  else if (what === 'fill bid' && host.restingOrders(BID).length > 0) host.fillBest(BID, 50 + Math.abs(size) * 10);
  else if (what === 'fill ask' && host.restingOrders(ASK).length > 0) host.fillBest(ASK, 50 + Math.abs(size) * 10);
  else if (what === 'silence') behaviour.book = false;
  else if (what === 'speak') behaviour.book = true;
  else if (what === 'lose posts') behaviour.losePosts = true;
  else if (what === 'lose events') behaviour.loseUserEvents = true;
  else if (what === 'hold replies') behaviour.replyHoldNs = milliseconds(20 * Math.abs(size));
  else if (what === 'calm') calm(host);
  else if (what === 'close user' && host.isOpen.user) host.close('user');
  else if (what === 'close market' && host.isOpen.market) host.close('market');
  else if (what === 'reject') behaviour.rejectWith = 'Insufficient margin to place order. asset=0';
  else if (what === 'foreign order') host.placeForeign(BID, 400_000, 1_000);
  else if (what === 'cross') behaviour.halfSpreadTicks = -5;
  host.publishBook();
}

function calm(host: ScriptHost): void {
  Object.assign(host.behaviour, {
    book: true,
    losePosts: false,
    loseUserEvents: false,
    replyHoldNs: 0,
    rejectWith: null,
    halfSpreadTicks: 5,
  });
}

/** Plays the steps, then lets everything heal. */
function play(steps: readonly Step[]): { host: ScriptHost; core: QuotingCore } {
  const host = new ScriptHost();
  const core = createCore(host, DEFAULT_SETTINGS, [BTC]);
  host.start(core);
  host.run(seconds(8));
  for (const one of steps) {
    happen(host, one);
    host.run(host.nowNs + milliseconds(one.waitMs));
  }
  calm(host);
  // An own connection that is lost now makes the core compare everything with the exchange.
  host.run(host.nowNs + seconds(20));
  if (host.isOpen.user) host.close('user');
  host.run(host.nowNs + seconds(30));
  // While a modification is under way, the order and the one that takes its place both count here: it is over within a second.
  const isUnderWay = (): boolean => core.metrics[METRIC.openOrders] !== host.openOrders.size;
  for (let waits = 0; waits < 40 && isUnderWay(); waits++) host.run(host.nowNs + milliseconds(25));
  return { host, core };
}

const wait = (waitMs: number): Step => ({ what: 'move', size: 0, waitMs });

/** Where a run ended while the core was modifying its orders. */
const ENDED_IN_A_MODIFICATION: readonly Step[] = [
  wait(189),
  wait(301),
  { what: 'fill bid', size: -1, waitMs: 1_398 },
  wait(559),
  wait(2_404),
  wait(1_359),
  wait(1_321),
  { what: 'fill bid', size: 29, waitMs: 2_363 },
  wait(1_106),
];

/** Where a restored core did not know how far from the mid it had quoted. */
const QUOTED_BEFORE_A_RESTORE: readonly Step[] = [
  wait(1),
  wait(440),
  { what: 'move', size: 17, waitMs: 1_077 },
  wait(546),
  wait(1_026),
];

/** Orders of these commands; a second attempt at a request, with the nonce of the first, is none. */
function sentOrders(commands: readonly Command[], nonces: Set<number>): PlaceOrder[] {
  return commands.flatMap(command => {
    if (command.kind !== 'post' || nonces.has(command.nonce)) return [];
    nonces.add(command.nonce);
    if (command.action.type === 'order') return [...command.action.orders];
    return command.action.type === 'batchModify' ? command.action.modifies.map(({ order }) => order) : [];
  });
}

describe('in any weather', () => {
  it('sends valid orders only, and has its account right in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const { host, core } = play(steps);
        const cloids = new Set<number>();
        const nonces = new Set<number>();
        for (const { commands } of host.handled) {
          for (const order of sentOrders(commands, nonces)) {
            expect(cloids.has(order.cloid)).toBe(false);
            cloids.add(order.cloid);
            expect(roundDown(BTC, order.priceTicks)).toBe(order.priceTicks);
            expect(Number.isInteger(order.sizeLots)).toBe(true);
            if (!order.reduceOnly) expect(order.priceTicks * order.sizeLots).toBeGreaterThanOrEqual(10 * 1e6);
            expect(order.tif).toBe('Alo');
          }
          expect(commands.filter(({ kind }) => kind === 'post').length).toBeLessThanOrEqual(4);
        }
        expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
        expect(core.metrics[METRIC.openOrders]).toBe(host.openOrders.size);
        // Both sides quote, but the one that would grow a position at its maximum.
        for (const side of SIDES) {
          const growing = side === BID ? host.positionLots : -host.positionLots;
          if (growing * host.midTicks < 900 * 1e6) expect(host.restingOrders(side).length).toBeGreaterThan(0);
        }
        const [bid] = host.restingOrders(BID);
        const [ask] = host.restingOrders(ASK);
        if (bid !== undefined && ask !== undefined) expect(bid.limitTicks).toBeLessThan(ask.limitTicks);
      }),
      { ...draws(1, 60), examples: [[[...ENDED_IN_A_MODIFICATION]]] },
    );
  });

  it('goes on after a restore exactly as it would have', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 25 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (steps, at) => {
          const { host } = play(steps);
          const cut = Math.floor(at * host.handled.length);
          const first = new Replay(host.handled);
          first.play(0, cut);
          const state = decodeState(encodeState(first.core.snapshot()));
          const second = new Replay(host.handled);
          second.core.restore(state);
          first.play(cut, host.handled.length);
          second.play(cut, host.handled.length);
          expect(second.core.snapshot()).toEqual(first.core.snapshot());
          expect([...second.core.metrics]).toEqual([...first.core.metrics]);
        },
      ),
      { ...draws(2, 30), examples: [[[...QUOTED_BEFORE_A_RESTORE], 0.07838479809976247]] },
    );
  });
});

/** A core that is told what another one was told, and has to answer the same. */
class Replay implements CoreHost {
  readonly core: QuotingCore;
  readonly #handled: readonly Handled[];
  #chargedNs = 0;
  #now: Handled;
  #commands = 0;
  #logs = 0;
  #draws = 0;

  constructor(handled: readonly Handled[]) {
    this.#handled = handled;
    this.#now = handled[0];
    this.core = createCore(this, DEFAULT_SETTINGS, [BTC]);
  }

  play(from: number, to: number): void {
    for (let index = from; index < to; index++) {
      this.#now = this.#handled[index];
      this.#chargedNs = 0;
      this.#commands = 0;
      this.#logs = 0;
      this.#draws = 0;
      this.core.receive(this.#now.message);
      expect(this.#commands).toBe(this.#now.commands.length);
      expect(this.#logs).toBe(this.#now.logs.length);
    }
  }

  send(command: Command): void {
    expect(command).toEqual(this.#now.commands[this.#commands++]);
  }

  charge(_stage: string, units: number): void {
    this.#chargedNs += 1_000 * units;
  }

  chargedNs(): number {
    return this.#chargedNs;
  }

  queuedNs(): number {
    return 0;
  }

  arenaTakenBytes(): number {
    return 0;
  }

  draw(): number {
    return this.#now.draws[this.#draws++];
  }

  log(entry: unknown): void {
    expect(entry).toEqual(this.#now.logs[this.#logs++]);
  }
}
