/** What the README says that a newcomer types and writes: it has to work as it stands there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { run } from './collect.ts';

const README = readFileSync('README.md', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'replaybook-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

const found = (pattern: RegExp) => [...new Set(Array.from(README.matchAll(pattern), ([, what]) => what))];

describe('the README', () => {
  it('names scenarios that are there, each by a name that fits no other', () => {
    const names = [...found(/replaybook run ([\w./-]+)/g), ...found(/expectScenario\('([^']+)'/g)];
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) expect(() => openScenario(name), name).not.toThrow();
  });

  it('shows an example that passes, also as its limits vary', async () => {
    const [example] = found(/```yaml\n([\s\S]*?)```/g);
    const file = join(folder, 'example.yaml');
    writeFileSync(file, example);
    const { code, out } = await run(['suite', file, '--vary', '3', '--jobs', '1']);
    expect([code, out]).toEqual([0, expect.stringContaining('PASS  4 runs: 4 passed')]);
  });

  it('names every command and every list', async () => {
    const commands = Array.from(
      (await run(['--help'])).out.matchAll(/^ {2}npx replaybook (\w+)/gm),
      ([, name]) => name,
    );
    expect(commands.length).toBeGreaterThan(7);
    for (const name of commands) expect(README).toMatch(new RegExp(`^\\| \`${name}\\b|\`${name}\``, 'm'));
    const [lists] = found(/`list ([\w\\|]+)`/g);
    for (const what of lists.split('\\|')) expect((await run(['list', what])).code, what).toBe(0);
  });

  it('names options that the commands have', async () => {
    const rows = Array.from(README.matchAll(/^\| `(\w+) [^`]*` \| (.*) \|$/gm), ([, command, text]) => ({
      command,
      text,
    }));
    for (const { command, text } of rows.filter(({ text }) => text.includes('`--'))) {
      const { out } = await run([command, '--help']);
      for (const [option] of text.matchAll(/--[a-z-]+/g)) expect(out, command).toContain(option);
    }
  });
});
