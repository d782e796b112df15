/**
 * How many letters have to be put in, left out, replaced or swapped with their neighbour to
 * make one word of the other (optimal string alignment distance).
 *
 * @param most The greatest distance of interest: of words that are further apart it is only
 *   certain that the result is greater, and the less is compared of them the smaller it is.
 */
export function editDistance(a: string, b: string, most = Infinity): number {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  // The least of the row before; a swap reaches back over two rows.
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    // Whatever is further from the diagonal has a greater distance.
    const from = Math.max(1, i - most);
    const to = Math.min(b.length, i + most);
    const next: number[] = new Array<number>(b.length + 1).fill(Infinity);
    next[0] = i;
    let least = i;
    for (let j = from; j <= to; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      const distance = Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      next[j] = distance;
      if (distance < least) least = distance;
    }
    if (least > most && leastBefore > most) return Infinity;
    leastBefore = least;
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
