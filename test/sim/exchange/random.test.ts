import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import type { PostItem } from '../../../core/port.ts';
import { DEFAULT_EXCHANGE } from '../../../sim/exchange/exchange.ts';
import { ReplayExchange } from '../../../sim/exchange/replay/replay-exchange.ts';
import { Auditor } from './auditor.ts';
import { resolve, type Step, steps } from './random-steps.ts';
import { Reference } from './reference.ts';
import { COIN, Journal, RICH, tapeOf } from './support.ts';

/** Without a minimum, so that no small size is refused for it, and with whole prices, which are all on the grid. */
const INSTRUMENT = { ...COIN, priceDecimals: 0, sizeDecimals: 0, minNotionalUsd: 0 };

function newExchange(journal: Journal): ReplayExchange {
  return new ReplayExchange([INSTRUMENT], { ...DEFAULT_EXCHANGE, account: RICH }, journal);
}

function answer(item: PostItem): string {
  switch (item.status) {
    case 'resting':
      return `resting ${item.oid}`;
    case 'filled':
      return `filled ${item.oid} ${item.filledLots}`;
    default:
      return item.status;
  }
}

/** Answers of one step, which is resolved against the exchange's own open orders. */
function carryOut(exchange: ReplayExchange, nowNs: number, nonce: number, step: Step): PostItem[] {
  const resolved = resolve(step, nowNs, exchange.openOrders());
  if ('action' in resolved) return exchange.handleAction(nowNs, nonce, resolved.action).items;
  exchange.applyFrame(nowNs, tapeOf([INSTRUMENT], resolved.frame, nowNs), 0);
  return [];
}

describe('random frames and actions', () => {
  it('give the same answers, fills, orders and position as the slow and obvious exchange', () => {
    const seen = { maker: 0, taker: 0, partial: 0, modified: 0, selfTrade: 0, reduceOnly: 0 };
    fc.assert(
      fc.property(steps, steps => {
        const auditor = new Auditor();
        const exchange = newExchange(auditor);
        const reference = new Reference();
        let nowNs = 1;
        for (const [number, step] of steps.entries()) {
          nowNs += step.afterNs;
          const resolved = resolve(step, nowNs, exchange.openOrders());
          const items = carryOut(exchange, nowNs, number + 1, step);
          if ('action' in resolved) expect(items.map(answer)).toEqual(reference.act(nowNs, resolved.action));
          else reference.play(nowNs, resolved.frame);

          const fills = auditor.lines.filter(line => line.startsWith('filled'));
          expect(fills.map(line => line.replace('filled ', '').replace('position ', ''))).toEqual(reference.fills);
          expect(exchange.positionLots(0)).toBe(reference.position);
          const open = exchange.openOrders();
          expect(open.map(order => [order.oid, order.cloid, order.limitTicks, order.remainingLots])).toEqual(
            reference.orders.map(entry => [entry.oid, entry.order.cloid, entry.order.priceTicks, entry.left]),
          );
          expect([...auditor.live.keys()].sort((a, b) => a - b)).toEqual(open.map(order => order.oid));
          const bids = open.filter(order => order.side === BID).map(order => order.limitTicks);
          const asks = open.filter(order => order.side === ASK).map(order => order.limitTicks);
          if (bids.length > 0 && asks.length > 0) expect(Math.max(...bids)).toBeLessThan(Math.min(...asks));
          expect(new Set(open.map(order => order.cloid)).size).toBe(open.length);
        }
        for (const line of auditor.lines) {
          if (line.includes(' maker ')) seen.maker++;
          if (line.includes(' taker ')) seen.taker++;
          if (/removed \d+ canceled (\d+)\/(?!\1$)/.test(line)) seen.partial++;
          if (line.includes(' modified ')) seen.modified++;
          if (line.includes('selfTradeCanceled')) seen.selfTrade++;
          if (line.includes('reduceOnlyCanceled')) seen.reduceOnly++;
        }
      }),
      { seed: 1, numRuns: 200 },
    );
    // What never happens has not been tested.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });

  it('go on from a snapshot, taken anywhere, exactly as without', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (steps, draw) => {
        const cut = draw % steps.length;
        const whole = new Journal();
        const exchange = newExchange(whole);
        const times = steps.map(step => step.afterNs);
        for (const [at, afterNs] of times.entries()) times[at] = afterNs + (at === 0 ? 1 : times[at - 1]);
        for (let at = 0; at < cut; at++) carryOut(exchange, times[at], at + 1, steps[at]);

        const state = exchange.snapshot();
        expectPlain(state);
        const copy = structuredClone(state);
        const rest = new Journal();
        const restored = newExchange(rest);
        // Something else before, so that what restore leaves behind would show.
        for (let at = 0; at < 5; at++) carryOut(restored, 1, at + 1, steps[at]);
        restored.restore(copy);
        for (const journal of [rest, whole]) journal.forget();

        for (let at = cut; at < steps.length; at++) {
          expect(carryOut(restored, times[at], at + 1, steps[at])).toEqual(
            carryOut(exchange, times[at], at + 1, steps[at]),
          );
        }
        expect(rest.lines).toEqual(whole.lines);
        expect(rest.fills).toEqual(whole.fills);
        expect(rest.updates).toEqual(whole.updates);
        expect(restored.snapshot()).toEqual(exchange.snapshot());
        expect(restored.bookFrame(0)?.count).toBe(exchange.bookFrame(0)?.count);
        // The snapshot is not tied to the run that went on.
        expect(state).toEqual(copy);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

/** Objects, arrays, numbers, strings, booleans, null and typed arrays, and nothing else. */
function expectPlain(value: unknown): void {
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value) || ArrayBuffer.isView(value)) return;
  expect(typeof value).toBe('object');
  if (Array.isArray(value)) return value.forEach(expectPlain);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  for (const inner of Object.values(value as object)) expectPlain(inner);
}
