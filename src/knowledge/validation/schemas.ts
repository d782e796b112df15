/**
 * Schemas of records in dossiers and streams; `sample/nato-office-in-japan.yaml` is an example.
 *
 * Records link to each other by slug. A record that exists is updated: an omitted field keeps its
 * value, `null` clears it, a list replaces the list. References are only added.
 */
import { z } from 'zod';
import {
  bodyAccess,
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
  periodDate,
  shortText,
  slug,
  text,
  url,
} from './values.js';
import { mapRecordTypes, type RecordType } from '../model/recordTypes.js';

const identifier = z.union([
  shortText,
  z.strictObject({ value: shortText, source: shortText.optional() }),
]);

/** The parts in which dossiers and streams differ: links, and additional fields. */
interface Parts {
  slug: z.ZodType<string | undefined>;
  /** A link to another record. */
  link: z.ZodType<string>;
  /** A mention of an entity in an article. */
  mention: z.ZodType;
  /** Additional fields of every record: id, times, history. */
  life: z.ZodRawShape;
  /** Additional fields of a passage, and of an office's status. */
  passage: z.ZodRawShape;
  dated: z.ZodRawShape;
}

/** The form of a record of each type. */
export function recordSchemas<Given extends Parts>(parts: Given) {
  const link = parts.link as Given['link'];
  /** A passage of an article that supports a fact. */
  const referenceTo = (fields: readonly string[]) =>
    z.strictObject({
      /** The words of the article; quotation marks, dashes and spaces match loosely. */
      exact: localText,
      /** The words before and after, needed if `exact` occurs more than once. */
      prefix: localText.nullish(),
      suffix: localText.nullish(),
      /** The article; default: the statement's article, else the set's `cite`. */
      article: link.optional(),
      ...parts.passage,
      /** The field of the record that the passage supports, such as `staffCount`. */
      field: z.enum(fields).nullish(),
    });

  const referencesTo = (...fields: string[]) => z.array(referenceTo(fields)).nullish();

  /** A record with references, which may support each of its fields but some. */
  const citing = <Fields extends z.ZodRawShape>(fields: Fields, ...except: string[]) =>
    z.strictObject({
      ...fields,
      ...parts.life,
      references: referencesTo(
        ...Object.keys(fields).filter((field) => field !== 'slug' && !except.includes(field)),
      ),
    });

  /** null if unknown, `..` if that side is known to be open. */
  const period = { start: periodDate.nullish(), end: periodDate.nullish() };

  const name = z.strictObject({
    name: shortText,
    language: language.nullish(),
    /** Default ALTERNATIVE. */
    kind: z.enum(nameKind.enumValues).optional(),
    ...period,
  });

  /** Fields of every entity. */
  const entity = {
    slug: parts.slug,
    name: shortText,
    names: z.array(name).nullish(),
    description: text.nullish(),
    urls: z.array(url).nullish(),
    /**
     * Identifiers by scheme: `wikidata: Q7184`, or `seat: { value: "12", source: … }` if the value
     * is unique only within a source; a list for several.
     */
    identifiers: z
      .record(
        z.string().regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, {
          error: 'is not the name of a scheme: write it like wikidata or iso3166-1',
        }),
        z.union([identifier, z.array(identifier)]),
      )
      .nullish(),
  };

  const article = z.strictObject({
    slug: parts.slug,
    ...parts.life,
    title: shortText,
    byline: text.nullish(),
    /** The organization that published it. */
    publisher: link.nullish(),
    language: language.nullish(),
    url: url.nullish(),
    publishedOn: partialDate.nullish(),
    /** The text. Without it, references to the article cannot be verified. */
    body: localText.nullish(),
    /**
     * How much of the text readers may see: FULL, or PASSAGES for what is cited. Of a new article by
     * default what its publisher's `articleBodyAccess` says, else the server's setting.
     */
    bodyAccess: z.enum(bodyAccess.enumValues).optional(),
    /** The entities that it mentions. */
    mentions: z.array(parts.mention).nullish(),
  });

  const organization = citing(
    {
      ...entity,
      kind: z.enum(organizationKind.enumValues),
      /** The organization that it is part of. */
      parent: link.nullish(),
      /** The place where it is based: a state's territory. */
      home: link.nullish(),
      /** The `bodyAccess` of new articles that it publishes: a setting, which no passage supports. */
      articleBodyAccess: z.enum(bodyAccess.enumValues).nullish(),
    },
    'articleBodyAccess',
  );

  const person = citing({
    ...entity,
    birthDate: partialDate.nullish(),
    /** `..` if the person is known to be alive. */
    deathDate: periodDate.nullish(),
  });

  const coordinates = {
    latitude: coordinate(90).nullish(),
    longitude: coordinate(180).nullish(),
  };

  const place = citing({
    ...entity,
    kind: z.enum(placeKind.enumValues),
    /** The place that contains it. */
    within: link.nullish(),
    isoCode: z
      .string()
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, {
        error: 'is not an ISO 3166 code: write it like JP or US-NY',
      })
      .nullish(),
    ...coordinates,
  });

  const status = z.strictObject({
    ...parts.dated,
    status: z.enum(officeStatusValue.enumValues),
    /** Without an end, it lasts until the next status starts. */
    ...period,
    references: referencesTo('status', 'start', 'end'),
  });

  const office = citing({
    ...entity,
    /** The organization that maintains it. */
    organization: link,
    kind: z.enum(officeKind.enumValues),
    place: link.nullish(),
    /** The organization or place that it is primarily accredited to. */
    accreditedTo: link.nullish(),
    alsoAccreditedTo: z.array(link).nullish(),
    staffCount: z.int().min(0).max(2_147_483_647).nullish(),
    address: text.nullish(),
    ...coordinates,
    statuses: z.array(status).nullish(),
  });

  /** Identified by person, organization, title and start. */
  const position = citing({
    person: link,
    organization: link,
    title: shortText,
    kind: z.enum(positionKind.enumValues),
    ...period,
  });

  /** Identified by member, organization, role and start. */
  const membership = citing({
    member: link,
    organization: link,
    role: z.enum(membershipRole.enumValues),
    ...period,
  });

  const event = citing({
    slug: parts.slug,
    name: shortText,
    kind: z.enum(eventKind.enumValues),
    description: text.nullish(),
    place: link.nullish(),
    ...period,
    participants: z.array(link).nullish(),
  });

  /** Identified by article, speaker and text. */
  const statement = citing(
    {
      article: link,
      /** The person or organization that said it. */
      speaker: link,
      kind: z.enum(statementKind.enumValues),
      text,
      language: language.nullish(),
      onBehalfOf: link.nullish(),
      /** The article's own source: "Nikkei Asia reported that …". */
      reportedBy: link.nullish(),
      audience: z.array(link).nullish(),
      about: z.array(link).nullish(),
      place: link.nullish(),
      event: link.nullish(),
      occasion: text.nullish(),
      saidOn: partialDate.nullish(),
    },
    'article',
  );

  return {
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
}

/** The sections of a dossier. */
export const sections = recordSchemas({
  slug,
  link: slug,
  // Matched by the entity's names, or by the words in `as`.
  mention: z.union([slug, z.strictObject({ entity: slug, as: z.array(text).min(1).optional() })]),
  life: {},
  passage: {},
  dated: {},
});

/** The fields of a record of each type, in the order in which files have them, without its references. */
export const fieldsOfType = mapRecordTypes((type) =>
  Object.keys(sections[type].shape).filter((field) => field !== 'references'),
);

export type RecordIn<Name extends RecordType> = z.output<(typeof sections)[Name]>;

/** A parsed set of records. An omitted type is empty. */
export type RecordSet = { cite?: string | undefined } & {
  [Name in RecordType]: RecordIn<Name>[];
};

export type ReferenceInput = NonNullable<RecordIn<'statements'>['references']>[number];
