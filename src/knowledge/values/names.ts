/**
 * A name as it is sorted and compared: without accents, case and punctuation.
 *
 *     foldName('Côte d’Ivoire')   // 'cote d ivoire'
 *     foldName('Łódź')            // 'lodz'
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Lm}]+/gu, '')
    .toLowerCase()
    .replace(/[łøđðıħŧßæœþ]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[\p{P}\p{S}\p{C}\s]+/gu, ' ')
    .trim();

/**
 * A name as a slug: `Côte d’Ivoire` is `cote-d-ivoire`. Empty where nothing of it is in Latin
 * letters or digits.
 */
export const slugify = (name: string): string =>
  foldName(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

// Private:

/** Letters that Unicode does not take apart into a plain one and an accent. */
const plainLetters: Record<string, string> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};
