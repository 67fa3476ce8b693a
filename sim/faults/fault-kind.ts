/** What a kind of fault is: what it does and within which limits, what it may light up, and the overlay that does it. */
import { NS_PER_MS } from '../../core/scale.ts';
import { DAY_NS } from './duration-limits.ts';
import type { Overlay, OverlayWorld } from './overlay.ts';
import type { Fault } from './plan.ts';

interface Described {
  readonly name: string;
  readonly description: string;
}

/** A time, ns. */
export interface TimeParameter extends Described {
  readonly type: 'time';
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A number; `unit` is empty where it counts something. */
export interface NumberParameter extends Described {
  readonly type: 'number' | 'integer';
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface ChoiceParameter extends Described {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}

export interface FlagParameter extends Described {
  readonly type: 'flag';
  readonly default: boolean;
}

/** `bid`, `ask` or `both`. */
export interface SideParameter extends Described {
  readonly type: 'side';
  readonly default: 'bid' | 'ask' | 'both';
}

/** A symbol of the market; without it every instrument. */
export interface InstrumentParameter extends Described {
  readonly type: 'instrument';
}

/** A fault's own parameter, as `replaybook list faults` shows it and the scenario loader checks it. Both bounds are included. */
export type FaultParameter =
  | TimeParameter
  | NumberParameter
  | ChoiceParameter
  | FlagParameter
  | SideParameter
  | InstrumentParameter;

/** The groups of the design, section 8. */
export const FAULT_GROUPS = ['feed', 'connection', 'requests', 'orders', 'host', 'account and market'] as const;
export type FaultGroup = (typeof FAULT_GROUPS)[number];

/** For the loader, the list and the verdict. */
export interface FaultInfo {
  readonly kind: string;
  readonly group: FaultGroup;
  readonly description: string;
  /** What `target` may be, and what it is where it is not given (`null`: it must be). Empty: the kind has none. */
  readonly targets: readonly string[];
  readonly defaultTarget: string | null;
  /** Whether `probability` means something: the fault acts on messages one by one. */
  readonly hasProbability: boolean;
  /** Whether `direction` means something: the fault acts on a link. */
  readonly hasDirection: boolean;
  readonly parameters: readonly FaultParameter[];
  /** Shortest and longest `for`, ns. */
  readonly forNs: { readonly min: number; readonly max: number };
  /** Markets that it works in: one that moves prices needs a market that is made, a recorded one moves as it did. */
  readonly markets: 'any' | 'synthetic';
  /** The playbook step that it is meant to light up, the others that it may, and the symptoms it may turn hot. */
  readonly primary: string;
  readonly allowed: readonly string[];
  readonly symptoms: readonly string[];
}

/** What every kind says of itself, and what of the rest is not as usual. */
type FaultSheet = Pick<FaultInfo, 'kind' | 'group' | 'description' | 'primary' | 'allowed' | 'symptoms'> &
  Partial<FaultInfo>;

/** Most kinds have no target and no parameters of their own, and last from a message to a day. */
const USUAL = {
  targets: [],
  defaultTarget: null,
  hasProbability: false,
  hasDirection: false,
  parameters: [],
  forNs: { min: NS_PER_MS, max: DAY_NS },
  markets: 'any',
} as const;

/** The whole of what is known of a kind. `sheet`: without what is as usual. */
export function faultInfo(sheet: FaultSheet): FaultInfo {
  return { ...USUAL, ...sheet };
}

export interface FaultKind {
  readonly info: FaultInfo;
  /** How much older than otherwise a picture of the account may be that it has a query answered from, ns; 0 without it. */
  pictureLagNs?(fault: Fault): number;
  /** Why such a fault could never do what it says, although each of its parts is as it may be; null: it can. */
  contradiction?(fault: Fault): string | null;
  /** The overlay of one fault of a run. It does nothing before `begin`. */
  create(fault: Fault, world: OverlayWorld): Overlay;
}

/** A time or number of a fault, whose plan was checked against its kind. */
export function numberOf(fault: Fault, name: string): number {
  const value = fault.params[name];
  if (typeof value !== 'number') throw new TypeError(`fault ${fault.kind} has no number ${name}`);
  return value;
}

/** A choice or side of a fault, likewise. */
export function textOf(fault: Fault, name: string): string {
  const value = fault.params[name];
  if (typeof value !== 'string') throw new TypeError(`fault ${fault.kind} has no text ${name}`);
  return value;
}

export function flagOf(fault: Fault, name: string): boolean {
  const value = fault.params[name];
  if (typeof value !== 'boolean') throw new TypeError(`fault ${fault.kind} has no flag ${name}`);
  return value;
}
