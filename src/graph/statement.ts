import type { OrganizationRecord } from '../knowledge/model/organization.js';
import type { PersonRecord } from '../knowledge/model/person.js';
import type { StatementFilter, StatementRecord } from '../knowledge/model/statement.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import { DateRangeInput, dateRange } from './values/dateRange.js';
import { entityKeys, linked, linkedEntities, linkedEntity, typenames } from './links.js';
import { describedEnum } from './values/enum.js';
import { referenceListing } from './reference.js';
import {
  Article,
  Entity,
  Event,
  Node,
  Organization,
  Person,
  Place,
  Sourced,
  Statement,
} from './refs.js';
import { requiredEnd } from './requiredEnd.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { selectedColumns } from './relay/selection.js';
import { orderInput } from './relay/order.js';

export const StatementKind = describedEnum<StatementRecord['kind']>(
  'StatementKind',
  'How the article renders what was said.',
  {
    DIRECT:
      "In the speaker's own words. They stand in the article, where its text is held: … marks what was left out, square brackets what was put in.",
    INDIRECT: 'In the words of the article.',
    MIXED:
      'In the words of the article with some of the speaker’s own between quotation marks; those stand in the article, where its text is held.',
  },
);

const Speaker = builder.unionType('Speaker', {
  description: 'Who can say something: a person or an organization.',
  types: [Person, Organization],
  resolveType: ({ type }) => typenames[type],
});

const StatementFilterInput = builder.inputType('StatementFilter', {
  description:
    'Which statements. All fields given must hold; a list means any of it. Example: `{ speaker: ["china", "qin-gang"], about: ["nato"] }`.',
  fields: (t) => ({
    kind: t.field({ type: [StatementKind], description: 'Of any of these kinds.' }),
    speaker: t.stringList({ description: 'Said by any of these, by id or slug.' }),
    onBehalfOf: t.stringList({ description: 'Said on behalf of any of these, by id or slug.' }),
    reportedBy: t.stringList({ description: 'Known through any of these, by id or slug.' }),
    audience: t.stringList({ description: 'Said to any of these, by id or slug.' }),
    about: t.stringList({ description: 'About any of these, by id or slug.' }),
    place: t.stringList({ description: 'Said in any of these places, by id or slug.' }),
    publisher: t.stringList({
      description: 'In an article published by any of these, by id or slug.',
    }),
    language: t.field({ type: ['Locale'], description: 'Given in any of these languages.' }),
    saidOn: t.field({
      type: DateRangeInput,
      description: 'Said at any time in this range; undated statements were not.',
    }),
    referenced: t.boolean({ description: 'Whether a passage of an article carries it.' }),
  }),
});

export const statementListing = {
  connection: connectionType('Statement', Statement, {
    KIND: 'How the article renders it.',
    LANGUAGE: 'The language of its text.',
    YEAR: 'The year in which it was said.',
    SPEAKER: 'Who said it.',
    ON_BEHALF_OF: 'On whose behalf.',
    SUBJECT: 'What it is about: a statement about several counts once for each.',
    PUBLISHER: 'Who published the article.',
  }),
  filter: filterInput(
    StatementFilterInput,
    async (input, context): Promise<StatementFilter> => ({
      kind: input.kind ?? undefined,
      speaker: await entityKeys(input.speaker, 'filter.speaker', context),
      onBehalfOf: await entityKeys(input.onBehalfOf, 'filter.onBehalfOf', context),
      reportedBy: await entityKeys(input.reportedBy, 'filter.reportedBy', context),
      audience: await entityKeys(input.audience, 'filter.audience', context),
      about: await entityKeys(input.about, 'filter.about', context),
      place: await entityKeys(input.place, 'filter.place', context),
      publisher: await entityKeys(input.publisher, 'filter.publisher', context),
      language: input.language ?? undefined,
      saidOn: dateRange(input.saidOn, 'filter.saidOn'),
      referenced: input.referenced ?? undefined,
    }),
    ['speaker', 'onBehalfOf', 'place', 'reportedBy', 'about'],
  ),
  order: orderInput(
    'Statement',
    { SAID_ON: 'When it was said; what is undated counts as oldest.', ADDED: 'When it was added.' },
    { field: 'SAID_ON', direction: 'DESC' },
  ),
};

Statement.implement({
  description:
    'Somebody said something: who, on whose behalf, to whom, when, where and about what, and which article reports it.',
  interfaces: [Node, Sourced],
  fields: (t) => ({
    kind: t.expose('kind', { type: StatementKind, description: 'How the article renders it.' }),
    text: t.exposeString('text', {
      costs: text,
      description: 'What was said, as the article renders it.',
    }),
    language: t.expose('language', {
      type: 'Locale',
      nullable: true,
      description: 'The language of `text`; null where not told.',
    }),
    speaker: t.field({
      type: Speaker,
      nullable: true,
      description: requiredEnd('Who said it.'),
      resolve: ({ speakerId }, _args, context, info) =>
        linkedEntity(context, speakerId, info) as Promise<
          PersonRecord | OrganizationRecord | undefined
        >,
    }),
    onBehalfOf: t.field({
      type: Entity,
      nullable: true,
      description: 'For whom the speaker spoke; null where for nobody else.',
      resolve: ({ onBehalfOfId }, _args, context, info) =>
        linkedEntity(context, onBehalfOfId, info),
    }),
    reportedBy: t.field({
      type: Entity,
      nullable: true,
      description:
        "The article's own source: “Nikkei Asia reported that …”. Null where it names none.",
      resolve: ({ reportedById }, _args, context, info) =>
        linkedEntity(context, reportedById, info),
    }),
    audience: t.field({
      type: [Entity],
      description: 'To whom it was said.',
      resolve: async ({ id }, _args, context, info) =>
        linkedEntities(
          context,
          await context.knowledge.statementAudiences.of(context.view, id),
          info,
        ),
    }),
    about: t.field({
      type: [Entity],
      description: 'What it is about.',
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
      description: 'When it was said, as precisely as is known; null where not known.',
    }),
    place: t.field({
      type: Place,
      nullable: true,
      description: 'Where it was said; null where not known.',
      resolve: ({ placeId }, _args, context, info) => linked(context, 'PLACE', placeId, info),
    }),
    event: t.field({
      type: Event,
      nullable: true,
      description: 'At which event it was said; null where at none that is recorded.',
      resolve: async ({ eventId }, _args, { knowledge, view }, info) =>
        eventId === null
          ? null
          : ((await knowledge.events.get(view, eventId, selectedColumns(info))) ?? null),
    }),
    occasion: t.exposeString('occasion', {
      costs: text,
      nullable: true,
      description:
        'On what occasion, in words. Example: “his maiden news conference”. Null where none is told.',
    }),
    article: t.expose('article', {
      type: Article,
      nullable: true,
      description: requiredEnd('The article that reports it.'),
    }),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that carry it.',
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
