import { describe, expect, it } from 'vitest';
import {
  CLASS_DELIVERY,
  CLASS_FAULT,
  CLASS_MARKET,
  CLASS_TIMER,
  Kernel,
  type Source,
} from '../../../sim/kernel/kernel.ts';

/** A source over given times that notes what it dispatches. */
function source(name: string, eventClass: number, times: readonly number[], log: string[]): Source {
  let position = 0;
  return {
    eventClass,
    headNs: times[0] ?? Infinity,
    dispatch() {
      log.push(`${name}@${times[position]}`);
      position++;
      this.headNs = times[position] ?? Infinity;
    },
  };
}

function kernelWith(sources: (log: string[]) => Source[]): { kernel: Kernel<string>; log: string[] } {
  const log: string[] = [];
  const kernel: Kernel<string> = new Kernel(0, sources(log), event => log.push(`${event}@${kernel.nowNs}`));
  return { kernel, log };
}

describe('Kernel', () => {
  it('merges sources and heap by time', () => {
    const { kernel, log } = kernelWith(log => [
      source('market', CLASS_MARKET, [1, 4, 9], log),
      source('delivery', CLASS_DELIVERY, [2, 6], log),
    ]);
    kernel.schedule(3, CLASS_TIMER, 'timer');
    kernel.schedule(7, CLASS_TIMER, 'late');
    kernel.runUntil(7);
    expect(log).toEqual(['market@1', 'delivery@2', 'timer@3', 'market@4', 'delivery@6', 'late@7']);
    expect(kernel.nowNs).toBe(7);
  });

  it('breaks ties by class, sources before the heap, the heap by sequence', () => {
    const { kernel, log } = kernelWith(log => [
      source('delivery', CLASS_DELIVERY, [5], log),
      source('market', CLASS_MARKET, [5], log),
    ]);
    kernel.schedule(5, CLASS_TIMER, 'timer 1');
    kernel.schedule(5, CLASS_DELIVERY, 'message');
    kernel.schedule(5, CLASS_FAULT, 'fault');
    kernel.schedule(5, CLASS_TIMER, 'timer 2');
    kernel.runUntil(5);
    expect(log).toEqual(['fault@5', 'market@5', 'delivery@5', 'message@5', 'timer 1@5', 'timer 2@5']);
  });

  it('never goes back: what was due earlier happens now', () => {
    const { kernel, log } = kernelWith(() => []);
    kernel.runUntil(10);
    kernel.schedule(3, CLASS_TIMER, 'overdue');
    kernel.runUntil(20);
    expect(log).toEqual(['overdue@10']);
  });

  it('stops at the limit, included, and goes on from there', () => {
    const { kernel, log } = kernelWith(log => [source('market', CLASS_MARKET, [1, 2, 3], log)]);
    kernel.runUntil(2);
    expect(log).toEqual(['market@1', 'market@2']);
    kernel.runUntil(100);
    expect(log).toEqual(['market@1', 'market@2', 'market@3']);
    expect(kernel.nowNs).toBe(100);
  });
});
