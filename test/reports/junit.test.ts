import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../reports/junit.ts';
import type { SuiteRun } from '../../reports/suite-run.ts';
import { type Element, parseXml } from '../support/xml.ts';
import { brokenRun, failingRun, suiteRun, unknownRun } from './suite-runs.ts';

const RUNS = [
  brokenRun('scenario', 'x.yaml:3:1: no', { scenario: 'x' }),
  suiteRun(),
  failingRun({ seed: 2, form: 'defect', command: 'npx replaybook run a --seed 2 --form defect' }),
  unknownRun({ seed: 3 }),
  suiteRun({ scenario: 'healthy/calm', playbook: null, outcome: 'healthy' }),
];

/** The shape that build servers know (the Jenkins project's junit-10.xsd): elements, attributes, and what they hold. */
function check({ name, attributes, children }: Element): void {
  const whole = /^\d+$/;
  if (name === 'testsuites' || name === 'testsuite') {
    const cases = (element: Element): Element[] =>
      element.children.flatMap(child => (child.name === 'testcase' ? [child] : cases(child)));
    const all = children.flatMap(child => (child.name === 'testcase' ? [child] : cases(child)));
    const having = (kind: string) => all.filter(each => each.children.some(child => child.name === kind)).length;
    expect(attributes.name).not.toBe('');
    for (const key of ['tests', 'failures', 'errors']) expect(attributes[key]).toMatch(whole);
    expect([attributes.tests, attributes.failures, attributes.errors].map(Number)).toEqual([
      all.length,
      having('failure'),
      having('error'),
    ]);
    const inside = name === 'testsuites' ? 'testsuite' : 'testcase';
    for (const child of children) expect(child.name).toBe(inside);
  } else if (name === 'testcase') {
    for (const key of ['name', 'classname']) expect(attributes[key]).toBeTruthy();
    expect(children.length).toBeLessThanOrEqual(1);
  } else {
    expect(['failure', 'error']).toContain(name);
    expect(attributes.message).toBeTruthy();
    expect(attributes.type).toBeTruthy();
    expect(children).toEqual([]);
  }
  for (const child of children) check(child);
}

describe('JUnit XML', () => {
  it('has the shape that build servers know, with a suite for each step', () => {
    const root = parseXml(renderJunit(RUNS));
    check(root);
    expect(root.name).toBe('testsuites');
    expect(root.children.map(({ attributes }) => [attributes.name, attributes.tests])).toEqual([
      ['2.3, market data stops arriving', '3'],
      ['healthy', '1'],
      ['files that cannot be read', '1'],
    ]);
  });

  it('has a case for each scenario, form and seed', () => {
    const cases = parseXml(renderJunit(RUNS)).children.flatMap(({ children }) => children);
    const names = cases.map(({ attributes }) => `${attributes.classname} ${attributes.name}`);
    expect(new Set(names).size).toBe(RUNS.length);
    expect(cases[1].attributes).toEqual({
      classname: 'replaybook.2-stale-quotes.2_3-all-feeds-silent',
      name: '2-stale-quotes/2.3-all-feeds-silent (defect, seed 2)',
    });
  });

  it('says how long each took, and all of them together, where that is known', () => {
    const root = parseXml(renderJunit([suiteRun({ wallMs: 1_234.56 }), suiteRun({ seed: 2, wallMs: 40 }), ...RUNS]));
    check(root);
    const [silent, healthy] = root.children;
    expect([root, silent, healthy].map(({ attributes }) => attributes.time)).toEqual(['1.275', '1.275', undefined]);
    const times = silent.children.map(({ attributes }) => attributes.time);
    expect(times.slice(0, 3)).toEqual(['1.235', '0.040', undefined]);
  });

  it('says what failed, and how to see it again', () => {
    const [, failed, unknown] = parseXml(renderJunit(RUNS)).children[0].children;
    expect(failed.children[0]).toMatchObject({
      name: 'failure',
      attributes: { message: 'the symptom appears: stale-quotes never turned hot', type: 'fail' },
    });
    expect(failed.children[0].text).toContain('to reproduce: npx replaybook run a --seed 2 --form defect');
    expect(unknown.children[0]).toMatchObject({ name: 'error', attributes: { type: 'unknown' } });
  });

  it('is whole where there is nothing', () => {
    check(parseXml(renderJunit([])));
  });

  it('writes out what XML cannot hold, and lets nobody out of their place', () => {
    const message = 'a\u0000b\u001b[31m <x a="1">&amp; ]]> \ud800 \ufffe \u{1f600}\n2nd';
    const [{ children }] = parseXml(renderJunit([brokenRun('scenario', message)])).children;
    const [error] = children[0].children;
    const shown = 'a\\x00b\\x1b[31m <x a="1">&amp; ]]> \\xd800 \\xfffe \u{1f600}\n2nd';
    expect(error.attributes.message).toBe(shown);
    expect(error.text).toBe(`${shown}\nto reproduce: ${suiteRun().command}`);
  });

  it('can be parsed whatever a message, a name or a command holds', () => {
    const anything = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(anything, anything, anything, (message, scenario, command) => {
        const run: SuiteRun = brokenRun('file', message, { scenario, command });
        const root = parseXml(renderJunit([run]));
        expect(root.children[0].children[0].children[0].name).toBe('error');
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
