/**
 * Converts records to JSON-LD with terms of schema.org. References without a term become
 * `subjectOf`: a Quotation that is part of the article.
 */
import { identifiersIn } from '../../values/identifiers.js';
import { isPlainDate } from '../../values/partialDate.js';
import { compact, textsOf } from './normalize.js';

type Data = Record<string, unknown>;

/** The context of a document with records below `base`. */
export const jsonLdContext = (base: string) => ({ '@vocab': 'https://schema.org/', '@base': base });

/** A record of a stream as a node. */
export function jsonLdOf(record: Data): Data {
  const type = String(record['type']);
  return compact(nodes[type]?.(record) ?? {});
}

/** The URL of a record. */
export const addressOf = (type: string, slug: unknown): string =>
  `${type === 'Article' ? 'article' : type === 'Event' ? 'event' : 'entity'}/${String(slug)}`;

// Private:

const entityAt = (slug: unknown) =>
  typeof slug === 'string' ? { '@id': addressOf('Entity', slug) } : undefined;
const articleAt = (slug: unknown) =>
  typeof slug === 'string' ? { '@id': addressOf('Article', slug) } : undefined;

const all = (value: unknown, node: (slug: unknown) => unknown): unknown[] | undefined =>
  Array.isArray(value) ? value.map(node) : undefined;

const listOf = (value: unknown): Data[] => (Array.isArray(value) ? (value as Data[]) : []);

/** The references of a record. */
const sourcesOf = ({ references }: Data) =>
  listOf(references).map(({ exact, article }) => ({
    '@type': 'Quotation',
    text: exact,
    isPartOf: articleAt(article),
  }));

const entityNode = (record: Data): Data => {
  const given = identifiersIn(record['identifiers']);
  const identifiers = given.map(({ scheme, value, source }) => ({
    '@type': 'PropertyValue',
    propertyID: scheme,
    value,
    // schema.org has no term for the source of a value.
    ...(source !== null && { description: `Holds within ${source}` }),
  }));
  const pages = given.flatMap(({ scheme, value, source }) =>
    scheme === 'wikidata' && source === null ? [`http://www.wikidata.org/entity/${value}`] : [],
  );
  return {
    '@id': addressOf('Entity', record['slug']),
    name: record['name'],
    alternateName: listOf(record['names']).map(({ name, language }) =>
      typeof language === 'string' ? { '@value': name, '@language': language } : name,
    ),
    description: record['description'],
    identifier: identifiers,
    sameAs: [...pages, ...textsOf(record['urls'])].map((url) => ({ '@id': url })),
    subjectOf: sourcesOf(record),
  };
};

const pointOf = ({ latitude, longitude }: Data) =>
  latitude === undefined ? undefined : { '@type': 'GeoCoordinates', latitude, longitude };

const placeTypes: Data = { COUNTRY: 'Country', REGION: 'AdministrativeArea', CITY: 'City' };
const organizationTypes: Data = {
  STATE: 'GovernmentOrganization',
  GOVERNMENT: 'GovernmentOrganization',
  MINISTRY: 'GovernmentOrganization',
  LEGISLATURE: 'GovernmentOrganization',
  COURT: 'GovernmentOrganization',
  PARTY: 'PoliticalParty',
  COMPANY: 'Corporation',
  NEWS_MEDIUM: 'NewsMediaOrganization',
  NON_GOVERNMENTAL: 'NGO',
};

/** Dates are ISO 8601 in schema.org; other dates become literals in EDTF. */
const dateNode = (date: unknown): unknown =>
  typeof date !== 'string' || isPlainDate(date)
    ? date
    : { '@type': 'http://id.loc.gov/datatypes/edtf/EDTF', '@value': date };

/** A membership is a role with member, name and time. */
const roleNode = (record: Data, member: unknown, roleName: unknown): Data => ({
  '@id': `urn:uuid:${String(record['id'])}`,
  '@type': 'OrganizationRole',
  roleName,
  startDate: dateNode(record['start']),
  endDate: dateNode(record['end']),
  member: entityAt(member),
  subjectOf: sourcesOf(record),
  '@reverse': { member: entityAt(record['organization']) },
});

const nodes: Record<string, (record: Data) => Data> = {
  Place: (record) => ({
    ...entityNode(record),
    '@type': placeTypes[String(record['kind'])] ?? 'Place',
    containedInPlace: entityAt(record['within']),
    geo: pointOf(record),
  }),
  Organization: (record) => ({
    ...entityNode(record),
    '@type': organizationTypes[String(record['kind'])] ?? 'Organization',
    parentOrganization: entityAt(record['parent']),
    location: entityAt(record['home']),
  }),
  Person: (record) => ({
    ...entityNode(record),
    '@type': 'Person',
    birthDate: dateNode(record['birthDate']),
    deathDate: dateNode(record['deathDate']),
  }),
  Office: (record) => ({
    ...entityNode(record),
    '@type': record['kind'] === 'EMBASSY' ? 'Embassy' : 'Place',
    containedInPlace: entityAt(record['place']),
    address: record['address'],
    geo: pointOf(record),
    '@reverse': { location: entityAt(record['organization']) },
  }),
  Article: (record) => ({
    '@id': addressOf('Article', record['slug']),
    '@type': 'NewsArticle',
    headline: record['title'],
    author: record['byline'] && { '@type': 'Person', name: record['byline'] },
    publisher: entityAt(record['publisher']),
    inLanguage: record['language'],
    url: record['url'] && { '@id': record['url'] },
    datePublished: dateNode(record['publishedOn']),
    articleBody: record['body'],
    mentions: all(record['mentions'], (mention) => entityAt((mention as Data)['entity'])),
  }),
  Event: (record) => ({
    '@id': addressOf('Event', record['slug']),
    '@type': 'Event',
    name: record['name'],
    description: record['description'],
    location: entityAt(record['place']),
    startDate: dateNode(record['start']),
    endDate: dateNode(record['end']),
    attendee: all(record['participants'], entityAt),
    subjectOf: sourcesOf(record),
  }),
  Position: (record) => roleNode(record, record['person'], record['title']),
  Membership: (record) => roleNode(record, record['member'], String(record['role']).toLowerCase()),
  Statement: (record) => ({
    '@id': `urn:uuid:${String(record['id'])}`,
    '@type': 'Quotation',
    text: record['text'],
    inLanguage: record['language'],
    spokenByCharacter: entityAt(record['speaker']),
    isPartOf: articleAt(record['article']),
    about: all(record['about'], entityAt),
    audience: all(record['audience'], entityAt),
    dateCreated: dateNode(record['saidOn']),
    locationCreated: entityAt(record['place']),
    recordedAt:
      typeof record['event'] === 'string'
        ? { '@id': addressOf('Event', record['event']) }
        : undefined,
  }),
};
