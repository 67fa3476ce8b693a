/**
 * Prices or sizes that cannot be, or cannot be true (playbook 2.2): not a number, zero, negative, or far off the mid.
 *
 * Prices are whole ticks here: a price that is not a number arrives as a decoder hands it on, which is 0. A size that is not a
 * number stays one. Far off the mid is measured from the mid that the receiver has: that of the last book message before.
 */
import { BID, BOOK_FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo, numberOf, textOf } from '../fault-kind.ts';
import type { MarketMessage } from '../market-item.ts';
import type { OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { type Alteration, AlteredFeed } from './altered-feed.ts';
import { BOOK_TARGETS } from './feed-targets.ts';
import { MESSAGES_PARAMETER } from './hit-count.ts';

const VALUES = ['nan', 'zero', 'negative', 'off-mid'] as const;
const FIELDS = ['price', 'size'] as const;
const PERCENT = 100;

class BadValue implements Alteration {
  readonly alsoSees: readonly Feed[] = BOOK_FEEDS;
  readonly #value: string;
  readonly #field: string;
  readonly #deviation: number;
  readonly #level: number;
  /** By instrument: twice the mid of the last book message; 0 before the first. */
  readonly #mid2: Float64Array;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#value = textOf(fault, 'value');
    this.#field = textOf(fault, 'field');
    this.#deviation = numberOf(fault, 'deviation') / PERCENT;
    this.#level = numberOf(fault, 'level');
    this.#mid2 = new Float64Array(world.instruments.length);
  }

  fits(message: MarketMessage): boolean {
    if (message.kind !== 'book' && message.kind !== 'trades') return false;
    if (message.count < this.#level) return false;
    return this.#value !== 'off-mid' || this.#mid2[message.instrument] > 0;
  }

  alter(message: MarketMessage): void {
    if (message.kind !== 'book' && message.kind !== 'trades') return;
    const { priceTicks, sizeLots } = message.kind === 'book' ? message.levels : message.trades;
    const row = this.#level - 1;
    if (this.#value === 'off-mid') priceTicks[row] = this.#farOff(message, row);
    else if (this.#field === 'size') sizeLots[row] = this.#bad(sizeLots[row]);
    // A column of whole numbers turns what is none into 0.
    else priceTicks[row] = this.#bad(priceTicks[row]);
  }

  #bad(value: number): number {
    if (this.#value === 'nan') return Number.NaN;
    return this.#value === 'zero' ? 0 : -value;
  }

  /** Below the mid for a bid and for what was sold, above it else; the nearest tick that is no farther off than asked for. */
  #farOff(message: MarketMessage, row: number): number {
    if (message.kind !== 'book' && message.kind !== 'trades') return 0;
    const isBelow = message.kind === 'book' ? message.levels.side[row] === BID : message.trades.aggressor[row] !== BID;
    const mid = this.#mid2[message.instrument] / 2;
    return isBelow ? Math.ceil(mid * (1 - this.#deviation)) : Math.floor(mid * (1 + this.#deviation));
  }

  passes(message: MarketMessage): void {
    if (message.kind !== 'book' || !(message.isSnapshot || message.feed === 'bbo')) return;
    const { side, priceTicks } = message.levels;
    let ask = 0;
    while (ask < message.count && side[ask] === BID) ask++;
    if (ask === 0 || ask === message.count) return;
    this.#mid2[message.instrument] = priceTicks[0] + priceTicks[ask];
  }

  snapshot(): unknown {
    return this.#mid2.slice();
  }

  restore(state: unknown): void {
    this.#mid2.set(state as Float64Array);
  }
}

export const badValue: FaultKind = {
  info: faultInfo({
    kind: 'bad-value',
    group: 'feed',
    description:
      'A price or size cannot be true: not a number (a price arrives as 0 then), zero, negative, or far off the mid.',
    targets: [...BOOK_TARGETS, 'trades'],
    defaultTarget: 'book',
    hasProbability: true,
    parameters: [
      { name: 'value', type: 'choice', choices: VALUES, default: 'nan', description: 'What is wrong with it.' },
      {
        name: 'field',
        type: 'choice',
        choices: FIELDS,
        default: 'price',
        description: 'What is wrong; off the mid is always a price.',
      },
      {
        name: 'deviation',
        type: 'number',
        unit: '%',
        min: 0,
        max: 99,
        default: 21,
        description: 'Of `off-mid`: how far from the mid, in whole ticks and never farther.',
      },
      {
        name: 'level',
        type: 'integer',
        unit: '',
        min: 1,
        max: 20,
        default: 1,
        description:
          'Row of the message, from 1: the best bid, the second … ; messages with fewer rows are left alone.',
      },
      MESSAGES_PARAMETER,
    ],
    primary: '2.2',
    allowed: ['2.5', '1.3'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => new AlteredFeed(fault, world, new BadValue(fault, world), 'made a value wrong in'),
};
