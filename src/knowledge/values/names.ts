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
