/**
 * The quoting core: all its parts put together behind the port (design, section 5).
 *
 *   message → event loop → handlers → state → event accumulator → quote engine → order ops → commands
 *
 * Pure: the same messages give the same commands and the same evidence, to the last bit.
 */
import { logOf } from './infra/instrument-log.ts';
import { LoopWatch } from './infra/loop-watch.ts';
import { METRICS } from './infra/metrics/fields.ts';
import { Metrics } from './infra/metrics/updates.ts';
import { restWeight } from './infra/rate-limit/weight-window.ts';
import { RestRequests } from './infra/rest-requests.ts';
import { RoundTripWatch } from './infra/round-trip-watch.ts';
import { SnapshotLag } from './infra/snapshot-lag.ts';
import { SyncHealth } from './infra/sync-health.ts';
import type { Instrument } from './market.ts';
import { Checks } from './orchestrator/checks.ts';
import { EventLoop } from './orchestrator/event-loop.ts';
import type { Desk, HandlerParts } from './orchestrator/handler-parts.ts';
import { COMMON_SUBSCRIPTIONS, MARKET_SUBSCRIPTIONS, USER_SUBSCRIPTIONS } from './orchestrator/handlers.ts';
import { copySettings, SettingsEditor } from './orchestrator/operator.ts';
import { OrderOps } from './orchestrator/order-ops.ts';
import { Recovery } from './orchestrator/recovery.ts';
import { SendGate } from './orchestrator/send-gate.ts';
import { Timers } from './orchestrator/timers.ts';
import { type CoreParts, DEFAULT_PARTS } from './parts.ts';
import type { CoreFactory, CoreHost, Inbound, InstrumentAccount, QuotingCore } from './port.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from './settings.ts';
import { CoreState, type InstrumentState } from './state.ts';

export { type CoreParts, type CoreSettings, DEFAULT_PARTS, DEFAULT_SETTINGS, METRICS };

/** The core's feeds: what its supervisor watches for. */
const FEEDS = [...MARKET_SUBSCRIPTIONS, ...COMMON_SUBSCRIPTIONS, ...USER_SUBSCRIPTIONS];

export class ReplaybookCore implements QuotingCore {
  readonly metrics: Float64Array;
  readonly #loop: EventLoop;
  readonly #accounts: readonly InstrumentAccount[];
  /** Everything that keeps state, by the name that it has in a snapshot. */
  readonly #stateful: Readonly<Record<string, Stateful>>;

  /** `parts`: what the core is made of, where it is not the usual. `given`: its settings; it keeps a copy of its own. */
  constructor(
    world: CoreHost,
    given: CoreSettings,
    instruments: readonly Instrument[],
    parts: CoreParts = DEFAULT_PARTS,
  ) {
    const host = parts.host(world);
    const settings = copySettings(given);
    const editor = new SettingsEditor(settings);
    const metrics = new Metrics();
    const summary = parts.metricsSummary(metrics);
    const logger = parts.logger(settings, host, metrics);
    const log = logger.write;
    const draw = (stream: string): number => host.draw(stream);
    const state = new CoreState(instruments, settings, parts, draw, log);
    const { account, session } = state;
    const executor = parts.executor(settings);
    const supervisor = parts.supervisor(settings, FEEDS, draw, log, instruments.length);
    const snapshotLag = new SnapshotLag(log);
    const syncHealth = new SyncHealth(settings.infra.syncHealth, log);
    const rest = new RestRequests({
      send: command => {
        if (command.kind === 'rest') account.rateLimiter.sent(restWeight(command.request), session.nowNs);
        host.send(command);
      },
    });
    const reconciliation = parts.reconciliation(settings, state.instruments, rest, metrics, log);
    const gate = new SendGate(account, (_type, nowNs) => {
      account.margin.refused();
      reconciliation.request('OrderRejection', nowNs);
    });
    const engineParts = {
      host,
      settings,
      session,
      account,
      syncHealth,
      metrics,
      summary,
      log,
      sideCapacity: parts.sideCapacity,
    };
    const roundTrips = new RoundTripWatch(log);
    const loopWatch = new LoopWatch(metrics, log);
    const reconcilers: Stateful[] = [];
    const desks: Desk[] = state.instruments.map(instrument => {
      const own = logOf(instrument.index, instruments.length, log);
      const orderOps = new OrderOps(host, session, instrument, executor, rest, gate, metrics, summary, roundTrips, own);
      const arena = parts.arena(settings);
      const reconciler = parts.reconciler(instrument.instrument, settings, arena);
      reconcilers.push(reconciler);
      const its = { ...engineParts, log: own };
      const quoteEngine = parts.quoteEngine(its, instrument, orderOps, reconciler, arena);
      return { state: instrument, orderOps, quoteEngine };
    });
    const recovery = new Recovery(
      settings.orchestrator.recovery,
      settings.infra.wsPost.timeoutNs,
      rest,
      session,
      desks,
      reconciliation,
      syncHealth,
      metrics,
      log,
    );
    const reduceOnlyReason = (): string | null => whyReduceOnly(state);
    const auditor = parts.auditor(settings, desks, rest, reduceOnlyReason, syncHealth, metrics, log);
    const checks = new Checks(state, supervisor, rest, metrics, summary, roundTrips);
    const timers = new Timers(host, instruments.length);
    const handlerParts: HandlerParts = {
      host,
      log,
      settings,
      state,
      desks,
      supervisor,
      executor,
      recovery,
      reconciliation,
      auditor,
      snapshotLag,
      checks,
      editor,
      metrics,
    };
    const loop = new EventLoop(handlerParts, timers, loopWatch);
    this.#loop = loop;
    this.#stateful = {
      // First, because what the others keep may hang on it.
      editor,
      metrics,
      summary,
      logger,
      state,
      executor,
      supervisor,
      syncHealth,
      rest,
      reconciliation,
      recovery,
      auditor,
      snapshotLag,
      checks,
      timers,
      loop,
      loopWatch,
      roundTrips,
      reconcilers: all(reconcilers),
      quoteEngines: all(desks.map(desk => desk.quoteEngine)),
    };
    this.metrics = metrics.values;
    this.#accounts = state.instruments.map(accountOf);
  }

  receive(message: Inbound): void {
    this.#loop.receive(message);
  }

  accountView(): readonly InstrumentAccount[] {
    return this.#accounts;
  }

  snapshot(): unknown {
    return Object.fromEntries(Object.entries(this.#stateful).map(([name, part]) => [name, part.snapshot()]));
  }

  restore(state: unknown): void {
    const from = state as Record<string, unknown>;
    for (const [name, part] of Object.entries(this.#stateful)) part.restore(from[name]);
  }
}

interface Stateful {
  snapshot(): unknown;
  restore(state: unknown): void;
}

/** A live view: it shows what the instrument's state holds when it is read. */
function accountOf(state: InstrumentState): InstrumentAccount {
  return {
    get positionLots() {
      return state.positionLots;
    },
    get orders() {
      return state.orders.activeOrders();
    },
    get adverseSelectionRate() {
      return state.adverseSelectionRate ?? Number.NaN;
    },
  };
}

/** Parts of one kind, one an instrument, as one. */
function all(parts: readonly Stateful[]): Stateful {
  return {
    snapshot: () => parts.map(part => part.snapshot()),
    restore: state => {
      for (const [index, part] of parts.entries()) part.restore((state as unknown[])[index]);
    },
  };
}

/** Why nothing may grow on any side now; null: it may. */
function whyReduceOnly({ account, instruments }: CoreState): string | null {
  if (account.killSwitch.isKilled) return 'kill switch';
  if (account.quota.isConserving) return 'quota';
  return instruments.some(({ risk }) => risk.current.reduceOnly) ? 'risk' : null;
}

/** Makes cores of other parts than the usual: those that `change` makes of them. */
export function coreOf(change: (usual: CoreParts) => CoreParts): CoreFactory<CoreSettings> {
  return (host, settings, instruments) => new ReplaybookCore(host, settings, instruments, change(DEFAULT_PARTS));
}

/** Makes a core of the usual parts. */
export const createCore: CoreFactory<CoreSettings> = (host, settings, instruments) =>
  new ReplaybookCore(host, settings, instruments);
