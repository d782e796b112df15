/**
 * What editors send: for every record type an input to make a record and one to change it, out of one
 * list of fields. The values are checked by the forms that files keep, too
 * (`knowledge/validation/schemas.ts`).
 */
import type { InputRef } from '@pothos/core';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { NameKind } from '../entity.js';
import { EventKind } from '../event.js';
import { MembershipRole } from '../membership.js';
import { OfficeKind, OfficeStatusEnum } from '../office.js';
import { OrganizationKind } from '../organization.js';
import { PlaceKind } from '../place.js';
import { PositionKind } from '../position.js';
import { decodeGlobalId, looksLikeGlobalId } from '../relay/globalId.js';
import { StatementKind } from '../statement.js';
import {
  type RecordTypeName,
  recordTypeByName,
  recordTypes,
} from '../../knowledge/model/recordTypes.js';
import type { Values } from '../../knowledge/model/recordLists.js';

type Type = 'String' | 'Int' | 'Float' | 'PartialDate' | 'Locale' | 'URL' | InputRef;

interface Field {
  type: Type | [Type];
  description: string;
  /** In a new record; in a change every field may be left out. */
  required?: boolean;
}

type Fields = Record<string, Field>;

const NameInput = inputOf('NameInput', 'A name of an entity beside its main one.', {
  name: { type: 'String', description: 'The name as it is written.', required: true },
  kind: { type: NameKind, description: 'What kind of name it is. Default: `ALTERNATIVE`.' },
  language: { type: 'Locale', description: 'The language that it belongs to.' },
  start: { type: 'PartialDate', description: 'Since when it has been borne.' },
  end: {
    type: 'PartialDate',
    description: 'Until when it was borne; `".."` where it is known to be borne.',
  },
});

const IdentifierInput = inputOf(
  'IdentifierInput',
  'What an entity is called in another register.',
  {
    scheme: { type: 'String', description: 'The register. Example: `wikidata`.', required: true },
    value: { type: 'String', description: 'The identifier. Example: `Q7184`.', required: true },
    source: {
      type: 'String',
      description:
        'The source within which it holds, such as the web site of a parliament. Left out or null for an identifier that is unique in the world.',
    },
  },
);

const ReferenceInput = inputOf(
  'ReferenceInput',
  'A passage of an article on which the record rests. It must be in the body of the article, where that is held.',
  {
    article: {
      type: 'String',
      description: "The article, by id or slug; by default a statement's own.",
    },
    exact: {
      type: 'String',
      description:
        'The words, as they stand in the article; marks and spaces may be typed plainly.',
      required: true,
    },
    prefix: { type: 'String', description: 'The words before, where `exact` occurs repeatedly.' },
    suffix: { type: 'String', description: 'The words behind, where `exact` occurs repeatedly.' },
    field: {
      type: 'String',
      description: 'The field that the passage supports, such as `staffCount`.',
    },
  },
);

const OfficeStatusInput = inputOf('DatedOfficeStatusInput', 'A status of an office in a time.', {
  status: { type: OfficeStatusEnum, description: 'The status.', required: true },
  start: { type: 'PartialDate', description: 'Since when.' },
  end: {
    type: 'PartialDate',
    description: 'Until when; without it, until the next status starts.',
  },
  references: { type: [ReferenceInput], description: 'Passages that say so.' },
});

const MentionInput = inputOf('MentionInput', 'An article names an entity.', {
  entity: { type: 'String', description: 'The entity, by id or slug.', required: true },
  as: {
    type: ['String'],
    description: "The words by which it is named; by default any of the entity's names.",
  },
});

const slug: Field = {
  type: 'String',
  description:
    'A short name for addresses and queries, such as `jens-stoltenberg`; made of the name without it. It never changes.',
};

const references: Field = {
  type: [ReferenceInput],
  description: 'Passages that are cited from now on; those that are cited already stay.',
};

const entity: Fields = {
  slug,
  name: { type: 'String', description: 'The name by which it is best known.', required: true },
  names: { type: [NameInput], description: 'All its other names.' },
  description: { type: 'String', description: 'What it is, in a sentence.' },
  urls: { type: ['URL'], description: 'Its own pages on the web.' },
  identifiers: { type: [IdentifierInput], description: 'What it is called in other registers.' },
  references,
};

const period: Fields = {
  start: { type: 'PartialDate', description: 'Since when; null where not known.' },
  end: {
    type: 'PartialDate',
    description:
      'Until when; null where not known, `".."` where it is known to last; `"[..1950]"` for 1950 or before.',
  },
};

const coordinates: Fields = {
  latitude: { type: 'Float', description: 'Degrees, north being positive.' },
  longitude: { type: 'Float', description: 'Degrees, east being positive.' },
};

const fieldsOf: Record<RecordTypeName, Fields> = {
  Organization: {
    ...entity,
    kind: { type: OrganizationKind, description: 'What kind of organization.', required: true },
    parent: {
      type: 'String',
      description: 'The organization that it is a part of, by id or slug.',
    },
    home: { type: 'String', description: 'The place where it is at home, by id or slug.' },
  },
  Person: {
    ...entity,
    birthDate: { type: 'PartialDate', description: 'When the person was born.' },
    deathDate: {
      type: 'PartialDate',
      description: 'When the person died; `".."` where the person is known to live.',
    },
  },
  Office: {
    ...entity,
    organization: {
      type: 'String',
      description: 'The organization that keeps it, by id or slug.',
      required: true,
    },
    kind: { type: OfficeKind, description: 'What it is for.', required: true },
    place: { type: 'String', description: 'Where it stands, by id or slug.' },
    accreditedTo: {
      type: 'String',
      description:
        'The organization or place that it deals with in the first place, by id or slug.',
    },
    alsoAccreditedTo: {
      type: ['String'],
      description: 'Others that it deals with, by id or slug.',
    },
    staffCount: { type: 'Int', description: 'How many people work there.' },
    address: { type: 'String', description: 'Its postal address.' },
    ...coordinates,
    statuses: { type: [OfficeStatusInput], description: 'All its statuses, each with its time.' },
  },
  Place: {
    ...entity,
    kind: { type: PlaceKind, description: 'What kind of place.', required: true },
    within: { type: 'String', description: 'The place that it lies in, by id or slug.' },
    isoCode: { type: 'String', description: 'Its ISO 3166 code. Example: `JP`, `US-NY`.' },
    ...coordinates,
  },
  Article: {
    slug,
    title: { type: 'String', description: 'Its headline.', required: true },
    byline: { type: 'String', description: 'Who wrote it, as it says.' },
    publisher: {
      type: 'String',
      description: 'The organization that published it, by id or slug.',
    },
    language: { type: 'Locale', description: 'The language that it is written in.' },
    url: { type: 'URL', description: 'Where it can be read.' },
    publishedOn: { type: 'PartialDate', description: 'When it was published.' },
    body: {
      type: 'String',
      description:
        'Its text. When it changes, what is quoted from it is looked for again; what is not found is reported.',
    },
    mentions: { type: [MentionInput], description: 'All entities that it names.' },
  },
  Event: {
    slug,
    name: { type: 'String', description: 'What it is called.', required: true },
    kind: { type: EventKind, description: 'What kind of event.', required: true },
    description: { type: 'String', description: 'What it is about, in a sentence.' },
    place: { type: 'String', description: 'Where it takes place, by id or slug.' },
    ...period,
    participants: { type: ['String'], description: 'Who takes part, by id or slug.' },
    references,
  },
  Position: {
    person: { type: 'String', description: 'Who holds it, by id or slug.', required: true },
    organization: {
      type: 'String',
      description: 'In which organization, by id or slug.',
      required: true,
    },
    title: { type: 'String', description: 'Its title.', required: true },
    kind: { type: PositionKind, description: 'What kind of post.', required: true },
    ...period,
    references,
  },
  Membership: {
    member: { type: 'String', description: 'The member, by id or slug.', required: true },
    organization: { type: 'String', description: 'Of which, by id or slug.', required: true },
    role: { type: MembershipRole, description: 'As what.', required: true },
    ...period,
    references,
  },
  Statement: {
    article: {
      type: 'String',
      description: 'The article that reports it, by id or slug.',
      required: true,
    },
    speaker: {
      type: 'String',
      description: 'The person or organization that said it, by id or slug.',
      required: true,
    },
    kind: { type: StatementKind, description: 'How the article renders it.', required: true },
    text: { type: 'String', description: 'What was said.', required: true },
    language: { type: 'Locale', description: 'The language of the text.' },
    onBehalfOf: { type: 'String', description: 'For whom the speaker spoke, by id or slug.' },
    reportedBy: { type: 'String', description: "The article's own source, by id or slug." },
    audience: { type: ['String'], description: 'To whom it was said, by id or slug.' },
    about: { type: ['String'], description: 'What it is about, by id or slug.' },
    place: { type: 'String', description: 'Where it was said, by id or slug.' },
    event: { type: 'String', description: 'At which event, by id or slug.' },
    occasion: { type: 'String', description: 'On what occasion, in words.' },
    saidOn: { type: 'PartialDate', description: 'When it was said.' },
    references,
  },
};

export interface RecordInputs {
  create: InputRef<Values>;
  update: InputRef<Values>;
}

/** The inputs `CreatePersonInput` and `UpdatePersonInput` for every type. */
export const recordInputs = Object.fromEntries(
  (Object.keys(fieldsOf) as RecordTypeName[]).map((type): [RecordTypeName, RecordInputs] => [
    type,
    {
      create: inputOf(`Create${type}Input`, `A new ${wordsOf(type)}.`, fieldsOf[type]),
      update: inputOf(
        `Update${type}Input`,
        `Changes of ${withArticle(wordsOf(type))}: a field left out stays as it is, null clears it, a list is the whole list.`,
        Object.fromEntries(
          Object.entries(fieldsOf[type])
            .filter(([name]) => name !== 'slug')
            .map(([name, field]) => [name, { ...field, required: false }]),
        ),
      ),
    },
  ]),
) as Record<RecordTypeName, RecordInputs>;

/** An input in the form of a file's record: ids as links, identifiers as a mapping. */
export function recordFields(type: RecordTypeName, input: Values): Values {
  const linked = recordTypes[recordTypeByName[type]].links;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (value === null || value === undefined) return [name, value];
      if (name === 'identifiers') return [name, byScheme(value as Identifier[])];
      if (name === 'references') return [name, withArticles(value as Values[])];
      if (name === 'statuses') {
        return [
          name,
          (value as Values[]).map(({ references: passages, ...status }) => ({
            ...status,
            ...(passages ? { references: withArticles(passages as Values[]) } : {}),
          })),
        ];
      }
      return [name, name in linked ? link(value) : value];
    }),
  );
}

/** A name of a record as editors write it, an id or a slug. */
export function link(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(link);
  if (typeof value === 'string') {
    return looksLikeGlobalId(value) ? { id: decodeGlobalId(value, 'input').id } : value;
  }
  const { entity: named, ...rest } = value as Values;
  return { ...withoutNull(rest), entity: link(named) };
}

// Private:

interface Identifier {
  scheme: string;
  value: string;
  source?: string | null;
}

function inputOf(name: string, description: string, fields: Fields): InputRef<Values> {
  return builder.inputType(name, {
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description: text, required = false }]) => [
          field,
          t.field({ type: type as 'String', description: text, required }),
        ]),
      ),
  });
}

function byScheme(identifiers: readonly Identifier[]): Values {
  const schemes = new Map<string, unknown[]>();
  for (const { scheme, value, source } of identifiers) {
    const given = typeof source === 'string' ? { value, source } : value;
    schemes.set(scheme, [...(schemes.get(scheme) ?? []), given]);
  }
  return Object.fromEntries(schemes);
}

const withArticles = (passages: readonly Values[]): Values[] =>
  passages.map(({ article, ...rest }) => ({
    ...withoutNull(rest),
    ...(article !== null && article !== undefined && { article: link(article) }),
  }));

const withoutNull = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
