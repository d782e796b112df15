/**
 * The dossier: a file of articles and of the facts that they support, written and reviewed by
 * people. This is its manual; `sample/nato-office-in-japan.yaml` is an example.
 *
 * Records name each other by slug. A record that the knowledge base has already is changed
 * where the dossier says something else: a field that is left out stays as it is, `null`
 * clears it, a list that is given replaces the whole list. References are only added.
 */
import { z } from 'zod';
import {
  eventKind,
  membershipRole,
  nameKind,
  officeKind,
  officeStatusValue,
  organizationKind,
  placeKind,
  positionKind,
  statementKind,
} from '../../database/tables/index.js';
import {
  coordinate,
  language,
  localText,
  partialDate,
  shortText,
  slug,
  text,
  url,
} from './values.js';

/** A passage of an article on which a fact rests. */
const referenceTo = (...fields: [string, ...string[]]) =>
  z.strictObject({
    /** The words, as they stand in the article; marks and spaces may be typed plainly. */
    exact: localText,
    /** The words before and behind, where `exact` occurs more than once. */
    prefix: localText.nullish(),
    suffix: localText.nullish(),
    /** The article; by default the statement's own, else the dossier's `cite`. */
    article: slug.optional(),
    /** The field of the record that the passage supports, such as `staffCount`. */
    field: z.enum(fields).nullish(),
  });

const referencesTo = (...fields: [string, ...string[]]) =>
  z.array(referenceTo(...fields)).nullish();

/** From – to; either may be left open. */
const period = { start: partialDate.nullish(), end: partialDate.nullish() };

const name = z.strictObject({
  name: shortText,
  language: language.nullish(),
  /** By default ALTERNATIVE. */
  kind: z.enum(nameKind.enumValues).optional(),
  ...period,
});

/** What every entity has. */
const entity = {
  slug,
  name: shortText,
  names: z.array(name).nullish(),
  description: text.nullish(),
  urls: z.array(url).nullish(),
  /** What it is called elsewhere: `wikidata: Q7184`; a list where there are several. */
  identifiers: z
    .record(
      z.string().regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, {
        error: 'is not the name of a scheme: write it like wikidata or iso3166-1',
      }),
      z.union([shortText, z.array(shortText)]),
    )
    .nullish(),
};

const entityFields = ['name', 'names', 'description', 'urls', 'identifiers'] as const;

const article = z.strictObject({
  slug,
  title: shortText,
  byline: text.nullish(),
  /** The organization that published it. */
  publisher: slug.nullish(),
  language: language.nullish(),
  url: url.nullish(),
  publishedOn: partialDate.nullish(),
  /** The text. Without it, references to the article cannot be verified. */
  body: localText.nullish(),
  /** Whom it names: found by the entity's names, or by the words in `as`. */
  mentions: z
    .array(z.union([slug, z.strictObject({ entity: slug, as: z.array(text).min(1).optional() })]))
    .nullish(),
});

const organization = z.strictObject({
  ...entity,
  kind: z.enum(organizationKind.enumValues),
  /** The organization that it is part of. */
  parent: slug.nullish(),
  /** The place where it is at home: a state's territory. */
  home: slug.nullish(),
  references: referencesTo(...entityFields, 'kind', 'parent', 'home'),
});

const person = z.strictObject({
  ...entity,
  birthDate: partialDate.nullish(),
  deathDate: partialDate.nullish(),
  references: referencesTo(...entityFields, 'birthDate', 'deathDate'),
});

const coordinates = {
  latitude: coordinate(90).nullish(),
  longitude: coordinate(180).nullish(),
};

const place = z.strictObject({
  ...entity,
  kind: z.enum(placeKind.enumValues),
  /** The place that it lies in. */
  within: slug.nullish(),
  isoCode: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, {
      error: 'is not an ISO 3166 code: write it like JP or US-NY',
    })
    .nullish(),
  ...coordinates,
  references: referencesTo(...entityFields, 'kind', 'within', 'isoCode', 'latitude', 'longitude'),
});

const status = z.strictObject({
  status: z.enum(officeStatusValue.enumValues),
  /** Without an end it lasts until the next status starts. */
  ...period,
  references: referencesTo('status', 'start', 'end'),
});

const office = z.strictObject({
  ...entity,
  /** The organization that keeps it. */
  organization: slug,
  kind: z.enum(officeKind.enumValues),
  place: slug.nullish(),
  /** The organization or place that it deals with in the first place. */
  accreditedTo: slug.nullish(),
  alsoAccreditedTo: z.array(slug).nullish(),
  staffCount: z.int().min(0).max(2_147_483_647).nullish(),
  address: text.nullish(),
  ...coordinates,
  statuses: z.array(status).nullish(),
  references: referencesTo(
    ...entityFields,
    'organization',
    'kind',
    'place',
    'accreditedTo',
    'alsoAccreditedTo',
    'staffCount',
    'address',
    'latitude',
    'longitude',
    'statuses',
  ),
});

/** Known again by person, organization, title and start. */
const position = z.strictObject({
  person: slug,
  organization: slug,
  title: shortText,
  kind: z.enum(positionKind.enumValues),
  ...period,
  references: referencesTo('person', 'organization', 'title', 'kind', 'start', 'end'),
});

/** Known again by member, organization, role and start. */
const membership = z.strictObject({
  member: slug,
  organization: slug,
  role: z.enum(membershipRole.enumValues),
  ...period,
  references: referencesTo('member', 'organization', 'role', 'start', 'end'),
});

const event = z.strictObject({
  slug,
  name: shortText,
  kind: z.enum(eventKind.enumValues),
  description: text.nullish(),
  place: slug.nullish(),
  ...period,
  participants: z.array(slug).nullish(),
  references: referencesTo('name', 'kind', 'description', 'place', 'start', 'end', 'participants'),
});

/** Known again by article, speaker and text. */
const statement = z.strictObject({
  article: slug,
  /** The person or organization that said it. */
  speaker: slug,
  kind: z.enum(statementKind.enumValues),
  text,
  language: language.nullish(),
  onBehalfOf: slug.nullish(),
  /** The article's own source: "Nikkei Asia reported that …". */
  reportedBy: slug.nullish(),
  audience: z.array(slug).nullish(),
  about: z.array(slug).nullish(),
  place: slug.nullish(),
  event: slug.nullish(),
  occasion: text.nullish(),
  saidOn: partialDate.nullish(),
  references: referencesTo(
    'kind',
    'text',
    'language',
    'speaker',
    'onBehalfOf',
    'reportedBy',
    'audience',
    'about',
    'place',
    'event',
    'occasion',
    'saidOn',
  ),
});

/** The sections of a dossier and the form of a record in each. */
export const sections = {
  articles: article,
  organizations: organization,
  people: person,
  places: place,
  offices: office,
  positions: position,
  memberships: membership,
  events: event,
  statements: statement,
} as const;

export type Section = keyof typeof sections;

export type RecordIn<Name extends Section> = z.output<(typeof sections)[Name]>;

/** A dossier as read. A section that is left out is empty. */
export type Dossier = { cite?: string | undefined } & { [Name in Section]: RecordIn<Name>[] };

export type ReferenceInput = NonNullable<RecordIn<'statements'>['references']>[number];
