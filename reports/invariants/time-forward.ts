/**
 * Time never goes back, and neither do the numbers of the digest's records. The world, the core's log and its handlers
 * have each their own clock to be held to: a handler is done later than it began.
 */
import type { LogEntry } from '../../core/evidence.ts';
import type { FaultEffect } from '../../sim/truth.ts';
import { type Invariant, ViolationList } from './invariant.ts';

interface TimeState {
  violations: unknown;
  worldNs: number;
  event: number;
  logNs: number;
  handledNs: number;
}

export class TimeForward implements Invariant {
  readonly invariant = 'time-forward';
  readonly name = 'invariant:time-forward';
  readonly #violations = new ViolationList(this.invariant);
  #worldNs = Number.NEGATIVE_INFINITY;
  #event = 0;
  #logNs = Number.NEGATIVE_INFINITY;
  #handledNs = Number.NEGATIVE_INFINITY;

  onMarket(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onDelivered(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onAccepted(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onRemoved(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onFill(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onCommand(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onReply(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onConnection(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onFault(effect: FaultEffect): void {
    this.#world(effect.atNs, effect.event);
  }

  onEnd(atNs: number, event: number): void {
    this.#world(atNs, event);
  }

  onEvidence(entry: LogEntry): void {
    if (entry.atNs < this.#logNs) {
      this.#violations.add(entry.atNs, this.#event, `a log entry (${entry.type}) is older than the one before`);
    }
    this.#logNs = Math.max(this.#logNs, entry.atNs);
  }

  onHandled(startNs: number, endNs: number, queuedNs: number): void {
    if (startNs < this.#handledNs || endNs < startNs || queuedNs < 0) {
      this.#violations.add(startNs, this.#event, `a message was taken up at ${startNs} and done at ${endNs} ns`);
    }
    this.#handledNs = Math.max(this.#handledNs, startNs);
  }

  #world(atNs: number, event: number): void {
    if (atNs < this.#worldNs || event < this.#event) {
      this.#violations.add(
        atNs,
        event,
        `event ${event} at ${atNs} ns follows event ${this.#event} at ${this.#worldNs} ns`,
      );
    }
    if (atNs > this.#worldNs) this.#worldNs = atNs;
    if (event > this.#event) this.#event = event;
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      worldNs: this.#worldNs,
      event: this.#event,
      logNs: this.#logNs,
      handledNs: this.#handledNs,
    } satisfies TimeState;
  }

  restore(state: unknown): void {
    const from = state as TimeState;
    this.#violations.restore(from.violations);
    this.#worldNs = from.worldNs;
    this.#event = from.event;
    this.#logNs = from.logNs;
    this.#handledNs = from.handledNs;
  }
}
