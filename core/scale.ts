/**
 * Powers of ten, as literals. `10 ** -5` is 0.000009999999999999999 on Node 20 and 22 and 0.00001 on Node 24, so a scale
 * is never computed (design, section 4). Dividing an integer by one of these is exact to the last bit everywhere.
 */
export const POWERS_OF_TEN: readonly number[] = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
  100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
];

export const BPS = 10_000;
export const NS_PER_US = 1_000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_S = 1_000_000_000;
