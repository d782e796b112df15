/** References that go back to the records that had them. */
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

/** The references that go from a record, and those that come back to it, by its id. */
export type Moves = ReadonlyMap<
  string,
  { gone: ReadonlySet<string>; taken: ReadonlyMap<string, Values> }
>;

/**
 * One that has gone over to another record meanwhile stays there, unless this change takes it away:
 * then the record gets one like it.
 *
 * @param wanted As history tells them; one that the record has, but of another article, changes.
 */
export async function withReferences(
  tx: Queryable,
  recordChange: RecordChange,
  gone: readonly string[],
  wanted: readonly Values[],
  moves: Moves,
  budget?: MatchingBudget,
): Promise<RecordChange> {
  const keys = [...gone, ...wanted.map(({ id }) => String(id))];
  const rows = new Map(
    (keys.length === 0
      ? []
      : await tx.select(getColumns(reference)).from(reference).where(inArray(reference.id, keys))
    ).map((row) => [row.id, row]),
  );
  const withdrawn = gone.flatMap((key) => {
    const row = rows.get(key);
    const reason: ReferenceRow = {
      ...row,
      deletedAt: new Date(),
      deletionReason: 'taken back',
    } as ReferenceRow;
    return row ? [reason] : [];
  });
  const taken: { fact: Fact; row: ReferenceRow }[] = [];
  for (const told of wanted) {
    const cited = await citedRow(tx, recordChange.recordType, recordChange.id, told);
    if (!cited) continue;
    const row = rows.get(String(told['id']));
    const owner = row && !row.deletedAt ? (await ownerOf(tx, row)).id : undefined;
    // It rests on the article that stayed in place of one that was merged.
    if (row && owner === recordChange.id) withdrawn.push(row);
    const staysElsewhere =
      owner !== undefined &&
      owner !== recordChange.id &&
      !moves.get(owner)?.gone.has(String(told['id']));
    const id = staysElsewhere ? uuidv7() : cited.row.id;
    taken.push({ fact: cited.fact, row: await located(tx, { ...row, ...cited.row, id }, budget) });
  }
  return { ...recordChange, withdrawn, taken };
}

/** The article's body may not be what it was when the passage was cited. */
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
