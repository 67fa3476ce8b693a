import { describe, expect, it } from 'vitest';
import { DEFAULT_SYNC_HEALTH, SyncHealth } from '../../../core/infra/sync-health.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { KeptLog } from './frames.ts';

function fresh() {
  const log = new KeptLog();
  return { log, health: new SyncHealth(DEFAULT_SYNC_HEALTH, log.write) };
}

describe('score', () => {
  it('is 1 after a perfect comparison, and does not fall by age alone', () => {
    const { health } = fresh();
    health.record(true, 8, 8, 0, 0);
    expect(health.score(0)).toBe(1);
    expect(health.score(3_600 * NS_PER_S)).toBe(1);
  });

  it('falls from 5 s to 10 s after the first comparison that failed', () => {
    const { health } = fresh();
    for (let i = 0; i < 19; i++) health.record(true, 8, 8, 0, 0);
    const failedNs = 1_000 * NS_PER_S;
    health.record(false, 0, 0, 0, failedNs);
    const whole = 0.7 + 0.3 * 0.95;
    expect(health.score(failedNs + 5 * NS_PER_S)).toBeCloseTo(whole, 12);
    expect(health.score(failedNs + 5 * NS_PER_S + 1)).toBeLessThan(whole);
    expect(health.score(failedNs + 7.5 * NS_PER_S)).toBeCloseTo(0.8 * whole, 12);
    expect(health.score(failedNs + 10 * NS_PER_S)).toBeCloseTo(0.6 * whole, 12);
    health.record(true, 8, 8, 0, failedNs + 60 * NS_PER_S);
    expect(health.score(failedNs + 999 * NS_PER_S)).toBeCloseTo(whole, 12);
  });

  it('assumes the middle before any comparison', () => {
    expect(fresh().health.score(0)).toBeCloseTo(0.8 * 0.94, 12);
  });

  it('takes the mean of the last 20 outcomes', () => {
    const { health } = fresh();
    for (let i = 0; i < 20; i++) health.record(false, 0, 0, 0, 0);
    for (let i = 0; i < 5; i++) health.record(true, 1, 1, 0, 0);
    expect(health.score(0)).toBeCloseTo(0.7 + 0.3 * 0.25, 12);
    for (let i = 0; i < 15; i++) health.record(true, 1, 1, 0, 0);
    expect(health.score(0)).toBe(1);
  });

  it.each([
    [0, 0, 1],
    [4, 8, 0.5],
    [8, 4, 0.5],
    [0, 3, 0.5],
    [3, 0, 0.5],
    [6, 6, 1],
  ])('matches %d local and %d orders of the exchange by %d', (local, exchange, match) => {
    const { health } = fresh();
    health.record(true, local, exchange, 0, 0);
    expect(health.score(0)).toBeCloseTo(0.8 + 0.2 * match, 12);
  });

  it.each([
    [0, 1],
    [1, 0.5],
    [2, 0],
    [5, 0],
  ])('of 10 orders, %d orphans leave %d', (orphans, left) => {
    const { health } = fresh();
    health.record(true, 10, 10, orphans, 0);
    expect(health.score(0)).toBeCloseTo(0.9 + 0.1 * left, 12);
  });

  it('is never under 0.302', () => {
    const { health } = fresh();
    health.record(true, 1_000_000, 1, 1, 0);
    for (let i = 0; i < 20; i++) health.record(false, 0, 0, 0, 0);
    expect(health.score(60 * NS_PER_S)).toBeCloseTo(0.6 * 0.7 * 0.8 * 0.9, 6);
    expect(health.level(60 * NS_PER_S)).toBe('Desync');
  });
});

it('changes its level at 0.8 and at 0.5, and logs each change once', () => {
  const { log, health } = fresh();
  health.record(true, 5, 5, 0, 0);
  for (let i = 0; i < 18; i++) health.record(true, 5, 5, 0, 0);
  for (let s = 100; s <= 112; s++) health.record(false, 0, 0, 0, s * NS_PER_S);
  health.record(true, 5, 5, 0, 113 * NS_PER_S);
  expect(log.of('sync-health').map(({ atNs, level }) => [atNs / NS_PER_S, level])).toEqual([
    [0, 'Healthy'],
    [107, 'Degraded'],
    [111, 'Desync'],
    [113, 'Healthy'],
  ]);
});

it('has its levels at the score, not past it', () => {
  const log = new KeptLog();
  const at = (score: number) =>
    new SyncHealth({ ...DEFAULT_SYNC_HEALTH, healthyScore: score, degradedScore: score }, log.write);
  const score = fresh().health.score(0);
  expect(at(score).level(0)).toBe('Healthy');
  expect(at(score + 1e-12).level(0)).toBe('Desync');
});

it('comes back from a snapshot', () => {
  const one = fresh();
  one.health.record(true, 3, 4, 1, 0);
  one.health.record(false, 0, 0, 0, NS_PER_S);
  const two = fresh();
  two.health.restore(structuredClone(one.health.snapshot()));
  expect(two.health.score(6 * NS_PER_S)).toBe(one.health.score(6 * NS_PER_S));
  two.health.record(true, 3, 4, 1, 2 * NS_PER_S);
  expect(two.log.entries, 'the level was logged before').toEqual([]);
});

it('asks for wider and smaller quotes while degraded, and only to reduce while out of sync', () => {
  const { health } = fresh();
  expect(health.effect(0), 'before any comparison').toEqual({ spreadFactor: 1, sizeFactor: 1, reduceOnly: false });
  health.record(true, 4, 4, 0, 0);
  expect(health.effect(60 * NS_PER_S)).toEqual({ spreadFactor: 1, sizeFactor: 1, reduceOnly: false });
  for (let failures = 0; failures < 4; failures++) health.record(false, 0, 0, 0, NS_PER_S);
  expect(health.level(8 * NS_PER_S)).toBe('Degraded');
  expect(health.effect(8 * NS_PER_S)).toEqual({ spreadFactor: 1.5, sizeFactor: 0.5, reduceOnly: false });
  expect(health.level(11 * NS_PER_S)).toBe('Desync');
  expect(health.effect(11 * NS_PER_S)).toMatchObject({ reduceOnly: true });
});
