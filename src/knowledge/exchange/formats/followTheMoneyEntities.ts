/**
 * Converts records to FollowTheMoney entities. A position becomes an Occupancy and a Position, which
 * all holders share; statements, events and offices have no schema there and are skipped.
 */
import { createHash } from 'node:crypto';
import { identifiersIn } from '../../values/identifiers.js';
import { isPlainDate, open } from '../../values/partialDate.js';
import { compact, textsOf } from './normalize.js';

type Data = Record<string, unknown>;

/** A FollowTheMoney entity; its properties are lists of texts. */
export interface Entity {
  id: string;
  schema: string;
  properties: Record<string, string[]>;
}

/** The entities for a record; none if no schema fits. */
export function entitiesOf(record: Data): Entity[] {
  const entities = writers[String(record['type'])]?.(record) ?? [];
  return entities.map(({ id, schema, properties }) => ({
    id,
    schema,
    properties: compact(
      Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, textsOf(value)])),
    ),
  }));
}

// Private:

type Loose = Omit<Entity, 'properties'> & { properties: Data };

/** Slugs serve as ids, so that links need no lookup. */
const idOf = (slug: unknown): string => `chancery-${String(slug)}`;
const linkTo = (slug: unknown) => (typeof slug === 'string' ? idOf(slug) : undefined);

const thingOf = (record: Data): Data => {
  const names = (record['names'] ?? []) as Data[];
  // Identifiers that are unique only within a source are omitted.
  const identifiers = identifiersIn(record['identifiers']).filter(({ source }) => source === null);
  const valuesOf = (selected: string) =>
    identifiers.flatMap(({ scheme, value }) => (scheme === selected ? [value] : []));
  const urls = textsOf(record['urls']);
  return {
    name: record['name'],
    alias: names.filter(({ kind }) => kind !== 'FORMER').map(({ name }) => name),
    previousName: names.filter(({ kind }) => kind === 'FORMER').map(({ name }) => name),
    summary: record['description'],
    wikidataId: valuesOf('wikidata'),
    leiCode: valuesOf('lei'),
    website: urls,
  };
};

/** FollowTheMoney has dates of years, months and days only. */
const plain = (date: unknown) => (typeof date === 'string' && isPlainDate(date) ? date : undefined);

/** An end that is not a date. */
const statusOf = (end: unknown) =>
  end === open ? 'current' : typeof end === 'string' && end.startsWith('[..') ? 'ended' : undefined;

const publicKinds = new Set(['STATE', 'GOVERNMENT', 'MINISTRY', 'LEGISLATURE', 'COURT']);

const writers: Record<string, (record: Data) => Loose[]> = {
  Person: (record) => [
    {
      id: idOf(record['slug']),
      schema: 'Person',
      properties: {
        ...thingOf(record),
        birthDate: plain(record['birthDate']),
        deathDate: plain(record['deathDate']),
      },
    },
  ],
  Organization: (record) => {
    const kind = String(record['kind']);
    const { website, ...thing } = thingOf(record);
    return [
      {
        id: idOf(record['slug']),
        schema:
          kind === 'COMPANY' ? 'Company' : publicKinds.has(kind) ? 'PublicBody' : 'Organization',
        properties: {
          ...thing,
          website,
          classification: kind.toLowerCase().replaceAll('_', ' '),
          parent: linkTo(record['parent']),
        },
      },
    ];
  },
  Place: ({ slug, name, latitude, longitude }) => [
    { id: idOf(slug), schema: 'Address', properties: { full: name, latitude, longitude } },
  ],
  Article: ({ slug, title, byline, url, publishedOn, language, body, mentions }) => [
    {
      id: `chancery-article-${String(slug)}`,
      schema: 'Article',
      properties: {
        title,
        author: byline,
        sourceUrl: url,
        publishedAt: plain(publishedOn),
        language,
        bodyText: body,
      },
    },
    ...((mentions ?? []) as Data[]).map(({ entity }) => ({
      id: keyOf('mention', slug, entity),
      schema: 'Mention',
      properties: { document: `chancery-article-${String(slug)}`, resolved: linkTo(entity) },
    })),
  ],
  Position: ({ id, person, organization, title, start, end }) => {
    const post = keyOf('position', organization, title);
    return [
      {
        id: post,
        schema: 'Position',
        properties: { name: title, organization: linkTo(organization) },
      },
      {
        id: `chancery-${String(id)}`,
        schema: 'Occupancy',
        properties: {
          holder: linkTo(person),
          post,
          startDate: plain(start),
          endDate: plain(end),
          status: statusOf(end),
        },
      },
    ];
  },
  Membership: ({ id, member, organization, role, start, end }) => [
    {
      id: `chancery-${String(id)}`,
      schema: 'Membership',
      properties: {
        member: linkTo(member),
        organization: linkTo(organization),
        role: String(role).toLowerCase(),
        startDate: plain(start),
        endDate: plain(end),
      },
    },
  ],
};

const keyOf = (...parts: unknown[]): string =>
  `chancery-${createHash('sha1').update(JSON.stringify(parts)).digest('hex').slice(0, 20)}`;
