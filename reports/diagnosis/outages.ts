/**
 * Outages of market data, as far as the core noticed them: the supervisor's stale readings, single feeds that fell silent,
 * and lost market connections (playbook 2.3). What overlaps in time is one outage. And losses of the user connection, which are no
 * outages of market data.
 */
import type { LogEntry } from '../../core/evidence.ts';
import { type Feed, MARKET_FEEDS } from '../../core/market.ts';
import { type Spell, seconds } from './spells.ts';

export interface Outage extends Spell {
  /** When the core first wrote of it; it began when the last message had come. */
  readonly notedNs: number;
  /** What the core wrote of it, in sentences, in time order. */
  readonly notes: readonly string[];
  /** Readings by the supervisor or one feed's age; a lost connection alone is no silence yet. */
  readonly isSilence: boolean;
  /** The supervisor recommended a reconnect, or found it critical. */
  readonly recommended: boolean;
  readonly critical: boolean;
  /** A feed or the market connection was lost, or a feed was found stale by its own age. */
  readonly escalated: boolean;
}

interface Open {
  fromNs: number;
  toNs: number | null;
  notes: { atNs: number; text: string }[];
  isSilence: boolean;
  recommended: boolean;
  critical: boolean;
  escalated: boolean;
}

const NO_DATA_YET = 'no market data yet';

function isMarketTarget(target: string): boolean {
  return target === 'market' || MARKET_FEEDS.some(feed => feed === (target as Feed));
}

/** A feed or connection; with the number of its instrument where there are several. */
function nameOf(target: string, instrument: number | undefined): string {
  return instrument === undefined ? target : `${target} of instrument ${instrument}`;
}

function begin(fromNs: number): Open {
  const open = { fromNs, toNs: null, notes: [], isSilence: false, recommended: false, critical: false };
  return { ...open, escalated: false };
}

/** Age of the market data at a check, in words. */
function ageWords(ageNs: number): string {
  return Number.isFinite(ageNs) ? `market data ${seconds(ageNs)} old` : NO_DATA_YET;
}

/** Follows one source of signs (the supervisor, a feed, a connection) and closes its spells. */
class Source {
  readonly #all: Open[];
  #open: Open | null = null;

  constructor(all: Open[]) {
    this.#all = all;
  }

  note(fromNs: number, atNs: number, text: string): Open {
    if (this.#open === null) {
      this.#open = begin(fromNs);
      this.#all.push(this.#open);
    }
    this.#open.notes.push({ atNs, text });
    return this.#open;
  }

  end(toNs: number, atNs: number, text: string): void {
    if (this.#open === null) return;
    this.#open.toNs = Math.max(toNs, this.#open.fromNs);
    this.#open.notes.push({ atNs, text });
    this.#open = null;
  }
}

export function findOutages(entries: readonly LogEntry[]): Outage[] {
  const found: Open[] = [];
  const supervisor = new Source(found);
  const feeds = new Map<string, Source>();
  const targets = new Map<string, Source>();
  /** Only what was connected can be lost: the first connecting of a run is no outage. */
  const connected = new Set<string>();
  const sourceOf = (map: Map<string, Source>, key: string): Source => {
    const source = map.get(key) ?? new Source(found);
    map.set(key, source);
    return source;
  };
  const startNs = entries.length === 0 ? 0 : entries[0].atNs;
  for (const entry of entries) {
    if (entry.type === 'supervisor') {
      const ageNs = entry.timeSinceMarketDataNs;
      const sinceNs = Number.isFinite(ageNs) ? entry.atNs - ageNs : startNs;
      if (entry.event === 'Healthy' || entry.event === 'UserEventStale') {
        supervisor.end(sinceNs, entry.atNs, `supervisor: ${entry.event} at ${seconds(entry.atNs)}`);
        continue;
      }
      const text = `supervisor: ${entry.event} at ${seconds(entry.atNs)}, ${ageWords(ageNs)}`;
      const open = supervisor.note(sinceNs, entry.atNs, text);
      open.isSilence = true;
      open.critical ||= entry.event === 'Critical';
      open.recommended ||= entry.event !== 'MarketDataStale';
    } else if (entry.type === 'feed-staleness') {
      const name = nameOf(entry.feed, entry.instrument);
      const source = sourceOf(feeds, name);
      if (entry.stale) {
        const sinceNs = Number.isFinite(entry.ageNs) ? entry.atNs - entry.ageNs : startNs;
        const open = source.note(sinceNs, entry.atNs, `feed ${name}: stale at ${seconds(entry.atNs)}`);
        open.isSilence = true;
        open.escalated = true;
      } else {
        source.end(entry.atNs, entry.atNs, `feed ${name}: fresh again at ${seconds(entry.atNs)}`);
      }
    } else if (entry.type === 'reconnection' && isMarketTarget(entry.target)) {
      const { atNs, state } = entry;
      const target = nameOf(entry.target, entry.instrument);
      if (state === 'Connected') {
        sourceOf(targets, target).end(atNs, atNs, `${target}: connected again at ${seconds(atNs)}`);
        connected.add(target);
      } else if (connected.has(target) && state === 'Disconnected') {
        const text = `${target}: ${state} at ${seconds(atNs)}, attempt ${entry.attempt} (${entry.reason})`;
        sourceOf(targets, target).note(atNs, atNs, text).escalated = true;
      }
    }
  }
  return merge(found);
}

/** A loss of the user connection. */
export interface UserLoss extends Spell {
  readonly reason: string;
}

/** Each from the loss, after the connection was up, until it is up again. */
export function findUserLosses(entries: readonly LogEntry[]): UserLoss[] {
  const losses: { fromNs: number; toNs: number | null; reason: string }[] = [];
  let isUp = false;
  for (const entry of entries) {
    if (entry.type !== 'reconnection' || entry.target !== 'user') continue;
    if (entry.state === 'Connected') {
      const last = losses.at(-1);
      if (last !== undefined && !isUp) last.toNs = entry.atNs;
      isUp = true;
    } else if (isUp && entry.state === 'Disconnected') {
      losses.push({ fromNs: entry.atNs, toNs: null, reason: entry.reason });
      isUp = false;
    }
  }
  return losses;
}

function merge(found: readonly Open[]): Outage[] {
  const merged: Open[] = [];
  for (const open of [...found].sort((a, b) => a.fromNs - b.fromNs)) {
    const last = merged.at(-1);
    if (last === undefined || open.fromNs > (last.toNs ?? Number.POSITIVE_INFINITY)) {
      merged.push({ ...open, notes: [...open.notes] });
      continue;
    }
    last.toNs = last.toNs === null || open.toNs === null ? null : Math.max(last.toNs, open.toNs);
    last.notes.push(...open.notes);
    last.isSilence ||= open.isSilence;
    last.recommended ||= open.recommended;
    last.critical ||= open.critical;
    last.escalated ||= open.escalated;
  }
  return merged.map(open => {
    const notes = open.notes.sort((a, b) => a.atNs - b.atNs);
    return { ...open, notedNs: notes[0].atNs, notes: notes.map(note => note.text) };
  });
}
