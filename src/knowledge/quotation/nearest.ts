import search from 'approx-string-match';

/**
 * The stretch of `text` that differs least from `words`, widened to whole words; undefined
 * where nothing has at least half of it in common. Both in normal form.
 */
export function nearestPassage(
  text: string,
  words: string,
): { from: number; to: number } | undefined {
  const pattern = words.slice(0, longestPattern);
  // Few errors first: the search costs the more, the more of them it must allow.
  for (const tolerance of [0.1, 0.25, 0.5]) {
    const [match] = search(text, pattern, Math.floor(pattern.length * tolerance));
    if (match && match.end > match.start) return wholeWords(text, match.start, match.end);
  }
  return undefined;
}

// Private:

/** Enough to recognise a passage by. */
const longestPattern = 500;

function wholeWords(text: string, start: number, end: number): { from: number; to: number } {
  let [from, to] = [start, end];
  while (from > 0 && isLetter(text, from - 1) && isLetter(text, from)) from--;
  while (to < text.length && isLetter(text, to - 1) && isLetter(text, to)) to++;
  return { from, to };
}

const isLetter = (text: string, at: number) => /[^\s\p{P}\p{S}]/u.test(text.charAt(at));
