/**
 * The two books of record of one instrument's own orders: the exchange's, and the core's as it was last read; and since when
 * an order has been in one of them alone. An order is the same in both by its oid, or by its CLOID where the core does not know the
 * oid yet.
 *
 * In the usual course of things every order is in one book alone for a moment, twice in its life. So nothing is looked for
 * when an order is found alone: a time is kept that is not later than the oldest such moment, and put right when it matters.
 */

interface ExchangeOrder {
  readonly oid: number;
  readonly cloid: number;
  /** Since when it has been in the exchange's book alone; -1: it is in both. */
  aloneSinceNs: number;
  /** Under what the core has it, where it has it. */
  localKey: number;
  /** The last reading of the core's book that it was in. */
  reading: number;
}

interface LocalOrder {
  readonly key: number;
  readonly oid: number;
  readonly aloneSinceNs: number;
  reading: number;
}

interface BooksState {
  exchange: Float64Array;
  localOnly: Float64Array;
  oldestNs: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const EXCHANGE_COLUMNS = 4;
const LOCAL_COLUMNS = 3;

export class BooksOfRecord {
  readonly #exchange = new Map<number, ExchangeOrder>();
  readonly #byCloid = new Map<number, ExchangeOrder>();
  /** Orders that the core has and the exchange has not, by `keyOf`. */
  readonly #localOnly = new Map<number, LocalOrder>();
  #reading = 0;
  /** Not later than the oldest moment since which an order has been alone. */
  #oldestNs = NEVER;

  /** The exchange took an order. */
  accepted(atNs: number, oid: number, cloid: number): void {
    const order: ExchangeOrder = { oid, cloid, aloneSinceNs: -1, localKey: cloid, reading: this.#reading };
    this.#add(order);
    const local = this.#localOnly.get(cloid);
    if (local !== undefined && local.oid === 0) this.#localOnly.delete(cloid);
    else this.#exchangeAlone(order, atNs);
  }

  /** An order left the exchange's book. */
  removed(atNs: number, oid: number): void {
    const order = this.#exchange.get(oid);
    if (order === undefined) return;
    this.#exchange.delete(oid);
    if (this.#byCloid.get(order.cloid) === order) this.#byCloid.delete(order.cloid);
    if (order.aloneSinceNs < 0) this.#localAlone(order.localKey, oid, atNs);
  }

  /** The core's book is read. */
  read(atNs: number, orders: readonly { readonly oid: number; readonly cloid: number }[]): void {
    const reading = ++this.#reading;
    let matched = 0;
    for (let index = 0; index < orders.length; index++) {
      const { oid, cloid } = orders[index];
      const order = oid === 0 ? this.#byCloid.get(cloid) : this.#exchange.get(oid);
      const key = keyOf(oid, cloid);
      if (order === undefined || order.reading === reading) {
        const known = this.#localOnly.get(key);
        if (known === undefined) this.#localAlone(key, oid, atNs);
        else known.reading = reading;
      } else {
        order.reading = reading;
        order.aloneSinceNs = -1;
        order.localKey = key;
        matched++;
      }
    }
    if (matched < this.#exchange.size) {
      for (const order of this.#exchange.values()) {
        if (order.reading !== reading && order.aloneSinceNs < 0) this.#exchangeAlone(order, atNs);
      }
    }
    if (this.#localOnly.size > 0) {
      for (const [key, local] of this.#localOnly) if (local.reading !== reading) this.#localOnly.delete(key);
    }
  }

  #add(order: ExchangeOrder): void {
    this.#exchange.set(order.oid, order);
    if (order.cloid !== 0) this.#byCloid.set(order.cloid, order);
  }

  #exchangeAlone(order: ExchangeOrder, atNs: number): void {
    order.aloneSinceNs = atNs;
    this.#oldestNs = Math.min(this.#oldestNs, atNs);
  }

  #localAlone(key: number, oid: number, atNs: number): void {
    this.#localOnly.set(key, { key, oid, aloneSinceNs: atNs, reading: this.#reading });
    this.#oldestNs = Math.min(this.#oldestNs, atNs);
  }

  /** Not later than `oldestAloneNs`, at no cost. */
  get oldestBoundNs(): number {
    return this.#oldestNs;
  }

  /** The oldest moment since which an order has been in one book alone; Infinity where none is. */
  oldestAloneNs(): number {
    let oldestNs = NEVER;
    for (const { aloneSinceNs } of this.#exchange.values()) {
      if (aloneSinceNs >= 0) oldestNs = Math.min(oldestNs, aloneSinceNs);
    }
    for (const { aloneSinceNs } of this.#localOnly.values()) oldestNs = Math.min(oldestNs, aloneSinceNs);
    this.#oldestNs = oldestNs;
    return oldestNs;
  }

  /** What has been alone since a time, in words. */
  words(aloneSinceNs: number): string {
    for (const order of this.#exchange.values()) {
      if (order.aloneSinceNs === aloneSinceNs) return `order ${order.oid} is open at the exchange and not with us`;
    }
    for (const { key, oid, aloneSinceNs: sinceNs } of this.#localOnly.values()) {
      if (sinceNs !== aloneSinceNs) continue;
      return `order ${oid === 0 ? `with CLOID ${key}` : oid} is open with us and not at the exchange`;
    }
    return 'the books of record are the same';
  }

  snapshot(): unknown {
    const exchange = [...this.#exchange.values()].flatMap(order => {
      return [order.oid, order.cloid, order.aloneSinceNs, order.localKey];
    });
    const localOnly = [...this.#localOnly.values()].flatMap(order => [order.key, order.oid, order.aloneSinceNs]);
    return {
      exchange: Float64Array.from(exchange),
      localOnly: Float64Array.from(localOnly),
      oldestNs: this.#oldestNs,
    } satisfies BooksState;
  }

  restore(state: unknown): void {
    const { exchange, localOnly, oldestNs } = state as BooksState;
    this.#exchange.clear();
    this.#byCloid.clear();
    this.#localOnly.clear();
    for (let at = 0; at < exchange.length; at += EXCHANGE_COLUMNS) {
      const [oid, cloid, aloneSinceNs, localKey] = exchange.subarray(at, at + EXCHANGE_COLUMNS);
      this.#add({ oid, cloid, aloneSinceNs, localKey, reading: this.#reading });
    }
    for (let at = 0; at < localOnly.length; at += LOCAL_COLUMNS) {
      const [key, oid, aloneSinceNs] = localOnly.subarray(at, at + LOCAL_COLUMNS);
      this.#localOnly.set(key, { key, oid, aloneSinceNs, reading: this.#reading });
    }
    this.#oldestNs = oldestNs;
  }
}

/** CLOIDs are above zero; an order without one is told by its oid. */
function keyOf(oid: number, cloid: number): number {
  return cloid === 0 ? -oid : cloid;
}
