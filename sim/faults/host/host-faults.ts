/** Faults of the machine that the core runs on. */
import type { FaultKind } from '../fault-kind.ts';
import { arenaPressure } from './arena-pressure.ts';
import { blockedLoop } from './blocked-loop.ts';
import { costMultiplier } from './cost-multiplier.ts';
import { slowHandler } from './slow-handler.ts';

export const HOST_FAULTS: readonly FaultKind[] = [slowHandler, blockedLoop, arenaPressure, costMultiplier];
