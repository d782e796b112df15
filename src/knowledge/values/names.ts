/**
 * A name as it is sorted and compared: without accents, case and punctuation.
 *
 *     foldName('Côte d’Ivoire')   // 'cote d ivoire'
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .trim();

/**
 * A name as a slug: `Côte d’Ivoire` is `cote-d-ivoire`. Empty where nothing of it is in Latin
 * letters or digits.
 */
export const slugify = (name: string): string =>
  foldName(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
