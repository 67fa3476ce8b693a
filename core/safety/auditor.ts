/**
 * The safety audit (playbook 1.4, 3.1): compares the local order book with the exchange's by the clock, and puts right what
 * neither acknowledgements nor updates have.
 *
 * - Orders pending for over 5 s are given up; windows for last fills that are over are closed. Each second, by `sweep`.
 * - Orders that the exchange has and nobody here tracks are orphans once their grace is over (`infra/orphan-tracker.ts`). They are
 *   cancelled, all in one batch: one by one would take seconds in which nothing else is done (incident I-27).
 * - Orders that the exchange does not have are removed here: only where nothing was heard of them after the exchange's picture
 *   was taken, nor shortly before (incident I-26), nor in the second after its arrival, in which news of their end may still come.
 * - Cancels that were not carried out within 30 s are stuck. Where the exchange has the order its cancel is repeated, else it is
 *   removed.
 *
 * An audit ends, with an answer or without, before the next one begins, and one that had no answer is not repeated before its time.
 */
import type { LogEntry } from '../evidence.ts';
import type { TrackedOrder } from '../execution/order-lifecycle.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { Metrics } from '../infra/metrics/updates.ts';
import { DEFAULT_ORPHANS, type OrphanConfig, OrphanTracker, type OrphanVerdict } from '../infra/orphan-tracker.ts';
import type { RestRequests } from '../infra/rest-requests.ts';
import type { SyncHealth } from '../infra/sync-health.ts';
import type { OrderOps } from '../orchestrator/order-ops.ts';
import type { OpenOrder, RestReplyMessage } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import type { InstrumentState } from '../state.ts';

/** What an audit found, since the audit before. */
export interface AuditResult {
  /** Orders whose window for last fills is over. */
  ordersCleaned: number;
  /** Orders given up because they were pending for too long. */
  stalePendingRemoved: number;
  /** Cancels that were not carried out in all the time they had. */
  stuckCancels: number;
  /** Orders of the exchange that were not tracked here, and were cancelled. */
  orphanOrders: number;
  /** Local orders that the exchange does not have, removed. */
  staleLocalRemoved: number;
  /** Local orders that the exchange did not have at the audit before either, and that are still here. */
  staleLocalKept: number;
  /** Local and exchange agreed, orders in the ordinary course of their life left out. */
  isSynced: boolean;
  reduceOnlyActive: boolean;
  reduceOnlyReason: string | null;
}

/** Whether there was any sync problem. Orders cleaned and given up are none by themselves (core-facts 3.1). */
export function hasIssues({ stuckCancels, orphanOrders, staleLocalRemoved, isSynced }: AuditResult): boolean {
  return stuckCancels > 0 || orphanOrders > 0 || staleLocalRemoved > 0 || !isSynced;
}

export interface SafetyAuditorConfig {
  /** Time from one audit to the next. */
  intervalNs: number;
  /** Without a reply after this long an audit has failed. */
  replyTimeoutNs: number;
  /** News of an order's end may be on its way for so long before the order is missed. */
  deliveryNs: number;
  /** A local order of which something was heard this shortly before the exchange's picture is not missed in it. */
  staleGraceNs: number;
  orphans: OrphanConfig;
}

export const DEFAULT_SAFETY_AUDITOR: SafetyAuditorConfig = {
  // The reference system's tick, after it was every 15 s (incident I-27), and its grace for cancels (core-facts 1.4).
  intervalNs: 5 * NS_PER_S,
  staleGraceNs: 2 * NS_PER_S,
  // What is apart for longer than a second is a mismatch (playbook matrix, `position-mismatch`).
  deliveryNs: NS_PER_S,
  // Ten times what a REST call may take when all is well (playbook 4.1 expects 500 ms and more).
  replyTimeoutNs: 5 * NS_PER_S,
  orphans: DEFAULT_ORPHANS,
};

/** What one instrument's parts bring to an audit. */
export interface AuditTarget {
  readonly state: Pick<InstrumentState, 'index' | 'orders'>;
  readonly orderOps: Pick<OrderOps, 'cancel'>;
}

/** `check` is called about so often. */
const CHECK_NS = NS_PER_S;

interface Missed {
  readonly instrument: number;
  readonly cloid: number;
  readonly sinceNs: number;
}

export type AuditTrigger = 'timer' | 'operator' | 'stuck';

export class SafetyAuditor {
  readonly #config: SafetyAuditorConfig;
  readonly #targets: readonly AuditTarget[];
  readonly #rest: RestRequests;
  readonly #reduceOnlyReason: () => string | null;
  readonly #syncHealth: SyncHealth;
  readonly #metrics: Metrics;
  readonly #log: (entry: LogEntry) => void;
  readonly #orphans: OrphanTracker;

  /** Id of the question under way; 0: none. */
  #requestId = 0;
  #begunNs = Number.NEGATIVE_INFINITY;
  #trigger: AuditTrigger = 'timer';
  /** Counted since the last audit ended. */
  #ordersCleaned = 0;
  #stalePendingRemoved = 0;
  #staleLocalRemoved = 0;
  /** Orders that the last picture did not show, and since when they are missed. */
  #missed: readonly Missed[] = [];
  /** The same, of those too for which the time to remove them has come; a right core has removed them by the next audit. */
  #firstMissed: readonly Missed[] = [];
  /** Cancels that were stuck at the last sweep. */
  #stuckCancels = 0;
  #hadIssues = false;

  /** `reduceOnlyReason`: why only the reducing side is quoted now; null: it is not so. */
  constructor(
    config: SafetyAuditorConfig,
    targets: readonly AuditTarget[],
    rest: RestRequests,
    reduceOnlyReason: () => string | null,
    syncHealth: SyncHealth,
    metrics: Metrics,
    log: (entry: LogEntry) => void,
  ) {
    this.#config = config;
    this.#targets = targets;
    this.#rest = rest;
    this.#reduceOnlyReason = reduceOnlyReason;
    this.#syncHealth = syncHealth;
    this.#metrics = metrics;
    this.#log = log;
    this.#orphans = new OrphanTracker(config.orphans);
  }

  // ------------------------------------------------------------------------------------------------- by the clock

  /** To be called about once a second: ends what has waited long enough, and audits when it is time. */
  check(nowNs: number): void {
    const hasRemoved = this.#removeMissed(nowNs);
    const isNewlyStuck = this.#sweep(nowNs) || hasRemoved;
    if (this.#requestId !== 0) {
      if (nowNs - this.#begunNs > this.#config.replyTimeoutNs) this.#failed(nowNs);
      return;
    }
    // What was put right without the exchange, it has to tell about.
    if (isNewlyStuck) this.run('stuck', nowNs);
    else if (nowNs - this.#begunNs >= this.#config.intervalNs || this.#orphans.nextGraceEndNs <= nowNs) {
      this.run('timer', nowNs);
    }
  }

  /** Removes what was missed for long enough without a word of it. True where there was something. */
  #removeMissed(nowNs: number): boolean {
    const { deliveryNs } = this.#config;
    const due = this.#missed.filter(({ sinceNs }) => nowNs - sinceNs >= deliveryNs);
    if (due.length === 0) return false;
    this.#missed = this.#missed.filter(missed => !due.includes(missed));
    let removed = 0;
    for (const { instrument, cloid, sinceNs } of due) {
      const orders = this.#targets.find(({ state }) => state.index === instrument)?.state.orders;
      const order = orders?.byCloid(cloid) ?? null;
      if (orders === undefined || order === null || order.lastChangeNs >= sinceNs) continue;
      if (orders.removeStale(cloid, nowNs)) removed++;
    }
    this.#staleLocalRemoved += removed;
    this.#metrics.add(METRIC.staleLocalRemoved, removed);
    return removed > 0;
  }

  /** True where an order has just been given up, or a cancel has just got stuck. */
  #sweep(nowNs: number): boolean {
    let stuck = 0;
    let given = 0;
    for (const { state } of this.#targets) {
      const { closedWindows, stalePending, stuckCancels } = state.orders.sweep(nowNs);
      this.#ordersCleaned += closedWindows;
      given += stalePending.length;
      stuck += stuckCancels.length;
    }
    const isNew = given > 0 || stuck > this.#stuckCancels;
    this.#stalePendingRemoved += given;
    this.#stuckCancels = stuck;
    this.#metrics.add(METRIC.stalePending, given);
    this.#metrics.set(METRIC.stuckCancels, stuck);
    return isNew;
  }

  /** Audits now, unless an audit is under way. */
  run(trigger: AuditTrigger, nowNs: number): void {
    if (this.#requestId !== 0) return;
    this.#begunNs = nowNs;
    this.#trigger = trigger;
    this.#requestId = this.#rest.ask('openOrders');
  }

  /** The order stream speaks of an order that is not tracked here: its grace begins. */
  sawUnknown(oid: number, cloid: number, known: TrackedOrder | null, nowNs: number): void {
    this.#verdict(oid, cloid, known, nowNs);
  }

  #verdict(oid: number, cloid: number, known: TrackedOrder | null, nowNs: number): OrphanVerdict {
    const verdict = this.#orphans.see(oid, known, nowNs, cloid);
    if (verdict === 'new') {
      this.#log({ type: 'orphan-order', atNs: nowNs, oid, cloid, state: 'candidate', known: known?.state ?? null });
    }
    return verdict;
  }

  // ------------------------------------------------------------------------------------------------- the comparison

  /** Takes a reply; null where it is none to a question of this part, or brought no orders. */
  reply({ id, exchNs, body, nowNs }: RestReplyMessage): AuditResult | null {
    if (id !== this.#requestId || id === 0) return null;
    if (body.request !== 'openOrders') {
      this.#failed(nowNs);
      return null;
    }
    this.#requestId = 0;
    return this.#audit(body.orders, exchNs, nowNs);
  }

  #audit(orders: readonly OpenOrder[], exchNs: number, nowNs: number): AuditResult {
    let localOrders = 0;
    let orphanOrders = 0;
    let staleLocalKept = 0;
    const missed: Missed[] = [];
    const firstMissed: Missed[] = [];
    // Some may have got stuck since the last sweep.
    this.#stuckCancels = 0;
    for (const target of this.#targets) {
      const open = orders.filter(({ instrument }) => instrument === target.state.index);
      localOrders += target.state.orders.activeOrders().filter(order => order.state !== 'Placed').length;
      const orphans = this.#adoptOrphans(target, open, exchNs, nowNs);
      const { stale, listedStuck, stuck } = this.#missing(target, open, exchNs, nowNs);
      this.#stuckCancels += stuck;
      for (const { cloid } of stale) {
        const before = this.#missed.find(one => one.instrument === target.state.index && one.cloid === cloid);
        missed.push(before ?? { instrument: target.state.index, cloid, sinceNs: nowNs });
        const first = this.#firstMissed.find(one => one.cloid === cloid);
        firstMissed.push(first ?? { instrument: target.state.index, cloid, sinceNs: nowNs });
        if (first !== undefined && nowNs - first.sinceNs > this.#config.deliveryNs + CHECK_NS) staleLocalKept++;
      }
      const toCancel = [...orphans, ...listedStuck];
      if (toCancel.length > 0) target.orderOps.cancel(toCancel, nowNs);
      orphanOrders += orphans.length;
    }
    this.#missed = missed;
    this.#firstMissed = firstMissed;
    for (const { cloid, oid } of this.#orphans.looked(exchNs, nowNs)) {
      this.#log({ type: 'orphan-order', atNs: nowNs, oid, cloid, state: 'gone', known: null });
    }
    this.#metrics.add(METRIC.safetyAudits, 1);
    this.#metrics.add(METRIC.orphanOrders, orphanOrders);
    this.#syncHealth.record(true, localOrders, orders.length, orphanOrders, nowNs);
    return this.#finish(orphanOrders, staleLocalKept, nowNs);
  }

  /** Orphans, taken over so that they can be cancelled. */
  #adoptOrphans(target: AuditTarget, open: readonly OpenOrder[], exchNs: number, nowNs: number): TrackedOrder[] {
    const { orders } = target.state;
    const orphans: TrackedOrder[] = [];
    for (const order of open) {
      const known = orders.find(order.oid, order.cloid);
      // Its end was learnt after the picture was taken.
      if (known !== null && known.lastChangeNs >= exchNs) continue;
      if (known !== null && known.oid !== 0) orders.seenOpen(known, order, nowNs);
      if (this.#verdict(order.oid, order.cloid, known, nowNs) !== 'orphan') continue;
      this.#orphans.forget(order.oid);
      const state = known?.state ?? null;
      // One that waits for its last fills is closed first, so that its place is free.
      if (known !== null) orders.removeStale(known.cloid, nowNs);
      orphans.push(orders.adopt(order, nowNs));
      const { oid, cloid } = order;
      this.#log({ type: 'orphan-order', atNs: nowNs, oid, cloid, state: 'cancelled', known: state });
    }
    return orphans;
  }

  /** Local orders that the exchange should have and has not, and those whose stuck cancel it has not carried out. */
  #missing(
    target: AuditTarget,
    open: readonly OpenOrder[],
    exchNs: number,
    nowNs: number,
  ): { stale: TrackedOrder[]; listedStuck: TrackedOrder[]; stuck: number } {
    const oids = new Set(open.map(({ oid }) => oid));
    const cloids = new Set(open.map(({ cloid }) => cloid));
    const stale: TrackedOrder[] = [];
    const listedStuck: TrackedOrder[] = [];
    let stuck = 0;
    for (const order of target.state.orders.activeOrders()) {
      const isStuck = target.state.orders.isStuck(order, nowNs);
      // One that was never answered is the sweep's; the cancel of another may be on its way.
      if (order.state === 'Placed' || (order.state === 'CancelPending' && !isStuck)) continue;
      if (isStuck) stuck++;
      if (order.oid === 0 ? cloids.has(order.cloid) : oids.has(order.oid)) {
        if (isStuck) listedStuck.push(order);
      } else if (order.lastChangeNs + this.#config.staleGraceNs < exchNs) stale.push(order);
    }
    return { stale, listedStuck, stuck };
  }

  #finish(orphanOrders: number, staleLocalKept: number, nowNs: number): AuditResult {
    const staleLocalRemoved = this.#staleLocalRemoved;
    const reason = this.#reduceOnlyReason();
    const result: AuditResult = {
      ordersCleaned: this.#ordersCleaned,
      stalePendingRemoved: this.#stalePendingRemoved,
      stuckCancels: this.#stuckCancels,
      orphanOrders,
      staleLocalRemoved,
      staleLocalKept,
      isSynced: orphanOrders + staleLocalRemoved + staleLocalKept + this.#stuckCancels === 0,
      reduceOnlyActive: reason !== null,
      reduceOnlyReason: reason,
    };
    this.#ordersCleaned = 0;
    this.#stalePendingRemoved = 0;
    this.#staleLocalRemoved = 0;
    const isWorthTelling = hasIssues(result) || result.stalePendingRemoved > 0;
    if (isWorthTelling || this.#hadIssues || this.#trigger === 'operator') {
      this.#log({ type: 'safety-audit', atNs: nowNs, trigger: this.#trigger, ...result });
    }
    this.#hadIssues = isWorthTelling;
    return result;
  }

  #failed(nowNs: number): void {
    this.#requestId = 0;
    this.#syncHealth.record(false, 0, 0, 0, nowNs);
  }

  snapshot(): unknown {
    return {
      orphans: this.#orphans.snapshot(),
      requestId: this.#requestId,
      begunNs: this.#begunNs,
      trigger: this.#trigger,
      ordersCleaned: this.#ordersCleaned,
      stalePendingRemoved: this.#stalePendingRemoved,
      staleLocalRemoved: this.#staleLocalRemoved,
      missed: this.#missed,
      firstMissed: this.#firstMissed,
      stuckCancels: this.#stuckCancels,
      hadIssues: this.#hadIssues,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      orphans: unknown;
      requestId: number;
      begunNs: number;
      trigger: AuditTrigger;
      ordersCleaned: number;
      stalePendingRemoved: number;
      staleLocalRemoved: number;
      missed: readonly Missed[];
      firstMissed: readonly Missed[];
      stuckCancels: number;
      hadIssues: boolean;
    };
    this.#orphans.restore(from.orphans);
    this.#requestId = from.requestId;
    this.#begunNs = from.begunNs;
    this.#trigger = from.trigger;
    this.#ordersCleaned = from.ordersCleaned;
    this.#stalePendingRemoved = from.stalePendingRemoved;
    this.#staleLocalRemoved = from.staleLocalRemoved;
    this.#missed = from.missed;
    this.#firstMissed = from.firstMissed;
    this.#stuckCancels = from.stuckCancels;
    this.#hadIssues = from.hadIssues;
  }
}
