/** What several steps look at, derived once from the log: outages, closed gates, stopped cycles, start-up. */
import type { CycleStopReason, LogEntry, QuoteGateReason } from '../../core/evidence.ts';
import { NS_PER_S } from '../../core/scale.ts';
import type { Evidence } from './evidence.ts';
import { findOutages, type Outage } from './outages.ts';
import type { Spell } from './spells.ts';

export interface GateSpell extends Spell {
  readonly reason: QuoteGateReason;
}

export interface StopSpell extends Spell {
  readonly reason: CycleStopReason;
}

export interface RiskPull extends Spell {
  readonly monitors: readonly string[];
  readonly pulledBy: readonly string[];
}

export interface Signs {
  /** First time in the log, ns. */
  readonly startNs: number;
  /** When quoting was allowed to begin: warm, or wide because the wait is bounded; null: never. */
  readonly warmedUpNs: number | null;
  readonly outages: readonly Outage[];
  readonly gates: readonly GateSpell[];
  readonly stops: readonly StopSpell[];
  readonly riskPulls: readonly RiskPull[];
  /** Under so few requests that nothing is sent but what reduces the position (playbook 1.1). */
  readonly conservations: readonly Spell[];
}

/** Messages that are bad in themselves, as against data that is missing or old. */
export const BAD_VALUES: readonly string[] = ['CrossedBook', 'InvalidPrice', 'InvalidSize', 'TimestampRegression'];
/**
 * Bad messages this short before a gate shuts show that the feed was alive. It is the age at which data counts as old
 * (playbook 1.3, data staleness).
 */
const ALIVE_NS = 5 * NS_PER_S;

/** Number of bad messages from `fromNs` to `toNs`, both included. */
export function badMessages(entries: readonly LogEntry[], fromNs: number, toNs: number): number {
  return entries.filter(
    entry =>
      entry.type === 'anomaly' && entry.atNs >= fromNs && entry.atNs <= toNs && BAD_VALUES.includes(entry.anomaly),
  ).length;
}

/**
 * Whether a shut gate is the work of bad messages on a living feed (playbook 2.2), not of silence (2.3). A book that only
 * gets bad messages grows old all the same.
 */
export function isShutByBadData(entries: readonly LogEntry[], gate: GateSpell): boolean {
  if (gate.reason.type === 'CrossedBook') return true;
  if (gate.reason.type === 'NoDataReceived') return false;
  const ageNs = gate.reason.ageMs * (NS_PER_S / 1_000);
  const isAlive = badMessages(entries, gate.fromNs - ALIVE_NS, gate.fromNs) > 0;
  return isAlive && badMessages(entries, gate.fromNs - ageNs, gate.fromNs) > 1;
}

export function findSigns(evidence: Evidence): Signs {
  const gates: { fromNs: number; toNs: number | null; reason: QuoteGateReason }[] = [];
  const stops: { fromNs: number; toNs: number | null; reason: CycleStopReason }[] = [];
  const conservations: { fromNs: number; toNs: number | null }[] = [];
  const riskPulls: { fromNs: number; toNs: number | null; monitors: readonly string[]; pulledBy: readonly string[] }[] =
    [];
  let warmedUpNs: number | null = null;
  for (const entry of evidence.entries) {
    const { atNs } = entry;
    if (entry.type === 'quote-gate') {
      close(gates, atNs);
      if (entry.reason !== null) gates.push({ fromNs: atNs, toNs: null, reason: entry.reason });
    } else if (entry.type === 'cycle-stopped') {
      close(stops, atNs);
      stops.push({ fromNs: atNs, toNs: null, reason: entry.reason });
    } else if (entry.type === 'cycle-resumed') {
      close(stops, atNs);
    } else if (entry.type === 'risk') {
      close(riskPulls, atNs);
      const { monitors, pulledBy } = entry;
      if (entry.pullQuotes) riskPulls.push({ fromNs: atNs, toNs: null, monitors, pulledBy });
    } else if (entry.type === 'quota-tier') {
      close(conservations, atNs);
      if (entry.tier === 'conservation') conservations.push({ fromNs: atNs, toNs: null });
    } else if (entry.type === 'warm-up' && entry.state !== 'warming') {
      warmedUpNs ??= atNs;
    }
  }
  const startNs = evidence.entries.length === 0 ? 0 : evidence.entries[0].atNs;
  return { startNs, warmedUpNs, outages: findOutages(evidence.entries), gates, stops, riskPulls, conservations };
}

function close(spells: { toNs: number | null }[], atNs: number): void {
  const last = spells.at(-1);
  if (last !== undefined && last.toNs === null) last.toNs = atNs;
}
