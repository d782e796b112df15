import { foldName } from './names.js';

/** Countries by their ISO 3166-1 codes, with the English names that come with the runtime. */
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

export interface Country {
  /** Two capital letters. */
  code: string;
  name: string;
}

/** `jp` is Japan, and `su`, a code of old, Russia; undefined for what is no country's code. */
export function countryOf(code: string): Country | undefined {
  if (!/^[A-Za-z]{2}$/.test(code)) return undefined;
  const current = new Intl.Locale(`und-${code}`).region ?? '';
  if (noCountries.test(current)) return undefined;
  const name = names.of(current);
  return name === undefined ? undefined : { code: current, name };
}

/** Whether this is the English name of a country, folded by `foldName`: `south korea`. */
export const isCountryName = (folded: string): boolean =>
  folded !== '' && (countryNames ??= readCountryNames()).has(folded);

// Private:

/** Codes that ISO 3166-1 leaves to users, and those of unions of states. */
const noCountries = /^(Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN|AA)$/;

let countryNames: ReadonlySet<string> | undefined;

/** Short names beside those of the runtime, which are formal ones in places. */
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
