/**
 * `npm run facts`: the stylised facts of the recordings and of synthetic markets, side by side.
 *
 * `calm` is tuned to the archive's hour of BTC: its books and returns are compared with those of that hour, its trades, which
 * the archive does not have, with those of the websocket capture (eight orders: a hint, no more). What is beyond a factor of two
 * is marked. Autocorrelations are shown, but not compared: near zero a ratio says nothing.
 */
import { importFile } from '../../recordings/importers/import.ts';
import { PRESETS } from '../../sim/synthetic/presets.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { type Facts, factsOf } from './facts/facts.ts';
import { sampledTape } from './facts/sampled-tape.ts';

/** The hour's price: the step between prices is then the same share of it. */
const PRICE_USD = 42_700;
const HOUR_S = 3_600;
const SEEDS = ['1', '2', '3'];
const NAME_WIDTH = 38;
const WIDTH = 11;

if (!HAVE_DATA) throw new Error('the recordings are not at hand');
const hour = await factsOfFile(ARCHIVE_HOUR);
const capture = await factsOfFile(WS_CAPTURE);
const binance = await factsOfFile(BINANCE_CAPTURE);
const calm = mean(SEEDS.map(seed => factsOf(sampledTape(PRESETS.calm, seed, HOUR_S, PRICE_USD))));
const volatile = factsOf(sampledTape(PRESETS.volatile, '1', HOUR_S / 6, PRICE_USD));

line('', ['BTC hour', 'BTC ws', 'ETH binance', 'calm', 'volatile', 'calm/real']);
for (const name of Object.keys(calm)) {
  const real = Number.isNaN(hour[name]) ? capture[name] : hour[name];
  const ratio = calm[name] / real;
  const compared = !name.includes('autocorrelation') && name !== 'books' && name !== 'taker orders';
  const mark = compared && !(ratio <= 2 && ratio >= 0.5) ? ' !' : '';
  const row = [hour, capture, binance, calm, volatile].map(facts => figure(facts[name]));
  line(name, [...row, compared ? `${figure(ratio)}${mark}` : '']);
}

async function factsOfFile(path: string): Promise<Facts> {
  return factsOf((await importFile(path)).tape);
}

/** Of several seeds: tails differ much from one hour to the next. */
function mean(samples: readonly Facts[]): Facts {
  const facts: Facts = {};
  for (const name of Object.keys(samples[0])) {
    facts[name] = samples.reduce((sum, sample) => sum + sample[name], 0) / samples.length;
  }
  return facts;
}

function figure(value: number): string {
  return Number.isNaN(value) ? '–' : value.toPrecision(3);
}

function line(name: string, cells: readonly string[]): void {
  console.log(name.padEnd(NAME_WIDTH) + cells.map(cell => cell.padStart(WIDTH)).join(''));
}
