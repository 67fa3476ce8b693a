/** Deviates that are about normal, for tests of estimators: sums of twelve uniform ones. The same for the same seed, everywhere. */
export function normals(seed: number, count: number, width = 1): number[] {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
  return Array.from({ length: count }, () => {
    let sum = 0;
    for (let draw = 0; draw < 12; draw++) sum += uniform();
    return width * (sum - 6);
  });
}
