/**
 * Orders frames by the exchange's clock: by (exchNs, frame number), so that equal times keep their order.
 *
 * Recordings are nearly sorted, in runs (several streams, each in order, interleaved by their latencies). A natural merge
 * sort finds those runs and merges neighbours until one is left: linear where there is one run, never worse than n log n.
 */

/** Frame numbers ordered by (exchNs, frame number). */
export function orderByExchange(exchNs: Float64Array): Uint32Array {
  const count = exchNs.length;
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let starts = findRuns(exchNs);
  if (starts.length <= 1) return order;
  let merged = new Uint32Array(count);
  while (starts.length > 1) {
    const next: number[] = [];
    for (let run = 0; run < starts.length; run += 2) {
      const from = starts[run];
      const middle = run + 1 < starts.length ? starts[run + 1] : count;
      const to = run + 2 < starts.length ? starts[run + 2] : count;
      mergeRuns(exchNs, order, merged, from, middle, to);
      next.push(from);
    }
    [order, merged] = [merged, order];
    starts = next;
  }
  return order;
}

/** First frames of the ascending runs. */
function findRuns(exchNs: Float64Array): number[] {
  const starts: number[] = exchNs.length === 0 ? [] : [0];
  for (let i = 1; i < exchNs.length; i++) if (exchNs[i] < exchNs[i - 1]) starts.push(i);
  return starts;
}

/** Merges [from, middle) and [middle, to). On equal times the left run wins: it holds the earlier frames. */
function mergeRuns(
  exchNs: Float64Array,
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  middle: number,
  to: number,
): void {
  let left = from;
  let right = middle;
  for (let i = from; i < to; i++) {
    const takeLeft = left < middle && (right >= to || exchNs[source[left]] <= exchNs[source[right]]);
    target[i] = takeLeft ? source[left++] : source[right++];
  }
}
