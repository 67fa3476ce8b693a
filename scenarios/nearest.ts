/** The nearest right word to a wrong one, for messages: `did you mean "symptom"?`. */

/** Longer words are not compared: the cost grows with the product of the lengths. */
const MAX_LENGTH = 64;

/**
 * Damerau–Levenshtein distance, the variant that counts a swap of two neighbours as one and edits no part twice ("optimal
 * string alignment").
 */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const rows = new Int32Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++) rows[i * width] = i;
  for (let j = 0; j <= b.length; j++) rows[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const here = i * width + j;
      const substitution = rows[here - width - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(rows[here - width] + 1, rows[here - 1] + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[here - 2 * width - 2] + 1);
      }
      rows[here] = best;
    }
  }
  return rows[rows.length - 1];
}

/**
 * The candidate nearest to `word` (case aside), the first of equals, or undefined where none is near: at most a third of
 * the longer word may differ. A word that a candidate starts with is near, too. Of words of three letters any two are
 * near: there only the order of the letters and their case may differ, or one letter be missing.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.length > MAX_LENGTH) continue;
    const lower = candidate.toLowerCase();
    const distance = editDistance(wanted, lower);
    if (isNear(wanted, lower, distance) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function isNear(wanted: string, candidate: string, distance: number): boolean {
  // `usr` is `user` with a letter left out; a letter put in the place of another tells nothing.
  const isOneShort = wanted.length === 3 && candidate.length === 4;
  if (wanted.length <= 3) return distance <= 1 && (isOneShort || letters(wanted) === letters(candidate));
  if (candidate.startsWith(wanted) || wanted.startsWith(candidate)) return true;
  return distance <= Math.floor(Math.max(wanted.length, candidate.length) / 3);
}

function letters(word: string): string {
  return [...word].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('');
}

/** ` (did you mean "…"?)`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const guess = nearest(word, candidates);
  return guess === undefined ? '' : ` (did you mean "${guess}"?)`;
}
