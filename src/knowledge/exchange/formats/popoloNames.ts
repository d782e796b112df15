/** Names of Popolo objects: one name, names by language, or parts of a name. */
import { canonicalLocale } from '../../values/forms.js';
import { dateOf, taggedTextsOf, textIn, textOf, type OtherName } from './normalize.js';
import { isData } from '../../values/data.js';

type Data = Record<string, unknown>;

export interface Names {
  /** Undefined if the object has no name. */
  name: string | undefined;
  others: OtherName[];
}

/** A field with translations: `{ en: … }`, `name__en`, `name_en`. */
export function textOfField(data: Data, field: string): string | undefined {
  const translations = translationsOf(data, field);
  const english = translations.find(({ language }) => /^en\b/i.test(language ?? ''));
  return textIn(data[field]) ?? english?.name ?? translations[0]?.name;
}

/** Whether a field is a translation of another: `name__fr` of `name`. */
export const isTranslationOf = (key: string, field: string): boolean =>
  languageIn(key, field) !== undefined;

/** The name of an object, and its other names. */
export function namesOf(data: Data, isPerson: boolean): Names {
  const listed = otherNamesIn(data, isPerson);
  const main = listed.find(({ isMain }) => isMain);
  const parts = isPerson ? nameOfParts(data) : undefined;
  const name =
    textOfField(data, 'name') ??
    parts ??
    main?.name ??
    (isPerson ? readableSortName(textOf(data['sort_name'])) : undefined) ??
    listed[0]?.name;
  const titled = isPerson ? withHonorifics(data, name) : undefined;
  const others: OtherName[] = [
    ...listed.map(({ isMain: _, ...other }) => other),
    ...translationsOf(data, 'name'),
    ...[parts, titled].flatMap((each) =>
      each !== undefined && each !== name ? [{ name: each }] : [],
    ),
  ];
  return { name, others };
}

/** Whether a field holds an object with a name, rather than a tagged text or a map of languages. */
export const isNamedObject = (data: Data): boolean =>
  ['name', ...nameParts].some((field) => field in data);

/** The parts of a name, used if the name is not given. */
export const nameParts: readonly string[] = [
  'given_name',
  'additional_name',
  'patronymic_name',
  'family_name',
  'surname',
  'lordname',
  'lordofname',
];

// Private:

/** `fr` of `name__fr` or `name_fr`; undefined for other fields. */
function languageIn(key: string, field: string): string | undefined {
  if (!key.startsWith(`${field}_`)) return undefined;
  const [, marks = '', tag] =
    /^(__?)([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)$/.exec(key.slice(field.length)) ?? [];
  // A single underscore also occurs in other fields: `name_id`, `name_alt`.
  if (tag === undefined || (marks === '_' && (tag === 'id' || tag.length !== 2))) return undefined;
  return canonicalLocale(tag.replace('_', '-'));
}

function translationsOf(data: Data, field: string): OtherName[] {
  const ofKeys = Object.entries(data).flatMap(([key, value]) => {
    const language = languageIn(key, field);
    return language === undefined ? [] : taggedTextsOf(value, language);
  });
  return [...taggedTextsOf(data[field]), ...ofKeys].map(({ text, language }) => ({
    name: text,
    language: language && canonicalLocale(language),
  }));
}

/** The names in `other_names` and `names`: lists of texts or objects, or maps of languages. */
function otherNamesIn(data: Data, isPerson: boolean): (OtherName & { isMain: boolean })[] {
  const listed = [data['names'], data['other_names']].flatMap(namesListedIn);
  return listed.flatMap((other) => {
    const tag = textOf(other['lang']) ?? textOf(other['language']);
    const ofParts = isPerson ? nameOfParts(other) : undefined;
    const tagged = taggedTextsOf(other['name'], tag);
    const names =
      tagged.length > 0 || ofParts === undefined ? tagged : [{ text: ofParts, language: tag }];
    const end = dateOf(other['end_date']);
    return names.map(({ text, language }) => ({
      name: text,
      language,
      kind: end ? 'FORMER' : undefined,
      start: dateOf(other['start_date']),
      end,
      isMain: /^main$/i.test(textOf(other['note']) ?? '') && !end,
    }));
  });
}

/** Names as objects with a `name`, or with its parts. */
function namesListedIn(value: unknown): Data[] {
  if (Array.isArray(value)) return value.flatMap(namesListedIn);
  if (isData(value) && isNamedObject(value)) return [value];
  return taggedTextsOf(value).map(({ text, language }) => ({ name: text, lang: language }));
}

/** "Ada M. Moser"; without a first name, "Lord Moser". */
function nameOfParts(data: Data): string | undefined {
  const part = (field: string) => textOfField(data, field);
  const given = [part('given_name'), part('additional_name'), part('patronymic_name')];
  const family = part('family_name') ?? part('surname') ?? part('lordname');
  const place = part('lordofname');
  const own = [...given, family].filter((each) => each !== undefined);
  if (own.length === 0 && place === undefined) return undefined;
  const words = given.some(Boolean) ? own : [part('honorific_prefix'), ...own];
  const of = place === undefined ? undefined : `of ${place}`;
  return [...words, of].filter(Boolean).join(' ');
}

/** "Dr Ada Moser MP", with prefix and suffix. */
function withHonorifics(data: Data, name: string | undefined): string | undefined {
  const [before, behind] = ['honorific_prefix', 'honorific_suffix'].map((field) =>
    textOfField(data, field),
  );
  if (name === undefined || (!before && !behind)) return undefined;
  const start = before && !name.startsWith(before) ? `${before} ` : '';
  const end = behind && !name.endsWith(behind) ? ` ${behind}` : '';
  return `${start}${name}${end}`;
}

/** "Moser, Ada" in reading order. */
function readableSortName(name: string | undefined): string | undefined {
  const [family, given, ...more] = name?.split(',').map((part) => part.trim()) ?? [];
  return family && given && more.length === 0 ? `${given} ${family}` : name;
}
