/**
 * The number of insertions, deletions, replacements and transpositions of adjacent letters between
 * two words (optimal string alignment distance).
 *
 * @param max Beyond this distance only some greater number is returned; the smaller, the faster.
 */
export function editDistance(a: string, b: string, max = Infinity): number {
  if (Math.abs(a.length - b.length) > max) return Infinity;
  let start = 0;
  while (start < a.length && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  if (endA === start || endB === start) return Math.max(endA, endB) - start;
  // Each edit removes and adds at most one letter.
  if (bitCount(lettersOf(a, start, endA) ^ lettersOf(b, start, endB)) > 2 * max) return Infinity;
  return distanceBetween(a.slice(start, endA), b.slice(start, endB), max);
}

// Private:

/** The rows of the matrix, reused from call to call. */
let rows: [Float64Array, Float64Array, Float64Array] = rowsOf(64);

function rowsOf(length: number): [Float64Array, Float64Array, Float64Array] {
  return [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
}

function distanceBetween(a: string, b: string, max: number): number {
  if (b.length >= rows[0].length) rows = rowsOf(2 * b.length);
  let [before, row, next] = rows;
  for (let j = 0; j <= b.length; j++) row[j] = j;
  // The minimum of the previous row; a transposition uses the row before it.
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    // Cells further from the diagonal have a greater distance.
    const from = Math.max(1, i - max);
    const to = Math.min(b.length, i + max);
    const letter = a.charCodeAt(i - 1);
    next[from - 1] = from === 1 ? i : Infinity;
    let least = i;
    for (let j = from; j <= to; j++) {
      const other = b.charCodeAt(j - 1);
      let distance = (row[j - 1] ?? 0) + (letter === other ? 0 : 1);
      if (
        i > 1 &&
        j > 1 &&
        letter === b.charCodeAt(j - 2) &&
        other === a.charCodeAt(i - 2) &&
        (before[j - 2] ?? 0) + 1 < distance
      ) {
        distance = (before[j - 2] ?? 0) + 1;
      }
      if ((row[j] ?? 0) + 1 < distance) distance = (row[j] ?? 0) + 1;
      if ((next[j - 1] ?? 0) + 1 < distance) distance = (next[j - 1] ?? 0) + 1;
      next[j] = distance;
      if (distance < least) least = distance;
    }
    if (to < b.length) next[to + 1] = Infinity;
    if (least > max && leastBefore > max) return Infinity;
    leastBefore = least;
    [before, row, next] = [row, next, before];
  }
  return row[b.length] ?? 0;
}

/** The set of letters, by the last five bits of their codes. */
function lettersOf(word: string, start: number, end: number): number {
  let letters = 0;
  for (let i = start; i < end; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters;
}

function bitCount(bits: number): number {
  let [rest, count] = [bits, 0];
  for (; rest !== 0; rest &= rest - 1) count++;
  return count;
}
