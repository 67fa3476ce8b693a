import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { OrderWorld } from '../../support/order-world.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

/** With resting orders, compared once already. */
function running(): OrderWorld {
  const world = new OrderWorld();
  world.place(BID, ASK, BID, ASK);
  world.run(seconds(2.5));
  return world;
}

describe('the position', () => {
  it('is compared every ten seconds, and is left where it is right', () => {
    const world = running();
    for (let round = 0; round < 20; round++) {
      world.fill(round, 1);
      world.run(seconds(1.5));
    }
    expect(world.state.positionLots).toBe(world.positionLots);
    expect(world.metric('reconciliations')).toBeGreaterThanOrEqual(3);
    expect(world.logged('position-discrepancy')).toEqual([]);
    expect(world.logged('position-adjusted')).toEqual([]);
    expect(world.logged('duplicate-fill')).toEqual([]);
  });

  it('of which the exchange shows a fill that is still on its way is not set', () => {
    const world = running();
    // The picture is asked for at 11 s and taken 45 ms later; the fill's news takes 800 ms more than usual.
    world.run(seconds(8.5) - milliseconds(10));
    world.losses.delayNs.push(milliseconds(800));
    world.fill(0, 4);
    world.run(seconds(4));
    expect(world.state.positionLots).toBe(4);
    expect(world.logged('position-discrepancy')).toEqual([]);
    expect(world.logged('position-adjusted')).toEqual([]);
  });

  it('that lacks a lost fill is right within twelve seconds, by the fill itself', () => {
    const world = running();
    world.losses.fills.push('lost');
    world.fill(0, 4);
    world.run(seconds(12));
    expect(world.state.positionLots).toBe(4);
    expect(world.logged('position-discrepancy')).toMatchObject([
      { trigger: 'Timer', localLots: 0, exchangeLots: 4, diffLots: 4, inFlightFills: 0 },
    ]);
    expect(world.logged('fill').map(({ tid }) => tid)).toEqual([1]);
    expect(world.logged('position-adjusted')).toEqual([]);
  });

  it('is doubted at once when the next fill was seen at another position', () => {
    const world = running();
    world.losses.fills.push('lost');
    world.fill(0, 8);
    world.run(milliseconds(200));
    expect(world.logged('reconciliation')).toEqual([]);
    for (let lots = 0; lots < 7; lots++) world.fill(1, 1);
    world.run(seconds(1));
    // 8 of a maximum of 1,000 lots are no drift.
    expect(world.logged('reconciliation')).toEqual([]);
  });

  it('is set to the exchange’s where no fill explains it, and late fills do not move it again', () => {
    const world = running();
    world.losses.fills.push('lost');
    world.fill(0, 4);
    const [lost] = world.allFills.splice(0, 1);
    world.run(seconds(12));
    expect(world.state.positionLots).toBe(4);
    expect(world.logged('position-adjusted')).toMatchObject([{ fromLots: 0, toLots: 4 }]);
    world.tellFill(lost);
    world.run(seconds(1));
    expect(world.state.positionLots).toBe(4);
  });

  it('keeps the fills that are newer than the picture it is set by', () => {
    const world = running();
    world.pictureLagNs = seconds(3);
    world.losses.fills.push('lost');
    world.fill(0, 4);
    world.allFills.splice(0, 1);
    for (let round = 0; round < 14; round++) {
      world.run(seconds(1));
      world.fill(1, 1);
    }
    world.run(seconds(1));
    expect(world.state.positionLots).toBe(world.positionLots);
    expect(world.logged('position-adjusted').length).toBe(1);
  });

  it('is compared out of turn for an orphan fill, but not more often than every two seconds', () => {
    const world = running();
    world.run(seconds(2));
    const before = world.metric('reconciliations');
    for (let fills = 0; fills < 10; fills++) {
      world.tellFill({ ...world.foreignFill(), tid: 900 + fills });
      world.run(milliseconds(100));
    }
    world.run(seconds(0.5));
    expect(world.logged('reconciliation').map(({ trigger }) => trigger)).toEqual(['UnmatchedFill']);
    expect(world.metric('reconciliations')).toBe(before + 1);
    world.run(seconds(10));
    expect(world.state.positionLots).toBe(0);
  });
});

describe('a picture that fails', () => {
  it('is asked for again, and nothing is set by it', () => {
    const world = running();
    const real = world.send.bind(world);
    let refused = 0;
    world.send = command => {
      if (command.kind === 'rest' && command.request === 'clearinghouseState' && refused < 2) refused++;
      else real(command);
    };
    world.losses.fills.push('lost');
    world.fill(0, 4);
    world.run(seconds(30));
    expect(refused).toBe(2);
    expect(world.state.positionLots).toBe(4);
  });
});
