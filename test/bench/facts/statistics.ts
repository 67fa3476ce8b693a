/** Plain statistics of samples. Samples are given in the order of time; nothing here changes them. */

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Standard deviation of the sample. */
export function deviation(values: ArrayLike<number>): number {
  const middle = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - middle) * (values[i] - middle);
  return Math.sqrt(squares / values.length);
}

/** The value below which `share` (0 to 1) of the sample lies; NaN of nothing. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Kurtosis in excess of a normal distribution's: 0 for that, positive for fat tails. */
export function excessKurtosis(values: ArrayLike<number>): number {
  const middle = mean(values);
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const square = (values[i] - middle) * (values[i] - middle);
    second += square;
    fourth += square * square;
  }
  return (fourth * values.length) / (second * second) - 3;
}

/** Correlation of the series with itself `lag` places later. */
export function autocorrelation(values: ArrayLike<number>, lag: number): number {
  const middle = mean(values);
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const off = values[i] - middle;
    square += off * off;
    if (i + lag < values.length) product += off * (values[i + lag] - middle);
  }
  return product / square;
}
