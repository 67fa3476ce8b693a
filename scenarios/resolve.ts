/**
 * A scenario on its tape: every time and share in ns of virtual time, the fault plan, and what is expected.
 *
 * Times of faults count from the start of the run, those of the market from the start of the tape; in what comes out all
 * count from the tape's origin. What does not fit on the tape is refused, with what would.
 */

import type { Symptom } from '../core/playbook.ts';
import { NS_PER_S } from '../core/scale.ts';
import type { CoreSettings } from '../core/settings.ts';
import type { Fault, FaultPlan } from '../sim/faults/plan.ts';
import { Complaints, type Path } from './complaints.ts';
import { formatDuration, parseDuration, parseMoment } from './duration.ts';
import { infoOf, toFault } from './faults.ts';
import type { Scenario } from './load.ts';
import type { FaultText } from './schema.ts';
import type { Outcome } from './vocabulary.ts';

/** Length of the heal phase, in which the core must converge (design, section 8). */
export const DEFAULT_HEAL_FOR_NS = 30 * NS_PER_S;

/** What has to be known of a market. */
export interface MarketSpan {
  /** `the tape btc.arrow`. */
  readonly name: string;
  /** Receive time of a tape's last frame, or how long a synthetic market can go on, ns since the origin. */
  readonly endNs: number;
}

/** What the verdict is held against. Times in ns. */
export interface Expectations {
  readonly outcome: Outcome;
  /** The symptom that turns hot (`symptom`), or that the paired defect would turn hot (`absorbed`); null for none. */
  readonly symptom: Symptom | null;
  /** From the cause's first effect; null: any time will do. */
  readonly appearsWithinNs: number | null;
  /** From the end of the faults; null: by the end of the run. */
  readonly resolvesWithinNs: number | null;
  /** The primary step; null where none is to be named. */
  readonly diagnosis: string | null;
  /** Steps that may be named beside the primary one: those that the cause's faults may light up. */
  readonly allowed: readonly string[];
  /** Steps that must not be named. */
  readonly notDiagnosed: readonly string[];
  /** Invariants that the cause breaks. */
  readonly mayBreak: readonly string[];
  /** Symptoms that the cause's faults may turn hot beside the expected one. */
  readonly symptomsAllowed: readonly string[];
}

export interface ResolvedScenario {
  readonly id: string;
  readonly title: string;
  readonly playbook: string | null;
  /** The run, ns since the tape's origin. */
  readonly fromNs: number;
  readonly toNs: number;
  /** When all faults are over; the heal phase runs from here to `toNs`. */
  readonly healNs: number;
  readonly core: CoreSettings;
  readonly faults: FaultPlan;
  readonly expect: Expectations;
}

/** Throws a `scenario` error that holds everything that does not fit. */
export function resolveScenario(scenario: Scenario, market: MarketSpan): ResolvedScenario {
  const { document, tree } = scenario;
  const complaints = new Complaints(tree);
  const span = resolveSpan(scenario, market, complaints);
  complaints.throwIfAny();
  const texts = document.cause?.faults ?? [];
  const healForNs = timeAt(document.resolution?.healFor) ?? DEFAULT_HEAL_FOR_NS;
  const healNs = Math.max(span.fromNs, span.toNs - healForNs);
  const faults = texts.map((fault, index) =>
    resolveFault(fault, ['cause', 'faults', index], { ...span, healNs, healForNs }, complaints),
  );
  complaints.throwIfAny();
  return {
    id: scenario.id,
    title: document.title,
    playbook: document.playbook,
    ...span,
    healNs,
    core: scenario.core,
    faults,
    expect: resolveExpectations(scenario),
  };
}

interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

function resolveSpan(scenario: Scenario, market: MarketSpan, complaints: Complaints): Span {
  const { baseline } = scenario.document;
  const tapeEnd = `${market.name} ends at ${seconds(market.endNs)}`;
  const fromNs = timeAt(baseline.market.from) ?? 0;
  if (fromNs >= market.endNs) {
    complaints.add(['baseline', 'market', 'from'], `is past the end: ${tapeEnd}`);
    return { fromNs, toNs: market.endNs };
  }
  const durationNs = timeAt(baseline.duration);
  const toNs = durationNs === null ? (timeAt(baseline.market.to) ?? market.endNs) : fromNs + durationNs;
  const path: Path = durationNs === null ? ['baseline', 'market', 'to'] : ['baseline', 'duration'];
  if (toNs > market.endNs) complaints.add(path, `is past the end: ${tapeEnd}`);
  if (toNs <= fromNs) complaints.add(path, 'leaves nothing to run: it must be after the start');
  return { fromNs, toNs };
}

function resolveFault(
  fault: FaultText,
  path: Path,
  run: Span & { healNs: number; healForNs: number },
  complaints: Complaints,
): Fault {
  const lengthNs = run.toNs - run.fromNs;
  const startNs = timeAt(fault.at, lengthNs) ?? 0;
  const forNs = timeAt(fault.for) ?? 0;
  const atNs = run.fromNs + startNs;
  if (startNs >= lengthNs) {
    complaints.add([...path, 'at'], `begins past the end of the run, which is ${seconds(lengthNs)} long`);
  } else if (atNs + forNs > run.healNs) {
    const latestNs = run.toNs - run.healForNs - run.fromNs;
    const heal = `the last ${seconds(run.healForNs)} of a run are free of faults, so that the core can recover`;
    const advice =
      latestNs > 0
        ? `it ends at ${seconds(startNs + forNs)} and must end by ${seconds(latestNs)}: begin it earlier, shorten it, or run longer`
        : `a run of ${seconds(lengthNs)} is too short: run longer, or shorten resolution.healFor`;
    complaints.add([...path, 'at'], `${heal}; ${advice}`);
  }
  return toFault(fault, atNs, forNs);
}

function resolveExpectations(scenario: Scenario): Expectations {
  const { expect, cause } = scenario.document;
  const infos = (cause?.faults ?? []).map(infoOf);
  const steps = infos.flatMap(info => [info.primary, ...info.allowed]);
  const diagnosis = expect.diagnosis ?? null;
  return {
    outcome: expect.outcome,
    symptom: expect.symptom ?? null,
    appearsWithinNs: timeAt(expect.appearsWithin),
    resolvesWithinNs: timeAt(expect.resolvesWithin),
    diagnosis,
    allowed: unique(steps.filter(step => step !== diagnosis)),
    notDiagnosed: expect.notDiagnosed ?? [],
    mayBreak: expect.mayBreak ?? [],
    symptomsAllowed: unique(infos.flatMap(info => info.symptoms)),
  };
}

/** A time whose text the schema has checked, in ns; null where it is not given. */
function timeAt(text: string | undefined, wholeNs?: number): number | null {
  if (text === undefined) return null;
  const parsed = wholeNs === undefined ? parseDuration(text) : parseMoment(text, wholeNs);
  if (!parsed.ok) throw new TypeError(`${text}: ${parsed.problem}`);
  return parsed.ns;
}

/** For messages: a tape's end has nine decimals that help nobody. */
function seconds(ns: number): string {
  return formatDuration(ns >= NS_PER_S ? Math.floor(ns / 1_000_000) * 1_000_000 : ns);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
