/**
 * A name as it is sorted and compared: without accents, case and punctuation. Vowel signs and voicing
 * marks are letters (`राम` is not `रोम`, `パリ` not `バリ`); what readers may leave out (accents, Hebrew
 * and Arabic points, soft hyphens and whatever else is invisible) is dropped; apostrophes are all alike;
 * initialisms have no dots.
 * `fold_name` in the database is the same function.
 *
 *     foldName('Côte d’Ivoire')   // 'cote d ivoire'
 *     foldName('Łódź')            // 'lodz'
 *     foldName('U.S.-led')        // 'us led'
 */
export const foldName = (name: string): string =>
  isPlain.test(name)
    ? name.trim()
    : lettersOf(name).replace(initialDots, '').replace(separators, ' ').trim();

/** A spelling key: accents are significant, case and punctuation are not; finer than folding. */
export const spellingOf = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\p{Cf}+/gu, '')
    .toLowerCase()
    .replace(separators, ' ')
    .trim();

/** A slug for a name: `Côte d’Ivoire` becomes `cote-d-ivoire`. Empty without Latin letters or digits. */
export const slugify = (name: string): string =>
  lettersOf(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

// Private:

/** Lower case without dropped characters; punctuation remains. */
const lettersOf = (name: string): string =>
  name
    .replace(/[\u309b\u309c]/g, (mark) => (mark === '\u309b' ? '\u3099' : '\u309a'))
    .normalize('NFKD')
    .replace(dropped, '')
    .replace(/[\u3040-\u30ff][\u3099\u309a]/g, (voiced) => voiced.normalize('NFC'))
    .toLowerCase()
    .replace(/[łøđðıħŧßæœþς]/g, (letter) => plainLetters[letter] ?? letter);

/** Fast path for texts of lower-case letters and single spaces. */
const isPlain = /^(?:[a-z0-9]| (?! ))*$/;

/**
 * What is dropped: the marks of Latin, Greek and Cyrillic, Hebrew and Arabic, Syriac and Samaritan, the
 * accents of the Vedas, what selects a variant, tone marks beside letters; what is invisible; and letters
 * that modify others (tatweel, half rings), but not iteration and length marks.
 */
const dropped = new RegExp(
  // eslint-disable-next-line no-misleading-character-class -- the class has each of them apart
  [
    '(?=\\p{M})[\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670',
    '\\u06d6-\\u06ed\\u0711\\u0730-\\u074a\\u0816-\\u082d\\u0897-\\u089f\\u08ca-\\u08ff\\u0951-\\u0954',
    '\\u180b-\\u180f\\u1ab0-\\u1aff\\u1cd0-\\u1cf9\\u1dc0-\\u1dff\\u20d0-\\u20ff\\u302a-\\u302f',
    '\\ufe00-\\ufe0f\\ufe20-\\ufe2f\\u{e0100}-\\u{e01ef}]',
    '|[\\p{Cf}\\u02b0-\\u02ba\\u02be-\\u02c1\\u02c6-\\u02d1\\u02e0-\\u02e4\\u02ec\\u0374\\u0559\\u0640',
    '\\u07fa\\ua717-\\ua71f\\ua788]',
  ].join(''),
  'gu',
);

/** What parts words; after punctuation and spaces letters that are used as apostrophes. */
const separators =
  /[\p{P}\p{S}\p{Z}\p{Cc}\p{Co}\p{Cs}\u02bb-\u02bd\u02ee\u07f4\u07f5\ua78b\ua78c]+/gu;

/** Lower-case letters of scripts that write initialisms with dots. */
const initial = '[a-zα-ωа-џґա-ֆა-ჰא-תء-ي]';

/** Characters of words. */
const ofWord =
  '[^\\p{P}\\p{S}\\p{Z}\\p{Cc}\\p{Co}\\p{Cs}\\u02bb-\\u02bd\\u02ee\\u07f4\\u07f5\\ua78b\\ua78c]';

/** The dots between single letters, as in `u.s.a.`. */
const initialDots = new RegExp(`(?<=(?<!${ofWord})${initial})\\.(?=${initial}(?!${ofWord}))`, 'gu');

/** Letters that Unicode does not decompose into a base letter and an accent. */
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
  ς: 'σ',
};
