/** Values of other formats made into those of a stream. What is wrong stays wrong, to be told. */
import { canonicalLocale, isWebAddress } from '../../values/forms.js';
import { isData } from '../../values/data.js';

/**
 * A text without white space around it; undefined where nothing is left. JSON-LD may have it as
 * `{ "@value": … }`, and a link as `{ "@id": … }`.
 */
export function textOf(value: unknown): string | undefined {
  if (isData(value) && ('@value' in value || '@id' in value)) {
    return textOf(value['@value'] ?? value['@id']);
  }
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** A text, and the language in which it is told to be. */
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
  const told = ['@value', 'value', 'text'].find((field) => field in value);
  if (told !== undefined) {
    const tag = ['@language', 'lang', 'language'].flatMap((field) => textOf(value[field]) ?? []);
    return taggedTextsOf(value[told], tag[0] ?? language);
  }
  return Object.entries(value).flatMap(([tag, each]) =>
    taggedTextsOf(each, tag.startsWith('@') || tag === 'und' ? language : tag),
  );
}

/** A text, or the one of a text in several languages: English where there is one, else the first. */
export function textIn(value: unknown): string | undefined {
  const texts = taggedTextsOf(value);
  const english = texts.find(({ language }) => /^en(g|\b)/i.test(language ?? ''));
  return (english ?? texts[0])?.text;
}

/** The texts in a value, whatever their languages. */
export const textsOf = (value: unknown): string[] => taggedTextsOf(value).map(({ text }) => text);

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
const maxNameLength = 500;

/** Whether the text can be a name here: not too long, and storable. */
export const isName = (text: string): boolean =>
  text.length <= maxNameLength && !/\0|\p{Surrogate}/u.test(text);

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
