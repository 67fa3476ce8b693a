/**
 * Orders, fills, cancels and modifications with anything lost, doubled, late or cut off on the way, and the core restored at any moment, against an exchange that is plain to
 * see: nothing is carried out twice, every request ends once, and when all is quiet both sides know the same orders and the same
 * position. More draws with REPLAYBOOK_DRAWS.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { draws } from '../../support/draws.ts';
import { OrderWorld } from '../../support/order-world.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

const kept = fc.constantFrom('kept' as const, 'kept' as const, 'lost' as const, 'twice' as const);
const step = fc.oneof(
  fc.record({ do: fc.constant('place' as const), count: fc.integer({ min: 1, max: 3 }), ask: fc.boolean() }),
  fc.record({ do: fc.constant('cancel' as const), index: fc.nat(9) }),
  fc.record({ do: fc.constant('modify' as const), index: fc.nat(9) }),
  fc.record({ do: fc.constant('fill' as const), index: fc.nat(9), lots: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ do: fc.constant('endByExchange' as const), index: fc.nat(9) }),
  fc.record({ do: fc.constant('foreign' as const) }),
  fc.record({ do: fc.constant('socket' as const), open: fc.boolean() }),
  fc.record({
    do: fc.constant('lose' as const),
    posts: fc.array(fc.constantFrom(true, false, 'refused' as const), { maxLength: 3 }),
    replies: fc.array(fc.boolean(), { maxLength: 3 }),
    updates: fc.array(kept, { maxLength: 4 }),
    fills: fc.array(kept, { maxLength: 2 }),
    restPosts: fc.array(fc.constantFrom('kept' as const, 'lost' as const, 'unanswered' as const, 'refused' as const), {
      maxLength: 3,
    }),
    queries: fc.array(fc.constantFrom('kept' as const, 'lost' as const, 'refused' as const), { maxLength: 3 }),
    delayMs: fc.array(fc.constantFrom(0, 0, 200, 450, 3_000), { maxLength: 4 }),
  }),
  fc.record({ do: fc.constant('restore' as const) }),
  fc.record({ do: fc.constant('lag' as const), ms: fc.constantFrom(0, 500, 5_000) }),
);
const moment = fc.record({ step, waitMs: fc.constantFrom(0, 0, 20, 100, 600, 2_000, 7_000) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function apply(world: OrderWorld, step: Step): void {
  if (step.do === 'place') world.place(...Array.from({ length: step.count }, () => (step.ask ? ASK : BID)));
  else if (step.do === 'cancel') world.cancel(step.index);
  else if (step.do === 'modify') world.modify(step.index);
  else if (step.do === 'fill') world.fill(step.index, step.lots);
  else if (step.do === 'endByExchange') world.endByExchange(step.index);
  else if (step.do === 'foreign') world.placeForeign();
  else if (step.do === 'socket') {
    if (step.open) world.openSocket();
    else world.closeSocket();
  } else if (step.do === 'restore') world.restoreAnew();
  else if (step.do === 'lag') world.pictureLagNs = milliseconds(step.ms);
  else {
    world.losses.posts.push(...step.posts);
    world.losses.replies.push(...step.replies);
    world.losses.updates.push(...step.updates);
    world.losses.fills.push(...step.fills);
    world.losses.restPosts.push(...step.restPosts);
    world.losses.queries.push(...step.queries);
    world.losses.delayNs.push(...step.delayMs.map(milliseconds));
  }
}

/** What holds at every moment. */
function expectSound(world: OrderWorld): void {
  const live = world.state.orders.activeOrders();
  for (const { filledLots, streamLots, originalLots } of live) {
    expect(filledLots).toBeLessThanOrEqual(originalLots);
    expect(streamLots).toBeLessThanOrEqual(filledLots);
  }
  expect(new Set(world.acceptedCloids).size, 'no order is carried out twice').toBe(world.acceptedCloids.length);
  const moved = world.logs.reduce((sum, entry) => {
    if (entry.type === 'fill') return sum + (entry.side === BID ? entry.sizeLots : -entry.sizeLots);
    return entry.type === 'position-adjusted' ? sum + entry.toLots - entry.fromLots : sum;
  }, 0);
  expect(world.state.positionLots, 'fills and adjustments make the position').toBe(moved);
}

/** What holds when nothing has gone wrong for a while. */
function expectAgreed(world: OrderWorld): void {
  expect(world.state.positionLots).toBe(world.positionLots);
  const local = world.state.orders
    .activeOrders()
    .map(({ oid, filledLots, originalLots }) => [oid, originalLots - filledLots]);
  const exchange = [...world.open.values()].map(({ oid, remainingLots }) => [oid, remainingLots]);
  const byOid = (a: number[], b: number[]) => a[0] - b[0];
  expect(local.sort(byOid)).toEqual(exchange.sort(byOid));
  const posts = world.commands.filter(command => command.kind === 'post');
  for (const { id } of posts) {
    const outcomes = (world.outcomes.get(id) ?? []).filter(outcome => outcome !== 'late');
    expect(outcomes.length, `request ${id} has one outcome`).toBe(1);
  }
  expect(world.audits.at(-1)?.isSynced).toBe(true);
}

describe.each([true, false])('with the fallback: %s', fallbackToRest => {
  it('nothing happens twice, and in the end both sides agree', () => {
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 40, size: 'max' }), moments => {
        const world = new OrderWorld(fallbackToRest);
        for (const { step, waitMs } of moments) {
          apply(world, step);
          world.run(milliseconds(waitMs));
          expectSound(world);
        }
        world.heal();
        // The longest of all waits is that for an order that is expected, and for a stuck cancel: 30 s; then its grace.
        world.run(seconds(60));
        expectSound(world);
        expectAgreed(world);
      }),
      draws(1, 200),
    );
  });
});

describe('where nothing is lost', () => {
  const calm = fc.oneof(
    fc.record({ do: fc.constant('place' as const), count: fc.integer({ min: 1, max: 3 }), ask: fc.boolean() }),
    fc.record({ do: fc.constant('cancel' as const), index: fc.nat(9) }),
    fc.record({ do: fc.constant('modify' as const), index: fc.nat(9) }),
    fc.record({ do: fc.constant('fill' as const), index: fc.nat(9), lots: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ do: fc.constant('endByExchange' as const), index: fc.nat(9) }),
    fc.record({ do: fc.constant('lag' as const), ms: fc.constantFrom(0, 500, 5_000) }),
  );
  const calmMoment = fc.record({ step: calm, waitMs: fc.constantFrom(0, 20, 50, 100, 600, 2_000) });
  const late = fc.array(fc.constantFrom(0, 0, 50, 300), { minLength: 60, maxLength: 60 });
  const twice = fc.array(fc.constantFrom('kept' as const, 'twice' as const), { minLength: 20, maxLength: 20 });

  it('but late by up to 0.3 s, told twice and shown by pictures 5 s old, nothing is put right that was not wrong', () => {
    fc.assert(
      fc.property(fc.array(calmMoment, { maxLength: 60, size: 'max' }), late, twice, (moments, delayMs, fills) => {
        const world = new OrderWorld();
        world.losses.delayNs.push(...delayMs.map(milliseconds));
        world.losses.fills.push(...fills);
        for (const { step, waitMs } of moments) {
          apply(world, step);
          world.run(milliseconds(waitMs));
          expectSound(world);
        }
        world.run(seconds(20));
        expectAgreed(world);
        for (const audit of world.audits)
          expect(audit).toMatchObject({
            isSynced: true,
            stalePendingRemoved: 0,
            staleLocalRemoved: 0,
            orphanOrders: 0,
          });
        for (const type of ['position-discrepancy', 'position-adjusted', 'rest-fallback', 'orphan-fill'] as const)
          expect(world.logged(type)).toEqual([]);
      }),
      draws(1, 200),
    );
  });
});
