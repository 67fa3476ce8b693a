/** A book as anybody would write it first, to hold the fast one against. */
import { ASK, BID, type LevelColumns, type Side } from '../../core/market.ts';
import { BBO, SNAPSHOT, type Tape, TRADES } from '../../recordings/tape.ts';

export class NaiveBook {
  readonly sides = [new Map<number, number>(), new Map<number, number>()];

  best(side: Side): number {
    let best = 0;
    for (const ticks of this.sides[side].keys()) {
      if (best === 0 || (side === BID ? ticks > best : ticks < best)) best = ticks;
    }
    return best;
  }

  apply(tape: Tape, frame: number): void {
    const { kind, firstRow, rowCount } = tape.frames;
    if (kind[frame] === TRADES) return;
    const first = firstRow[frame];
    const end = first + rowCount[frame];
    if (kind[frame] === SNAPSHOT) for (const side of this.sides) side.clear();
    if (kind[frame] === BBO) this.#trim(tape.levels, first, end);
    for (let row = first; row < end; row++) {
      const side = this.sides[tape.levels.side[row]];
      if (tape.levels.sizeLots[row] === 0) side.delete(tape.levels.priceTicks[row]);
      else side.set(tape.levels.priceTicks[row], tape.levels.sizeLots[row]);
    }
  }

  /** A best bid and ask rules out everything better. */
  #trim(levels: LevelColumns, first: number, end: number): void {
    for (const side of [BID, ASK] as const) {
      const row = levels.side.subarray(first, end).indexOf(side);
      const best = row < 0 || levels.sizeLots[first + row] === 0 ? null : levels.priceTicks[first + row];
      for (const ticks of [...this.sides[side].keys()]) {
        if (best === null || (side === BID ? ticks > best : ticks < best)) this.sides[side].delete(ticks);
      }
    }
  }
}
