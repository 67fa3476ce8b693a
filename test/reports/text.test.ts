import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../core/evidence.ts';
import { judge } from '../../reports/checks/judge.ts';
import { renderVerdict, type TextContext } from '../../reports/text.ts';
import { shorten, timeline } from '../../reports/timeline.ts';
import type { Verdict, Violation } from '../../reports/verdict.ts';
import { S } from './support.ts';
import { expected, finding, hot, violation } from './verdicts.ts';

const ENTRIES: readonly LogEntry[] = [
  {
    type: 'risk',
    atNs: 65.2 * S,
    pullQuotes: false,
    spreadFactor: 1.5,
    reduceOnly: false,
    maxSeverity: 'Medium',
    monitors: ['data-staleness'],
    pulledBy: [],
  },
  { type: 'quote-gate', atNs: 75.5 * S, reason: { type: 'StaleData', ageMs: 15_100, thresholdMs: 15_000 } },
  { type: 'quotes-pulled', atNs: 75.5 * S, reason: 'DataQualityGate', orders: 10 },
  { type: 'quote-gate', atNs: 90 * S, reason: null },
  { type: 'cycle-resumed', atNs: 90.1 * S },
];

const CONTEXT: TextContext = {
  title: 'All market feeds fall silent for 30 s',
  isRecorded: false,
  fromNs: 0,
  toNs: 180 * S,
  entries: ENTRIES,
  colour: false,
};

function widest(text: string): number {
  return Math.max(...text.split('\n').map(line => line.length));
}

describe('a verdict as text', () => {
  it('says what was run, what happened, what was checked and what it means', () => {
    expect(renderVerdict(judge(expected()), CONTEXT)).toMatchInlineSnapshot(`
      "PASS  All market feeds fall silent for 30 s

        scenario  2-stale-quotes/2.3-all-feeds-silent (playbook step 2.3, market data stops arriving)
        market    simulated, tape btc-busy; the exchange’s answers and own fills are simulated, without
                  impact on the market
        span      0.0 s to 180.0 s (180.0 s of virtual time), seed 1
        volume    1000 events, 9000 rows, 80 commands, 3 own fills

      What happened
           60.4 s  injected  feed-silence takes effect (50 times in all)
           65.2 s  core      risk: cautious, spreads × 1.5 (data-staleness)
           75.5 s  core      data-quality gate shuts: StaleData
           75.5 s  core      quotes pulled: DataQualityGate, 10 orders
           80.0 s  truth     stale-quotes turns HOT on bid: nothing of ours rests
           90.0 s  core      data-quality gate opens
           90.1 s  core      quoting goes on
           90.3 s  truth     stale-quotes is cold again on bid
        injected: by the scenario; truth: seen at the exchange; core: written by the core itself
        stale-quotes: our quotes stay where they are while the market moves, or are missing

      Checks
        ✓ the same run without the cause  nothing is wrong without it
        ✓ the cause                       it took effect at 60.4 s
        ✓ the symptom appears             it appeared at 80.0 s
        ✓ the diagnosis                   step 2.3 is found to be cause, as it should be
        ✓ the symptom resolves            it resolved at 90.3 s, by: order accepted on bid
        ✓ what must always hold           all held

      Diagnosis (inferred from the core’s own log, without knowing what was injected)
        cause    2.3, market data stops arriving (score 0.90)
                 - seen at 0.9 s
                 what to do: Look at the feed.
        ok       2.2

      run digest   sha256:11
      twin digest  sha256:22
      "
    `);
  });

  it('says on failure what to look at next', () => {
    const text = renderVerdict(judge({ ...expected(), violations: [violation('position')] }), CONTEXT);
    expect(text).toMatch(/^FAIL {2}All market feeds/);
    expect(text).toContain('✗ what must always hold');
    expect(text).toContain('What to look at next');
    expect(text).toContain('what must always hold (at 61.0 s, event 650): position: it did not hold');
  });

  it('speaks of every check that failed, the most telling first, and of what the scenario can allow', () => {
    const open = [hot(80 * S, null, { why: 'nothing of ours rests' })];
    const input = {
      ...expected(),
      symptoms: { run: { 'stale-quotes': open }, twin: {} },
      findings: [finding('2.3', 'ok', 0)],
    };
    const next = (violations: Violation[]) => {
      const text = renderVerdict(judge({ ...input, violations }), CONTEXT);
      expect(text.match(/nothing of ours rests/g)).toHaveLength(3);
      return text.slice(text.indexOf('What to look at next')).replaceAll(/\s+/g, ' ');
    };
    const cold = next([violation('cold-after-heal')]);
    const told = [
      'symptom resolves (at 80.0 s',
      'it turned hot at 80.0 s',
      'the diagnosis: step 2.3 is ok',
      'must always',
    ];
    expect(told.map(part => cold.indexOf(part))).toEqual(told.map(part => cold.indexOf(part)).sort((a, b) => a - b));
    expect(cold).toContain('expect.mayBreak: [cold-after-heal]');
    expect(next([violation('position')])).toMatch(/^What to look at next what must always hold .*symptom resolves/);
  });

  it('tells of several causes together', () => {
    const input = expected();
    const findings = [finding('1.1', 'cause', 0.95), ...input.findings];
    const verdict = judge({ ...input, findings, expect: { ...input.expect, diagnosis: ['2.3', '1.1'] } });
    expect(renderVerdict(verdict, CONTEXT)).toContain('steps 1.1 and 2.3 are found to be cause, as they should be');
  });

  it('marks what is unknown', () => {
    const text = renderVerdict(judge({ ...expected(), effects: [] }), CONTEXT);
    expect(text).toMatch(/^UNKNOWN {2}/);
    expect(text).toContain('? the cause');
  });

  it('says whether the market was recorded', () => {
    const facts = (tape: Verdict['tape'], isRecorded: boolean): string =>
      renderVerdict(judge({ ...expected(), tape }), { ...CONTEXT, isRecorded }).split('\n')[3];
    expect(facts({ name: 'a', identity: '' }, true)).toContain('recorded, tape a');
    expect(facts({ name: 'a', identity: '' }, false)).toContain('simulated, tape a');
    expect(facts(null, false)).toContain('simulated;');
  });

  it('says of a canary that it is right to fail, and wrong to pass', () => {
    const failing = { ...expected(), mustFail: true, violations: [violation('position')] };
    const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
    const coloured = renderVerdict(judge(failing), { ...CONTEXT, colour: true });
    expect(coloured).toContain('\u001b[32mFAIL, as it must\u001b[39m');
    const right = oneLine(renderVerdict(judge(failing), CONTEXT));
    expect(right).toMatch(/^FAIL, as it must All market feeds/);
    expect(right).toContain('There is nothing to mend.');
    expect(right).not.toContain('What to look at next');

    const dead = oneLine(renderVerdict(judge({ ...expected(), mustFail: true }), CONTEXT));
    expect(dead).toMatch(/^PASS, and must not All market feeds/);
    expect(dead).toContain('That it passes says that verdicts judge nothing');

    const nothing = renderVerdict(judge({ ...expected(), mustFail: true, effects: [] }), CONTEXT);
    expect(nothing).toMatch(/^UNKNOWN {2}/);
    expect(nothing).toContain('What to look at next');
  });

  it('tells a check in full', () => {
    const verdict = judge(expected());
    const by = `with the fix it is hot for 0.0 s in all, without it for ${'x'.repeat(20)} and more`;
    const checks = { ...verdict.checks, symptomResolved: { status: 'pass' as const, by } };
    const text = renderVerdict({ ...verdict, checks }, CONTEXT);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`it resolved, by: ${by} ✓ what must always hold`);
    expect(widest(text)).toBeLessThanOrEqual(100);
  });

  it('tells when a setting first makes a difference, what the operator does, and factors in two places', () => {
    const difference = { atNs: 6 * S, event: 40 };
    const expect_ = { ...expected().expect, heals: false };
    const verdict = judge({ ...expected(), faults: [], effects: [], difference, expect: expect_ });
    const text = renderVerdict(verdict, {
      ...CONTEXT,
      operated: [{ atNs: 70 * S, what: 'reset-kill-switch' }],
      entries: ENTRIES.map(entry => (entry.type === 'risk' ? { ...entry, spreadFactor: 2.9954755000000004 } : entry)),
    });
    expect(text).toContain('    6.0 s  injected  what was set or planted makes its first difference\n');
    expect(text).toContain('   70.0 s  injected  operator: reset-kill-switch\n');
    expect(text).toContain('core      risk: cautious, spreads × 3 (data-staleness)\n');
  });

  it('colours only when asked, and adds nothing else by it', () => {
    const coloured = renderVerdict(judge(expected()), { ...CONTEXT, colour: true });
    const plain = renderVerdict(judge(expected()), CONTEXT);
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('keeps to 100 columns whatever the texts', () => {
    const input = expected();
    const why = `${'very '.repeat(60)}long ${'x'.repeat(300)}`;
    const verdict = judge({
      ...input,
      scenario: `2-stale-quotes/${'y'.repeat(200)}`,
      violations: [{ ...violation('position'), message: why }],
      findings: input.findings.map(finding => ({ ...finding, evidence: [why], resolution: why })),
    });
    expect(widest(renderVerdict(verdict, { ...CONTEXT, title: why }))).toBeLessThanOrEqual(100);
  });
});

describe('timeline', () => {
  it('is in time order and keeps what was injected and true when it is shortened', () => {
    const verdict = judge(expected());
    const noise = Array.from({ length: 50 }, (_, i): LogEntry => ({ type: 'cycle-resumed', atNs: (100 + i) * S }));
    const items = timeline(verdict, [...ENTRIES, ...noise]);
    expect(items.map(item => item.atNs)).toEqual(items.map(item => item.atNs).sort((a, b) => a - b));
    const short = shorten(items, 8);
    expect(short).toHaveLength(8);
    expect(short.filter(item => item.source !== 'core')).toHaveLength(3);
    expect(short.map(item => item.text)).toContain('data-quality gate shuts: StaleData');
    expect(shorten(items, 1_000)).toEqual(items);
  });
});
