/** Moves the references of a merged record, and those to a merged article. */
import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Queryable } from '../../../database/database.js';
import { articleBody, statement } from '../../../database/tables/index.js';
import type { MatchingBudget } from '../../quotation/budget.js';
import { Body } from '../../quotation/body.js';
import { matchQuotation } from '../../quotation/quotation.js';
import { describeMissing, matchSpoken } from '../../quotation/spoken.js';
import type { RecordChange, Fact, ReferenceRow } from '../../writing/recordChange.js';
import { selectRecords } from '../../writing/current.js';
import { factOf, readReferences, readReferencesTo } from '../../writing/references.js';
import { ownerOf, type FoundRecord } from '../../history/target.js';
import type { RecordChanges } from './changes.js';
import type { Values } from '../../model/recordLists.js';
import { recordTypes } from '../../model/recordTypes.js';

/**
 * Moves the references of a record and of its statuses or, of an article, those that quote it.
 *
 * @returns warnings about statements whose words the remaining article does not have
 */
export async function moveReferences(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  recordChanges: RecordChanges,
  budget?: MatchingBudget,
): Promise<string[]> {
  if (from.recordType === 'articles') return moveCitations(tx, from, into, recordChanges, budget);
  const arc = recordTypes[from.recordType].arc as Fact['arc'];
  const [old, own] = [
    recordChanges.of(from.recordType, from.id),
    recordChanges.of(into.recordType, into.id),
  ];
  const facts = new Map<string, Fact>([
    [from.id, { arc, id: into.id }],
    ...(await matchStatuses(tx, from, into, own)),
  ]);
  const rows = (await readReferences(tx, [...facts.keys()])).filter(
    (row) => !row.deletedAt && !isDrafted(row, old),
  );
  if (rows.length === 0) return [];
  const factAfter = (row: ReferenceRow): Fact => facts.get(factOf(row)) ?? { arc, id: into.id };
  const attached = own.attached ?? [];
  const ids = [...facts.values()].map(({ id }) => id);
  const existing = [
    ...(await readReferences(tx, ids)).map((row) => ({ factId: factOf(row), row })),
    ...attached.map(({ fact, row }) => ({ factId: fact.id, row })),
  ];
  const isThere = (row: ReferenceRow) =>
    existing.some(
      ({ factId, row: other }) =>
        factId === factAfter(row).id &&
        other.articleId === row.articleId &&
        other.exact === row.exact &&
        other.field === row.field,
    );
  const [duplicates, moved] = [rows.filter(isThere), rows.filter((row) => !isThere(row))];
  const deleted = duplicates.map((row) => ({
    ...row,
    deletedAt: new Date(),
    deletionReason: 'duplicate after a merge',
  }));
  old.withdrawn = [...(old.withdrawn ?? []), ...moved, ...deleted];
  own.attached = [...attached, ...moved.map((row) => ({ fact: factAfter(row), row }))];
  return [];
}

// Private:

/** Maps the ids of a merged office's statuses to the same statuses of the remaining office. */
async function matchStatuses(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  own: RecordChange,
): Promise<[string, Fact][]> {
  if (from.recordType !== 'offices') return [];
  const offices = await selectRecords(tx, 'offices', [from.id, into.id], ['statuses']);
  const statusesOf = (id: string) => offices.get(id)?.lists['statuses'] ?? [];
  const keyOf = ({ status, start }: Values) => JSON.stringify([status, start ?? null]);
  const staying = new Map(
    (own.lists['statuses'] ?? []).flatMap(({ id, values }): [string, string][] =>
      id === undefined ? [] : [[keyOf(values), id]],
    ),
  );
  for (const row of statusesOf(into.id)) staying.set(keyOf(row), String(row['id']));
  return statusesOf(from.id).flatMap((row): [string, Fact][] => {
    const id = staying.get(keyOf(row));
    return id === undefined ? [] : [[String(row['id']), { arc: 'officeStatusId', id }]];
  });
}

/** Whether the change moves or withdraws the reference already. */
const isDrafted = (row: ReferenceRow, { withdrawn = [], attached = [] }: RecordChange): boolean =>
  [...withdrawn, ...attached.map((each) => each.row)].some(({ id }) => id === row.id);

/** Finds the passages that were quoted from a merged article in the body of the remaining one. */
async function moveCitations(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  recordChanges: RecordChanges,
  budget?: MatchingBudget,
): Promise<string[]> {
  const bodies = new Map(
    (
      await tx
        .select({ id: articleBody.articleId, text: articleBody.text })
        .from(articleBody)
        .where(inArray(articleBody.articleId, [from.id, into.id]))
    ).map(({ id, text }) => [id, text]),
  );
  const text = bodies.get(into.id) ?? bodies.get(from.id);
  const own = recordChanges.of('articles', into.id);
  if (text !== undefined && !bodies.has(into.id) && own.body === undefined) own.body = text;
  const body = text === undefined ? undefined : new Body(text);
  for (const row of await readReferencesTo(tx, [from.id])) {
    if (row.deletedAt) continue;
    await body?.prepare();
    await budget?.breathe();
    const search = body && matchQuotation(body, row, budget);
    const found = search && 'found' in search ? search.found : { start: null, end: null };
    const moved = { ...row, ...found, articleId: into.id, verified: 'exact' in found };
    const { recordType, id, fact } = await ownerOf(tx, row);
    const recordChange = recordChanges.of(recordType, id);
    if (isDrafted(row, recordChange)) continue;
    (recordChange.withdrawn ??= []).push(row);
    (recordChange.attached ??= []).push({ fact, row: moved });
  }
  return body ? unspoken(tx, from, String(into.fields['slug']), body, budget) : [];
}

/** Warnings about statements that move to an article without their words. */
async function unspoken(
  tx: Queryable,
  from: FoundRecord,
  article: string,
  body: Body,
  budget?: MatchingBudget,
): Promise<string[]> {
  const statements = await tx
    .select({ text: statement.text, kind: statement.kind })
    .from(statement)
    .where(
      and(
        eq(statement.articleId, from.id),
        ne(statement.kind, 'INDIRECT'),
        isNull(statement.deletedAt),
      ),
    )
    .orderBy(statement.id);
  return statements.flatMap(({ text, kind }) => {
    const missing = matchSpoken(body, text, kind, budget);
    return missing ? [`a statement that moves: ${describeMissing(missing, article, kind)}`] : [];
  });
}
