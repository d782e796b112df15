/**
 * What names are looked up by, as PostgreSQL's tsquery: the other half of `name_lexemes` in
 * the migration `search`.
 */

/** Names that have the word; for a single letter, names with a word that begins with it. */
export function exactly(word: string): string {
  if (Array.from(word).length === 1) return anyOf([word, `^${word}`]);
  // Two letters may be two initials, each a word of its own.
  const mayBeTwo = word.length === 2 || word.length >= 5;
  return mayBeTwo ? anyOf([word, `=${word}`]) : lexeme(word);
}

/** Names that have the word, or one that differs from it in a letter. */
export function nearly(word: string): string {
  const letters = Array.from(word);
  if (letters.length < 3 || letters.length > longest) return exactly(word);
  const shorter = letters.map((_, i) => letters.toSpliced(i, 1).join(''));
  return anyOf([
    word,
    `=${word}`,
    `~${word}`,
    ...shorter,
    ...shorter.map((each) => `~${each}`),
    ...(letters.length < 6 ? [] : shorter.map((each) => `=${each}`)),
  ]);
}

/** Names with a word that begins so. */
export const beginning = (letters: string): string => `${lexeme(letters)}:*`;

export const allOf = (queries: readonly string[]): string =>
  queries.length === 1 ? (queries[0] ?? '') : queries.map((query) => `(${query})`).join(' & ');

export const oneOf = (queries: readonly string[]): string =>
  queries.length === 1 ? (queries[0] ?? '') : queries.map((query) => `(${query})`).join(' | ');

/** The word as a tsquery has it; of a very long one its beginning, as names are held. */
export const lexeme = (word: string): string =>
  `'${Array.from(word).slice(0, 64).join('').replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** The words of a tsquery as PostgreSQL writes it. */
export const lexemesOf = (query: string): string[] =>
  [...query.matchAll(lexemes)].map(([word]) => word.slice(1, -1).replaceAll("''", "'"));

/** The tsquery for its words where they have one of the weights: `'minist':AB`. */
export const withWeights = (query: string, weights: string): string =>
  query.replace(lexemes, `$&:${weights}`);

// Private:

const lexemes = /'(?:[^']|'')+'/g;

/** What is longer is hardly a word. */
const longest = 40;

const anyOf = (words: readonly string[]): string => [...new Set(words)].map(lexeme).join(' | ');
