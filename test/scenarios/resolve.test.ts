import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';
import { resolveScenario } from '../../scenarios/resolve.ts';

const S = 1_000_000_000;
const TAPE = { name: 'the tape walk', isSynthetic: false, symbols: ['WALK'], endNs: 180 * S };

const TEXT = `title: x
playbook: "2.3"
baseline: { market: { tape: walk } }
cause:
  faults:
    - { kind: feed-silence, target: book, at: 60s, for: 30s }
    - { kind: connection-close, target: user, at: 40%, for: 2s }
expect: { outcome: symptom, symptom: stale-quotes, appearsWithin: 22s, resolvesWithin: 5s, diagnosis: "2.3" }
`;

function resolve(set: string[] = [], tape = TAPE) {
  return resolveScenario(parseScenario(TEXT, 'a.yaml', { set }), tape);
}

describe('a scenario on its tape', () => {
  it('has all times from the tape’s origin', () => {
    expect(resolve()).toMatchObject({
      fromNs: 0,
      toNs: 180 * S,
      healNs: 150 * S,
      faults: [
        { kind: 'feed-silence', target: 'book', atNs: 60 * S, forNs: 30 * S },
        { kind: 'connection-close', target: 'user', atNs: 72 * S, forNs: 2 * S },
      ],
      expect: {
        outcome: 'symptom',
        appearsWithinNs: 22 * S,
        resolvesWithinNs: 5 * S,
        diagnosis: ['2.3'],
        notDiagnosed: [],
        mayBreak: [],
      },
    });
  });

  it('may light up what its faults declare, but not twice the same', () => {
    const { allowed, symptomsAllowed } = resolve().expect;
    expect(allowed).toEqual(['1.2', '2.2', '3.4']);
    expect(symptomsAllowed).toEqual(['orders-not-sending', 'position-mismatch', 'stale-quotes']);
  });

  it('begins its faults after its own start, and takes shares of its own length', () => {
    const { fromNs, toNs, healNs, faults } = resolve(['baseline.market.from=20s', 'baseline.duration=150s']);
    expect([fromNs, toNs, healNs]).toEqual([20 * S, 170 * S, 140 * S]);
    expect(faults.map(({ atNs }) => atNs)).toEqual([80 * S, 80 * S]);
  });

  it('ends where the market says', () => {
    expect(resolve(['baseline.market.to=140s']).toNs).toBe(140 * S);
  });

  it.each([
    [
      ['baseline.duration=181s'],
      '--set baseline.duration=181s: baseline.duration: is past the end: the tape walk ends at 180s',
    ],
    [
      ['baseline.market.to=181s'],
      '--set baseline.market.to=181s: baseline.market.to: is past the end: the tape walk ends at 180s',
    ],
    [
      ['baseline.market.from=180s'],
      '--set baseline.market.from=180s: baseline.market.from: is past the end: the tape walk ends at 180s',
    ],
    [
      ['baseline.duration=0s'],
      '--set baseline.duration=0s: baseline.duration: leaves nothing to run: it must be after the start',
    ],
    [
      ['cause.faults.0.at=180s'],
      '--set cause.faults.0.at=180s: cause.faults.0.at: begins past the end of the run, which is 180s long',
    ],
    [
      ['cause.faults.0.at=100%'],
      '--set cause.faults.0.at=100%: cause.faults.0.at: begins past the end of the run, which is 180s long',
    ],
    [
      ['cause.faults.0.at=120.001s'],
      '--set cause.faults.0.at=120.001s: cause.faults.0.at: the last 30s of a run are free of faults, so that the core can recover; it ends at 150.001s and must end by 150s: begin it earlier, shorten it, or run longer',
    ],
  ])('%j is refused', (set, message) => {
    expect(() => resolve(set)).toThrow(message);
  });

  it('may end a fault at the very beginning of the heal phase', () => {
    expect(resolve(['cause.faults.0.at=120s']).faults[0].atNs).toBe(120 * S);
  });

  it('says what to do where the tape is too short', () => {
    const set = ['cause.faults.0.at=5s', 'cause.faults.1.at=5s'];
    expect(() => resolve(set, { ...TAPE, name: 'short', endNs: 25.35 * S })).toThrow(
      'a run of 25.35s is too short: run longer, or shorten resolution.healFor',
    );
    const healSoon = [...set, 'cause.faults.0.for=9s', 'resolution={selfHeal: true, healFor: 10s}'];
    expect(resolve(healSoon, { ...TAPE, name: 'short', endNs: 25.35 * S }).healNs).toBe(15.35 * S);
  });
});
