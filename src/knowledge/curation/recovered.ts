/** Restoring references to the records that had them. */
import { eq, getColumns, inArray } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../database/database.js';
import { articleBody, reference } from '../../database/tables/index.js';
import { citedRow } from '../history/recordChanges.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { Body } from '../quotation/body.js';
import { matchQuotation } from '../quotation/quotation.js';
import type { RecordChange, Fact, ReferenceRow } from '../writing/recordChange.js';
import { ownerOf } from '../history/target.js';
import type { Values } from '../model/recordLists.js';

/** The references that leave each record, and those that return to it, by the record's id. */
export type Moves = ReadonlyMap<
  string,
  { leaving: ReadonlySet<string>; returning: ReadonlyMap<string, Values> }
>;

/**
 * Adds to a change the references that the record loses and gets back. A reference that has moved
 * to another record since stays there, unless this change removes it: the record gets a copy.
 *
 * @param returning As history records them; one that the record has, but of another article, changes.
 */
export async function withReferences(
  tx: Queryable,
  recordChange: RecordChange,
  leaving: readonly string[],
  returning: readonly Values[],
  moves: Moves,
  budget?: MatchingBudget,
): Promise<RecordChange> {
  const keys = [...leaving, ...returning.map(({ id }) => String(id))];
  const rows = new Map(
    (keys.length === 0
      ? []
      : await tx.select(getColumns(reference)).from(reference).where(inArray(reference.id, keys))
    ).map((row) => [row.id, row]),
  );
  const withdrawn = leaving.flatMap((key) => {
    const row = rows.get(key);
    const reason: ReferenceRow = {
      ...row,
      deletedAt: new Date(),
      deletionReason: 'reverted',
    } as ReferenceRow;
    return row ? [reason] : [];
  });
  const attached: { fact: Fact; row: ReferenceRow }[] = [];
  for (const former of returning) {
    const cited = await citedRow(tx, recordChange.recordType, recordChange.id, former);
    if (!cited) continue;
    const row = rows.get(String(former['id']));
    const owner = row && !row.deletedAt ? (await ownerOf(tx, row)).id : undefined;
    // It cites the article that remained after a merge.
    if (row && owner === recordChange.id) withdrawn.push(row);
    const staysElsewhere =
      owner !== undefined &&
      owner !== recordChange.id &&
      !moves.get(owner)?.leaving.has(String(former['id']));
    const id = staysElsewhere ? uuidv7() : cited.row.id;
    attached.push({
      fact: cited.fact,
      row: await located(tx, { ...row, ...cited.row, id }, budget),
    });
  }
  return { ...recordChange, withdrawn, attached };
}

/** A reference with its position found anew: the article's body may have changed since. */
export async function located(
  tx: Queryable,
  row: ReferenceRow,
  budget?: MatchingBudget,
): Promise<ReferenceRow> {
  const [held] = await tx
    .select({ text: articleBody.text })
    .from(articleBody)
    .where(eq(articleBody.articleId, row.articleId));
  const body = held && new Body(held.text);
  await body?.prepare();
  await budget?.breathe();
  const search = body && matchQuotation(body, row, budget);
  if (search && 'found' in search) return { ...row, ...search.found, verified: true };
  return { ...row, start: null, end: null, verified: false };
}
