/** What the handlers work with, and what each instrument brings to them. */
import type { LogEntry } from '../evidence.ts';
import type { ConnectionSupervisor } from '../infra/connection-supervisor.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import type { Reconciliation } from '../infra/reconciliation.ts';
import type { SnapshotLag } from '../infra/snapshot-lag.ts';
import type { WsExecutor } from '../infra/ws-executor.ts';
import type { CoreHost } from '../port.ts';
import type { SafetyAuditor } from '../safety/auditor.ts';
import type { CoreSettings } from '../settings.ts';
import type { CoreState, InstrumentState } from '../state.ts';
import type { Checks } from './checks.ts';
import type { SettingsEditor } from './operator.ts';
import type { OrderOps } from './order-ops.ts';
import type { QuoteEngine } from './quote-engine.ts';
import type { Recovery } from './recovery.ts';

/** One instrument with the parts that act on it. */
export interface Desk {
  readonly state: InstrumentState;
  readonly orderOps: OrderOps;
  readonly quoteEngine: QuoteEngine;
}

/** What the handlers work with. */
export interface HandlerParts {
  readonly host: CoreHost;
  readonly log: (entry: LogEntry) => void;
  readonly settings: CoreSettings;
  readonly state: CoreState;
  readonly desks: readonly Desk[];
  readonly supervisor: ConnectionSupervisor;
  readonly executor: WsExecutor;
  readonly recovery: Recovery;
  readonly reconciliation: Reconciliation;
  readonly auditor: SafetyAuditor;
  readonly snapshotLag: SnapshotLag;
  readonly checks: Checks;
  readonly editor: SettingsEditor;
  readonly metrics: Metrics;
}
