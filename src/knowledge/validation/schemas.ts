/**
 * The forms of records as files hold them, dossiers and streams alike. This is their manual;
 * `sample/nato-office-in-japan.yaml` is an example.
 *
 * Records name each other by slug. A record that the knowledge base has already is changed
 * where the file says something else: a field that is left out stays as it is, `null`
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

/** Where the files differ: how records are named, and what is told beside their fields. */
interface Parts {
  slug: z.ZodType<string | undefined>;
  /** How a record names another. */
  link: z.ZodType<string>;
  /** Whom an article names. */
  mention: z.ZodType;
  /** What every record may tell of its life in the knowledge base. */
  life: z.ZodRawShape;
  /** What a passage, and what a status of an office may tell beside. */
  passage: z.ZodRawShape;
  dated: z.ZodRawShape;
}

/** The form of a record of each type. */
export function recordSchemas<Given extends Parts>(parts: Given) {
  const link = parts.link as Given['link'];
  /** A passage of an article on which a fact rests. */
  const referenceTo = (fields: readonly string[]) =>
    z.strictObject({
      /** The words, as they stand in the article; marks and spaces may be typed plainly. */
      exact: localText,
      /** The words before and behind, where `exact` occurs more than once. */
      prefix: localText.nullish(),
      suffix: localText.nullish(),
      /** The article; by default the statement's own, else the set's `cite`. */
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

  /** From – to; null where it is not known, `..` where that side is known to be open. */
  const period = { start: periodDate.nullish(), end: periodDate.nullish() };

  const name = z.strictObject({
    name: shortText,
    language: language.nullish(),
    /** By default ALTERNATIVE. */
    kind: z.enum(nameKind.enumValues).optional(),
    ...period,
  });

  /** What every entity has. */
  const entity = {
    slug: parts.slug,
    name: shortText,
    names: z.array(name).nullish(),
    description: text.nullish(),
    urls: z.array(url).nullish(),
    /**
     * What it is called elsewhere: `wikidata: Q7184`, or `seat: { value: "12", source: … }` where
     * it holds only within a source; a list where there are several.
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
    /** Whom it names. */
    mentions: z.array(parts.mention).nullish(),
  });

  const organization = citing({
    ...entity,
    kind: z.enum(organizationKind.enumValues),
    /** The organization that it is part of. */
    parent: link.nullish(),
    /** The place where it is at home: a state's territory. */
    home: link.nullish(),
  });

  const person = citing({
    ...entity,
    birthDate: partialDate.nullish(),
    /** `..` while the person is known to live. */
    deathDate: periodDate.nullish(),
  });

  const coordinates = {
    latitude: coordinate(90).nullish(),
    longitude: coordinate(180).nullish(),
  };

  const place = citing({
    ...entity,
    kind: z.enum(placeKind.enumValues),
    /** The place that it lies in. */
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
    /** Without an end it lasts until the next status starts. */
    ...period,
    references: referencesTo('status', 'start', 'end'),
  });

  const office = citing({
    ...entity,
    /** The organization that keeps it. */
    organization: link,
    kind: z.enum(officeKind.enumValues),
    place: link.nullish(),
    /** The organization or place that it deals with in the first place. */
    accreditedTo: link.nullish(),
    alsoAccreditedTo: z.array(link).nullish(),
    staffCount: z.int().min(0).max(2_147_483_647).nullish(),
    address: text.nullish(),
    ...coordinates,
    statuses: z.array(status).nullish(),
  });

  /** Known again by person, organization, title and start. */
  const position = citing({
    person: link,
    organization: link,
    title: shortText,
    kind: z.enum(positionKind.enumValues),
    ...period,
  });

  /** Known again by member, organization, role and start. */
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

  /** Known again by article, speaker and text. */
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
  // Found by the entity's names, or by the words in `as`.
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

/** A set as read. A type that is left out is empty. */
export type RecordSet = { cite?: string | undefined } & {
  [Name in RecordType]: RecordIn<Name>[];
};

export type ReferenceInput = NonNullable<RecordIn<'statements'>['references']>[number];
