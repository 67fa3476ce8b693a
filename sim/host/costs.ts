/**
 * What the core's work costs on the virtual CPU (design, section 4): for each stage a fixed part and a part for each unit.
 * A run never reads a clock; these figures are its time. Their hash is part of the run's identity.
 *
 * They are set so that a default quote cycle (5 levels a side, everything replaced) stays under 350 us
 * (playbook-matrix, defaults), of a target of 500 us (playbook 4.1). The order of magnitude of the parts follows
 * playbook 4.2 and 4.5: tens of nanoseconds an allocation, under 100 us for the model.
 */
import type { Stage } from '../../core/port.ts';
import { NS_PER_US } from '../../core/scale.ts';

export interface StageCost {
  fixedNs: number;
  perUnitNs: number;
}

export type StageCosts = Readonly<Record<Stage, StageCost>>;

const us = (fixedUs: number, perUnitUs: number): StageCost => ({
  fixedNs: fixedUs * NS_PER_US,
  perUnitNs: perUnitUs * NS_PER_US,
});

export const DEFAULT_COSTS: StageCosts = {
  decode: us(2, 0.25),
  book: us(1, 0.125),
  trades: us(1, 0.5),
  'data-quality': us(1, 0),
  'user-event': us(4, 2),
  timer: us(2, 0),
  estimate: us(3, 0),
  risk: us(5, 0),
  strategy: us(25, 0),
  ladder: us(5, 4),
  reconcile: us(5, 3),
  execute: us(20, 6),
  log: us(1, 0),
  // A write and a flush to an ordinary solid-state disk.
  'log-sync': us(0, 400),
  // Playbook 4.5: under 100 us for optimal quotes. 10 levels a side and the signals are 21 units.
  model: us(10, 1.5),
  // A few exponentials for each of four regimes, forwards and backwards.
  recalibrate: us(0, 0.4),
  // One count in a table for each pair.
  'mutual-information': us(0, 0.02),
  // Playbook 4.2: about 10 ns an allocation.
  arena: us(0, 0.01),
  // A chunk from the heap, with its pages touched for the first time.
  'arena-spill': us(0, 4),
  safety: us(10, 1),
  blocked: us(0, 1),
};
