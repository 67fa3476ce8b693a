/** Spans in which something holds, found by looking at every nanosecond. */

export interface Span {
  fromNs: number;
  toNs: number | null;
}

/** From 0 to `endNs`, both looked at; a span without an end still holds there. */
export function spansOf(endNs: number, holds: (ns: number) => boolean): Span[] {
  const spans: Span[] = [];
  let open: Span | null = null;
  for (let ns = 0; ns <= endNs; ns++) {
    const now = holds(ns);
    if (now && open === null) {
      open = { fromNs: ns, toNs: null };
      spans.push(open);
    } else if (!now && open !== null) {
      open.toNs = ns;
      open = null;
    }
  }
  return spans;
}
