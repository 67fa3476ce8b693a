/**
 * The fault plan: what goes wrong, as data (design, section 8). Times are already resolved to ns of virtual time since the
 * tape's origin; the text forms (`250ms`, `40%`) belong to `scenarios/`.
 */
import type { Feed } from '../../core/market.ts';
import type { Connection } from '../../core/port.ts';

/** The feeds stop; the connection stays open. Counted from the last delivered frame, survives reconnects. */
export interface FeedSilence {
  kind: 'feed-silence';
  /** Feeds that fall silent. All market feeds for a silence of the market. */
  feeds: readonly Feed[];
  atNs: number;
  forNs: number;
}

/** The server closes the connection and refuses new ones until the fault ends. */
export interface ConnectionClose {
  kind: 'connection-close';
  connection: Connection;
  atNs: number;
  forNs: number;
}

export type Fault = FeedSilence | ConnectionClose;
export type FaultKind = Fault['kind'];
export type FaultPlan = readonly Fault[];

/** A fault's parameter, as `replaybook list faults` shows it and the scenario loader checks it. */
export interface FaultParameter {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/** What a kind of fault is, for the loader, the list and the verdict. */
export interface FaultInfo {
  readonly kind: FaultKind;
  readonly description: string;
  /** What `target` may be. */
  readonly targets: readonly string[];
  readonly parameters: readonly FaultParameter[];
  /** Shortest and longest `for`, ns. */
  readonly forNs: { readonly min: number; readonly max: number };
  /** The playbook step that it is meant to light up, the others that it may, and the symptoms it may turn hot. */
  readonly primary: string;
  readonly allowed: readonly string[];
  readonly symptoms: readonly string[];
}
