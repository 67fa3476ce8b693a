/**
 * What must hold of every tape: whoever replays one relies on it without looking. Reading a tape file checks it all.
 */
import { ReplaybookError } from '../core/errors.ts';
import { BID, FEEDS, type Instrument } from '../core/market.ts';
import { MAX_DECIMALS } from './instruments.ts';
import { BBO, DELTA, FLAG_BACKLOG, FLAG_REPEATED, FRAME_KINDS, type Tape, TRADES } from './tape.ts';

/** Throws `format`, naming the frame or row, where something does not hold. */
export function checkTape(tape: Tape): void {
  if (!/^[0-9]{1,20}$/.test(tape.originNs)) fail('the origin is not a time in ns');
  if (!isIntegral(tape.source.recvShiftNs) || tape.source.recvShiftNs < 0)
    fail('the receive shift is not a time in ns');
  if (tape.instruments.length === 0) fail('no instrument');
  tape.instruments.forEach(checkInstrument);
  checkFrames(tape);
  checkLevels(tape);
  checkTrades(tape);
  checkOrder(tape);
}

function checkInstrument(instrument: Instrument, index: number): void {
  const { symbol, priceDecimals, sizeDecimals, significantFigures, minNotionalUsd } = instrument;
  if (typeof symbol !== 'string' || symbol === '') fail(`instrument ${index} has no name`);
  for (const decimals of [priceDecimals, sizeDecimals]) {
    if (!isIntegral(decimals) || decimals < 0 || decimals > MAX_DECIMALS) fail(`instrument ${index}: bad decimals`);
  }
  if (!isIntegral(significantFigures) || significantFigures < 0) fail(`instrument ${index}: bad significant figures`);
  if (!Number.isFinite(minNotionalUsd) || minNotionalUsd < 0) fail(`instrument ${index}: bad least notional`);
}

function checkFrames(tape: Tape): void {
  const { recvNs, exchNs, kind, feed, instrument, flags, updateId, previousUpdateId, firstRow, rowCount } = tape.frames;
  const rows = [0, 0];
  for (let i = 0; i < recvNs.length; i++) {
    if (!isIntegral(recvNs[i]) || recvNs[i] < (i === 0 ? 0 : recvNs[i - 1])) fail(`frame ${i}: receive time falls`);
    if (!isIntegral(exchNs[i])) fail(`frame ${i}: exchange time is not integral`);
    if (kind[i] >= FRAME_KINDS.length) fail(`frame ${i}: unknown kind ${kind[i]}`);
    if (feed[i] >= FEEDS.length) fail(`frame ${i}: unknown feed ${feed[i]}`);
    if (instrument[i] >= tape.instruments.length) fail(`frame ${i}: unknown instrument ${instrument[i]}`);
    if ((flags[i] & ~(FLAG_BACKLOG | FLAG_REPEATED)) !== 0) fail(`frame ${i}: unknown flags ${flags[i]}`);
    if (!isIntegral(updateId[i]) || updateId[i] < 0) fail(`frame ${i}: bad update id`);
    if (!isIntegral(previousUpdateId[i]) || previousUpdateId[i] < 0) fail(`frame ${i}: bad previous update id`);
    const table = kind[i] === TRADES ? 1 : 0;
    if (rowCount[i] < 0 || firstRow[i] !== rows[table]) fail(`frame ${i}: rows do not follow those before`);
    if (kind[i] === TRADES && rowCount[i] === 0) fail(`frame ${i}: no trades`);
    if (kind[i] === BBO && rowCount[i] > 2) fail(`frame ${i}: more than a best bid and ask`);
    rows[table] += rowCount[i];
  }
  if (rows[0] !== tape.levels.side.length) fail('levels that no frame has');
  if (rows[1] !== tape.trades.aggressor.length) fail('trades that no frame has');
}

function checkLevels(tape: Tape): void {
  const { kind, firstRow, rowCount } = tape.frames;
  const { side, priceTicks, sizeLots } = tape.levels;
  for (let frame = 0; frame < kind.length; frame++) {
    if (kind[frame] === TRADES) continue;
    const leastLots = kind[frame] === DELTA ? 0 : 1;
    const end = firstRow[frame] + rowCount[frame];
    let sideBefore = 0;
    for (let row = firstRow[frame]; row < end; row++) {
      if (side[row] > 1 || side[row] < sideBefore) fail(`frame ${frame}, level row ${row}: side out of order`);
      if (side[row] === sideBefore && row > firstRow[frame]) {
        const step = priceTicks[row] - priceTicks[row - 1];
        if (side[row] === BID ? step >= 0 : step <= 0) fail(`frame ${frame}, level row ${row}: not best first`);
      }
      sideBefore = side[row];
      if (priceTicks[row] < 1) fail(`frame ${frame}, level row ${row}: price is not positive`);
      if (!isIntegral(sizeLots[row]) || sizeLots[row] < leastLots) fail(`frame ${frame}, level row ${row}: bad size`);
    }
  }
}

function checkTrades({ trades }: Tape): void {
  const { aggressor, priceTicks, sizeLots, tradeId, exchNs } = trades;
  for (let row = 0; row < aggressor.length; row++) {
    if (aggressor[row] > 1) fail(`trade row ${row}: unknown side ${aggressor[row]}`);
    if (priceTicks[row] < 1) fail(`trade row ${row}: price is not positive`);
    if (!isIntegral(sizeLots[row]) || sizeLots[row] < 1) fail(`trade row ${row}: size is not positive`);
    if (!isIntegral(tradeId[row]) || tradeId[row] < 0) fail(`trade row ${row}: bad trade id`);
    if (!isIntegral(exchNs[row])) fail(`trade row ${row}: exchange time is not integral`);
  }
}

/** Strictly ascending by (exchNs, frame) and all in range, so every frame occurs exactly once. */
function checkOrder({ exchangeOrder, frames }: Tape): void {
  const { exchNs } = frames;
  for (let i = 0; i < exchangeOrder.length; i++) {
    const frame = exchangeOrder[i];
    if (frame >= exchNs.length) fail(`exchange order ${i}: no frame ${frame}`);
    if (i === 0) continue;
    const before = exchangeOrder[i - 1];
    const ascends = exchNs[before] < exchNs[frame] || (exchNs[before] === exchNs[frame] && before < frame);
    if (!ascends) fail(`exchange order ${i}: not in order of exchange time`);
  }
}

function isIntegral(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function fail(what: string): never {
  throw new ReplaybookError('format', what);
}
