/**
 * The quoting core: all its parts put together behind the port (design, section 5).
 *
 *   message → event loop → handlers → state → event accumulator → quote engine → order ops → commands
 *
 * Pure: the same messages give the same commands and the same evidence, to the last bit.
 */
import type { LogEntry } from './evidence.ts';
import { METRICS } from './infra/metrics/fields.ts';
import { Metrics } from './infra/metrics/updates.ts';
import { SyncHealth } from './infra/sync-health.ts';
import type { Instrument } from './market.ts';
import { EventLoop } from './orchestrator/event-loop.ts';
import {
  type Desk,
  type HandlerParts,
  Handlers,
  MARKET_SUBSCRIPTIONS,
  USER_SUBSCRIPTIONS,
} from './orchestrator/handlers.ts';
import { OrderOps } from './orchestrator/order-ops.ts';
import { QuoteEngine } from './orchestrator/quote-engine.ts';
import { Recovery } from './orchestrator/recovery.ts';
import { Timers } from './orchestrator/timers.ts';
import { type CoreParts, DEFAULT_PARTS } from './parts.ts';
import type { CoreFactory, CoreHost, Inbound, QuotingCore } from './port.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from './settings.ts';
import { CoreState } from './state.ts';

export { type CoreParts, type CoreSettings, DEFAULT_PARTS, DEFAULT_SETTINGS, METRICS };

export class ReplaybookCore implements QuotingCore {
  readonly metrics: Float64Array;
  readonly #loop: EventLoop;
  /** Everything that keeps state, by the name that it has in a snapshot. */
  readonly #stateful: Readonly<Record<string, Stateful>>;

  /** `parts`: what the core is made of, where it is not the usual. */
  constructor(
    host: CoreHost,
    settings: CoreSettings,
    instruments: readonly Instrument[],
    parts: CoreParts = DEFAULT_PARTS,
  ) {
    const metrics = new Metrics();
    const log = (entry: LogEntry): void => {
      host.charge('log', 1);
      metrics.logged(entry);
      host.log(entry);
    };
    const state = new CoreState(instruments, settings, parts, log);
    const executor = parts.executor(settings);
    const feeds = [...MARKET_SUBSCRIPTIONS, ...USER_SUBSCRIPTIONS];
    const supervisor = parts.supervisor(settings, feeds, stream => host.draw(stream), log);
    const syncHealth = new SyncHealth(settings.infra.syncHealth, log);
    const reconcilers: Stateful[] = [];
    const desks: Desk[] = state.instruments.map(instrument => {
      const orderOps = new OrderOps(host, state.session, instrument, executor, metrics, log);
      const reconciler = parts.reconciler(instrument.instrument, settings);
      reconcilers.push(reconciler);
      const quoteEngine = new QuoteEngine(
        host,
        settings,
        state.session,
        instrument,
        orderOps,
        reconciler,
        metrics,
        log,
      );
      return { state: instrument, orderOps, quoteEngine };
    });
    const recovery = new Recovery(
      settings.orchestrator.recovery,
      settings.infra.wsPost.timeoutNs,
      host,
      state.session,
      desks,
      syncHealth,
      metrics,
      log,
    );
    const timers = new Timers(host, instruments.length);
    const handlerParts: HandlerParts = {
      host,
      log,
      state,
      desks,
      supervisor,
      executor,
      recovery,
      metrics,
      snapshotIntervalNs: settings.infra.supervisor.reconnection.initialBackoffNs,
    };
    this.#loop = new EventLoop(
      handlerParts,
      new Handlers(handlerParts),
      timers,
      settings.infra.supervisor.checkIntervalNs,
    );
    this.#stateful = {
      metrics,
      state,
      executor,
      supervisor,
      syncHealth,
      recovery,
      timers,
      reconcilers: all(reconcilers),
    };
    this.metrics = metrics.values;
  }

  receive(message: Inbound): void {
    this.#loop.receive(message);
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

/** Parts of one kind, one an instrument, as one. */
function all(parts: readonly Stateful[]): Stateful {
  return {
    snapshot: () => parts.map(part => part.snapshot()),
    restore: state => {
      for (const [index, part] of parts.entries()) part.restore((state as unknown[])[index]);
    },
  };
}

/** Makes a core of the usual parts. */
export const createCore: CoreFactory<CoreSettings> = (host, settings, instruments) =>
  new ReplaybookCore(host, settings, instruments);
