/** Values of other formats made into those of a stream. What is wrong stays wrong, to be told. */
import { canonicalLocale, isWebAddress } from '../../values/forms.js';

/** A text without white space around it; undefined where nothing is left. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** The texts in a value that may be one or a list. */
export const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) => textOf(each) ?? []);

/**
 * A date in the form of a stream: without its time of day, and without what stands for unknown parts
 * (`2012-00-00`, `2012-XX`, `0000-00-00`, `unknown`). What is no date stays as it is, to be refused.
 */
export function dateOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || noDate.test(text)) return undefined;
  const day = text.replace(/[T ]\d{1,2}:?\d{2}.*$/s, '').replace(/(Z|[+-]\d{2}:\d{2})$/, '');
  const [, year, month = '', date = ''] = dashedDate.exec(day) ?? shortDate.exec(day) ?? [];
  if (year === undefined) return text;
  // Years that databases hold in place of none.
  if (/^(0000|0001|9999)$/.test(year)) return undefined;
  const parts = [year, month.padStart(2, '0'), date.padStart(2, '0')];
  const unknown = parts.findIndex((part) => !/[1-9]/.test(part));
  return parts.slice(0, unknown < 0 ? 3 : unknown).join('-');
}

const noDate = /^(present|current|incumbent|ongoing|now|today|unknown|n\/?a|none|null|-+|\?+)$/i;
/** `2012-05-03`, `2012/5/3`, `2012-XX-XX`, with the marks of EDTF for what is uncertain. */
const dashedDate =
  /^(\d{4})(?:[-/.](\d{1,2}|XX|xx|uu|\?\?)(?:[-/.](\d{1,2}|XX|xx|uu|\?\?))?)?[?~%]?$/;
const shortDate = /^(\d{4})(\d{2})(\d{2})$/;

/** The longest name that a record can have; see `shortText`. */
const longestName = 500;

/** Whether the text can be a name here: not too long, and storable. */
export const isName = (text: string): boolean =>
  text.length <= longestName && !/\0|\p{Surrogate}/u.test(text);

/** Web addresses, each once; others are left out. */
export const urlsOf = (values: unknown): string[] => [
  ...new Set(textsOf(values).filter((url) => url.length <= 2000 && isWebAddress(url))),
];

/** The name of an identifier's scheme, `ISO 3166-1` is `iso-3166-1`. */
export const schemeOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/([._-])[._-]+/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '');

export interface OtherName {
  name: string;
  language?: string | undefined;
  kind?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
}

/** Other names of what is called `main`, each once. Languages that have no BCP 47 tag are left out. */
export function otherNames(main: string, names: readonly OtherName[]): OtherName[] {
  const seen = new Set<string>();
  return names.flatMap((given) => {
    const language = given.language && canonicalLocale(given.language);
    const name = compact({ ...given, language: language || undefined });
    const key = JSON.stringify([name.name, name.language, name.kind, name.start]);
    const isNew = given.name !== main && !seen.has(key);
    seen.add(key);
    return isNew ? [name] : [];
  });
}

/** Identifiers by their schemes, a list where there are several. */
export function identifiersFrom(
  given: readonly (readonly [scheme: string, value: string | undefined])[],
): Record<string, string | string[]> | undefined {
  const byScheme = new Map<string, Set<string>>();
  for (const [name, value] of given) {
    const scheme = schemeOf(name);
    if (scheme && value) byScheme.set(scheme, (byScheme.get(scheme) ?? new Set()).add(value));
  }
  if (byScheme.size === 0) return undefined;
  return Object.fromEntries(
    [...byScheme].map(([scheme, values]) => {
      const [one = '', ...more] = values;
      return [scheme, more.length > 0 ? [one, ...more] : one];
    }),
  );
}

/** Without the fields that have no value. */
export const compact = <Data extends object>(data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as Data;
