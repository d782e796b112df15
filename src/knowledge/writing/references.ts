/** Reads references, and finds the existing one for a change. */
import { asc, getColumns, inArray, type SQL } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../database/database.js';
import { coalesce, equalsAny } from '../../database/sql.js';
import { factKeys, reference } from '../../database/tables/index.js';
import { normalizeWords } from '../quotation/normalize.js';
import { uuids } from '../reading/keys.js';
import type { Fact, ReferenceChange, ReferenceRow } from './recordChange.js';

/** All references of these facts. */
export async function readReferences(
  db: Queryable,
  facts: readonly string[],
): Promise<ReferenceRow[]> {
  if (facts.length === 0) return [];
  return readWhere(db, equalsAny(coalesce(...factKeys(reference)), uuids(facts)));
}

/** All references to these articles, oldest first. */
export const readReferencesTo = (
  db: Queryable,
  articles: readonly string[],
): Promise<ReferenceRow[]> => readWhere(db, inArray(reference.articleId, [...articles]));

/** Finds references of facts by what identifies them. */
export class ReferenceIndex {
  readonly #rows = new Map<string, ReferenceRow>();

  constructor(rows: Iterable<ReferenceRow>) {
    for (const row of rows) this.#rows.set(keyOf(factOf(row), row), row);
  }

  /** The row of a reference that exists, or was added. */
  find(fact: Fact, referenceChange: ReferenceChange): ReferenceRow | undefined {
    return this.#rows.get(keyOf(fact.id, referenceChange));
  }

  /** Makes and indexes the row of a new reference. */
  add(fact: Fact, referenceChange: ReferenceChange): Partial<ReferenceRow> {
    const { past, ...given } = referenceChange;
    const row = { id: uuidv7(), [fact.arc]: fact.id, ...given, ...past };
    this.#rows.set(keyOf(fact.id, referenceChange), row as unknown as ReferenceRow);
    return row;
  }
}

/** What identifies a reference of a fact. */
export const keyOf = (
  fact: string,
  { articleId, exact, start, field }: Pick<ReferenceRow, 'articleId' | 'exact' | 'start' | 'field'>,
): string => JSON.stringify([fact, articleId, normalizeWords(exact), start, field]);

export const factOf = (row: ReferenceRow): string =>
  row.entityId ??
  row.officeStatusId ??
  row.positionId ??
  row.membershipId ??
  row.eventId ??
  row.statementId ??
  '';

// Private:

const readWhere = async (db: Queryable, where: SQL): Promise<ReferenceRow[]> =>
  db.select(getColumns(reference)).from(reference).where(where).orderBy(asc(reference.id));
