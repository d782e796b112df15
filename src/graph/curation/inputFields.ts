/**
 * The fields that editors can set, by record type. Their values are validated like those of
 * imported records (`knowledge/validation/schemas.ts`).
 */
import { NameKind } from '../entity.js';
import { EventKind } from '../event.js';
import { MembershipRole } from '../membership.js';
import { OfficeKind, OfficeStatusEnum } from '../office.js';
import { OrganizationKind } from '../organization.js';
import { PlaceKind } from '../place.js';
import { PositionKind } from '../position.js';
import { StatementKind } from '../statement.js';
import { BodyAccessEnum } from '../values/bodyAccess.js';
import { inputOf, type Field, type Fields } from './inputType.js';
import type { RecordTypeName } from '../../knowledge/model/recordTypes.js';

const NameInput = inputOf('NameInput', 'An additional name of an entity.', {
  name: { type: 'String', description: 'The name as written.', required: true },
  kind: { type: NameKind, description: 'The kind of name. Default: `ALTERNATIVE`.' },
  language: { type: 'Locale', description: 'The language of the name.' },
  start: { type: 'PartialDate', description: 'When the name came into use.' },
  end: {
    type: 'PartialDate',
    description: 'When the name went out of use; `".."` if it is known to be in use.',
  },
});

const IdentifierInput = inputOf(
  'IdentifierInput',
  'The identifier of an entity in another register.',
  {
    scheme: { type: 'String', description: 'The register. Example: `wikidata`.', required: true },
    value: { type: 'String', description: 'The identifier. Example: `Q7184`.', required: true },
    source: {
      type: 'String',
      description:
        'The source within which the identifier is unique, such as the web site of a parliament. Omitted or null for an identifier that is unique worldwide.',
    },
  },
);

export const passageFields: Fields = {
  exact: {
    type: 'String',
    description:
      'The passage, as in the article; quotation marks, dashes and spaces may be typed plainly. A reference to a passage without it is rejected with a `ValidationError`.',
  },
  prefix: {
    type: 'String',
    description: 'The text before the passage, needed if `exact` occurs more than once.',
  },
  suffix: {
    type: 'String',
    description: 'The text after the passage, needed if `exact` occurs more than once.',
  },
  field: {
    type: 'String',
    description: 'The field that the passage supports, such as `staffCount`.',
  },
};

const ReferenceInput = inputOf(
  'ReferenceInput',
  'What supports the record: a passage of an article, which must occur in the body of the article if the knowledge base holds it. Example: `{ article: "nato-to-open-first-asian-office-in-japan", exact: "one-person liaison office in Tokyo" }`.',
  {
    article: {
      type: 'ID',
      description:
        'The article, by id or slug. Default, in a statement: the article of the statement.',
    },
    ...passageFields,
  },
);

const OfficeStatusInput = inputOf('DatedOfficeStatusInput', 'A status of an office in a period.', {
  status: { type: OfficeStatusEnum, description: 'The status.', required: true },
  start: { type: 'PartialDate', description: 'When it began.' },
  end: {
    type: 'PartialDate',
    description: 'When it ended. Default: when the next status starts.',
  },
  references: { type: [ReferenceInput], description: 'Passages that support it.' },
});

const MentionInput = inputOf('MentionInput', 'An article names an entity.', {
  entity: { type: 'ID', description: 'The entity, by id or slug.', required: true },
  names: {
    type: ['String'],
    description: "The words that name it in the article. Default: any of the entity's names.",
  },
});

const slug: Field = {
  type: 'String',
  description:
    'A readable identifier for addresses and queries, such as `jens-stoltenberg`; by default made from the name. It cannot be changed later.',
};

const references: Field = {
  type: [ReferenceInput],
  description: 'Passages to cite; existing references remain.',
};

const entity: Fields = {
  slug,
  name: { type: 'String', description: 'Its best-known name.', required: true },
  names: { type: [NameInput], description: 'All its other names.' },
  description: { type: 'String', description: 'A description of one sentence.' },
  urls: { type: ['URL'], description: 'Its own pages on the web.' },
  identifiers: { type: [IdentifierInput], description: 'Its identifiers in other registers.' },
  references,
};

const period: Fields = {
  start: { type: 'PartialDate', description: 'When it began; null if unknown.' },
  end: {
    type: 'PartialDate',
    description:
      'When it ended; null if unknown, `".."` if it is known to continue; `"[..1950]"` for 1950 or before.',
  },
};

const CoordinatesInput = inputOf('CoordinatesInput', 'A point on the map.', {
  latitude: {
    type: 'Float',
    description: 'Degrees north of the equator, −90 to 90.',
    required: true,
  },
  longitude: {
    type: 'Float',
    description: 'Degrees east of Greenwich, −180 to 180.',
    required: true,
  },
});

const coordinates: Fields = {
  coordinates: { type: CoordinatesInput, description: 'Where it is on the map.' },
};

export const inputFields: Record<RecordTypeName, Fields> = {
  Organization: {
    ...entity,
    kind: { type: OrganizationKind, description: 'The kind of organization.', required: true },
    parent: {
      type: 'ID',
      description: 'The organization that it is part of, by id or slug.',
    },
    home: {
      type: 'ID',
      description: 'Its home: the territory of a state, the seat of a company; by id or slug.',
    },
    articleBodyAccess: {
      type: BodyAccessEnum,
      description:
        'The `bodyAccess` of new articles that it publishes; null for the default of the server. Existing articles are not changed.',
    },
  },
  Person: {
    ...entity,
    birthDate: { type: 'PartialDate', description: 'When the person was born.' },
    deathDate: {
      type: 'PartialDate',
      description: 'When the person died; `".."` if the person is known to be alive.',
    },
  },
  Office: {
    ...entity,
    organization: {
      type: 'ID',
      description: 'The organization that runs it, by id or slug.',
      required: true,
    },
    kind: { type: OfficeKind, description: 'The kind of office.', required: true },
    place: { type: 'ID', description: 'The place in which it is located, by id or slug.' },
    accreditedTo: {
      type: 'ID',
      description:
        'The organization or place to which it is accredited first of all, by id or slug.',
    },
    alsoAccreditedTo: {
      type: ['ID'],
      description: 'Other entities to which it is accredited, by id or slug.',
    },
    staffCount: { type: 'Int', description: 'The number of people who work there.' },
    address: { type: 'String', description: 'Its postal address.' },
    ...coordinates,
    statuses: { type: [OfficeStatusInput], description: 'All its statuses, each with its period.' },
  },
  Place: {
    ...entity,
    kind: { type: PlaceKind, description: 'The kind of place.', required: true },
    within: { type: 'ID', description: 'The place in which it is located, by id or slug.' },
    isoCode: { type: 'String', description: 'Its ISO 3166 code. Example: `JP`, `US-NY`.' },
    ...coordinates,
  },
  Article: {
    slug,
    title: { type: 'String', description: 'Its headline.', required: true },
    byline: { type: 'String', description: 'Its authors, as printed.' },
    publisher: {
      type: 'ID',
      description: 'The organization that published it, by id or slug.',
    },
    language: { type: 'Locale', description: 'Its language.' },
    url: { type: 'URL', description: 'Its address on the web.' },
    publishedOn: { type: 'PartialDate', description: 'When it was published.' },
    body: {
      type: 'String',
      description:
        'Its text. When it changes, quotations from it are searched for in the new text; those not found are reported in `broken`.',
    },
    bodyAccess: {
      type: BodyAccessEnum,
      description:
        'How much of the text clients other than editors may see. Default for a new article: the `articleBodyAccess` of its publisher, or else the setting of the server, stored when the article is created.',
    },
    mentions: { type: [MentionInput], description: 'All entities that it names.' },
  },
  Event: {
    slug,
    name: { type: 'String', description: 'The name.', required: true },
    kind: { type: EventKind, description: 'The kind of event.', required: true },
    description: { type: 'String', description: 'A description of one sentence.' },
    place: { type: 'ID', description: 'The place, by id or slug.' },
    ...period,
    participants: { type: ['ID'], description: 'The participants, by id or slug.' },
    references,
  },
  Position: {
    person: {
      type: 'ID',
      description: 'The person who holds it, by id or slug.',
      required: true,
    },
    organization: {
      type: 'ID',
      description: 'The organization, by id or slug.',
      required: true,
    },
    title: { type: 'String', description: 'Its title.', required: true },
    kind: { type: PositionKind, description: 'The kind of position.', required: true },
    ...period,
    references,
  },
  Membership: {
    member: { type: 'ID', description: 'The member, by id or slug.', required: true },
    organization: {
      type: 'ID',
      description: 'The organization of which it is a member, by id or slug.',
      required: true,
    },
    role: { type: MembershipRole, description: 'The role.', required: true },
    ...period,
    references,
  },
  Statement: {
    article: {
      type: 'ID',
      description: 'The article that reports it, by id or slug.',
      required: true,
    },
    speaker: {
      type: 'ID',
      description: 'The person or organization that said it, by id or slug.',
      required: true,
    },
    kind: { type: StatementKind, description: 'How the article renders it.', required: true },
    text: {
      type: 'String',
      description: 'The text of the statement, as the article renders it.',
      required: true,
    },
    language: { type: 'Locale', description: 'The language of the text.' },
    onBehalfOf: {
      type: 'ID',
      description: 'The entity on whose behalf the speaker spoke, by id or slug.',
    },
    reportedBy: { type: 'ID', description: "The article's own source, by id or slug." },
    audience: {
      type: ['ID'],
      description: 'The entities to which it was addressed, by id or slug.',
    },
    about: { type: ['ID'], description: 'The entities that it is about, by id or slug.' },
    place: { type: 'ID', description: 'The place where it was said, by id or slug.' },
    event: { type: 'ID', description: 'The event at which it was said, by id or slug.' },
    occasion: { type: 'String', description: 'The occasion, in words.' },
    saidOn: { type: 'PartialDate', description: 'When it was said.' },
    references,
  },
};
