/** A scenario by what a user called it, with every check that needs no tape. */
import { INVARIANTS } from '../../reports/invariants/invariants.ts';
import { findScenario } from '../../scenarios/catalogue.ts';
import { Complaints, type Path } from '../../scenarios/complaints.ts';
import { loadScenario, type Scenario } from '../../scenarios/load.ts';
import { didYouMean } from '../../scenarios/nearest.ts';
import { NO_EDITS, type ScenarioEdits } from '../../scenarios/overrides.ts';
import { SCENARIOS } from './paths.ts';

/** Throws `usage`, `file` and `scenario` errors. `name`: an id, a part of one, or a path. */
export function openScenario(name: string, edits: ScenarioEdits = NO_EDITS): Scenario {
  const scenario = loadScenario(findScenario(SCENARIOS, name), edits);
  checkInvariants(scenario);
  return scenario;
}

/** The names of invariants belong to `reports/`, which scenarios know nothing of: so they are checked here. */
function checkInvariants(scenario: Scenario): void {
  const known: readonly string[] = INVARIANTS;
  const complaints = new Complaints(scenario.tree);
  const check = (name: string, path: Path): void => {
    if (known.includes(name)) return;
    complaints.add(
      path,
      `no invariant is called ${name}${didYouMean(name, known)}; see npx replaybook list invariants`,
    );
  };
  const { breaks, mayBreak = [] } = scenario.document.expect;
  for (const [index, name] of mayBreak.entries()) check(name, ['expect', 'mayBreak', index]);
  if (breaks !== undefined) check(breaks, ['expect', 'breaks']);
  complaints.throwIfAny();
}
