import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { STEPS } from '../../core/playbook.ts';
import { findScenario, scenarioIds } from '../../scenarios/catalogue.ts';
import { scenarioJsonSchema } from '../../scenarios/json-schema.ts';
import { loadScenario, MAX_SCENARIO_BYTES, parseScenario, scenarioId } from '../../scenarios/load.ts';

const GOOD = `title: All feeds silent
playbook: "2.3"
baseline:
  market: { tape: btc-busy }
cause:
  faults:
    - { kind: feed-silence, target: all, at: 60s, for: 30s }
expect:
  outcome: symptom
  symptom: stale-quotes
  appearsWithin: 22s
  resolvesWithin: 5s
  diagnosis: "2.3"
resolution: { selfHeal: true }
`;

/** What is complained of when a part of a good scenario is replaced; each without the file's name. */
function complaints(part: string, by: string, set: string[] = []): string[] {
  expect(GOOD).toContain(part);
  try {
    parseScenario(GOOD.replace(part, by), 'a.yaml', { set });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ReplaybookError);
    return (error as Error).message.split('\n').map(line => line.replace(/^a\.yaml:/, ''));
  }
}

describe('a scenario file', () => {
  it('is read with its settings', () => {
    const { document, core } = parseScenario(
      GOOD.replace('btc-busy }', 'btc-busy }\n  core: { risk: { maxInventoryUsd: 500 } }'),
      'a.yaml',
    );
    expect(document.cause?.faults).toEqual([{ kind: 'feed-silence', target: 'all', at: '60s', for: '30s' }]);
    expect(core.risk.maxInventoryUsd).toBe(500);
  });

  it.each([
    [
      'appearsWithin',
      'apearsWithin',
      [
        '11:3: expect.apearsWithin: unknown key (did you mean "appearsWithin"?); known here: outcome, symptom, appearsWithin, resolvesWithin, diagnosis, mayDiagnose, mayTurnHot, notDiagnosed, mayBreak, breaks',
      ],
    ],
    [
      'kind: feed-silence',
      'kind: feed-slience',
      [
        '7:15: cause.faults.0.kind: there is no fault "feed-slience" (did you mean "feed-silence"?), see npx replaybook list faults',
      ],
    ],
    [
      'target: all',
      'target: l2book',
      [
        '7:37: cause.faults.0.target: expected one of all, book, l2Book, bbo, fastBook, trades, allMids, activeAssetCtx (did you mean "l2Book"?)',
      ],
    ],
    [
      'target: all, ',
      '',
      [
        '7:7: cause.faults.0.target: is missing: expected one of all, book, l2Book, bbo, fastBook, trades, allMids, activeAssetCtx',
      ],
    ],
    ['at: 60s', 'at: 60', ['7:46: cause.faults.0.at: 60 has no unit: write 60s or 60ms']],
    ['at: 60s', 'at: 1 min', ['7:46: cause.faults.0.at: "1 min" is not a duration: write 1m']],
    ['at: 60s', 'at: 140%', ['7:46: cause.faults.0.at: 140% is more than the whole']],
    ['at: 60s', 'at: [1]', ['7:46: cause.faults.0.at: expected a time such as 12s, or a share of the run such as 40%']],
    ['for: 30s', 'for: 10%', ['7:56: cause.faults.0.for: expected a duration such as 250ms, 12s or 1.5m, not a share']],
    ['for: 30s', 'for: 0.5ms', ['7:56: cause.faults.0.for: expected 1ms to 24h, not 0.5ms']],
    [
      'kind: feed-silence',
      'kind: 3',
      ['7:15: cause.faults.0.kind: expected the kind of a fault, see npx replaybook list faults'],
    ],
    [
      'kind: feed-silence, target: all, at: 60s, for: 30s',
      'kind: late-fill, at: 60s, for: 30s, params: { delay: 6, count: 1.5, side: buy }',
      [
        '7:62: cause.faults.0.params.delay: 6 has no unit: write 6s or 6ms; expected a time from 1ms to 60s',
        '7:72: cause.faults.0.params.count: expected a whole number from 1 to 10000, not 1.5',
        '7:83: cause.faults.0.params.side: expected one of bid, ask, both, not buy',
      ],
    ],
    [
      'kind: feed-silence, target: all, at: 60s, for: 30s',
      'kind: late-fill, at: 60s, for: 30s, params: { delay: 100s }',
      ['7:62: cause.faults.0.params.delay: expected a time from 1ms to 60s, not 100s'],
    ],
    ['"2.3"\nbase', '2.3\nbase', ['2:11: playbook: write it in quotes: "2.3"']],
    ['"2.3"\nbase', '"5.1"\nbase', [`2:11: playbook: expected one of ${STEPS.join(', ')}`]],
    [
      'stale-quotes',
      'stale-quote',
      [
        '10:12: expect.symptom: expected one of orders-not-sending, stale-quotes, position-mismatch, high-latency (did you mean "stale-quotes"?)',
      ],
    ],
    ['title: All feeds silent\n', '', ['1:1: title: is missing: expected a text']],
    ['  appearsWithin: 22s\n', '', ['8:1: expect.appearsWithin: is missing: outcome symptom needs it']],
    ['selfHeal: true', 'selfHeal: false', ['14:25: resolution.selfHeal: expected true']],
    [
      '{ selfHeal: true }',
      '{ operator: reset-kill-swich }',
      [
        '14:25: resolution.operator: expected one of reset-kill-switch, run-safety-audit, set (did you mean "reset-kill-switch"?)',
      ],
    ],
    [
      'tape: btc-busy',
      'synthetic: volatile, instrument: BTC',
      ['3:1: baseline.duration: is missing: a synthetic market has no end of its own'],
    ],
    [
      'tape: btc-busy',
      'from: 10s',
      [
        '4:11: baseline.market: expected a tape or a synthetic market: { tape: btc-busy } or { synthetic: calm, instrument: BTC }',
      ],
    ],
    [
      'tape: btc-busy }',
      'synthetic: volatil, instrument: DOGE }\n  duration: 2m',
      [
        '4:24: baseline.market.synthetic: expected one of calm, busy, volatile, flash-crash, cascade, thin, one-sided (did you mean "volatile"?)',
        '4:45: baseline.market.instrument: expected one of BTC, ETH, SOL, HYPE, kPEPE, hyna:HYPE, hyna:BTC',
      ],
    ],
    [
      'tape: btc-busy }',
      'tape: btc-busy, instrument: BTC, instruments: [ETH] }',
      [
        '4:29: baseline.market.instrument: belongs to a synthetic market: a tape has its own',
        '4:46: baseline.market.instruments: belongs to a synthetic market: a tape has its own',
      ],
    ],
    [
      'tape: btc-busy }',
      'synthetic: calm, tape: x, from: 1s, to: 2s, instruments: [BTC, ETH, BTC] }\n  duration: 25h',
      [
        '4:30: baseline.market.tape: has no place beside synthetic: give one of them',
        '4:39: baseline.market.from: belongs to a tape: a synthetic market begins with the run and is as long',
        '4:49: baseline.market.to: belongs to a tape: a synthetic market begins with the run and is as long',
        '4:81: baseline.market.instruments.2: BTC is there already',
        '5:13: baseline.duration: expected at most 24h of a synthetic market',
      ],
    ],
    [
      'btc-busy }',
      'btc-busy }\n  exchange: { queueModel: PowerProbQueueFunk, bookCadence: daily, snapshotLagMin: 2s }',
      [
        '5:27: baseline.exchange.queueModel: expected one of RiskAdverseQueueModel, PowerProbQueueFunc, PowerProbQueueFunc2, PowerProbQueueFunc3, LogProbQueueFunc, LogProbQueueFunc2 (did you mean "PowerProbQueueFunc"?)',
        '5:47: baseline.exchange.bookCadence: belongs to a synthetic market: a tape brings its books as they were recorded',
        '5:60: baseline.exchange.bookCadence: expected one of until-june-2026, june-2026, july-2026',
        '5:83: baseline.exchange.snapshotLagMin: expected no more than snapshotLagMax',
      ],
    ],
    [
      'tape: btc-busy }',
      'synthetic: calm }\n  duration: 2m\n  exchange: { queueModel: LogProbQueueFunc, queuePower: 2, fillModel: NoPartialFillExchange }',
      ['queueModel', 'queuePower', 'fillModel'].map(
        (name, index) =>
          `6:${[15, 45, 60][index]}: baseline.exchange.${name}: belongs to a tape: in a synthetic market own orders rest in the book itself`,
      ),
    ],
    [
      'tape: btc-busy }',
      'synthetic: calm, instrument: BTC, instruments: [BTC, ETH] }\n  duration: 2m',
      [
        "4:30: baseline.market.instrument: has no place beside instruments: give one of them (on the command line: --set 'baseline.market={ synthetic: calm, instruments: [BTC, ETH] }')",
      ],
    ],
    [
      'btc-busy }',
      'btc-busy }\n  exchange: { limits: { openInterestCapUsd: -1, clientPing: 5 }, makerFeeBps: -0.3 }',
      [
        '5:45: baseline.exchange.limits.openInterestCapUsd: expected a number of 0 or more',
        '5:61: baseline.exchange.limits.clientPing: 5 has no unit: write 5s or 5ms',
      ],
    ],
    [
      'cause:\n',
      'cause:\n  defect: x\n',
      [
        '6:11: cause.defect: there is no defect "x" (npx replaybook list defects shows them all)',
        '15:13: resolution: expected operator, counterfactual or withoutDefect: settings and defects do not heal by themselves',
      ],
    ],
    [
      'resolution: { selfHeal: true }',
      'resolution: { withoutDefect: true }',
      ['14:15: resolution.withoutDefect: has no place where the cause has no defect'],
    ],
    [
      'for: 30s',
      'for: 30s, probability: 0.5',
      ['7:61: cause.faults.0.probability: has no place: feed-silence does not act on single messages'],
    ],
    [
      'btc-busy }',
      'btc-busy, to: 100s }\n  duration: 90s',
      ['5:3: baseline.duration: has no place beside baseline.market.to: give one of them'],
    ],
    [
      'btc-busy }',
      'btc-busy }\n  core: { riks: 1 }',
      [
        '5:11: baseline.core.riks: unknown setting (did you mean "risk"?); known here: infra, risk, orchestrator, strategy, stochastic, estimator, account, execution, fills, safety',
      ],
    ],
    [
      'outcome: symptom',
      'outcome: decoy',
      [
        '8:1: expect.notDiagnosed: is missing: outcome decoy needs it',
        '10:3: expect.symptom: has no place with outcome decoy: a decoy is judged by the steps that it must not be taken for',
        '11:3: expect.appearsWithin: has no place with outcome decoy: a decoy is judged by the steps that it must not be taken for',
        '12:3: expect.resolvesWithin: has no place with outcome decoy: a decoy is judged by the steps that it must not be taken for',
        '13:3: expect.diagnosis: has no place with outcome decoy: a decoy is judged by the steps that it must not be taken for',
      ],
    ],
    ['- {', '- { kind: connection-close,', ['7:33: cause.faults.0.kind: this key is given twice']],
  ])('%j as %j is refused', (part, by, expected) => {
    expect(complaints(part, by)).toEqual(expected);
  });

  it('is told everything that is wrong in one go, in the order of the file', () => {
    const bad = GOOD.replace('title', 'titel')
      .replace('60s', '60')
      .replace('resolvesWithin: 5s', 'resolvesWithin: soon');
    expect(() => parseScenario(bad, 'a.yaml')).toThrow(
      [
        'a.yaml:1:1: title: is missing: expected a text',
        'a.yaml:1:1: titel: unknown key (did you mean "title"?); known here: title, playbook, baseline, cause, pairedDefect, mustFail, vary, expect, resolution',
        'a.yaml:7:46: cause.faults.0.at: 60 has no unit: write 60s or 60ms',
        'a.yaml:12:19: expect.resolvesWithin: "soon" is not a duration: expected one such as 250ms, 12s, 1.5m or 1h',
      ].join('\n'),
    );
  });

  it.each(['', '- 1', 'just text', 'null'])('that holds %j is refused', text => {
    expect(() => parseScenario(text, 'a.yaml')).toThrow(/^a\.yaml:1:1: .*expected a mapping with title, playbook/);
  });

  it('that is too large, missing or a folder is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'replaybook-'));
    const file = join(folder, 'large.yaml');
    writeFileSync(file, `# ${'x'.repeat(MAX_SCENARIO_BYTES)}`);
    expect(() => loadScenario(file)).toThrow('too large for a scenario');
    const none = join(folder, 'none.yaml');
    expect(() => loadScenario(none)).toThrow(`${none}: cannot be read: no such file or folder`);
    expect(() => loadScenario(join(file, 'x.yaml'))).toThrow('cannot be read: a part of the path is no folder');
    expect(() => loadScenario(folder)).toThrow('cannot be read');
    rmSync(folder, { recursive: true });
  });
});

describe('a file', () => {
  it.each([
    ['nothing', [], 'is empty: expected a scenario'],
    ['bytes', [0x41, 0, 0x42], 'is no text in UTF-8: expected a scenario'],
    ['bytes of no character', [0xff, 0xfe, 0x41], 'is no text in UTF-8'],
  ])('with %s in it is told as such', (_what, bytes, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'replaybook-'));
    const file = join(folder, 'a.yaml');
    writeFileSync(file, Uint8Array.from(bytes));
    expect(() => loadScenario(file)).toThrow(`${file}: ${message}`);
    rmSync(folder, { recursive: true });
  });
});

describe('several causes', () => {
  it('are written as a list of steps', () => {
    expect(complaints('"2.3"\nres', '["2.3", "1.1"]\nres')).toEqual([]);
  });

  it.each([
    ['"2.33"', '13:14: expect.diagnosis: expected one of 1.1, .*did you mean "2.3"'],
    ['2.3', '13:14: expect.diagnosis: write it in quotes: "2.3"'],
    ['["2.3", 1.1]', '13:22: expect.diagnosis.1: write it in quotes: "1.1"'],
    ['["2.3", "1.6"]', '13:22: expect.diagnosis.1: expected one of 1.1, '],
    ['[]', '13:14: expect.diagnosis: expected at least 1 item'],
    ['{ step: "2.3" }', '13:14: expect.diagnosis: expected one of 1.1, '],
  ])('%s is told like a single one', (written, message) => {
    const told = complaints('"2.3"\nres', `${written}\nres`);
    expect(told).toEqual([expect.stringMatching(message)]);
  });

  it('of a paired defect that is a mapping, a wrong key is named', () => {
    const told = complaints('resolution:', 'pairedDefect: { defct: x }\nresolution:');
    expect(told[0]).toContain('pairedDefect.defct: unknown key (did you mean "defect"?); known here: defect, set');
  });
});

describe('--set', () => {
  it('changes what the file says, and what it leaves out', () => {
    const set = [
      'core.risk.maxInventoryUsd=500',
      'cause.faults.0.at=40%',
      'baseline.duration=100s',
      'expect.mayBreak=[position]',
    ];
    const { document, core } = parseScenario(GOOD, 'a.yaml', { set });
    expect(core.risk.maxInventoryUsd).toBe(500);
    expect(document.cause?.faults?.[0].at).toBe('40%');
    expect(document.baseline.duration).toBe('100s');
    expect(document.expect.mayBreak).toEqual(['position']);
  });

  it('takes the last of two', () => {
    expect(parseScenario(GOOD, 'a.yaml', { set: ['title=one', 'title=two'] }).document.title).toBe('two');
  });

  it.each([
    [
      'core.riks.maxInventoryUsd=500',
      '--set core.riks.maxInventoryUsd=500: baseline.core.riks: unknown setting (did you mean "risk"?); known here: infra, risk, orchestrator, strategy, stochastic, estimator, account, execution, fills, safety',
    ],
    ['cause.faults.0.at=55', '--set cause.faults.0.at=55: cause.faults.0.at: 55 has no unit: write 55s or 55ms'],
    [
      'cause.faults.1.at=55s',
      '--set cause.faults.1.at=55s: cause.faults is a list of 1, counted from 0, and has no part "1"',
    ],
    [
      'cause.fault.0.at=55s',
      '--set cause.fault.0.at=55s: cause.fault: unknown key (did you mean "faults"?); known here: faults, set, defect',
    ],
    ['title.x=1', '--set title.x=1: title has no parts'],
    ['title', '--set title: expected path=value, such as core.risk.maxInventoryUsd=500'],
    ['=1', '--set =1: expected path=value, such as core.risk.maxInventoryUsd=500'],
    ['a..b=1', '--set a..b=1: "a..b" is not a path'],
    ['__proto__.polluted=1', '--set __proto__.polluted=1: "__proto__.polluted" is not a path'],
    ['title=[1', '--set title=[1: not valid YAML: Flow sequence must end with a ]'],
  ])('%s is refused', (set, message) => {
    expect(complaints('title', 'title', [set])).toEqual([message]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('goes through the same checks on a scenario without a cause', () => {
    const healthy =
      'title: x\nplaybook: null\nbaseline: { market: { tape: btc-busy } }\nexpect: { outcome: healthy }\n';
    expect(() => parseScenario(healthy, 'a.yaml', { set: ['cause.faults.0.at=55s'] })).toThrow(
      '--set cause.faults.0.at=55s: cause.faults: expected a list',
    );
  });

  it('comes after --tape, which replaces market and duration', () => {
    const text = GOOD.replace('btc-busy }', 'btc-busy, from: 5s }\n  duration: 100s');
    expect(parseScenario(text, 'a.yaml', { tape: '/x.gz', set: [] }).document.baseline).toEqual({
      market: { tape: '/x.gz' },
    });
    expect(parseScenario(text, 'a.yaml', { tape: '/x.gz', set: ['baseline.duration=90s'] }).document.baseline).toEqual({
      market: { tape: '/x.gz' },
      duration: '90s',
    });
  });
});

describe('the scenarios of the repository', () => {
  it('are all good', () => {
    const ids = scenarioIds('scenarios');
    expect(ids).toContain('2-stale-quotes/2.3-all-feeds-silent');
    for (const id of ids) expect(loadScenario(`scenarios/${id}.yaml`).id).toBe(id);
  });

  it('lie in the folder of their family', () => {
    for (const id of scenarioIds('scenarios')) {
      // Incidents are named by what happened, whatever step they are about; the canary is about none.
      if (/^(incidents|canary)\//.test(id)) continue;
      const { playbook } = loadScenario(`scenarios/${id}.yaml`).document;
      expect(id).toMatch(
        playbook === null ? /^healthy\// : new RegExp(`^${playbook[0]}-[^/]+/${playbook.replace('.', '\\.')}-`),
      );
    }
  });

  it('are found by id, unique part and path', () => {
    const file = 'scenarios/2-stale-quotes/2.3-all-feeds-silent.yaml';
    expect(findScenario('scenarios', '2-stale-quotes/2.3-all-feeds-silent')).toBe(file);
    // A part of a longer name too, and meant as it stands.
    expect(findScenario('scenarios', '2.3-all-feeds-silent')).toBe(file);
    expect(findScenario('scenarios', 'market-flaps')).toBe('scenarios/2-stale-quotes/2.3-market-flaps.yaml');
    expect(findScenario('scenarios', file)).toBe(file);
    expect(() => findScenario('scenarios', '2.3')).toThrow(
      /"2\.3" fits \d+ scenarios: 2-stale-quotes\/2\.3-all-feeds-silent, /,
    );
    expect(() => findScenario('scenarios', '-')).toThrow(/^"-" fits (\d+) scenarios: (\S+, ){9}\S+ and \d+ more; say/);
    expect(() => findScenario('scenarios', '.')).toThrow('. is a folder: name a scenario file in it');
    expect(() => findScenario('scenarios', '2.3-all-feeds-slient')).toThrow('did you mean "2.3-all-feeds-silent"?');
    expect(() => findScenario('scenarios', '../package')).toThrow('no scenario "../package"');
    expect(() => findScenario('scenarios', 'missing.yaml')).toThrow('missing.yaml: no such file');
  });

  it('have their path as their id, wherever the folder lies', () => {
    expect(scenarioId('/a/scenarios/b/scenarios/c/d.yaml')).toBe('c/d');
    expect(scenarioId('/a/b/mine.yaml')).toBe('mine');
  });
});

describe('the JSON Schema', () => {
  it('knows the targets and parameters of each kind of fault', () => {
    const text = JSON.stringify(scenarioJsonSchema());
    const { oneOf } = JSON.parse(text).properties.cause.properties.faults.items;
    const silence = oneOf.find((kind: { properties: { kind: object } }) => 'const' in kind.properties.kind);
    expect(silence.required).toContain('target');
    const slow = oneOf.find(
      (one: { properties: { kind: { const: string } } }) => one.properties.kind.const === 'slow-handler',
    );
    expect(slow.properties.target.enum).toContain('book');
    expect(slow.properties.params.properties.extra).toMatchObject({ type: 'string', default: '20ms' });
    expect(slow.properties.direction).toBeUndefined();
    expect(slow.properties.probability).toBeDefined();
  });

  it('is the one that is committed (scenarios/scenario.schema.json is written by scenarios/write-json-schema.ts)', () => {
    expect(JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8'))).toEqual(scenarioJsonSchema());
  });
});
