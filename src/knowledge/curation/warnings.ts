/** Warnings about records that are valid, but may contain a mistake. */
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../database/database.js';
import { searchDocument, searchWithheld } from '../../database/tables/index.js';
import { malformedMessage, readIdentifier, type Identifier } from '../values/identifiers.js';
import type { RecordChange } from '../writing/recordChange.js';
import type { Removal } from '../writing/removals.js';
import type { Edit, EditWarning } from './edit.js';
import type { RecordType } from '../model/recordTypes.js';

/** The warnings about a record after it is written. */
export const warningsAbout = async (
  tx: Queryable,
  recordType: RecordType,
  id: string,
): Promise<EditWarning[]> => {
  if (recordType === 'positions') return twoHeads(tx, id);
  return recordType === 'articles' ? textsCut(tx, id) : [];
};

/** The warnings about items that a list replaces, which other edits than updates do not report. */
export const removalWarnings = ({ kind }: Edit, removals: readonly Removal[]): EditWarning[] =>
  kind !== 'update' && kind !== 'upsert'
    ? []
    : removals.map(({ field, message }) => ({
        code: 'ITEMS_REMOVED',
        message,
        path: `input.${field}`,
      }));

/** The warnings about identifiers that do not have the form of their scheme. */
export function identifierWarnings({ kind }: Edit, { lists }: RecordChange): EditWarning[] {
  if (kind !== 'create' && kind !== 'upsert' && kind !== 'update') return [];
  const scope = { source: null, trusted: new Set<string>() };
  const counts = new Map<string, number>();
  return (lists['identifiers'] ?? []).flatMap(({ values }): EditWarning[] => {
    const { isMalformed, ...identifier } = readIdentifier(values as unknown as Identifier, scope);
    const { scheme } = identifier;
    const index = counts.get(scheme) ?? 0;
    counts.set(scheme, index + 1);
    if (!isMalformed) return [];
    const path = `input.identifiers.${scheme}[${index}]`;
    return [{ code: 'MALFORMED_IDENTIFIER', message: malformedMessage(identifier), path }];
  });
}

// Private:

/** Two heads of an organization at once are possible, but usually an end date is missing. */
async function twoHeads(tx: Queryable, id: string): Promise<EditWarning[]> {
  const others = await readRows<{ name: string; slug: string; title: string }>(
    tx,
    sql`select e.name, e.slug, other.title from "position" it
      join "position" other on other.organization_id = it.organization_id and other.kind = it.kind
        and other.id <> it.id and other.deleted_at is null and other.certain && it.certain
      join entity e on e.id = other.person_id
      where it.id = ${id}::uuid and it.deleted_at is null and it.kind in ('HEAD_OF_STATE', 'HEAD_OF_GOVERNMENT', 'HEAD_OF_ORGANIZATION')
      order by other.start_sort limit 5`,
  );
  return others.map(({ name, slug, title }) => ({
    code: 'CONCURRENT_HEADS',
    message: `${name} (${slug}) is ${title} of the same organization at the same time: is one of the two dates missing?`,
    path: null,
  }));
}

/** PostgreSQL limits a `tsvector` to one megabyte. */
async function textsCut(tx: Queryable, id: string): Promise<EditWarning[]> {
  const cutIn = (table: typeof searchDocument | typeof searchWithheld) =>
    tx
      .select({ cutAt: table.cutAt })
      .from(table)
      .where(and(eq(table.id, id), isNotNull(table.cutAt)));
  const cut = await unionAll(cutIn(searchDocument), cutIn(searchWithheld));
  return cut.map(({ cutAt }) => ({
    code: 'NOT_SEARCHABLE',
    message: `search does not find words of the body from character ${cutAt} on: the body has too many different words; split it into several articles`,
    path: null,
  }));
}
