/**
 * The playbook is the map of core/ (design, section 2): each path that it names with a folder exists in core/, with `.ts`
 * for `.rs` and `-` for `_`, and its own `core/` folds into ours.
 *
 *     node dist/test/checks/playbook-map.js
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Finding, finish, isMain, sourceFiles } from './findings.ts';

/** The playbook's 38 paths, and the steps that name them. */
export const PLAYBOOK_PATHS: readonly (readonly [path: string, steps: string])[] = [
  ['core/state.rs', '4.3'],
  ['events/quote_trigger.rs', '2.1'],
  ['execution/fill_tracker.rs', '3.5'],
  ['execution/order_lifecycle.rs', '1.4'],
  ['fills/consumer.rs', '3.2'],
  ['fills/dedup.rs', '3.3'],
  ['infra/arena.rs', '4.2'],
  ['infra/capacity.rs', '4.2'],
  ['infra/connection_supervisor.rs', '1.2, 2.3, 4.4'],
  ['infra/data_quality.rs', '2.2'],
  ['infra/execution_budget.rs', '1.1'],
  ['infra/logging.rs', '4.3'],
  ['infra/margin.rs', '1.5'],
  ['infra/metrics/fields.rs', '4.1'],
  ['infra/metrics/updates.rs', '4.1'],
  ['infra/orphan_tracker.rs', '3.2'],
  ['infra/rate_limit/proactive.rs', '1.1'],
  ['infra/rate_limit/rejection.rs', '1.1'],
  ['infra/reconciliation.rs', '3.4'],
  ['infra/reconnection.rs', '1.2, 2.3'],
  ['infra/sync_health.rs', '2.3'],
  ['infra/ws_executor.rs', '1.2, 4.4'],
  ['orchestrator/event_accumulator.rs', '2.1'],
  ['orchestrator/event_loop.rs', '4.3'],
  ['orchestrator/handlers.rs', '3.3, 4.3'],
  ['orchestrator/order_ops.rs', '1.4'],
  ['orchestrator/quote_engine.rs', '1.3, 2.4, 2.5'],
  ['orchestrator/reconcile.rs', '1.1'],
  ['orchestrator/recovery.rs', '3.1, 3.4'],
  ['risk/aggregator.rs', '1.3'],
  ['risk/limits.rs', '1.5'],
  ['risk/monitor.rs', '1.3'],
  ['risk/monitors/rate_limit.rs', '1.1'],
  ['safety/auditor.rs', '1.4, 3.1'],
  ['stochastic/beliefs.rs', '2.4'],
  ['stochastic/hjb_solver.rs', '4.5'],
  ['strategy/glft.rs', '4.5'],
  ['strategy/signal_integration.rs', '4.5'],
];

/** Where one of the playbook's paths lies in this repository. */
export function mappedPath(playbookPath: string): string {
  const ours = playbookPath.replaceAll('_', '-').replace(/\.rs$/, '.ts');
  return ours.startsWith('core/') ? ours : `core/${ours}`;
}

export function checkPlaybookMap(root: string): Finding[] {
  const findings: Finding[] = [];
  const present = sourceFiles(root, ['core']);
  for (const [path, steps] of PLAYBOOK_PATHS) {
    const mapped = mappedPath(path);
    for (const file of present) {
      if (file !== mapped && basename(file) === basename(mapped)) {
        findings.push({ file, line: 0, message: `has the name of the playbook's ${path}, which belongs at ${mapped}` });
      }
    }
    if (!existsSync(join(root, mapped))) {
      findings.push({ file: mapped, line: 0, message: `is missing: the playbook names ${path} in ${steps}` });
    }
  }
  return findings;
}

/** The check as a program, on the current folder. */
export function playbookMap(): void {
  finish('playbook-map', checkPlaybookMap('.'), `all ${PLAYBOOK_PATHS.length} paths exist`);
}

if (isMain(import.meta.url)) playbookMap();
