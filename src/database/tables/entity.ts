/**
 * Entities: organizations, people, offices and places. Each has one row here and one of the same
 * key in the table of its type (class-table inheritance), so that names, identifiers, mentions,
 * subjects and references point to one table.
 */
import { eq, isNotNull, isNull, sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  pgEnum,
  text,
  unique,
  uniqueIndex,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { coalesce, holds, literal } from '../sql.js';
import {
  foldedText,
  mergeableLifecycle,
  partialDate,
  certainty,
  period,
  pgTable,
  primaryKey,
  slugCheck,
} from './columns.js';

export const entityType = pgEnum('entity_type', ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE']);

export const entity = pgTable(
  'entity',
  {
    id: primaryKey(),
    type: entityType().notNull(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    sortName: foldedText().notNull(),
    description: text(),
    urls: text()
      .array()
      .notNull()
      .default(sql`'{}'`),
    ...mergeableLifecycle((): AnyPgColumn => entity.id),
  },
  (table) => [
    slugCheck('entity', table),
    index('entity_merged_into_index').on(table.mergedIntoId).where(isNotNull(table.mergedIntoId)),
    // The target of the foreign keys that keep `type`, `sort_name` and `live` of the class tables equal.
    unique('entity_list_key').on(table.id, table.type, table.sortName, table.live),
    unique('entity_live_key').on(table.id, table.live),
    index('entity_name_index').on(table.sortName, table.id).where(holds(table.live)),
  ],
);

/**
 * The first columns of every class table. `sortName` and `live` repeat the entity's, so that one
 * index of `office` filters and sorts a list of offices; the foreign key of `entityKey` keeps them
 * equal.
 */
export const entityColumns = (type: (typeof entityType.enumValues)[number]) => ({
  id: uuid().primaryKey(),
  type: entityType().notNull().default(type),
  sortName: foldedText().notNull(),
  live: boolean().notNull(),
});

type EntityColumns = Record<keyof ReturnType<typeof entityColumns>, AnyPgColumn>;

/** The foreign key of a class table to its rows in `entity`. */
export const entityKey = (name: string, table: EntityColumns) =>
  foreignKey({
    name: `${name}_entity_key`,
    columns: [table.id, table.type, table.sortName, table.live],
    foreignColumns: [entity.id, entity.type, entity.sortName, entity.live],
  }).onUpdate('cascade');

export const nameKind = pgEnum('name_kind', [
  'OFFICIAL',
  'ALTERNATIVE',
  'SHORT',
  'ACRONYM',
  'FORMER',
  'TRANSLATION',
  'TRANSLITERATION',
]);

/** Further names of an entity, in other languages or of other times. */
export const entityName = pgTable(
  'entity_name',
  {
    id: primaryKey(),
    entityId: uuid()
      .notNull()
      .references(() => entity.id),
    name: text().notNull(),
    sortName: foldedText().notNull(),
    language: text(),
    kind: nameKind().notNull().default('ALTERNATIVE'),
    start: partialDate(),
    end: partialDate(),
    during: period().during,
    ...certainty(),
  },
  (table) => [
    uniqueIndex('entity_name_key').on(
      table.entityId,
      table.name,
      coalesce(table.language, literal('')),
      table.kind,
      coalesce(table.start, literal('')),
    ),
    index('entity_name_sort_name_index').on(table.sortName),
  ],
);

/** Identifiers of an entity in other systems: `wikidata: Q7184`, `iso3166-1: JP`. */
export const entityIdentifier = pgTable(
  'entity_identifier',
  {
    id: uuid().primaryKey().defaultRandom(),
    entityId: uuid()
      .notNull()
      .references(() => entity.id),
    scheme: text().notNull(),
    value: text().notNull(),
    /** The source within which it holds; null for an identifier that is unique in the world. */
    source: text(),
    /** Within a source, an identifier is unique among the entities of one type. */
    entityType: entityType(),
  },
  (table) => [
    unique('entity_identifier_key')
      .on(table.scheme, table.value, table.source, table.entityType)
      .nullsNotDistinct(),
    check('entity_identifier_source_check', eq(isNull(table.source), isNull(table.entityType))),
    index('entity_identifier_entity_index').on(table.entityId),
  ],
);
