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
  const name = names.of(current);
  return name === undefined ? undefined : { code: current, name };
}
