/** A fault says that it took effect where it did, and nowhere else; several at once leave each other their own. */
import { describe, expect, it } from 'vitest';
import { leverageTierCut } from '../../../sim/faults/account/leverage-tier-cut.ts';
import { type FaultOf, type FaultRunOptions, faultPlan, runFaults } from '../../support/fault-runs.ts';

/** What faults did, in words, in order; of one of them where its place in the plan is given. */
function effects(faults: readonly FaultOf[], options: FaultRunOptions = {}, index?: number): string[] {
  const run = runFaults(faultPlan(faults, { seconds: 30, ...options }));
  return run.effects.filter(effect => index === undefined || effect.index === index).map(({ what }) => what);
}

const BOTH = { symbols: ['BTC', 'ETH'] } as const;

describe('faults of fills', () => {
  it.each(['lost-fill', 'late-fill', 'duplicate-fill', 'fills-reversed'])(
    '%s hits what its aggressor makes, however improbable: once',
    kind => {
      expect(effects([{ kind, at: 10, for: 8, probability: 0.01 }])).toHaveLength(1);
    },
  );

  it('wait for the stream while it is down', () => {
    const down: FaultOf = { kind: 'connection-close', target: 'user', at: 8, for: 12 };
    expect(effects([down, { kind: 'lost-fill', at: 9, for: 8 }], {}, 1)).toEqual([]);
  });
});

describe('an open-interest-drop', () => {
  it('counts contexts of its own instrument, once something is hidden', () => {
    const drop: FaultOf = { kind: 'open-interest-drop', at: 8, for: 14, params: { instrument: 'ETH' } };
    expect(effects([drop], BOTH).length).toBeGreaterThan(1);
    const silence: FaultOf = {
      kind: 'feed-silence',
      target: 'activeAssetCtx',
      at: 7,
      for: 16,
      params: { instrument: 'ETH' },
    };
    expect(effects([silence, drop], BOTH, 1)).toEqual([]);
    expect(effects([drop], BOTH).filter(what => what.includes('0.00 %'))).toEqual([]);
  });
});

describe('a leverage-tier-cut', () => {
  it.each([
    // BTC has 40 in the synthetic market, ETH 25.
    [50, []],
    [30, ['allows a leverage of 30 above $0']],
    [10, ['allows a leverage of 10 above $0', 'allows a leverage of 10 above $0']],
  ])('to %i raises nothing', (leverage, expected) => {
    expect(effects([{ kind: 'leverage-tier-cut', at: 8, for: 8, params: { leverage } }], BOTH)).toEqual(expected);
  });
});

describe('a leverage-tier-cut of several tiers', () => {
  const FORMER = [
    { lowerBoundUsd: 0, maxLeverage: 40 },
    { lowerBoundUsd: 50_000, maxLeverage: 20 },
  ];

  /** What the tiers are set to; null: they are left alone. */
  function cutTo(leverage: number, above: number): unknown {
    let set: unknown = null;
    const account = {
      rules: () => [{ instrument: 0, tiers: FORMER }],
      setTiers: (_instrument: number, tiers: unknown) => {
        set = tiers;
      },
    };
    const world = {
      nowNs: 0,
      instruments: [{}],
      exchange: { clearing: { account }, settle: () => undefined },
      links: { accountChanged: () => undefined },
      tookEffect: () => undefined,
    };
    const fault = { kind: 'leverage-tier-cut', params: { leverage, above, instrument: -1 } };
    leverageTierCut.create(fault as never, world as never).begin?.();
    return set;
  }

  it.each([
    [10, 0, [[0, 10]]],
    [
      30,
      0,
      [
        [0, 30],
        [50_000, 20],
      ],
    ],
    // The second tier begins earlier, and that is a cut, too.
    [
      20,
      10_000,
      [
        [0, 40],
        [10_000, 20],
      ],
    ],
    [30, 100_000, null],
    [50, 0, null],
  ])('to %i above $%i lowers and never raises', (leverage, above, expected) => {
    const tiers = expected?.map(([lowerBoundUsd, maxLeverage]) => ({ lowerBoundUsd, maxLeverage })) ?? null;
    expect(cutTo(leverage, above)).toEqual(tiers);
  });
});

describe('feed-reorder', () => {
  it.each([1, 2, 3])('hits %i messages, each overtaken by one more', messages => {
    const fault: FaultOf = { kind: 'feed-reorder', target: 'bbo', at: 8, for: 14, params: { messages } };
    expect(effects([fault])).toHaveLength(messages);
  });
});

describe('prices that several faults move', () => {
  it('stay where the first has put them when another moves them on', () => {
    const jump: FaultOf = { kind: 'price-jump', at: 8, for: 1, params: { change: 8 } };
    const small: FaultOf = { kind: 'price-jump', at: 14, for: 1, params: { change: 0.01 } };
    const pulls = (faults: FaultOf[]) =>
      runFaults(faultPlan(faults, { seconds: 30 })).entries.filter(
        entry => entry.type === 'risk' && entry.monitors.includes('price-velocity') && entry.atNs > 13e9,
      );
    expect(pulls([jump, small])).toEqual([]);
  });
});

describe('a blocked-loop', () => {
  it('holds the CPU no longer than it lasts', () => {
    const fault: FaultOf = { kind: 'blocked-loop', at: 10, for: 1, params: { hold: '30s', every: '0s' } };
    expect(effects([fault])).toEqual(['held the CPU for 1000 ms']);
  });
});

describe('an answer that one fault has lost', () => {
  it('is still told of to the others', () => {
    const core = faultPlan([]).core;
    const alone = { ...core, infra: { ...core.infra, wsPost: { ...core.infra.wsPost, fallbackToRest: false } } };
    const faults: FaultOf[] = [
      { kind: 'reply-lost', at: 10, for: 8 },
      { kind: 'disconnect-mid-batch', at: 10, for: 8 },
    ];
    expect(effects(faults, { core: alone, preset: 'volatile' }, 1)).toHaveLength(1);
  });
});

describe('low-quota', () => {
  it('does nothing where no more is left than it would leave', () => {
    expect(effects([{ kind: 'low-quota', at: 8, for: 8, params: { share: 1 } }])).toEqual([]);
  });
});

describe('user-silence', () => {
  it('withholds nothing where nothing is to be sent', () => {
    const faults: FaultOf[] = [
      { kind: 'lost-order-update', at: 8, for: 8 },
      { kind: 'user-silence', target: 'orderUpdates', at: 8, for: 8 },
    ];
    expect(effects(faults, {}, 1)).toEqual([]);
  });
});

describe('foreign orders of one moment', () => {
  it('are all taken at once', () => {
    const order = (side: string): FaultOf => ({
      kind: 'foreign-order',
      at: 12,
      for: 8,
      params: { side, distance: 200 },
    });
    const { effects: taken } = runFaults(faultPlan([order('bid'), order('ask')], { seconds: 30 }));
    expect(taken.map(({ atNs }) => atNs)).toEqual([12e9, 12e9]);
  });
});
