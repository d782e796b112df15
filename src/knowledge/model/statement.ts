import { eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { cast, equalsAny, holds } from '../../database/sql.js';
import {
  article,
  reference,
  statement,
  statementAudience,
  statementSubject,
} from '../../database/tables/index.js';
import { articleFields } from './article.js';
import { anyOf, referencedIs, fallsInto, yearOf, type DateRange } from '../reading/conditions.js';
import { type Bind, uuidArray } from '../reading/keys.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';

const columns = {
  id: statement.id,
  kind: statement.kind,
  text: statement.text,
  language: statement.language,
  speakerId: statement.speakerId,
  onBehalfOfId: statement.onBehalfOfId,
  reportedById: statement.reportedById,
  placeId: statement.placeId,
  eventId: statement.eventId,
  occasion: statement.occasion,
  saidOn: statement.saidOn,
  // Of a list of statements nearly each is from another article, so they come together.
  article: articleFields,
  publicationStatus: statement.status,
  createdAt: statement.createdAt,
  updatedAt: statement.updatedAt,
};

export type StatementRecord = RowOf<typeof columns>;

/** All conditions must match; a list matches any of its values. */
export interface StatementFilter {
  /** Only records with these ids. */
  ids?: string[] | undefined;
  kind?: StatementRecord['kind'][] | undefined;
  speaker?: string[] | undefined;
  onBehalfOf?: string[] | undefined;
  reportedBy?: string[] | undefined;
  audience?: string[] | undefined;
  about?: string[] | undefined;
  place?: string[] | undefined;
  publisher?: string[] | undefined;
  language?: string[] | undefined;
  saidOn?: DateRange | undefined;
  referenced?: boolean | undefined;
}

const subject = alias(statementSubject, 'subject');
const groupedSubject = alias(statementSubject, 'grouped_subject');
const groupedArticle = alias(article, 'grouped_article');

const conditions = (filter: StatementFilter, bind: Bind) => [
  anyOf(statement.id, filter.ids, bind),
  anyOf(statement.kind, filter.kind, bind),
  anyOf(statement.speakerId, filter.speaker, bind),
  anyOf(statement.onBehalfOfId, filter.onBehalfOf, bind),
  anyOf(statement.reportedById, filter.reportedBy, bind),
  filter.audience &&
    existsIn(statementAudience, [
      eq(statementAudience.statementId, statement.id),
      anyOf(statementAudience.entityId, filter.audience, bind),
    ]),
  filter.about &&
    existsIn(subject, [
      eq(subject.statementId, statement.id),
      equalsAny(subject.entityId, cast(bind(uuidArray(filter.about)), 'uuid[]')),
    ]),
  anyOf(statement.placeId, filter.place, bind),
  filter.publisher &&
    existsIn(article, [
      eq(article.id, statement.articleId),
      article.live,
      anyOf(article.publisherId, filter.publisher, bind),
    ]),
  anyOf(statement.language, filter.language, bind),
  fallsInto(statement.saidDuring, filter.saidOn, statement.saidOn, bind),
  referencedIs(filter.referenced, reference.statementId, statement.id),
];

export const statements = defineCollection({
  name: 'statements',
  id: statement.id,
  live: statement.live,
  columns,
  source: statement,
  joins: [{ table: article, from: statement.articleId, to: article.id, and: holds(article.live) }],
  orders: { SAID_ON: { column: statement.saidSort, type: 'date' }, CREATED_AT: null },
  parents: {
    /** What it said itself, and what was said on its behalf. */
    voice: [statement.speakerId, statement.onBehalfOfId],
    speaker: [statement.speakerId],
    onBehalfOf: [statement.onBehalfOfId],
    article: [statement.articleId],
    event: [statement.eventId],
    place: [statement.placeId],
    reportedBy: [statement.reportedById],
    about: [
      {
        through: statementSubject,
        parent: statementSubject.entityId,
        id: statementSubject.statementId,
        live: statementSubject.live,
        sort: { SAID_ON: statementSubject.saidSort },
      },
    ],
  },
  groups: {
    KIND: { value: statement.kind },
    LANGUAGE: { value: statement.language },
    YEAR: { value: yearOf(statement.saidOn) },
    SPEAKER: { value: statement.speakerId, isEntity: true },
    ON_BEHALF_OF: { value: statement.onBehalfOfId, isEntity: true },
    SUBJECT: {
      value: groupedSubject.entityId,
      join: [groupedSubject, eq(groupedSubject.statementId, statement.id)],
      isEntity: true,
    },
    PUBLISHER: {
      value: groupedArticle.publisherId,
      join: [groupedArticle, eq(groupedArticle.id, statement.articleId)],
      isEntity: true,
    },
  },
  conditions,
  consults: [statementSubject, statementAudience, article, reference],
});

/** The subjects of a statement, in order. */
export const statementSubjects = {
  name: 'statement subjects',
  table: statementSubject,
  of: statementSubject.statementId,
  columns: { entityId: statementSubject.entityId },
  order: [statementSubject.ordinal],
};

/** The audience of a statement, in order. */
export const statementAudiences = {
  name: 'statement audiences',
  table: statementAudience,
  of: statementAudience.statementId,
  columns: { entityId: statementAudience.entityId },
  order: [statementAudience.ordinal],
};
