/** What a fault does to the machine that the core runs on, as the process asks it: the part of an overlay that concerns the host. */
import type { Inbound, Stage } from '../../core/port.ts';

export interface HostOverlay {
  /** By how much the work of a stage takes longer; 1: as ever. Asked once, when the fault begins. */
  costFactor?(stage: Stage): number;
  /** A stage was charged, and took so much longer than it does as a rule. */
  stretched?(stage: Stage, extraNs: number): void;
  /** What the handler of a message takes longer, ns. Asked when the message is taken up. */
  handlerExtraNs?(kind: Inbound['kind']): number;
  /** Bytes that are gone of a quote cycle's arena. Asked by each cycle. */
  arenaTakenBytes?(): number;
}
