/**
 * What search reads: the names of entities, and the words of records. Nobody writes here but
 * the triggers of the migration `search`, in the transaction that changes a record; so there
 * are no foreign keys to check.
 */
import { sql } from 'drizzle-orm';
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
import { foldedText, pgTable } from './columns.js';
import { entityType, nameKind } from './entity.js';

const tsvector = customType<{ data: string; driverData: string }>({ dataType: () => 'tsvector' });

/** Each name of an entity, the main one and the others; equal ones in other spellings are one. */
export const searchName = pgTable(
  'search_name',
  {
    entityId: uuid().notNull(),
    type: entityType().notNull(),
    name: text().notNull(),
    sortName: foldedText().notNull(),
    /** Null for the main name. */
    kind: nameKind(),
    /** Borne no more. */
    former: boolean().notNull(),
    live: boolean().notNull(),
    /** How much is told of the entity: see `refresh_prominence`. */
    prominence: smallint().notNull().default(0),
    lexemes: tsvector()
      .notNull()
      .generatedAlwaysAs(sql`name_lexemes(sort_name)`),
  },
  (table) => [
    compositeKey({ columns: [table.entityId, table.sortName] }),
    index('search_name_lexemes_index')
      .using('gin', table.lexemes)
      .where(sql`live`),
    index('search_name_trigram_index')
      .using('gin', table.sortName.op('gin_trgm_ops'))
      .where(sql`live`),
    index('search_name_prominence_index')
      .on(table.prominence, table.entityId, table.sortName, table.type)
      .where(sql`live`),
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

/** The words of a record: of its texts, and one for each entity that it is linked to. */
export const searchDocument = pgTable(
  'search_document',
  {
    id: uuid().primaryKey(),
    type: searchType().notNull(),
    /** When it was said or published, or a post was taken; `-infinity` where that is not known. */
    date: date().notNull(),
    /** Who published it, keeps the office, or has the post. */
    organizationId: uuid(),
    /** PostgreSQL's name for the rules of its language. */
    config: text().notNull(),
    live: boolean().notNull(),
    words: tsvector().notNull(),
    /** From which character on, counted from 0, a text is too long to be found by its words. */
    cutAt: integer(),
  },
  (table) => [
    index('search_document_text_index')
      .using('gin', table.words)
      .where(sql`live and type in ('ARTICLE', 'STATEMENT')`),
    index('search_document_entity_index')
      .using('gin', table.words)
      .where(sql`live and type not in ('ARTICLE', 'STATEMENT', 'POSITION')`),
    index('search_document_position_index')
      .using('gin', table.words)
      .where(sql`live and type = 'POSITION'`),
    // For words so frequent that the newest of the records that have them come soonest this way.
    index('search_document_date_index')
      .on(table.date, table.id)
      .where(sql`live and type in ('ARTICLE', 'STATEMENT')`),
    index('search_document_config_index').on(table.config),
  ],
);

/**
 * The parts of a long text with the places of their words, of which PostgreSQL keeps no more than
 * 256 a word and none beyond the 16,383rd: for phrases, and to show the passage that was found.
 */
export const searchPart = pgTable(
  'search_part',
  {
    articleId: uuid().notNull(),
    /** Where it begins in the text, in characters counted from 0. */
    start: integer().notNull(),
    length: integer().notNull(),
    words: tsvector().notNull(),
  },
  (table) => [
    compositeKey({ columns: [table.articleId, table.start] }),
    index('search_part_words_index').using('gin', table.words),
  ],
);
