/**
 * Leaks to plant: what makes two runs differ, each as a small change of one of our own files. The text that is replaced is the
 * same in the source and in what the compiler makes of it, so that one plant serves the check of the source and a built copy.
 */

export interface Leak {
  /** The source file; its built form has the same path under dist/, with `.js`. */
  readonly file: string;
  /** What is replaced, and by what; each is found exactly once. */
  readonly edits: readonly (readonly [find: string, replacement: string])[];
}

/** Every message of the exchange takes a moment longer or shorter: whatever goes in here reaches the digest. */
function inLatency(extraNs: string, before = ''): Leak {
  const draw = 'Math.round(this.#random.stream(stream).logNormal(medianNs, sigma))';
  const edits: [string, string][] = [[draw, `${draw} + ${extraNs}`]];
  if (before !== '') edits.push(['export class Latency {', `${before}\nexport class Latency {`]);
  return { file: 'sim/network/latency.ts', edits };
}

/** The core gets to see trades when `waiting` is over. */
function inCore(waiting: string, importing = ''): Leak {
  const receive = 'this.#loop.receive(message);';
  const edits: [string, string][] = [
    [receive, `if (message.kind !== 'trades') ${receive} else void (async () => { await ${waiting}; ${receive} })();`],
  ];
  if (importing !== '') edits.push(['import { METRICS }', `${importing}\nimport { METRICS }`]);
  return { file: 'core/core.ts', edits };
}

export const LEAKS = {
  clock: inLatency('(Date.now() % 997)'),
  'random numbers of the machine': inLatency('Math.floor(Math.random() * 997)'),
  'a cache of the module': inLatency(
    '(warm.has(stream) ? 0 : (warm.add(stream), 1_000_000))',
    'const warm = new Set();',
  ),
  // As a price is cut to ticks: it comes out one lower where the quotient falls short of a whole number.
  'a computed power of ten': {
    file: 'core/orchestrator/reconcile.ts',
    edits: [
      [
        'this.plan.place(side, priceTicks, lots);',
        'this.plan.place(side, Math.floor(priceTicks / 100_000 / 10 ** -5), lots);',
      ],
    ],
  },
  // Between 1 and 10, one result in some six hundred has another last bit on another processor: a message takes many.
  'an exponential of the machine': inLatency(
    'flutterNs(medianNs + maxNs / this.#random.stream(stream).next())',
    `function flutterNs(x) {
  let sum = 0;
  for (let k = 1; k <= 2000; k++) sum += Math.floor(Math.exp(1 + ((x * k) % 9)) * 1e15) % 997;
  return sum;
}`,
  ),
  'await on the disk': inCore("stat('.')", "import { stat } from 'node:fs/promises';"),
  'await on what is there already': inCore('null'),
  'sort without a comparator': {
    file: 'core/risk/aggregator.ts',
    edits: [['.sort((a, b) => a.priority - b.priority)', '.sort()']],
  },
  'for…in': {
    file: 'core/orchestrator/reconcile.ts',
    edits: [
      [
        'for (const order of orders) this.#roomLots -= lotsOnTop(order, orders);',
        'for (const at in orders) this.#roomLots -= lotsOnTop(orders[at], orders);',
      ],
    ],
  },
} as const satisfies Readonly<Record<string, Leak>>;

export type LeakName = keyof typeof LEAKS;

/** The text of the leak's file, source or built, with the leak in it. Throws where it is not to be planted just once. */
export function plant(leak: Leak, text: string): string {
  let planted = text;
  for (const [find, replacement] of leak.edits) {
    const pieces = planted.split(find);
    if (pieces.length !== 2) throw new Error(`${leak.file} holds ${pieces.length - 1} times: ${find}`);
    planted = pieces.join(replacement);
  }
  return planted;
}
