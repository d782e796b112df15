/** The territories of countries: one place each in all data sets. */
import { slugify, type StreamRecord } from './rows.ts';

/** The place of a country by its English name, known by its slug: `france-territory`. */
export function countryPlace(name: string): StreamRecord & { slug: string } {
  const common = commonNames[name] ?? name;
  const isoCode = countryCodes().get(slugify(common));
  return {
    type: 'Place',
    slug: slugify(`${common} territory`),
    name: common,
    kind: 'COUNTRY',
    ...(isoCode !== undefined && { isoCode }),
  };
}

/** The countries of ISO 3166-1 by their English names. */
export function countryNames(): { code: string; name: string }[] {
  const display = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return codes.flatMap((code) => {
    const name = display.of(code);
    const isCurrent = new Intl.Locale(`und-${code}`).region === code;
    // Codes that ISO leaves to users.
    const isCountry = !/^(X[A-JL-Z]|Q[M-Z]|ZZ|EU|EZ|UN|AA)/.test(code);
    return name && isCurrent && isCountry ? [{ code, name: commonNames[name] ?? name }] : [];
  });
}

// Private:

/** Names in one data set, or of the runtime, and the names of the same country in the others and the sample. */
const commonNames: Record<string, string> = {
  'Antigua & Barbuda': 'Antigua and Barbuda',
  'Bosnia & Herzegovina': 'Bosnia and Herzegovina',
  'Congo - Brazzaville': 'Republic of the Congo',
  'Congo - Kinshasa': 'Democratic Republic of the Congo',
  'Côte d’Ivoire': 'Ivory Coast',
  Czechia: 'Czech Republic',
  'Federated States of Micronesia': 'Micronesia',
  'Hong Kong SAR China': 'Hong Kong',
  'Kingdom of Denmark': 'Denmark',
  'Kingdom of the Netherlands': 'Netherlands',
  'Macao SAR China': 'Macau',
  'Myanmar (Burma)': 'Myanmar',
  'Palestinian Territories': 'Palestine',
  "People's Republic of China": 'China',
  'Republic of Ireland': 'Ireland',
  'St. Kitts & Nevis': 'Saint Kitts and Nevis',
  'St. Lucia': 'Saint Lucia',
  'St. Vincent & Grenadines': 'Saint Vincent and the Grenadines',
  'São Tomé & Príncipe': 'São Tomé and Príncipe',
  'The Bahamas': 'Bahamas',
  'The Gambia': 'Gambia',
  'Timor-Leste': 'East Timor',
  'Trinidad & Tobago': 'Trinidad and Tobago',
  Türkiye: 'Turkey',
  'United States of America': 'United States',
  'Vatican City': 'Vatican',
};

let codes: ReadonlyMap<string, string> | undefined;

const countryCodes = (): ReadonlyMap<string, string> =>
  (codes ??= new Map(countryNames().map(({ code, name }) => [slugify(name), code])));
