/**
 * Columns and column types that several tables share.
 *
 * The functions that the generated columns call (`partial_date_floor`, `possible_period`,
 * `certain_period` …) and the domain `partial_date` stand at the head of the migration `tables`.
 */
import { sql, type SQL } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  date,
  pgEnum,
  snakeCase,
  text,
  timestamp,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { v7 as uuidv7 } from 'uuid';

/** A table whose columns have the names of its fields, in snake case. */
export const pgTable = snakeCase.table;

/** `nato`, `jens-stoltenberg`: lower-case letters and digits in groups joined by hyphens. */
export const slugCheck = (tableName: string, { slug }: Record<'slug', AnyPgColumn>) =>
  check(`${tableName}_slug_check`, sql`${slug} ~ '^[a-z0-9]+(-[a-z0-9]+)*$'`);

/** A UUIDv7 made by the application: sorts by time of creation and needs no sequence. */
export const primaryKey = () => uuid().primaryKey().$defaultFn(uuidv7);

export const publicationStatus = pgEnum('publication_status', ['DRAFT', 'PUBLISHED']);

/** How much of the body of an article readers may see: all of it, or the cited passages only. */
export const bodyAccess = pgEnum('body_access', ['FULL', 'PASSAGES']);

/**
 * Publication and deletion: a record is a draft until published, and deleted softly with a reason.
 * `live` is whether readers may see it; indexes of public lists are partial on it.
 *
 * @param ends Columns with the `live` of records that this one depends on: a post is hidden with
 *   the person who holds it. See `endLive`.
 */
export const lifecycle = (...ends: string[]) => ({
  status: publicationStatus().notNull().default('PUBLISHED'),
  deletedAt: timestamp({ withTimezone: true }),
  deletionReason: text(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  live: boolean()
    .notNull()
    .generatedAlwaysAs(
      sql.raw(["status = 'PUBLISHED'", 'deleted_at is null', ...ends].join(' and ')),
    ),
});

/**
 * Repeats the `live` of the record at the other end of a link. The writer fills it in; a foreign
 * key over both columns, ON UPDATE CASCADE, rejects a wrong value and keeps it equal.
 */
export const endLive = () => boolean().notNull().default(true);

/**
 * The lifecycle of a record with a slug. It may also be merged into another (`intoId` of the same
 * table): its id and slug then resolve to that one, and it is no longer live itself.
 */
export const mergeableLifecycle = (intoId: () => AnyPgColumn) => ({
  ...lifecycle(),
  mergedIntoId: uuid().references(intoId),
  live: boolean()
    .notNull()
    .generatedAlwaysAs(sql`status = 'PUBLISHED' and deleted_at is null and merged_into_id is null`),
});

/** An EDTF date as entered: `2023`, `2023-05`, `2023-05-03`, `[..1950]`, `[1949..1951]`, `..`. */
export const partialDate = customType<{ data: string; driverData: string }>({
  dataType: () => 'partial_date',
});

/** A half-open range of days; written and compared in SQL, never read by the application. */
export const dateRange = customType<{ data: string; driverData: string }>({
  dataType: () => 'daterange',
});

/**
 * A text for sorting names: folded by `foldName`, compared byte by byte, so that every
 * database, embedded or not and whatever its locale, puts names in the same order.
 */
export const foldedText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text collate "C"',
});

/**
 * The first day that a partial date can mean, for sorting. What is undated sorts as the
 * oldest, so the column is never null and a keyset needs no special case.
 */
export const sortDate = (column: string) =>
  date()
    .notNull()
    .generatedAlwaysAs(sql`partial_date_floor(${sql.identifier(column)})`);

/** The days on which something certainly held. */
export const certainty = (start: SQL = sql`start`, end: SQL = sql`"end"`) => ({
  /**
   * From the last day on which it can have begun to the first on which it can have ended; where
   * these are the other way round, the days between, on some of which it held. Empty where one is
   * not known.
   */
  held: dateRange()
    .notNull()
    .generatedAlwaysAs(sql`certain_span(${start}, ${end})`),
  /** Whether it held on each of the days in `held`. */
  heldThroughout: boolean()
    .notNull()
    .generatedAlwaysAs(sql`certain_throughout(${start}, ${end})`),
});

/**
 * A period: `start` and `end` as entered, and columns generated from them. `during` has every day
 * on which the fact may have held, `held` those on which it certainly did (both for "as of").
 * `certain` is for exclusion constraints: a missing end counts as open, so that the same fact is
 * not entered twice.
 */
export const period = () => ({
  start: partialDate(),
  end: partialDate(),
  startSort: date()
    .notNull()
    .generatedAlwaysAs(sql`partial_date_floor(start)`),
  during: dateRange()
    .notNull()
    .generatedAlwaysAs(sql`possible_period(start, "end")`),
  certain: dateRange()
    .notNull()
    .generatedAlwaysAs(sql`certain_period(start, "end")`),
  ...certainty(),
});
