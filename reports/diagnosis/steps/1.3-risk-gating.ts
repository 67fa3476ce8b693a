/**
 * Playbook 1.3: the risk system keeps orders back. Its marks are a kill switch that is thrown, monitors that pull all quotes, and an
 * inventory over its maximum, on which the growing side has to wait.
 *
 * Pulls for old data belong to step 2.3, and those for too many requests to step 1.1. A monitor that asked for a pull which no
 * cycle obeyed is the worst of all: then the aggregator only logs.
 */
import type { CycleStopReason } from '../../../core/evidence.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import type { StepFinding } from '../../verdict.ts';
import type { Evidence } from '../evidence.ts';
import { pullsBy, type RiskPull, type Signs } from '../signs.ts';
import { lengthNs, ofSame, type Spell, Spells, seconds, span, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** Monitors whose pulls are this step's own, with what the playbook says of them. */
const OWN: Readonly<Record<string, string>> = {
  loss: 'the daily loss is over its limit',
  drawdown: 'the drawdown is over its limit',
  position: 'the inventory is over its maximum',
  'price-velocity': 'the mid moves by more than 5 % a second',
  'position-velocity': 'the position grows too fast',
  'circuit-breaker': 'open interest has dropped by 2 % or more within a minute',
  cascade: 'open interest has dropped, a cascade of liquidations',
};
/** Quotes that are pulled for longer than they may be missing are a cause (playbook matrix, stale-quotes). */
const LONG_PULL_NS = 5 * NS_PER_S;
/** A pull that was not over within this is to be obeyed by a cycle: each is looked at when it comes. */
const OBEYED_WITHIN_NS = 500 * NS_PER_MS;
/** Stops of a cycle at its risk stage or before it. */
const STOPS: readonly CycleStopReason[] = ['RiskPulledQuotes', 'KillSwitchActive', 'DataQualityGate', 'WarmingUp'];
/** An inventory so far over its maximum, as a share of it, comes of no move of the mid … */
const FAR_OVER_SHARE = 1.2;
/** … and where it lasts, the growing side sends nothing for longer than it may (playbook matrix, orders-not-sending). */
const LONG_OVER_NS = 8 * NS_PER_S;
const TOLD = 4;

/** Worst finding so far. */
class Worst {
  status: StepFinding['status'] = 'ok';
  score = 0;
  firstNs = Number.POSITIVE_INFINITY;
  resolution = '';
  readonly evidence: string[] = [];

  note(status: StepFinding['status'], score: number, atNs: number, sentence: string, resolution: string): void {
    this.evidence.push(sentence);
    // The first evidence is that of what decides: an earlier and lesser sign is another story.
    if (status === this.status) this.firstNs = Math.min(this.firstNs, atNs);
    else if (score > this.score) this.firstNs = atNs;
    if (score <= this.score) return;
    this.status = status;
    this.score = score;
    this.resolution = resolution;
  }

  finding(): StepFinding {
    const { evidence, firstNs, resolution, score, status } = this;
    if (status === 'ok') return { step: '1.3', status, score, evidence };
    return { step: '1.3', status, score, evidence, firstEvidenceNs: firstNs, resolution };
  }
}

export const riskGating: Step = {
  step: '1.3',
  look(evidence, signs) {
    const worst = new Worst();
    lookAtKills(evidence, worst);
    for (const pull of pullsBy(signs.riskPulls, name => name in OWN)) lookAtPull(pull, evidence, signs, worst);
    lookAtInventory(evidence, signs, worst);
    lookAtGrowth(evidence, worst);
    return worst.finding();
  },
};

function lookAtKills({ entries }: Evidence, worst: Worst): void {
  for (const entry of entries) {
    if (entry.type !== 'kill-switch') continue;
    const reasons = entry.reasons.join(', ');
    const sentence = entry.isKilled
      ? `kill switch thrown at ${seconds(entry.atNs)}, kill_reasons: ${reasons}`
      : `kill switch reset at ${seconds(entry.atNs)}`;
    const advice = `The kill switch is latched (${reasons}): find out why, then reset it by hand; it never resets itself.`;
    worst.note('cause', 0.97, entry.atNs, sentence, advice);
  }
}

function lookAtPull(pull: RiskPull, { endNs }: Evidence, signs: Signs, worst: Worst): void {
  const { fromNs, pulledBy: monitors } = pull;
  const why = monitors.map(name => `${name}: ${OWN[name]}`).join('; ');
  const lastedNs = lengthNs(pull, endNs);
  if (lastedNs > OBEYED_WITHIN_NS && !isObeyed(pull, signs)) {
    const sentence = `risk has pull_quotes ${span(pull)} (${why}), and no quote cycle stopped for it`;
    worst.note('cause', 0.96, fromNs, sentence, 'The aggregated risk is logged and not obeyed: see what reads it.');
    return;
  }
  const sentence = `risk pulled all quotes ${span(pull)}: ${why}`;
  if (lastedNs > LONG_PULL_NS) worst.note('cause', 0.95, fromNs, sentence, adviceFor(monitors));
  else worst.note('handled', 0.6, fromNs, sentence, adviceFor(monitors));
}

function isObeyed(pull: RiskPull, { stops }: Signs): boolean {
  const toNs = pull.toNs ?? Number.POSITIVE_INFINITY;
  return ofSame(stops, pull)
    .filter(({ reason }) => STOPS.includes(reason))
    .some(stop => stop.fromNs <= toNs && (stop.toNs ?? toNs) >= pull.fromNs);
}

function adviceFor(monitors: readonly string[]): string {
  if (monitors.includes('cascade') || monitors.includes('circuit-breaker')) {
    return 'A cascade: wait for open interest to stabilise; quotes come back by themselves when the drop is under 1 %.';
  }
  return `Monitor ${monitors.join(', ')} has pulled the quotes; they come back by themselves when it is calm again.`;
}

/** An inventory far over its maximum, from the first word of it to the one that it is back. */
function lookAtInventory({ entries, endNs }: Evidence, signs: Signs, worst: Worst): void {
  const over = new Spells<{ share: number }>();
  for (const entry of entries) {
    if (entry.type === 'position-zone') over.change(entry, entry.zone === 'kill' ? { share: entry.usedShare } : null);
  }
  for (const spell of over.all) noteInventory(spell, spell.share, endNs, signs, worst);
}

function noteInventory(spell: Spell, share: number, endNs: number, { stops }: Signs, worst: Worst): void {
  const sentence = `inventory over max_inventory ${span(spell)}, at ${Math.round(100 * share)} % of it: nothing may grow`;
  const lastNs = spell.toNs ?? endNs;
  const empty = ofSame(stops, spell).find(
    stop => stop.reason === 'EmptyLadder' && stop.fromNs < lastNs && within([spell], stop.fromNs),
  );
  if (empty !== undefined && lengthNs(empty, endNs) > LONG_PULL_NS) {
    worst.note(
      'cause',
      0.94,
      spell.fromNs,
      `${sentence}, and nothing reduces it either`,
      'Never block the reducing side.',
    );
    return;
  }
  const advice = 'The growing side waits until the inventory is back under its maximum; the reducing side goes on.';
  if (share >= FAR_OVER_SHARE && lengthNs(spell, endNs) > LONG_OVER_NS)
    worst.note('cause', 0.93, spell.fromNs, sentence, advice);
  else if (worst.evidence.length < TOLD) worst.note('handled', 0.4, spell.fromNs, sentence, advice);
}

/** A position that grows fast is warned of long before it is at its maximum. */
function lookAtGrowth({ entries }: Evidence, worst: Worst): void {
  const first = entries.find(entry => entry.type === 'risk' && entry.monitors.includes('position-velocity'));
  if (first === undefined) return;
  const sentence = `position-velocity warned at ${seconds(first.atNs)}: over 20 % of the maximum within a minute`;
  worst.note(
    'handled',
    0.2,
    first.atNs,
    sentence,
    'Spreads are wider while the position grows fast: see what fills it.',
  );
}
