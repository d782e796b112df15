/**
 * Tables of search: the names of entities and the words of records. Only the functions of the
 * migration `search` write them, in the transaction that changes a record, so they have no foreign
 * keys.
 */
import { eq, inArray, notInArray, sql } from 'drizzle-orm';
import {
  boolean,
  customType,
  date,
  index,
  integer,
  pgEnum,
  primaryKey as compositeKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { allHold, holds } from '../sql.js';
import { foldedText, pgTable } from './columns.js';
import { entityType, nameKind } from './entity.js';

const tsvector = customType<{ data: string; driverData: string }>({ dataType: () => 'tsvector' });

/** All names of an entity; names that are equal when folded are one row. */
export const searchName = pgTable(
  'search_name',
  {
    entityId: uuid().notNull(),
    type: entityType().notNull(),
    name: text().notNull(),
    sortName: foldedText().notNull(),
    /** Null for the main name. */
    kind: nameKind(),
    /** No longer in use. */
    former: boolean().notNull(),
    live: boolean().notNull(),
    /** How often the entity is mentioned and linked; see `refresh_prominence`. */
    prominence: smallint().notNull().default(0),
    lexemes: tsvector()
      .notNull()
      .generatedAlwaysAs(sql`name_lexemes(sort_name)`),
  },
  (table) => [
    compositeKey({ columns: [table.entityId, table.sortName] }),
    index('search_name_lexemes_index').using('gin', table.lexemes).where(holds(table.live)),
    index('search_name_trigram_index')
      .using('gin', table.sortName.op('gin_trgm_ops'))
      .where(holds(table.live)),
    index('search_name_prominence_index')
      .on(table.prominence, table.entityId, table.sortName, table.type)
      .where(holds(table.live)),
  ],
);

export const searchType = pgEnum('search_type', [
  'ARTICLE',
  'STATEMENT',
  'ORGANIZATION',
  'PERSON',
  'OFFICE',
  'PLACE',
  'POSITION',
]);

/** Of these the newest are found first, of others the most prominent. */
export const textTypes = ['ARTICLE', 'STATEMENT'] as const;

const documentColumns = () => ({
  id: uuid().primaryKey(),
  type: searchType().notNull(),
  /** When it was said or published, or the post began; `-infinity` where that is not known. */
  date: date().notNull(),
  /** The publisher, or the organization of the office or post. */
  organizationId: uuid(),
  /** The text search configuration of its language. */
  config: text().notNull(),
  live: boolean().notNull(),
  words: tsvector().notNull(),
  /** The offset from which on the words of a long text are only in `search_part`. */
  cutAt: integer(),
});

/** The words of a record's texts, and a word for each entity that it is linked to. */
export const searchDocument = pgTable(
  'search_document',
  {
    ...documentColumns(),
    /** Of an article's body it has the words of cited passages only; `search_withheld` has all. */
    withheld: boolean().notNull().default(false),
  },
  (table) => [
    index('search_document_text_index')
      .using('gin', table.words)
      .where(allHold(table.live, inArray(table.type, [...textTypes]))),
    index('search_document_entity_index')
      .using('gin', table.words)
      .where(allHold(table.live, notInArray(table.type, [...textTypes, 'POSITION']))),
    index('search_document_position_index')
      .using('gin', table.words)
      .where(allHold(table.live, eq(table.type, 'POSITION'))),
    // For frequent words: walking down the dates finds the newest records soonest.
    index('search_document_date_index')
      .on(table.date, table.id)
      .where(allHold(table.live, inArray(table.type, [...textTypes]))),
    index('search_document_config_index').on(table.config),
  ],
);

/**
 * Articles with all their words, where readers may see only cited passages. Editors' searches read
 * these rows in place of those of `search_document`: see the view `drafts.search_document`.
 */
export const searchWithheld = pgTable('search_withheld', documentColumns(), (table) => [
  index('search_withheld_text_index')
    .using('gin', table.words)
    .where(allHold(table.live, inArray(table.type, [...textTypes]))),
  index('search_withheld_date_index')
    .on(table.date, table.id)
    .where(allHold(table.live, inArray(table.type, [...textTypes]))),
  index('search_withheld_config_index').on(table.config),
]);

const partColumns = () => ({
  articleId: uuid().notNull(),
  /** Its offset in the text, in characters. */
  start: integer().notNull(),
  length: integer().notNull(),
  words: tsvector().notNull(),
});

/**
 * The parts of a long text, for phrases and for the passage that is shown: a tsvector keeps at most
 * 256 positions of a word and none beyond 16,383.
 */
export const searchPart = pgTable('search_part', partColumns(), (table) => [
  compositeKey({ columns: [table.articleId, table.start] }),
  index('search_part_words_index').using('gin', table.words),
]);

/** The parts of long texts in `search_withheld`. */
export const searchWithheldPart = pgTable('search_withheld_part', partColumns(), (table) => [
  compositeKey({ columns: [table.articleId, table.start] }),
  index('search_withheld_part_words_index').using('gin', table.words),
]);
