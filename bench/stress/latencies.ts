/** In milliseconds. */
export interface Latencies {
  count: number;
  p50: number;
  p99: number;
  most: number;
}

export function latenciesOf(milliseconds: number[]): Latencies {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? Number.NaN };
}
