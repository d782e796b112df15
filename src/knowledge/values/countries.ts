import { foldName } from './names.js';

/** Countries by ISO 3166-1 code, with the runtime's English names. */
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

export interface Country {
  /** Two capital letters. */
  code: string;
  name: string;
}

/** Resolves a code: `jp` is Japan, the former code `su` Russia; undefined if it is not a country's. */
export function countryOf(code: string): Country | undefined {
  if (!/^[A-Za-z]{2}$/.test(code)) return undefined;
  const current = new Intl.Locale(`und-${code}`).region ?? '';
  if (noCountries.test(current)) return undefined;
  const name = names.of(current);
  return name === undefined ? undefined : { code: current, name };
}

/** Whether a name, folded by `foldName`, is the English name of a country: `south korea`. */
export const isCountryName = (folded: string): boolean =>
  folded !== '' && (countryNames ??= readCountryNames()).has(folded);

// Private:

/** User-assigned codes of ISO 3166-1, and codes of unions of states. */
const noCountries = /^(Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN|AA)$/;

let countryNames: ReadonlySet<string> | undefined;

/** Short names in addition to the runtime's, some of which are formal. */
const shortNames = [
  'bosnia',
  'burma',
  'czech republic',
  'hong kong',
  'macedonia',
  'ivory coast',
  'myanmar',
  'swaziland',
  'turkey',
  'united states of america',
];

function readCountryNames(): ReadonlySet<string> {
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const found = letters.flatMap((first) =>
    letters.flatMap((second) => {
      const name = countryOf(first + second)?.name;
      return name === undefined ? [] : [foldName(name)];
    }),
  );
  return new Set([...found, ...shortNames]);
}
