/**
 * A scenario on its market: every time and share in ns of virtual time, the fault plan, and what is expected.
 *
 * Times of faults and operators count from the start of the run, those of the market from the start of the tape; in what comes out all
 * count from the market's origin. What does not fit on the market is refused, with what would.
 */

import type { OperatorAction } from '../core/port.ts';
import { NS_PER_S } from '../core/scale.ts';
import type { CoreSettings } from '../core/settings.ts';
import type { Fault, FaultPlan } from '../sim/faults/plan.ts';
import type { PlannedAction } from '../sim/run-plan.ts';
import { Complaints, type Path } from './complaints.ts';
import { formatDuration, writtenTime } from './duration.ts';
import type { ExchangeTree } from './exchange-settings.ts';
import { type Expectations, expectationsOf } from './expectations.ts';
import { infoOf, toFault } from './faults.ts';
import { type Form, nameOf } from './forms.ts';
import type { Scenario } from './load.ts';
import { operatorActions } from './resolution.ts';
import type { FaultText } from './schema.ts';
import type { RunSettings } from './settings-changes.ts';

export type { Expectations } from './expectations.ts';

/** Length of the heal phase, in which the core must converge (design, section 8). */
export const DEFAULT_HEAL_FOR_NS = 30 * NS_PER_S;

/** What has to be known of a market. */
export interface MarketSpan {
  /** `the tape btc.arrow`. */
  readonly name: string;
  readonly isSynthetic: boolean;
  /** Its instruments, in order. */
  readonly symbols: readonly string[];
  /** Receive time of a tape's last frame, or how long a synthetic market can go on, ns since the origin. */
  readonly endNs: number;
}

/** What one more run is made with in place of what the run has: settings, and the defect (null: none). */
export interface Fix {
  readonly settings: RunSettings;
  readonly defect: string | null;
  /** Whether it has to help: a wrong fix must not. */
  readonly helps: boolean;
}

export interface ResolvedScenario {
  /** In its form: `…+defect` of that one. */
  readonly id: string;
  readonly title: string;
  readonly playbook: string | null;
  /** The run, ns since the market's origin. */
  readonly fromNs: number;
  readonly toNs: number;
  /** When all faults are over; the heal phase runs from here to `toNs`. */
  readonly healNs: number;
  /** Settings of the baseline, which are the twin's, and those of the run. */
  readonly core: CoreSettings;
  readonly exchange: ExchangeTree;
  readonly run: RunSettings;
  /** Name of the bug that is planted in the run; null: none. */
  readonly defect: string | null;
  readonly faults: FaultPlan;
  readonly operator: readonly PlannedAction[];
  /** The fix that one more run tries; null: none. */
  readonly counterfactual: Fix | null;
  readonly expect: Expectations;
  readonly mustFail: boolean;
}

/** Throws a `scenario` error that holds everything that does not fit. */
export function resolveScenario(scenario: Scenario, market: MarketSpan, form: Form = 'plain'): ResolvedScenario {
  const { caused, document, paired, tree } = scenario;
  const complaints = new Complaints(tree);
  const span = resolveSpan(scenario, market, complaints);
  complaints.throwIfAny();
  const healForNs = writtenTime(document.resolution?.healFor) ?? DEFAULT_HEAL_FOR_NS;
  const healNs = Math.max(span.fromNs, span.toNs - healForNs);
  const faults = (document.cause?.faults ?? []).map((fault, index) =>
    resolveFault(fault, ['cause', 'faults', index], { ...span, healNs, healForNs }, market, complaints),
  );
  const isDefectForm = form === 'defect';
  const operator = isDefectForm ? [] : planned(scenario, span, operatorActions(scenario), complaints);
  complaints.throwIfAny();
  return {
    id: nameOf(scenario.id, form),
    title: document.title,
    playbook: document.playbook,
    ...span,
    healNs,
    core: scenario.core,
    exchange: scenario.exchange,
    run: isDefectForm ? paired : caused,
    defect: defectOf(document, form),
    faults,
    operator,
    counterfactual: isDefectForm ? null : fixOf(scenario),
    expect: expectationsOf(scenario, form),
    mustFail: document.mustFail === true,
  };
}

function fixOf({ caused, document, fixed }: Scenario): Fix | null {
  const { counterfactual, helps = true, withoutDefect } = document.resolution ?? {};
  if (withoutDefect !== undefined) return { settings: caused, defect: null, helps: true };
  return counterfactual === undefined ? null : { settings: fixed, defect: document.cause?.defect ?? null, helps };
}

function defectOf({ cause, pairedDefect }: Scenario['document'], form: Form): string | null {
  const ofCause = cause?.defect ?? null;
  if (form === 'plain' || pairedDefect === undefined) return ofCause;
  return (typeof pairedDefect === 'string' ? pairedDefect : pairedDefect.defect) ?? ofCause;
}

function planned(
  { document }: Scenario,
  { fromNs, toNs }: Span,
  actions: readonly OperatorAction[],
  complaints: Complaints,
): PlannedAction[] {
  const atNs = fromNs + (writtenTime(document.resolution?.at, toNs - fromNs) ?? 0);
  if (actions.length > 0 && atNs >= toNs) {
    complaints.add(['resolution', 'at'], `is past the end of the run, which is ${seconds(toNs - fromNs)} long`);
  }
  return actions.map(action => ({ atNs, action }));
}

interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

function resolveSpan(scenario: Scenario, market: MarketSpan, complaints: Complaints): Span {
  const { baseline } = scenario.document;
  const tapeEnd = `${market.name} ends at ${seconds(market.endNs)}`;
  const fromNs = writtenTime(baseline.market.from) ?? 0;
  if (fromNs >= market.endNs) {
    complaints.add(['baseline', 'market', 'from'], `is past the end: ${tapeEnd}`);
    return { fromNs, toNs: market.endNs };
  }
  const durationNs = writtenTime(baseline.duration);
  const toNs = durationNs === null ? (writtenTime(baseline.market.to) ?? market.endNs) : fromNs + durationNs;
  const path: Path = durationNs === null ? ['baseline', 'market', 'to'] : ['baseline', 'duration'];
  if (toNs > market.endNs) complaints.add(path, `is past the end: ${tapeEnd}`);
  if (toNs <= fromNs) complaints.add(path, 'leaves nothing to run: it must be after the start');
  return { fromNs, toNs };
}

function resolveFault(
  fault: FaultText,
  path: Path,
  run: Span & { healNs: number; healForNs: number },
  market: MarketSpan,
  complaints: Complaints,
): Fault {
  const lengthNs = run.toNs - run.fromNs;
  const startNs = writtenTime(fault.at, lengthNs) ?? 0;
  const forNs = writtenTime(fault.for) ?? 0;
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
  if (infoOf(fault).markets === 'synthetic' && !market.isSynthetic) {
    const why = `${fault.kind} moves the market, and a recorded one moves as it did`;
    complaints.add([...path, 'kind'], `${why}: run it in a synthetic market, { synthetic: volatile, instrument: BTC }`);
  }
  return toFault(fault, atNs, forNs, market.symbols, path, complaints);
}

/** For messages: a tape's end has nine decimals that help nobody. */
function seconds(ns: number): string {
  return formatDuration(ns >= NS_PER_S ? Math.floor(ns / 1_000_000) * 1_000_000 : ns);
}
