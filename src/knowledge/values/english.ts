/** English grammar for composed texts: articles by sound, plurals, type names in words. */

/** `a position`, `an office`, `a union`, `an hour`, `a URL`. */
export const withArticle = (noun: string): string => `${articleOf(noun)} ${noun}`;

/** `positions`, `timeline entries`, `people`. */
export function plural(noun: string): string {
  const words = noun.split(' ');
  const last = words.pop() ?? '';
  return [...words, irregular[last] ?? regular(last)].join(' ');
}

/** A type's name in words: `timeline entry` for `TimelineEntry`. */
export const wordsOf = (typeName: string): string =>
  typeName.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** Capitalizes the first letter. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// Private:

function articleOf(noun: string): 'a' | 'an' {
  const first = /^[\p{L}\p{N}]+/u.exec(noun)?.[0] ?? '';
  // Abbreviations are spelled out: a URL, an ISO code.
  if (/^[A-Z]{2,}$/.test(first)) return /^[AEFHILMNORSX]/.test(first) ? 'an' : 'a';
  if (/^(?:hour|honest|honou?r|heir)/i.test(first)) return 'an';
  if (/^(?:uni(?!n|m)|use|usu|uk|eu|one|once|ubiq|url)/i.test(first)) return 'a';
  return /^[aeiou]|^8|^11$|^18$/i.test(first) ? 'an' : 'a';
}

const irregular: Record<string, string> = { person: 'people' };

const regular = (word: string): string =>
  /[^aeiou]y$/.test(word)
    ? `${word.slice(0, -1)}ies`
    : /(?:s|x|z|ch|sh)$/.test(word)
      ? `${word}es`
      : `${word}s`;

/**
 * A text of at most `max` UTF-16 code units, otherwise its first `kept` with an ellipsis; no
 * character is split, and no space stands before the ellipsis.
 */
export const shortened = (text: string, max: number, kept = max - 3): string =>
  text.length > max
    ? `${text
        .slice(0, kept)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()}…`
    : text;
