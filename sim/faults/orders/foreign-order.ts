/**
 * An order appears on the account that this core did not place: a person at the exchange's page, or another program with the same
 * key (playbook 1.4). It is told of like every other, and whoever placed it takes it back at the end.
 */
import { ASK, BID, SIDES, type Side } from '../../../core/market.ts';
import type { Action } from '../../../core/port.ts';
import { BPS, NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { lotUsd } from '../../../core/strategy/ladder.ts';
import { roundDown, roundUp } from '../../../core/strategy/price-grid.ts';
import { INSTRUMENT, instrumentsOf } from '../account/price-shares.ts';
import { type FaultKind, faultInfo, flagOf, numberOf, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

/** It is sent with nonces of an hour from now, which the core never comes to use in a run. */
const NONCE_AHEAD_MS = 3_600_000;
/** So far apart are the nonces of two faults of one moment. */
const NONCES_OF_ONE = 1_000;
/** Where the exchange refuses it, it is sent again after this time. */
const AGAIN_NS = NS_PER_S;

class ForeignOrder implements Overlay {
  readonly #world: OverlayWorld;
  readonly #instrument: number;
  readonly #distanceBps: number;
  readonly #sizeUsd: number;
  readonly #takes: boolean;
  /** Sides on which it is still to be placed. */
  #left: Side[];
  /** Those that were taken. */
  #oids: number[] = [];
  #nonces = 0;
  #isOver = false;

  constructor(fault: Fault, world: OverlayWorld) {
    const side = textOf(fault, 'side');
    this.#world = world;
    this.#instrument = instrumentsOf(fault, world)[0];
    this.#left = SIDES.filter(each => side === 'both' || each === (side === 'bid' ? BID : ASK));
    this.#distanceBps = numberOf(fault, 'distance');
    this.#sizeUsd = numberOf(fault, 'size');
    this.#takes = flagOf(fault, 'takes');
  }

  begin(): void {
    this.#world.wakeAt(this.#world.nowNs);
  }

  due(): void {
    if (this.#isOver) return;
    this.#left = this.#left.filter(side => !this.#place(side));
    this.#world.links.sendUserStreams();
    if (this.#left.length > 0) this.#world.wakeAt(this.#world.nowNs + AGAIN_NS);
  }

  /** Whether the exchange took it. */
  #place(side: Side): boolean {
    const { exchange, instruments } = this.#world;
    const { bestBidTicks, bestAskTicks } = exchange.book(this.#instrument);
    if (bestBidTicks === 0 || bestAskTicks === 0) return false;
    const instrument = instruments[this.#instrument];
    const midTicks = (bestBidTicks + bestAskTicks) / 2;
    const shift = ((this.#takes ? -1 : 1) * midTicks * this.#distanceBps) / BPS;
    const priceTicks = side === BID ? roundDown(instrument, midTicks - shift) : roundUp(instrument, midTicks + shift);
    const sizeLots = Math.ceil(this.#sizeUsd / lotUsd(instrument, priceTicks));
    const order = { cloid: 0, instrument: this.#instrument, side, priceTicks, sizeLots };
    const tif = this.#takes ? 'Ioc' : 'Alo';
    const item = this.#act({ type: 'order', orders: [{ ...order, tif, reduceOnly: false }] }).items[0];
    if (item === undefined || item.status === 'error' || item.status === 'success') return false;
    this.#oids.push(item.oid);
    const what =
      item.status === 'filled' ? `${item.filledLots} lots were filled at once` : `it rests at ${priceTicks} ticks`;
    this.#world.tookEffect(`placed order ${item.oid} of $${this.#sizeUsd}: ${what}`);
    return true;
  }

  #act(action: Action) {
    const { exchange, index, nowNs } = this.#world;
    const ahead = NONCE_AHEAD_MS + index * NONCES_OF_ONE + ++this.#nonces;
    return exchange.handleAction(nowNs, Math.floor(nowNs / NS_PER_MS) + ahead, action);
  }

  end(): void {
    this.#isOver = true;
    const { account } = this.#world.exchange;
    const left = this.#oids.filter(oid => account.orders.byOid(oid) !== undefined);
    if (left.length === 0) return;
    this.#act({ type: 'cancel', cancels: left.map(oid => ({ instrument: this.#instrument, oid })) });
    this.#world.links.sendUserStreams();
  }

  snapshot(): unknown {
    return { left: [...this.#left], oids: this.#oids.slice(), nonces: this.#nonces, isOver: this.#isOver };
  }

  restore(state: unknown): void {
    const from = state as { left: readonly Side[]; oids: readonly number[]; nonces: number; isOver: boolean };
    this.#left = [...from.left];
    this.#oids = from.oids.slice();
    this.#nonces = from.nonces;
    this.#isOver = from.isOver;
  }
}

export const foreignOrder: FaultKind = {
  info: faultInfo({
    kind: 'foreign-order',
    group: 'orders',
    description:
      'An order appears on the account that this core did not place, and is taken back at the end if it still rests.',
    parameters: [
      { name: 'side', description: 'Its side.', type: 'side', default: 'bid' },
      {
        name: 'distance',
        description: 'How far from the mid it rests, or up to which it takes.',
        type: 'number',
        unit: 'bps',
        min: 1,
        max: 500,
        default: 40,
      },
      {
        name: 'size',
        description: 'What it is worth.',
        type: 'number',
        unit: 'USD',
        min: 10,
        max: 100_000,
        default: 50,
      },
      { name: 'takes', description: 'It takes what it finds and does not rest.', type: 'flag', default: false },
      { ...INSTRUMENT, description: 'Its symbol; without it the first of the market.' },
    ],
    primary: '1.4',
    // One that takes can put the inventory over its maximum.
    allowed: ['1.3', '3.1', '3.2'],
    symptoms: ['position-mismatch', 'orders-not-sending', 'stale-quotes'],
  }),
  create: (fault, world) => new ForeignOrder(fault, world),
};
