/**
 * Spans of time and their algebra. A span is half-open, [fromNs, toNs); `toNs` null means that it lasts to the end.
 * Results are in time order, and no function changes its arguments.
 */

export interface Span {
  readonly fromNs: number;
  /** null: to the end of the run. */
  readonly toNs: number | null;
}

/** End as a number: Infinity for a span without an end. */
export function endOf(span: Span): number {
  return span.toNs ?? Number.POSITIVE_INFINITY;
}

function toOrNull(ns: number): number | null {
  return ns === Number.POSITIVE_INFINITY ? null : ns;
}

function byFrom(a: Span, b: Span): number {
  return a.fromNs - b.fromNs || endOf(a) - endOf(b);
}

/** True where the two have a moment in common. */
export function overlap(a: Span, b: Span): boolean {
  return a.fromNs < endOf(b) && b.fromNs < endOf(a);
}

/** The fewest spans that cover the same moments. Spans that touch become one; empty ones vanish. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.filter(s => s.fromNs < endOf(s)).sort(byFrom)) {
    const last = merged.at(-1);
    if (last !== undefined && span.fromNs <= endOf(last)) {
      merged[merged.length - 1] = { fromNs: last.fromNs, toNs: toOrNull(Math.max(endOf(last), endOf(span))) };
    } else {
      merged.push({ fromNs: span.fromNs, toNs: span.toNs });
    }
  }
  return merged;
}

/** What is left of each item outside the holes. Pieces keep all else that the item says. */
export function subtract<T extends Span>(items: readonly T[], holes: readonly Span[]): T[] {
  const gaps = union(holes);
  const left: T[] = [];
  for (const item of items) {
    let fromNs = item.fromNs;
    const endNs = endOf(item);
    for (const gap of gaps) {
      if (endOf(gap) <= fromNs) continue;
      if (gap.fromNs >= endNs) break;
      if (gap.fromNs > fromNs) left.push({ ...item, fromNs, toNs: gap.fromNs });
      fromNs = endOf(gap);
      if (fromNs >= endNs) break;
    }
    if (fromNs < endNs) left.push({ ...item, fromNs });
  }
  return left.sort(byFrom);
}

/** What of each item lies inside the windows. Pieces keep all else that the item says. */
export function intersect<T extends Span>(items: readonly T[], windows: readonly Span[]): T[] {
  const inside: T[] = [];
  const merged = union(windows);
  for (const item of items) {
    for (const window of merged) {
      if (!overlap(item, window)) continue;
      const fromNs = Math.max(item.fromNs, window.fromNs);
      const toNs = toOrNull(Math.min(endOf(item), endOf(window)));
      inside.push({ ...item, fromNs, toNs });
    }
  }
  return inside.sort(byFrom);
}
