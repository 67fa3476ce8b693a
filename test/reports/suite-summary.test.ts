import { describe, expect, it } from 'vitest';
import { STEPS } from '../../core/playbook.ts';
import { renderSummary, SUMMARY_MARK } from '../../reports/suite-summary.ts';
import { brokenRun, diagnosed, failingRun, suiteRun } from './suite-runs.ts';
import { finding } from './verdicts.ts';

/** Cells of each table row: a bar that is escaped is none. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(cell => cell.trim()),
    );
}

describe('a summary in Markdown', () => {
  it('shows the twenty steps where all were run', () => {
    const runs = STEPS.map(step => suiteRun({ scenario: step, playbook: step }));
    const text = renderSummary(runs, null, 0);
    expect(rowsOf(text).filter(([name]) => /^\d\.\d /.test(name))).toHaveLength(20);
    expect(text).not.toContain('No scenario');
  });

  it('shows what was run, and nothing of failures where there are none', () => {
    const text = renderSummary([suiteRun()], null, 0);
    expect(text.startsWith(`${SUMMARY_MARK}\n## Replaybook: 1 of 1 runs passed\n\n| step |`)).toBe(true);
    const rows = rowsOf(text);
    expect(rows.map(([name]) => name).slice(2)).toEqual(['**2 stale-quotes**', '2.3 market data stops arriving']);
    expect(text).toContain('\n\nNo scenario of 19 other steps was run.\n');
    const row = ['2.3 market data stops arriving', '1', '1', '1', '0', '0', '19.6 s, 19.6 s', '–', '0.3 s, 0.3 s'];
    expect(rows).toContainEqual(row);
  });

  it('shows what went wrong, what was named in its place, and what nothing catches', () => {
    const wrong = diagnosed(failingRun(), [finding('2.5', 'cause', 0.9)]);
    const tried = [{ defect: 'd', runs: 3, caught: 0, scenarios: [], command: 'this one' }];
    const text = renderSummary([wrong], { tried, untried: ['e'] }, 0);
    const rows = rowsOf(text);
    expect(rows).toContainEqual([
      '2-stale-quotes/2.3-all-feeds-silent, seed 1',
      'fail',
      'the symptom appears: stale-quotes never turned hot',
      '` npx replaybook run 2-stale-quotes/2.3-all-feeds-silent --seed 1 `',
    ]);
    expect(rows).toContainEqual(['2.3', '2.5', '1']);
    expect(rows).toContainEqual(['d', '0 of 3', '**nothing catches it**', '` this one `']);
    expect(text).toContain('\n\n1 defect was not tried: no scenario of its family is among these.\n');
  });

  it('says once more at its end what could not be run, and shows no card where nothing was', () => {
    const broken = [1, 2].map(seed => brokenRun('scenario', 'x.yaml:1:1: *no*', { seed }));
    const text = renderSummary([...broken, suiteRun()], null, 0);
    expect(text.endsWith('\n\nWhat could not be run:\n\n- x.yaml:1:1: \\*no\\*\n')).toBe(true);
    const alone = renderSummary(broken, null, 0);
    expect(rowsOf(alone).filter(([name]) => name === 'step')).toEqual([]);
    expect(alone).not.toContain('What could not be run');
  });

  it('says of how many scenarios no variation was made', () => {
    const of = (unvaried: number) => renderSummary([suiteRun()], null, unvaried);
    expect(of(0)).not.toContain('variation');
    expect(of(1)).toContain('\n\nNo variation was made of 1 scenario: it gives no limits to vary within (vary).\n');
    expect(of(2)).toContain('\nNo variation was made of 2 scenarios: they give no limits to vary within (vary).\n');
  });

  it('keeps every row a row, whatever a message holds', () => {
    const message = '`|` <img src=x onerror=alert(1)> **b** [l](http://x)\n| a | b |\u001b[31m &lt; \\|';
    const run = brokenRun('scenario', message, { scenario: '<b>|`', command: "npx replaybook run 'a`|``b'" });
    const rows = rowsOf(renderSummary([run], null, 0));
    expect(rows[2]).toHaveLength(4);
    const [name, , what, command] = rows[2];
    expect(name).toBe('&lt;b>\\|\\`, seed 1');
    expect(what).toBe(
      '\\`\\|\\` &lt;img src=x onerror=alert(1)> \\*\\*b\\*\\* \\[l\\](http://x) \\| a \\| b \\| \\[31m &amp;lt; \\\\\\|',
    );
    expect(command).toBe("``` npx replaybook run 'a`\\|``b' ```");
  });

  it('stays short where everything fails', () => {
    const runs = Array.from({ length: 250 }, (_, seed) => failingRun({ seed }));
    const text = renderSummary(runs, null, 0);
    expect(rowsOf(text).filter(([, status]) => status === 'fail')).toHaveLength(100);
    expect(text).toContain('… and 150 more');
  });
});
