/** Normalizes values of other formats for the stream. Invalid ones stay, to be rejected later. */
import { canonicalLocale, isWebAddress } from '../../values/forms.js';
import { isData } from '../../values/data.js';

/**
 * A trimmed text; undefined if empty. JSON-LD writes it as `{ "@value": … }`, a link as
 * `{ "@id": … }`.
 */
export function textOf(value: unknown): string | undefined {
  if (isData(value) && ('@value' in value || '@id' in value)) {
    return textOf(value['@value'] ?? value['@id']);
  }
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** A text with its language. */
export interface TaggedText {
  text: string;
  language: string | undefined;
}

/**
 * The texts in a value: one or a list, tagged with their languages (`{ "@value", "@language" }`), or by
 * language (`{ "en": "A", "fr": ["B", "C"] }`).
 */
export function taggedTextsOf(value: unknown, language?: string): TaggedText[] {
  if (Array.isArray(value)) return value.flatMap((each) => taggedTextsOf(each, language));
  if (!isData(value)) {
    const text = textOf(value);
    return text === undefined ? [] : [{ text, language }];
  }
  for (const list of ['@list', '@set']) {
    if (list in value) return taggedTextsOf(value[list], language);
  }
  if ('@id' in value && !('@value' in value)) return taggedTextsOf(value['@id'], language);
  const key = ['@value', 'value', 'text'].find((field) => field in value);
  if (key !== undefined) {
    const tag = ['@language', 'lang', 'language'].flatMap((field) => textOf(value[field]) ?? []);
    return taggedTextsOf(value[key], tag[0] ?? language);
  }
  return Object.entries(value).flatMap(([tag, each]) =>
    taggedTextsOf(each, tag.startsWith('@') || tag === 'und' ? language : tag),
  );
}

/** A text; of several languages, English if present, else the first. */
export function textIn(value: unknown): string | undefined {
  const texts = taggedTextsOf(value);
  const english = texts.find(({ language }) => /^en(g|\b)/i.test(language ?? ''));
  return (english ?? texts[0])?.text;
}

/** The texts in a value, regardless of language. */
export const textsOf = (value: unknown): string[] => taggedTextsOf(value).map(({ text }) => text);

/**
 * A date without time of day and without placeholders for unknown parts (`2012-00-00`, `2012-XX`,
 * `0000-00-00`, `unknown`). Other values stay, to be rejected.
 */
export function dateOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || noDate.test(text)) return undefined;
  const day = text.replace(/[T ]\d{1,2}:?\d{2}.*$/s, '').replace(/(Z|[+-]\d{2}:\d{2})$/, '');
  const [, year, month = '', date = ''] = dashedDate.exec(day) ?? shortDate.exec(day) ?? [];
  if (year === undefined) return text;
  // Placeholder years in databases.
  if (/^(0000|0001|9999)$/.test(year)) return undefined;
  const parts = [year, month.padStart(2, '0'), date.padStart(2, '0')];
  const unknown = parts.findIndex((part) => !/[1-9]/.test(part));
  return parts.slice(0, unknown < 0 ? 3 : unknown).join('-');
}

const noDate = /^(present|current|incumbent|ongoing|now|today|unknown|n\/?a|none|null|-+|\?+)$/i;
/** `2012-05-03`, `2012/5/3`, `2012-XX-XX`, with EDTF's marks of uncertainty. */
const dashedDate =
  /^(\d{4})(?:[-/.](\d{1,2}|XX|xx|uu|\?\?)(?:[-/.](\d{1,2}|XX|xx|uu|\?\?))?)?[?~%]?$/;
const shortDate = /^(\d{4})(\d{2})(\d{2})$/;

/** The maximum length of a name; see `shortText`. */
const maxNameLength = 500;

/** Whether a text is valid as a name: not too long, and storable. */
export const isName = (text: string): boolean =>
  text.length <= maxNameLength && !/\0|\p{Surrogate}/u.test(text);

/** The distinct web addresses; others are dropped. */
export const urlsOf = (values: unknown): string[] => [
  ...new Set(textsOf(values).filter((url) => url.length <= 2000 && isWebAddress(url))),
];

/** The name of a scheme: `ISO 3166-1` becomes `iso-3166-1`. */
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

/** The distinct other names of `main`. Invalid language tags are dropped. */
export function otherNames(main: string, names: readonly OtherName[]): OtherName[] {
  const keys = new Set<string>();
  return names.flatMap((given) => {
    const language = given.language && canonicalLocale(given.language);
    const name = compact({ ...given, language: language || undefined });
    const key = JSON.stringify([name.name, name.language, name.kind, name.start]);
    const isNew = given.name !== main && !keys.has(key);
    keys.add(key);
    return isNew ? [name] : [];
  });
}

/** Identifiers by scheme; a list for several. */
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

/** An object without its empty fields. */
export const compact = <Data extends object>(data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as Data;
