/**
 * The fault plan: what goes wrong, as data (design, section 8). Times are already resolved to ns of virtual time since the
 * market's origin; the text forms (`250ms`, `40%`) belong to `scenarios/`.
 */

/** Of a time its ns, of a side its name or `both`, of an instrument its number or -1 for every one. */
export type ParameterValue = number | string | boolean;

export interface Fault {
  /** One of the registry's. */
  readonly kind: string;
  /** What it acts on, by the kind's own words; empty where the kind has no targets. */
  readonly target: string;
  /** Of a fault that acts on a link: which way. `up`: from the core. */
  readonly direction: 'up' | 'down' | 'both';
  readonly atNs: number;
  readonly forNs: number;
  /** Share of the messages that it hits, above 0, at most 1. Drawn from the fault's own stream. */
  readonly probability: number;
  /** It has to take effect at least so often, or nothing can be said of the run. */
  readonly atLeast: number;
  /** All that its kind declares, by name. */
  readonly params: Readonly<Record<string, ParameterValue>>;
}

export type FaultPlan = readonly Fault[];
