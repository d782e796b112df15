import type { OrganizationRecord } from '../knowledge/model/organization.js';
import type { PersonRecord } from '../knowledge/model/person.js';
import type { StatementFilter, StatementRecord } from '../knowledge/model/statement.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import { DateRangeInput, dateRange } from './values/dateRange.js';
import { entityKeys, linked, linkedEntities, linkedEntity, requiredEnd } from './links.js';
import { describedEnum } from './values/enum.js';
import { referenceListing } from './reference.js';
import {
  AnyRecord,
  Article,
  Entity,
  Event,
  Node,
  Place,
  Sourced,
  Speaker,
  Statement,
} from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { selectedColumns } from './relay/selection.js';
import { orderInput } from './relay/order.js';

export const StatementKind = describedEnum<StatementRecord['kind']>(
  'StatementKind',
  'How an article renders a statement.',
  {
    DIRECT:
      'Verbatim. The words must occur in the article if the knowledge base holds its text; … marks an omission, square brackets an insertion.',
    INDIRECT: 'In the words of the article.',
    MIXED:
      'In the words of the article, with words of the speaker in quotation marks; those must occur in the article if the knowledge base holds its text.',
  },
);

const StatementFilterInput = builder.inputType('StatementFilter', {
  description:
    'Selects statements. Example: `{ speaker: ["china", "qin-gang"], about: ["nato"] }`.',
  fields: (t) => ({
    kind: t.field({ type: [StatementKind], description: 'Of any of these kinds.' }),
    speaker: t.idList({ description: 'Said by any of these, by id or slug.' }),
    onBehalfOf: t.idList({ description: 'Said on behalf of any of these, by id or slug.' }),
    reportedBy: t.idList({ description: 'Reported by any of these, by id or slug.' }),
    audience: t.idList({ description: 'Said to any of these, by id or slug.' }),
    about: t.idList({ description: 'About any of these, by id or slug.' }),
    place: t.idList({ description: 'Said in any of these places, by id or slug.' }),
    publisher: t.idList({
      description: 'In an article published by any of these, by id or slug.',
    }),
    language: t.field({
      type: ['Locale'],
      description: 'Whose text is in any of these languages.',
    }),
    saidOn: t.field({
      type: DateRangeInput,
      description: 'Said within this range; undated statements do not match.',
    }),
    referenced: t.boolean({ description: 'Whether it has references.' }),
  }),
});

export const statementListing = {
  connection: connectionType('Statement', Statement, {
    KIND: 'How the article renders it.',
    LANGUAGE: 'The language of its text.',
    YEAR: 'The year in which it was said.',
    SPEAKER: 'The person or organization that made it.',
    ON_BEHALF_OF: 'The entity on whose behalf it was made.',
    SUBJECT: 'A subject; a statement about several counts once for each.',
    PUBLISHER: 'The publisher of the article.',
  }),
  filter: filterInput(
    StatementFilterInput,
    async (input, context, path): Promise<StatementFilter> => ({
      kind: input.kind ?? undefined,
      speaker: await entityKeys(
        input.speaker,
        `${path}.speaker`,
        context,
        'PERSON',
        'ORGANIZATION',
      ),
      onBehalfOf: await entityKeys(
        input.onBehalfOf,
        `${path}.onBehalfOf`,
        context,
        'PERSON',
        'ORGANIZATION',
      ),
      reportedBy: await entityKeys(
        input.reportedBy,
        `${path}.reportedBy`,
        context,
        'PERSON',
        'ORGANIZATION',
      ),
      audience: await entityKeys(input.audience, `${path}.audience`, context),
      about: await entityKeys(input.about, `${path}.about`, context),
      place: await entityKeys(input.place, `${path}.place`, context, 'PLACE'),
      publisher: await entityKeys(input.publisher, `${path}.publisher`, context, 'ORGANIZATION'),
      language: input.language ?? undefined,
      saidOn: dateRange(input.saidOn, `${path}.saidOn`),
      referenced: input.referenced ?? undefined,
    }),
    ['speaker', 'onBehalfOf', 'place', 'reportedBy', 'about'],
  ),
  order: orderInput(
    'Statement',
    {
      SAID_ON: 'When it was said; undated statements sort as the oldest.',
      CREATED_AT: 'When it was added.',
    },
    { field: 'SAID_ON', direction: 'DESC' },
  ),
};

Statement.implement({
  description:
    'A statement of a person or an organization that an article reports: on whose behalf, to whom, when, where and about what it was made.',
  interfaces: [Node, AnyRecord, Sourced],
  fields: (t) => ({
    kind: t.expose('kind', { type: StatementKind, description: 'How the article renders it.' }),
    text: t.exposeString('text', {
      costs: text,
      description: 'The text of the statement, as the article renders it.',
    }),
    language: t.expose('language', {
      type: 'Locale',
      nullable: true,
      description: 'The language of `text`; null if unknown.',
    }),
    speaker: t.field({
      type: Speaker,
      nullable: true,
      description: requiredEnd('The person or organization that made it.'),
      resolve: ({ speakerId }, _args, context, info) =>
        linkedEntity(context, speakerId, info) as Promise<
          PersonRecord | OrganizationRecord | undefined
        >,
    }),
    onBehalfOf: t.field({
      type: Entity,
      nullable: true,
      description: 'The entity on whose behalf the speaker spoke; null if there is none.',
      resolve: ({ onBehalfOfId }, _args, context, info) =>
        linkedEntity(context, onBehalfOfId, info),
    }),
    reportedBy: t.field({
      type: Entity,
      nullable: true,
      description:
        "The article's own source: “Nikkei Asia reported that …”. Null if it names none.",
      resolve: ({ reportedById }, _args, context, info) =>
        linkedEntity(context, reportedById, info),
    }),
    audience: t.field({
      type: [Entity],
      description: 'The entities to which it was addressed.',
      resolve: async ({ id }, _args, context, info) =>
        linkedEntities(
          context,
          await context.knowledge.statementAudiences.of(context.view, id),
          info,
        ),
    }),
    about: t.field({
      type: [Entity],
      description: 'The entities that it is about.',
      resolve: async ({ id }, _args, context, info) =>
        linkedEntities(
          context,
          await context.knowledge.statementSubjects.of(context.view, id),
          info,
        ),
    }),
    saidOn: t.expose('saidOn', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it was said, as precisely as it is known; null if unknown.',
    }),
    place: t.field({
      type: Place,
      nullable: true,
      description: 'The place where it was said; null if unknown.',
      resolve: ({ placeId }, _args, context, info) => linked(context, 'PLACE', placeId, info),
    }),
    event: t.field({
      type: Event,
      nullable: true,
      description: 'The event at which it was said; null if none is recorded.',
      resolve: async ({ eventId }, _args, { knowledge, view }, info) =>
        eventId === null
          ? null
          : ((await knowledge.events.get(view, eventId, selectedColumns(info))) ?? null),
    }),
    occasion: t.exposeString('occasion', {
      costs: text,
      nullable: true,
      description:
        'The occasion, in words. Example: “his maiden news conference”. Null if unknown.',
    }),
    article: t.expose('article', {
      type: Article,
      nullable: true,
      description: requiredEnd('The article that reports it.'),
    }),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that contain it.',
        list: ({ references }) => references,
        parent: ({ id }: StatementRecord) => ({ relation: 'statement', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  statements: t.field(
    connection(statementListing, {
      description:
        'All statements. Example: `statements(filter: { about: ["japan"] }, orderBy: { field: SAID_ON, direction: ASC })`.',
      list: ({ statements }) => statements,
    }),
  ),
}));
