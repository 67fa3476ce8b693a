/**
 * What the four symptoms have in common: each is judged at every nanosecond, as things stand when all events of that nanosecond are
 * done. Between events only deadlines pass, so it is enough to look at the moments of events, and at those that the last look asked
 * for, in time order. An event on which nothing is due costs a comparison.
 */
import type { Symptom } from '../../core/playbook.ts';
import type { HotList } from './hot-list.ts';
import type { HotInterval, SymptomObserver } from './symptom.ts';

export const NEVER = Number.POSITIVE_INFINITY;

export interface MomentState {
  hot: unknown;
  wakeNs: number;
  lastEvent: number;
}

export abstract class MomentJudge implements SymptomObserver {
  abstract readonly symptom: Symptom;
  protected readonly hot: HotList;
  /** The next moment to be judged; NEVER: nothing changes by itself. */
  protected wakeNs = NEVER;
  /** Number of the newest digest record. */
  protected lastEvent = 0;

  protected constructor(hot: HotList) {
    this.hot = hot;
  }

  get name(): string {
    return this.symptom;
  }

  /** Judges `ns` and returns the next moment to be judged if no event comes before. */
  protected abstract judge(ns: number): number;

  /** An event that may change the judgement: everything before its moment is judged; the moment itself will be when the next one begins. */
  protected begin(atNs: number, event: number): void {
    this.pass(atNs, event);
    this.wakeNs = atNs;
  }

  /** An event that by itself changes nothing. */
  protected pass(atNs: number, event: number): void {
    if (this.wakeNs < atNs) this.#advance(atNs);
    this.lastEvent = event;
  }

  onEnd(atNs: number): void {
    this.#advance(atNs);
    if (this.wakeNs === atNs) this.wakeNs = this.judge(atNs);
  }

  /** Judges every moment before `atNs` at which something may change. */
  #advance(atNs: number): void {
    while (this.wakeNs < atNs) this.wakeNs = this.judge(this.wakeNs);
  }

  get isHot(): boolean {
    return this.hot.isHot;
  }

  intervals(): HotInterval[] {
    return this.hot.intervals();
  }

  abstract snapshot(): unknown;
  abstract restore(state: unknown): void;

  /** What a snapshot has of this part. */
  protected moment(): MomentState {
    return { hot: this.hot.snapshot(), wakeNs: this.wakeNs, lastEvent: this.lastEvent };
  }

  protected restoreMoment({ hot, wakeNs, lastEvent }: MomentState): void {
    this.hot.restore(hot);
    this.wakeNs = wakeNs;
    this.lastEvent = lastEvent;
  }
}
