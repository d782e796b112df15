/** Whole numbers below a limit that look random and are the same ones for a seed. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    // A step of a linear congruential generator modulo 2^32; its upper bits are the better ones.
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
