/**
 * Playbook 1.5: the account cannot carry the orders. Its marks are an available margin that has become too small for an order, orders
 * that the exchange refuses for margin or for their margin mode, and a change of what it allows.
 *
 * Sizes that shrink with the account's equity or with its leverage, before the exchange refuses anything, are the margin tracker at
 * work: handled. Post-only rejections and limits of a position are other steps' business.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { StepFinding } from '../../verdict.ts';
import type { Evidence } from '../evidence.ts';
import { lengthNs, seconds, span } from '../spells.ts';
import type { Step } from '../step.ts';

/** The exchange's words: margin is short, and the margin mode is none that the asset knows. */
const SHORT = /insufficient margin|cannot automatically accept new margin tiers/i;
const MODE = /cross margin is not allowed/i;
/** Refusals over so long a time are no orders that were on their way when the account changed: it is asked for within a second. */
const LONG_REFUSED_NS = 5 * NS_PER_S;
/** The exchange takes no order worth less, USD (playbook 1.5). */
const SMALLEST_ORDER_USD = 10;
/** Share of the free margin that is used (playbook 1.5: safety buffer). */
const SAFETY_BUFFER = 0.8;
/** The leverage that is taken until the exchange has told (playbook 1.5). */
const DEFAULT_LEVERAGE = 3;
/** A side without orders for longer than this is one that is not quoted. */
const LONG_SHORT_NS = 8 * NS_PER_S;
/** Equity that falls by so much at once is no loss of a market maker. */
const EQUITY_FALL_SHARE = 0.3;
/** Leverage is first set when the core starts; later it is news. */
const START_NS = 2 * NS_PER_S;
const TOLD = 4;

export const margin: Step = {
  step: '1.5',
  look(evidence) {
    const told: string[] = [];
    const finding = (
      status: StepFinding['status'],
      score: number,
      firstEvidenceNs: number,
      resolution: string,
    ): StepFinding => {
      return { step: '1.5', status, score, evidence: told, firstEvidenceNs, resolution };
    };
    const modes = refusals(evidence.entries, MODE);
    const short = refusals(evidence.entries, SHORT);
    for (const list of [modes, short]) {
      if (list.length === 0) continue;
      told.push(`${list.length} orders refused from ${seconds(list[0].atNs)} on: ${list[0].error}`);
    }
    const dry = findDry(evidence);
    for (const spell of dry.slice(0, TOLD)) {
      told.push(`available margin $${spell.usd.toFixed(2)} ${span(spell)}: no order of $10 fits`);
    }
    const changes = findChanges(evidence);
    told.push(...changes.slice(0, TOLD).map(({ words }) => words));
    const hard = evidence.entries.filter(entry => entry.type === 'risk-limit').filter(one => one.violation === 'Hard');
    for (const { atNs, limit, limitUsd, valueUsd } of hard.slice(0, TOLD)) {
      told.push(
        `hard limit (${limit}) exceeded at ${seconds(atNs)}: $${valueUsd.toFixed(2)} of $${limitUsd.toFixed(2)}`,
      );
    }
    if (modes.length > 0) {
      const advice = 'MarginMode does not match the asset: it knows isolated margin only.';
      return finding('cause', 0.97, modes[0].atNs, advice);
    }
    if (short.length > 0 && short[short.length - 1].atNs - short[0].atNs > LONG_REFUSED_NS) {
      const advice =
        'Orders are larger than the margin carries: reduce order sizes, see what the sizer takes for available.';
      return finding('cause', 0.96, short[0].atNs, advice);
    }
    const longDry = dry.find(spell => lengthNs(spell, evidence.endNs) > LONG_SHORT_NS);
    if (longDry !== undefined) {
      const advice = 'Margin insufficient: add collateral, or reduce the position; reducing goes on.';
      return finding('cause', 0.96, longDry.fromNs, advice);
    }
    if (changes.length > 0 || dry.length > 0) {
      const firstNs = Math.min(changes.at(0)?.atNs ?? Infinity, dry.at(0)?.fromNs ?? Infinity);
      const advice = 'Order sizes have shrunk with the margin: check equity and leverage at the exchange.';
      return finding('handled', 0.6, firstNs, advice);
    }
    if (short.length > 0) {
      const advice = 'Single orders were refused for margin: check sync_limits().';
      return finding('suspect', 0.3, short[0].atNs, advice);
    }
    return { step: '1.5', status: 'ok', score: 0, evidence: told };
  },
};

function refusals(entries: readonly LogEntry[], words: RegExp) {
  return entries.filter(entry => entry.type === 'order-rejected').filter(({ error }) => words.test(error));
}

/** Spells in which the available margin carried no order. */
function findDry({ entries }: Evidence): { fromNs: number; toNs: number | null; usd: number }[] {
  const dry: { fromNs: number; toNs: number | null; usd: number }[] = [];
  const leverages = new Map<number, number>();
  for (const entry of entries) {
    if (entry.type === 'leverage') leverages.set(entry.instrument, entry.leverage);
    if (entry.type !== 'margin') continue;
    const { atNs, availableUsd } = entry;
    // An order that fits with one of the instruments is one that fits.
    const leverage = leverages.size === 0 ? DEFAULT_LEVERAGE : Math.max(...leverages.values());
    const isDry = availableUsd * leverage * SAFETY_BUFFER < SMALLEST_ORDER_USD;
    const last = dry.at(-1);
    if (last !== undefined && last.toNs === null) {
      if (!isDry) last.toNs = atNs;
    } else if (isDry) dry.push({ fromNs: atNs, toNs: null, usd: availableUsd });
  }
  return dry;
}

/** Falls of the equity that no trading makes, and leverage that became less. */
function findChanges({ entries }: Evidence): { atNs: number; words: string }[] {
  const changes: { atNs: number; words: string }[] = [];
  const startNs = entries.length === 0 ? 0 : entries[0].atNs;
  const leverages = new Map<number, number>();
  for (const entry of entries) {
    if (entry.type === 'margin') {
      const { atNs, availableUsd, equityUsd, formerAvailableUsd } = entry;
      // The equity was at least what was available of it.
      if (equityUsd >= (1 - EQUITY_FALL_SHARE) * formerAvailableUsd) continue;
      const from = `equity fell to $${equityUsd.toFixed(2)} at ${seconds(atNs)}`;
      const words = `${from}: available margin $${formerAvailableUsd.toFixed(2)} before, now $${availableUsd.toFixed(2)}`;
      changes.push({ atNs, words });
    } else if (entry.type === 'leverage') {
      const { atNs, instrument, leverage, maxLeverage, mode } = entry;
      const before = leverages.get(instrument) ?? leverage;
      leverages.set(instrument, leverage);
      if (atNs - startNs > START_NS && leverage < before) {
        const words = `leverage ${before}x became ${leverage}x at ${seconds(atNs)}, ${mode}, at most ${maxLeverage}x`;
        changes.push({ atNs, words });
      }
    }
  }
  return changes;
}
