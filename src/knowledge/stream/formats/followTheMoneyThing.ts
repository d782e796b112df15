/** An entity of FollowTheMoney as a file gives it, and what is read off its properties. */
import type { Told } from '../incoming.js';
import { dateOf, textsOf } from './tidy.js';

type Data = Record<string, unknown>;

/** An entity of a file, its properties as lists of texts. */
export interface Thing {
  origin: Told['origin'];
  id: string;
  schema: string;
  caption: string | undefined;
  all: (property: string) => string[];
  one: (property: string) => string | undefined;
}

/** Schemata of organizations: Organization and those that are one by inheritance. */
export const organizationSchemata = new Set([
  'Organization',
  'PublicBody',
  'Company',
  'LegalEntity',
]);

/** What other registers call it. */
export const codesOf = ({ all }: Thing): [scheme: string, value: string][] =>
  Object.entries(identifierProperties).flatMap(([property, scheme]) =>
    all(property).map((value): [string, string] => [scheme, value]),
  );

/** Since when and until when it held. */
export const periodOf = ({ one }: Thing) => ({
  start: dateOf(one('startDate') ?? one('date')),
  end: dateOf(one('endDate')),
});

/** Its name: the caption where that is one of its names. */
export const nameOf = ({ caption, all, id }: Thing): string => {
  const names = all('name');
  return caption && names.includes(caption) ? caption : (names[0] ?? caption ?? id);
};

/** The entity of a line, or undefined where the line is none. */
export function thingOf({ origin, data }: Told): Thing | undefined {
  const { id, schema, caption, properties } = data as Data;
  if (typeof id !== 'string' || typeof schema !== 'string') return undefined;
  if (typeof properties !== 'object' || properties === null) return undefined;
  const all = (property: string) => textsOf((properties as Data)[property]);
  return {
    origin,
    id,
    schema,
    caption: textsOf(caption)[0],
    all,
    one: (property) => all(property)[0],
  };
}

/**
 * The schemata of entities that a property holds whole, in place of their ids, as files for
 * display have them. The stream of entities has each of them on a line of its own.
 */
export function nestedSchemata({ data }: Told): string[] {
  const { properties } = data as { properties: Data };
  return Object.values(properties)
    .flat()
    .flatMap((value) => {
      const schema = (value as Data | null)?.['schema'];
      return typeof schema === 'string' ? [schema] : [];
    });
}

// Private:

/** Properties that are identifiers beyond the file, and their schemes here. */
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
