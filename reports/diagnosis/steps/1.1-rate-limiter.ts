/**
 * Playbook 1.1: order calls are held back, before they are sent or after the exchange has refused. Seven things do so: the back-off
 * after answers 429 or without requests left, the back-off of one side after refusals in a row, the quota's two lower tiers, the
 * token bucket of the execution budget, the weight of the trailing minute, the risk monitor of the rate limit, and single refusals
 * for the limit of the position, which only cost their orders.
 *
 * Each is the cause where it has kept orders back for longer than a side may be silent, and handled where it was shorter, or left
 * room for quotes (the minimal tier). Refusals for want of margin are step 1.5's story, and those of a request that was sent twice
 * are 1.2's: a side that falls silent for them is their consequence.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { SIDE_NAMES } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { StepFinding } from '../../verdict.ts';
import { pullsBy, type RiskPull } from '../signs.ts';
import { isOfSame, lengthNs, onInstrument, type Spell, seconds, span } from '../spells.ts';
import type { Step } from '../step.ts';

/** A side that sends nothing for longer than this is silent (playbook matrix, orders-not-sending). */
const SILENT_NS = 10 * NS_PER_S;
/** A refusal that follows the end of a wait so closely is the answer to the first try after it: the wait goes on. */
const NEXT_TRY_NS = 5 * NS_PER_S;
/** How many waits are told one by one. */
const TOLD = 5;

type SideBackoff = Extract<LogEntry, { type: 'rejection-backoff' }>;
type Sided = Extract<LogEntry, { type: 'order-rejected' | 'rejection-backoff' | 'side-empty' }>;

/** One thing that held orders back. */
interface Found {
  readonly status: 'handled' | 'suspect' | 'cause';
  readonly score: number;
  readonly atNs: number;
  readonly evidence: readonly string[];
  readonly resolution: string;
}

export const rateLimiter: Step = {
  step: '1.1',
  look({ entries, endNs }, { riskPulls }) {
    const found = [
      ...requestBackoffs(entries, endNs),
      ...sideBackoffs(entries, endNs),
      ...fewRefusals(entries),
      ...lowQuotas(entries, endNs),
      ...emptyBuckets(entries, endNs),
      ...fullWindows(entries, endNs),
      ...ratePulls(riskPulls, endNs),
    ];
    const [worst] = [...found].sort((a, b) => b.score - a.score);
    if (worst === undefined) return { step: '1.1', status: 'ok', score: 0, evidence: [] };
    // What decides comes first: a report may not have room for everything.
    const others = found.filter(one => one !== worst);
    const finding: StepFinding = {
      step: '1.1',
      status: worst.status,
      score: worst.score,
      evidence: [worst, ...others].flatMap(one => one.evidence),
      firstEvidenceNs: Math.min(...found.filter(({ status }) => status === worst.status).map(({ atNs }) => atNs)),
      resolution: worst.resolution,
    };
    return finding;
  },
};

/** The cause where it lasted for longer than a side may be silent, else handled. */
function weigh(heldNs: number): Pick<Found, 'status' | 'score'> {
  return heldNs > SILENT_NS ? { status: 'cause', score: 0.94 } : { status: 'handled', score: 0.5 };
}

// ------------------------------------------------------------------------------ too many requests (429)

/** Waits after answers 429, or without requests left, those that follow one another as one. */
function requestBackoffs(entries: readonly LogEntry[], endNs: number): Found[] {
  const errors = entries.filter(entry => entry.type === 'rate-limit-error');
  return ['TooManyRequests' as const, 'CumulativeRequests' as const].flatMap(error =>
    chainsOf(errors.filter(entry => entry.error === error)).map((chain): Found => {
      const steps = chain
        .slice(0, TOLD)
        .map(
          ({ atNs, errors: step, untilNs }) =>
            `RateLimitError ${error} at ${seconds(atNs)}, step ${step}: back-off of ${seconds(untilNs - atNs)}`,
        );
      return {
        ...weigh(heldOf(chain, endNs)),
        atNs: chain[0].atNs,
        evidence: [...steps, `order calls held back for ${seconds(heldOf(chain, endNs))} in all`],
        resolution:
          error === 'TooManyRequests'
            ? 'The back-off after 429 is active: wait for it to decay, it ends with the first success; find what asks so much.'
            : 'The address has no requests left: wait for the back-off to decay, and let volume be traded, which frees requests.',
      };
    }),
  );
}

/** Waits of one kind in groups: each goes on where the one before it ended. */
function chainsOf<Entry extends { readonly atNs: number; readonly untilNs: number }>(all: readonly Entry[]): Entry[][] {
  const chains: Entry[][] = [];
  for (const entry of all) {
    const chain = chains.at(-1);
    if (chain !== undefined && entry.atNs <= (chain.at(-1)?.untilNs ?? 0) + NEXT_TRY_NS) chain.push(entry);
    else chains.push([entry]);
  }
  return chains;
}

/** Time in which any of the waits, in the order of time, was on, ns. */
function heldOf(chain: readonly { readonly atNs: number; readonly untilNs: number }[], endNs: number): number {
  let heldNs = 0;
  let lastNs = 0;
  for (const { atNs, untilNs } of chain) {
    const toNs = Math.min(untilNs, endNs);
    heldNs += Math.max(0, toNs - Math.max(atNs, lastNs));
    lastNs = Math.max(lastNs, toNs);
  }
  return heldNs;
}

// ------------------------------------------------------------------------------------- refusals of one side

/** Waits of each instrument's sides after refusals in a row. */
function sideBackoffs(entries: readonly LogEntry[], endNs: number): Found[] {
  const waits = entries.filter(entry => entry.type === 'rejection-backoff');
  const firsts = waits.filter((wait, at) => waits.findIndex(other => isOfSameSide(other, wait)) === at);
  const chains = firsts.flatMap(first => chainsOf(waits.filter(wait => isOfSameSide(wait, first))));
  return chains.map((chain): Found => {
    const [{ side }] = chain;
    const heldNs = heldOf(chain, endNs);
    const reasons = refusalsOf(entries, chain);
    const told = chain
      .slice(0, TOLD)
      .map(
        ({ atNs, instrument, refusals, untilNs }) =>
          `${SIDE_NAMES[side]} held back at ${seconds(atNs)}${onInstrument({ instrument })} after ${refusals} refusals in a row, ` +
          `for ${seconds(untilNs - atNs)}`,
      );
    const evidence = [...told, ...reasons.map(reason => `refused on ${SIDE_NAMES[side]}: ${reason}`)];
    const other = stepOf(reasons);
    const weight = other === null ? weigh(heldNs) : ({ status: 'suspect', score: 0.45 } as const);
    const resolution =
      other === null
        ? `The back-off of the ${SIDE_NAMES[side]} is active: wait for it to decay, and look up why the exchange refuses.`
        : `The ${SIDE_NAMES[side]} is held back for what was refused: see step ${other}.`;
    return { ...weight, atNs: chain[0].atNs, evidence, resolution };
  });
}

function isOfSameSide(a: Sided, b: Sided): boolean {
  return a.side === b.side && isOfSame(a, b);
}

/** Orders refused for the limit of the position, whether a wait followed or not: noticed, and nothing more. */
function fewRefusals(entries: readonly LogEntry[]): Found[] {
  const refused = entries
    .filter(entry => entry.type === 'order-rejected')
    .filter(({ error }) => /exceed/i.test(error) && /position/i.test(error));
  if (refused.length === 0) return [];
  const evidence = [
    `${refused.length} orders refused for the limit of the position, the first at ${seconds(refused[0].atNs)}`,
  ];
  const resolution =
    'The exchange refused some orders: look up why; from the third refusal in a row on the side is held back.';
  return [{ status: 'handled', score: 0.4, atNs: refused[0].atNs, evidence, resolution }];
}

/** Texts of the refusals of a side that waits are made of: those up to the last step, from a little before the first. */
function refusalsOf(entries: readonly LogEntry[], chain: readonly SideBackoff[]): string[] {
  const [first] = chain;
  const toNs = chain[chain.length - 1].atNs;
  const texts = entries
    .filter(entry => entry.type === 'order-rejected')
    .filter(entry => isOfSameSide(entry, first) && entry.atNs >= first.atNs - SILENT_NS && entry.atNs <= toNs)
    .map(({ error }) => error.replace(/\d{4,}/g, '…'));
  return [...new Set(texts)].slice(0, TOLD);
}

/** The step whose refusals these are, where they are not this step's; null: they are. */
function stepOf(reasons: readonly string[]): string | null {
  if (reasons.length === 0) return null;
  if (reasons.every(isSecondSending)) return '1.2';
  return reasons.every(isForMargin) ? '1.5' : null;
}

/** What is refused of a request that has been carried out before. */
function isSecondSending(reason: string): boolean {
  return /duplicate nonce|duplicate cloid/i.test(reason);
}

/** For want of margin; the limit of a position speaks of margin too, of the tier that it would exceed. */
function isForMargin(reason: string): boolean {
  return /margin|leverage/i.test(reason) && !(/exceed/i.test(reason) && /position/i.test(reason));
}

// --------------------------------------------------------------------------------- quota, bucket, weight

/** Times in which little of the address's requests was left. */
function lowQuotas(entries: readonly LogEntry[], endNs: number): Found[] {
  const tiers = entries.filter(entry => entry.type === 'quota-tier');
  return tiers.flatMap((entry, index): Found[] => {
    if (entry.tier === 'full') return [];
    const spell: Spell = { fromNs: entry.atNs, toNs: tiers[index + 1]?.atNs ?? null };
    const left = `${(100 * entry.headroom).toFixed(1)} % of the address's requests left`;
    const isWall = entry.tier === 'conservation';
    const empty = isWall ? [] : emptySides(entries, spell);
    const evidence = [...empty, `quota tier ${entry.tier} ${span(spell)}: ${left}`];
    const isLight = !isWall && empty.length === 0;
    const weight = isLight
      ? ({ status: 'handled', score: 0.5 } as const)
      : weigh(isWall ? lengthNs(spell, endNs) : Number.POSITIVE_INFINITY);
    const resolution = isWall
      ? 'Conservation: only what reduces the position is sent under 5 % of the requests. Trade volume to free requests, and check the quota tiers.'
      : 'Minimal tier: fewer levels are quoted until 20 % of the requests are left again; check what spends them.';
    return [{ ...weight, atNs: entry.atNs, evidence, resolution }];
  });
}

/** Sides without an order in the minimal tier, which is to leave at least one on each, where nothing else forbids them. */
function emptySides(entries: readonly LogEntry[], { fromNs, toNs }: Spell): string[] {
  const told = entries
    .filter(entry => entry.type === 'side-empty')
    .filter(({ atNs, isEmpty }) => isEmpty && atNs - SILENT_NS >= fromNs && atNs <= (toNs ?? Number.POSITIVE_INFINITY));
  return told
    .filter(empty => !isForbidden(entries, empty))
    .map(
      ({ atNs, instrument, side }) =>
        `no ${SIDE_NAMES[side]} is quoted${onInstrument({ instrument })} since ${seconds(atNs - SILENT_NS)}, in a tier that leaves one ` +
        'at least',
    );
}

/** Whether risk, the zone of the position or refusals kept a side from being quoted when it was found empty. */
function isForbidden(entries: readonly LogEntry[], empty: Extract<LogEntry, { type: 'side-empty' }>): boolean {
  let isLimited = false;
  let isOver = false;
  for (const entry of entries) {
    if (entry.atNs > empty.atNs) break;
    if (entry.type === 'risk') {
      if (isOfSame(entry, empty)) isLimited = entry.reduceOnly || entry.pullQuotes;
    } else if (entry.type === 'position-zone') {
      if (isOfSame(entry, empty)) isOver = entry.zone === 'red' || entry.zone === 'kill';
    } else if (entry.type === 'rejection-backoff') {
      if (isOfSameSide(entry, empty) && entry.untilNs + SILENT_NS >= empty.atNs) return true;
    }
  }
  return isLimited || isOver;
}

/** The execution budget ran out: all times together. */
function emptyBuckets(entries: readonly LogEntry[], endNs: number): Found[] {
  const changes = entries.filter(entry => entry.type === 'execution-budget');
  const spells = changes.flatMap((entry, index): Spell[] =>
    entry.isExhausted ? [{ fromNs: entry.atNs, toNs: changes[index + 1]?.atNs ?? null }] : [],
  );
  if (spells.length === 0) return [];
  const heldNs = spells.reduce((sum, spell) => sum + lengthNs(spell, endNs), 0);
  const skipped = changes[changes.length - 1].skipped;
  const evidence = [
    `execution budget out of tokens for ${seconds(heldNs)} in all, ${skipped} batches or more not sent`,
    ...spells.slice(0, TOLD).map(spell => `no tokens ${span(spell)}`),
  ];
  const resolution = 'The proactive limits hold orders back: check capacity and refill of the execution budget.';
  return [{ ...weigh(heldNs), atNs: spells[0].fromNs, evidence, resolution }];
}

/** The weight of the trailing minute was used up. */
function fullWindows(entries: readonly LogEntry[], endNs: number): Found[] {
  const changes = entries.filter(entry => entry.type === 'calls-suppressed');
  return changes.flatMap((entry, index): Found[] => {
    if (entry.reason !== 'WeightWindow') return [];
    const spell: Spell = { fromNs: entry.atNs, toNs: changes[index + 1]?.atNs ?? null };
    const evidence = [
      `order calls suppressed ${span(spell)}: weight ${entry.usedWeight} of the trailing minute is used up`,
    ];
    const resolution = 'The sliding window foresees that the limit would be hit: check what asks so often.';
    return [{ ...weigh(lengthNs(spell, endNs)), atNs: entry.atNs, evidence, resolution }];
  });
}

/** Quotes that the risk monitor of the rate limit pulled. */
function ratePulls(riskPulls: readonly RiskPull[], endNs: number): Found[] {
  return pullsBy(riskPulls, name => name === 'rate-limit').map(pull => ({
    ...weigh(lengthNs(pull, endNs)),
    atNs: pull.fromNs,
    evidence: [`risk pulled all quotes ${span(pull)}: rate-limit, for errors in a row`],
    resolution: 'Too many rate-limit errors: quotes come back when the back-off is over; find what asks so much.',
  }));
}
