/** Warnings about records that are valid, but may contain a mistake. */
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { searchDocument } from '../../database/tables/index.js';
import { malformedMessage, readIdentifier, type Identifier } from '../values/identifiers.js';
import type { RecordChange } from '../writing/recordChange.js';
import type { Edit } from './edit.js';
import type { RecordType } from '../model/recordTypes.js';

/** The warnings about a record after it is written. */
export const warningsAbout = async (
  tx: Queryable,
  recordType: RecordType,
  id: string,
): Promise<string[]> => {
  if (recordType === 'positions') return twoHeads(tx, id);
  return recordType === 'articles' ? textsCut(tx, id) : [];
};

/** The warnings about identifiers that do not have the form of their scheme. */
export const identifierWarnings = ({ kind }: Edit, { lists }: RecordChange): string[] =>
  kind !== 'create' && kind !== 'upsert' && kind !== 'update'
    ? []
    : (lists['identifiers'] ?? []).flatMap(({ values }) => {
        const given = values as unknown as Identifier;
        const scope = { source: null, trusted: new Set<string>() };
        const { isMalformed, ...identifier } = readIdentifier(given, scope);
        return isMalformed ? [malformedMessage(identifier)] : [];
      });

// Private:

/** Two heads of an organization at once are possible, but usually an end date is missing. */
async function twoHeads(tx: Queryable, id: string): Promise<string[]> {
  const others = await readRows<{ name: string; slug: string; title: string }>(
    tx,
    sql`select e.name, e.slug, other.title from "position" it
      join "position" other on other.organization_id = it.organization_id and other.kind = it.kind
        and other.id <> it.id and other.deleted_at is null and other.certain && it.certain
      join entity e on e.id = other.person_id
      where it.id = ${id}::uuid and it.deleted_at is null and it.kind in ('HEAD_OF_STATE', 'HEAD_OF_GOVERNMENT', 'HEAD_OF_ORGANIZATION')
      order by other.start_sort limit 5`,
  );
  return others.map(
    ({ name, slug, title }) =>
      `${name} (${slug}) is ${title} of the same organization at the same time: is one of the two dates missing?`,
  );
}

/** PostgreSQL limits a `tsvector` to one megabyte. */
async function textsCut(tx: Queryable, id: string): Promise<string[]> {
  const cut = await tx
    .select({ cutAt: searchDocument.cutAt })
    .from(searchDocument)
    .where(and(eq(searchDocument.id, id), isNotNull(searchDocument.cutAt)));
  return cut.map(
    ({ cutAt }) =>
      `search does not find words of the body from character ${cutAt} on: the body has too many different words; split it into several articles`,
  );
}
