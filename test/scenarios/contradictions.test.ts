/** What could never be so is refused although each part of it is as it may be. */
import { describe, expect, it } from 'vitest';
import { toFault } from '../../scenarios/faults.ts';
import { parseScenario } from '../../scenarios/load.ts';
import type { FaultText } from '../../scenarios/schema.ts';

const FOR_NS = 5e9;

function problemsOf(fault: Omit<FaultText, 'at' | 'for'>): string[] {
  const problems: string[] = [];
  const complaints = { add: (_path: unknown, problem: string) => problems.push(problem) };
  toFault({ at: '10s', for: '5s', ...fault } as FaultText, 10e9, FOR_NS, ['BTC', 'ETH'], [], complaints as never);
  return problems;
}

describe('a fault that could never do what it says', () => {
  it.each([
    [{ kind: 'link-latency', target: 'market', direction: 'up' }, { direction: 'down' }, 'only what comes down'],
    [{ kind: 'lossy-link', target: 'market', direction: 'up' }, { direction: 'both' }, 'only what comes down'],
    [{ kind: 'feed-silence', target: 'allMids', params: { instrument: 'ETH' } }, { target: 'bbo' }, 'all instruments'],
    [
      { kind: 'subscription-lost', target: 'allMids', params: { instrument: 'ETH' } },
      { params: {} },
      'all instruments',
    ],
    [{ kind: 'blocked-loop', params: { share: 0.5, every: '0s' } }, { params: { every: '0s' } }, 'share is of every'],
    [{ kind: 'open-interest-drop', params: { over: '6s' } }, { params: { over: '5s' } }, 'it is over before'],
    [{ kind: 'price-jump', params: { change: 0 } }, { params: { change: 0.1 } }, 'changes nothing'],
    [{ kind: 'price-zigzag', params: { change: 0 } }, {}, 'changes nothing'],
  ])('is refused: %o', (fault, mended, message) => {
    expect(problemsOf(fault as FaultText)).toEqual([expect.stringContaining(message)]);
    if (Object.keys(mended).length > 0) expect(problemsOf({ ...fault, ...mended } as FaultText)).toEqual([]);
  });
});

describe('expectations that contradict each other', () => {
  const scenario = (expectation: string, rest = '') => `title: Feeds fall silent
playbook: "2.3"
baseline: { market: { synthetic: busy, instrument: BTC }, duration: 2m }
cause: { faults: [{ kind: feed-silence, target: all, at: 60s, for: 30s }] }
expect: { diagnosis: "2.3", ${expectation} }
${rest}`;

  it.each([
    ['outcome: absorbed, symptom: stale-quotes', '', 'symptom: has no place without pairedDefect'],
    ['outcome: absorbed, appearsWithin: 5s', '', 'appearsWithin: has no place without pairedDefect'],
    ['outcome: absorbed, notDiagnosed: ["2.3"]', '', 'step 2.3 is expected by diagnosis'],
    [
      'outcome: absorbed',
      'resolution: { counterfactual: { core.risk.maxInventoryUsd: 500 } }\n',
      'counterfactual: has no place with outcome absorbed',
    ],
  ])('are refused: %s %s', (expectation, rest, message) => {
    expect(() => parseScenario(scenario(expectation, rest), 'a.yaml')).toThrow(message);
  });

  it('are none where they agree', () => {
    expect(() => parseScenario(scenario('outcome: absorbed, notDiagnosed: ["2.2"]'), 'a.yaml')).not.toThrow();
  });
});
