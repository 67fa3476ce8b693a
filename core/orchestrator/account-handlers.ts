/**
 * What messages of the account do to the state (playbook 4.3): own orders and fills, what happened to the account by itself, and the
 * replies to posts and queries.
 */
import type { FillSource } from '../evidence.ts';
import { isLive, remainingLots, type TrackedOrder } from '../execution/tracked-order.ts';
import { METRIC } from '../infra/metrics/fields.ts';
import type { SentPost } from '../infra/ws-executor.ts';
import { BID, type Side } from '../market.ts';
import type {
  Fill,
  FillsMessage,
  OrderUpdatesMessage,
  PostReplyMessage,
  RestReplyMessage,
  UserEventsMessage,
} from '../port.ts';
import { mustCancelGrowing } from '../risk/position-control.ts';
import { growingSide } from '../risk/side-capacity.ts';
import { hasIssues } from '../safety/auditor.ts';
import type { InstrumentState } from '../state.ts';
import type { Desk, HandlerParts } from './handler-parts.ts';

export class AccountHandlers {
  readonly #parts: HandlerParts;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
  }

  // --------------------------------------------------------------------------------------- own orders and fills

  orderUpdates(message: OrderUpdatesMessage): void {
    const { auditor, host, desks, supervisor } = this.#parts;
    const { nowNs, updates } = message;
    host.charge('user-event', updates.length);
    supervisor.onUserEvent(nowNs);
    for (const update of updates) {
      const { state } = desks[update.instrument];
      const known = state.orders.find(update.oid, update.cloid);
      const wasLive = known !== null && isLive(known.state);
      const order = state.orders.orderUpdate(update, nowNs);
      // An order that is not ours, or that was given up, rests under our name: the audits will tell.
      if (update.status === 'open' && (order === null || !isLive(order.state))) {
        auditor.sawUnknown(update.oid, update.cloid, order, nowNs);
      }
      // A refusal is no news: at the same moment the same order would be refused again.
      const isGone = order !== null && wasLive && !isLive(order.state) && order.state !== 'Rejected';
      if (isGone && !isReplaced(state, order)) state.accumulator.onOrderGone(order.side, nowNs);
    }
  }

  fills(message: FillsMessage): void {
    const { host, desks, state, supervisor } = this.#parts;
    const { nowNs, fills, isSnapshot } = message;
    host.charge('user-event', fills.length);
    supervisor.onUserEvent(nowNs);
    for (const fill of fills) {
      // A snapshot goes back to before this run; the position that recovery finds at the start holds those fills.
      if (fill.exchNs < state.session.startNs) continue;
      this.#fill(desks[fill.instrument], fill, isSnapshot ? 'snapshot' : 'stream', nowNs);
    }
  }

  #fill(desk: Desk, fill: Fill, via: FillSource, nowNs: number): void {
    const { metrics, reconciliation } = this.#parts;
    const { state } = desk;
    const { account } = state;
    const beforeLots = state.positionLots;
    const outcome = state.fills.consume(fill, nowNs, via);
    if (outcome.kind === 'duplicate') {
      metrics.add(METRIC.duplicateFills, 1);
      return;
    }
    metrics.add(METRIC.fills, 1);
    metrics.set(METRIC.cancelFillRaces, state.fills.races.count);
    metrics.set(METRIC.whipsawLots, state.fills.races.whipsawLots);
    state.fillLearning.onFill(fill, nowNs);
    account.quota.traded(fill.sizeLots * state.lotUsd, nowNs);
    account.margin.requestRefresh();

    // What the exchange said of the position was later than this fill and held it; or its acknowledgement did.
    const creditedLots = outcome.kind === 'applied' ? outcome.creditedLots : 0;
    const heldLots = fill.exchNs <= state.positionAsOfNs ? fill.sizeLots : creditedLots;
    if (heldLots > 0) {
      const newLots = fill.sizeLots - heldLots;
      state.adjustPosition(fill.side === BID ? beforeLots + newLots : beforeLots - newLots, nowNs);
      metrics.add(METRIC.positionAdjustments, 1);
    } else {
      reconciliation.onFill(fill, beforeLots, this.#maxLots(state), nowNs);
    }
    if (outcome.kind === 'orphan') {
      metrics.add(METRIC.orphanFills, 1);
      reconciliation.request('UnmatchedFill', nowNs);
    }
    const isFull = outcome.kind === 'orphan' || outcome.full;
    if (outcome.kind === 'applied' && outcome.full) metrics.add(METRIC.ordersFilled, 1);
    state.accumulator.onFill(isFull, fill.side, fill.oid, nowNs);
    this.#stopGrowing(desk, fill, nowNs);
  }

  #maxLots({ lotUsd, account }: InstrumentState): number {
    return lotUsd > 0 ? Math.floor(account.maxInventoryUsd / lotUsd) : 0;
  }

  /** A market that runs through the ladder, and a position near its maximum, do not wait for the next cycle (playbook 1.3). */
  #stopGrowing({ orderOps, state }: Desk, { oid, side: filled }: Fill, nowNs: number): void {
    const { positionControl } = this.#parts.settings.risk;
    const isSwept = state.ladderSweep.onFill(filled, oid, nowNs);
    const growing = growingSide(state.positionLots);
    const isNearMaximum = mustCancelGrowing(positionControl, state.positionLots, this.#maxLots(state));
    // The reducing side is never blocked.
    const sides: readonly (Side | null)[] = [isNearMaximum ? growing : null, isSwept ? filled : null];
    for (const side of new Set(sides)) {
      if (side === null || (growing !== null && side !== growing)) continue;
      const standing = state.orders.activeOrders(side).filter(order => order.state !== 'CancelPending');
      orderOps.cancel(standing, nowNs);
    }
  }

  userEvents({ events, nowNs }: UserEventsMessage): void {
    const { desks, host, log, recovery, state, supervisor } = this.#parts;
    const { killSwitch, margin, profit } = state.account;
    host.charge('user-event', events.length);
    supervisor.onUserEvent(nowNs);
    for (const event of events) {
      if (event.type === 'funding') {
        profit.onFunding(event.usd);
      } else if (event.type === 'nonUserCancel') {
        log({ type: 'non-user-cancel', atNs: nowNs, oid: event.oid });
        margin.requestRefresh();
        this.#endedByExchange(desks[event.instrument].state, event.oid, nowNs);
      } else {
        const { accountValueUsd, notionalUsd } = event;
        log({ type: 'liquidation', atNs: nowNs, notionalUsd, accountValueUsd });
        killSwitch.trigger(['LiquidationDetected'], nowNs);
        recovery.request(nowNs);
      }
    }
  }

  #endedByExchange(state: InstrumentState, oid: number, nowNs: number): void {
    const order = state.orders.find(oid, 0);
    if (order === null || !isLive(order.state)) return;
    state.orders.orderUpdate(
      {
        oid,
        cloid: order.cloid,
        instrument: order.instrument,
        side: order.side,
        limitTicks: order.priceTicks,
        originalLots: order.originalLots,
        remainingLots: remainingLots(order),
        status: 'marginCanceled',
        statusNs: nowNs,
      },
      nowNs,
    );
    state.accumulator.onOrderGone(order.side, nowNs);
  }

  // ------------------------------------------------------------------------------------------------- replies

  postReply(message: PostReplyMessage): void {
    const { executor, host, desks, log, metrics, state, supervisor } = this.#parts;
    const { nowNs } = message;
    host.charge('user-event', Math.max(1, message.items.length));
    let post = executor.takeInFlight(message.id);
    if (post === null) {
      post = executor.takeLate(message.id);
      if (post === null) return;
      metrics.add(METRIC.lateReplies, 1);
      log({ type: 'late-reply', atNs: nowNs, id: message.id, ageNs: nowNs - post.sentNs });
    }
    supervisor.onRoundtrip(nowNs - post.firstSentNs);
    const desk = desks[post.instrument];
    desk.orderOps.applyReply(post, message);
    const { type } = post.action;
    if (type === 'updateLeverage' && message.error !== null) state.account.margin.actionRefused(post.instrument);
    // A cancel that was refused is not repeated at once, which would be as often as it is answered, but by the next check.
    if (type === 'order' || type === 'batchModify') desk.quoteEngine.keepPulled(nowNs);
  }

  /** A REST reply says something of the account, whoever asked; then it is for him. */
  restReply(message: RestReplyMessage): void {
    const { auditor, desks, executor, host, reconciliation, recovery, state } = this.#parts;
    const { nowNs } = message;
    host.charge('user-event', 1);
    this.#parts.snapshotLag.answered(message);
    this.#learn(message);
    const query = executor.takeQuery(message.id);
    if (query !== null) {
      desks[query.instrument].orderOps.applyStatus(query, message);
      return;
    }
    const applyFill = (fill: Fill): void => this.#fill(desks[fill.instrument], fill, 'query', nowNs);
    if (reconciliation.reply(message, applyFill)) return;
    const audit = auditor.reply(message);
    if (audit !== null) {
      host.charge('safety', message.body.request === 'openOrders' ? message.body.orders.length : 0);
      if (!hasIssues(audit)) return;
      recovery.request(nowNs);
      this.askForQuotes(nowNs);
      return;
    }
    if (!recovery.reply(message, applyFill) || !state.session.userOpen) return;
    state.session.ready = true;
    // Quotes may be sent again, or what was set right, a position or an order that is not there, calls for others.
    this.askForQuotes(nowNs);
  }

  /** Something changed that no message tells of: all quotes are to be looked at. */
  askForQuotes(nowNs: number): void {
    for (const { accumulator } of this.#parts.state.instruments) accumulator.onFeedRestored(nowNs);
  }

  #learn({ body, nowNs }: RestReplyMessage): void {
    const { desks, state } = this.#parts;
    const { margin, profit, quota, rateLimiter } = state.account;
    if (body.request === 'failed') {
      if (body.httpStatus === 429) rateLimiter.refused('TooManyRequests', nowNs);
      return;
    }
    if (body.request === 'clearinghouseState') {
      margin.onAccount(body.account, body.positions, nowNs);
      profit.onAccountValue(body.account.valueUsd);
    } else if (body.request === 'meta') {
      margin.onRules(body.instruments, nowNs);
    } else if (body.request === 'userRateLimit') {
      quota.answered(body.requestsUsed, body.requestsCap, nowNs);
    }
    if (!margin.isSynced) return;
    for (const action of margin.takeActions()) {
      if (action.type === 'updateLeverage') desks[action.instrument].orderOps.sendAction(action, nowNs);
    }
  }

  /** A post got no answer in its time, or lost its connection. */
  timedOut(post: SentPost, nowNs: number): void {
    const { desks, log, metrics } = this.#parts;
    metrics.add(METRIC.requestTimeouts, 1);
    log({ type: 'request-timeout', atNs: nowNs, id: post.id, ageNs: nowNs - post.sentNs });
    desks[post.instrument].orderOps.timedOut(post, nowNs);
  }

  postTimeout(nowNs: number): void {
    const { executor } = this.#parts;
    for (const post of executor.expire(nowNs)) this.timedOut(post, nowNs);
  }
}

/** Whether a modification has another order take this one's place: then its end is no news. */
function isReplaced(state: InstrumentState, order: TrackedOrder): boolean {
  return state.orders.activeOrders(order.side).some(other => other.replacesCloid === order.cloid);
}
