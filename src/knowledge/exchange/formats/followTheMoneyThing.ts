/** Parses an entity of FollowTheMoney, and reads its properties. */
import type { RecordData } from '../stream/parsedRecord.js';
import { isData } from '../../values/data.js';
import { daysOf } from '../../values/partialDate.js';
import { hasValue, type LeftOut } from './leftOut.js';
import { dateOf, isName, taggedTextsOf, textOf, textsOf, type TaggedText } from './normalize.js';

type Data = Record<string, unknown>;

/** An entity of a file with its properties as lists of texts. */
export interface Thing {
  origin: RecordData['origin'];
  id: string;
  schema: string;
  caption: string | undefined;
  all: (property: string) => string[];
  /** Values with their languages. */
  tagged: (property: string) => TaggedText[];
  one: (property: string) => string | undefined;
  /** Fields and properties with values that were not read, or of which only the first was. */
  unread: () => string[];
}

/** Schemata of organizations: Organization and its descendants. */
export const organizationSchemata = new Set([
  'Organization',
  'PublicBody',
  'Company',
  'LegalEntity',
]);

/** The identifiers of an entity in other registers. */
export const codesOf = ({ all }: Thing): [scheme: string, value: string][] =>
  Object.entries(identifierProperties).flatMap(([property, scheme]) =>
    all(property).map((value): [string, string] => [scheme, value]),
  );

/**
 * The name: the caption if it is one of the names, else the first. For a person, it may be composed
 * of parts. Otherwise an alias; undefined if there is none.
 */
export function nameOf(thing: Thing): string | undefined {
  const { caption, all, id, schema } = thing;
  const names = all('name').filter(isName);
  if (caption && names.includes(caption)) return caption;
  const parts = schema === 'Person' ? nameOfParts(thing) : undefined;
  const isOther = caption !== undefined && caption !== id && caption !== schema;
  return names[0] ?? parts ?? (isOther ? caption : all('alias').find(isName));
}

/** "Ada Maria Moser", composed of the first value of each part. */
export function nameOfParts({ one }: Thing): string | undefined {
  const parts = nameParts.map((part) => one(part)).filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** Whether each part of the name has one value, so that the combination is unambiguous. */
export const hasClearParts = ({ all }: Thing): boolean =>
  nameParts.some((part) => part !== 'lastName' && all(part).length > 0) &&
  nameParts.every((part) => all(part).length <= 1);

/** Parses a line; returns an error message if it is not an entity. */
export function thingOf({ origin, data }: RecordData): Thing | string {
  const { schema, caption, properties, statements, ...rest } = data as Data;
  const id = textOf(rest['id']);
  if (typeof schema === 'string' && 'prop' in (data as Data) && 'value' in (data as Data)) {
    return 'the line is a statement, not an entity: use the file with one entity per line (entities.ftm.json)';
  }
  if (id === undefined || typeof schema !== 'string') return noEntity;
  const values = isData(properties) ? properties : propertiesOf(statements);
  if (!values) return noEntity;
  const complete = new Set<string>();
  const first = new Set<string>();
  const all = (property: string) => {
    complete.add(property);
    return textsOf(values[property]);
  };
  return {
    origin,
    id,
    schema,
    caption: textsOf(caption)[0],
    all,
    tagged: (property) => {
      complete.add(property);
      return taggedTextsOf(values[property]);
    },
    one: (property) => {
      first.add(property);
      return textsOf(values[property])[0];
    },
    unread: () => [
      ...Object.keys(rest).filter((field) => field !== 'id' && hasValue(rest[field])),
      ...Object.entries(values).flatMap(([property, given]) => {
        const { length } = textsOf(given);
        if (length === 0 || complete.has(property)) return [];
        if (!first.has(property)) return [property];
        return length > 1 ? [`further ${property}`] : [];
      }),
    ],
  };
}

/** Skips invalid dates. */
export function dateIn(
  { schema, one }: Thing,
  property: string,
  leftOut: LeftOut,
): string | undefined {
  const date = dateOf(one(property));
  if (date === undefined || daysOf(date)) return date;
  leftOut.add(`${property} of ${schema} that is not a date`);
  return undefined;
}

// Private:

const noEntity =
  'the line is not a FollowTheMoney entity: it needs "id", "schema" and "properties"';

const nameParts = ['firstName', 'secondName', 'middleName', 'fatherName', 'lastName'];

/** The properties of an entity given as statements. */
function propertiesOf(statements: unknown): Data | undefined {
  if (!Array.isArray(statements)) return undefined;
  const properties = Object.create(null) as Record<string, unknown[]>;
  for (const each of statements as unknown[]) {
    if (!isData(each) || typeof each['prop'] !== 'string' || each['prop'] === 'id') continue;
    const values = (properties[each['prop']] ??= []);
    const [value, lang] = [each['value'], textOf(each['lang'])];
    const isTagged = lang !== undefined && /name|alias/i.test(each['prop']);
    if (isTagged) values.push({ '@value': value, '@language': lang });
    else if (!values.includes(value)) values.push(value);
  }
  return properties;
}

/** Properties that are globally unique identifiers, and their schemes. */
const identifierProperties: Record<string, string> = {
  wikidataId: 'wikidata',
  leiCode: 'lei',
  isinCode: 'isin',
  swiftBic: 'bic',
  dunsCode: 'duns',
  innCode: 'inn',
  ogrnCode: 'ogrn',
  imoNumber: 'imo',
  permId: 'permid',
  bvdId: 'bvd',
  icijId: 'icij',
  uniqueEntityId: 'uei',
};
