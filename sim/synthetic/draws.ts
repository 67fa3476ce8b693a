/** Draws that the order flow needs beside those of the streams themselves. */
import { ln } from '../../core/math.ts';
import { NS_PER_S } from '../../core/scale.ts';
import type { RandomStream } from '../kernel/random.ts';

/** Exponential with this mean. */
export function exponential(stream: RandomStream, mean: number): number {
  // A stream's draw is never 0.
  return -mean * ln(stream.next());
}

/** Time to the next event of a Poisson process, ns, at least 1; Infinity at rate 0. One draw in any case. */
export function gapNs(stream: RandomStream, perS: number): number {
  const gap = exponential(stream, NS_PER_S);
  return perS > 0 ? Math.max(1, Math.round(gap / perS)) : Infinity;
}
