/** What is said of a run: `verdict.json`, as the design fixes it in section 11. */
import type { SideName } from '../core/market.ts';
import type { Symptom } from '../core/playbook.ts';

export type CheckStatus = 'pass' | 'fail' | 'unknown';

/** One check. `reason` is there unless the check passes in the ordinary way. */
export interface Check {
  status: CheckStatus;
  reason?: string;
  atNs?: number;
  event?: number;
  /** Of a failure that a scenario can allow: what is to be written there if the core is right. */
  hint?: string;
}

export interface SymptomInterval {
  fromNs: number;
  /** null: still hot at the end of the run. */
  toNs: number | null;
  side: SideName | null;
  /** Number of the digest record that turned it hot. */
  event: number;
  /** Form and reason in words: `nothing of ours rests (gate: StaleData)`. */
  why: string;
}

export interface StepFinding {
  step: string;
  status: 'ok' | 'handled' | 'suspect' | 'cause';
  /** 0 to 1; the ranking is by it. */
  score: number;
  evidence: string[];
  /** When the first of its evidence was written; absent where there is none. */
  firstEvidenceNs?: number;
  /** What the playbook says to do; absent where the step is in order. */
  resolution?: string;
}

export interface TakenEffect {
  index: number;
  kind: string;
  atNs: number;
  event: number;
  count: number;
}

/** An invariant that did not hold (playbook matrix, "invariants"). */
export interface Violation {
  invariant: string;
  atNs: number;
  event: number;
  message: string;
}

export interface Checks {
  twinClean: Check & { inherent: SymptomInterval[] };
  causeTookEffect: Check & { faults: TakenEffect[] };
  symptomAppeared: Check;
  /** `causes`: of several that all had to be found, every one; `primary` is then the first of them that was. */
  diagnosed: Check & { named: string[]; primary: string | null; allowed: string[]; causes?: string[] };
  /** `sinceNs`: when the cause was over or the operator acted, from which resolving counts. */
  symptomResolved: Check & { by?: string; sinceNs?: number };
  invariants: Check & { violations: Violation[] };
}

export interface Verdict {
  scenario: string;
  playbook: string | null;
  seed: number;
  verdict: CheckStatus;
  /** A canary: the verdict is right when it is `fail`. */
  mustFail?: true;
  digest: string;
  twin: { digest: string };
  tape: { name: string; identity: string } | null;
  checks: Checks;
  symptoms: Partial<Record<Symptom, SymptomInterval[]>>;
  diagnosis: StepFinding[];
  stats: { events: number; rows: number; commands: number; fills: number; virtualNs: number };
}
