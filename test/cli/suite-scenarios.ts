/** A folder of short scenarios of all fates, for tests of `suite`. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const SILENT = `title: Feeds fall silent for 25 s
playbook: "2.3"
baseline: { market: { tape: btc-busy }, duration: 45s }
cause: { faults: [{ kind: feed-silence, target: all, at: 10s, for: 25s }] }
expect: { outcome: symptom, symptom: stale-quotes, appearsWithin: 22s, resolvesWithin: 5s, diagnosis: "2.3" }
resolution: { selfHeal: true, healFor: 10s }
`;

const TOO_SHORT = `title: A silence that withholds nothing
playbook: "2.3"
baseline: { market: { tape: btc-busy }, duration: 20s }
cause: { faults: [{ kind: feed-silence, target: all, at: 5s, for: 1ms }] }
expect: { outcome: decoy, notDiagnosed: ["2.3"] }
resolution: { selfHeal: true, healFor: 5s }
`;

export const QUIET = `title: Nothing goes wrong
playbook: null
baseline: { market: { tape: btc-busy }, duration: 20s }
expect: { outcome: healthy }
`;

const FAILS = SILENT.replace('22s', '1s');

export const FATES = {
  'broken.yaml': SILENT.replace('expect:', 'expects:'),
  'canary.yaml': `${FAILS}mustFail: true\n`,
  'dead-canary.yaml': `${SILENT}mustFail: true\n`,
  'fails.yaml': FAILS,
  'no-market.yaml': SILENT.replace('btc-busy', 'no-such-tape'),
  'passes.yaml': SILENT,
  'unknown.yaml': TOO_SHORT,
};

export function scenarioFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'replaybook-suite-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
