/**
 * A planted bug: parts of the core in place of the right ones. It is handed in at construction, so that the core itself has no
 * switch for it (design, section 5).
 */
import type { CoreParts } from '../../core/parts.ts';
import type { Symptom } from '../../core/playbook.ts';

export interface Defect {
  /** Its name in scenarios: `fills-without-dedup`. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly description: string;
  /** Where it comes from: an incident or a list of the reference system (`I-46`, `L10`), or the playbook matrix. */
  readonly source: string;
  /** The playbook step that it belongs to, and others that it may light up. */
  readonly primary: string;
  readonly allowed: readonly string[];
  /** Symptoms that it may turn hot. */
  readonly symptoms: readonly Symptom[];
  /** The parts of a core that has it; `usual` are those of one that has not. */
  parts(usual: CoreParts): CoreParts;
}
