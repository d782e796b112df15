import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../src/database/database.js';
import { reference, revision } from '../../../src/database/tables/index.js';
import {
  importDossier,
  type ImportSummary,
} from '../../../src/knowledge/exchange/dossier/import.js';
import { DossierError } from '../../../src/knowledge/exchange/dossier/issues.js';

/** What the import of a dossier did: only the counts that are not zero. */
export async function importCounts(database: Database, text: string) {
  return counts(await importDossier(database, { name: 'test.yaml', text }));
}

export function counts({ created, updated, unchanged, broken }: ImportSummary) {
  const some = (numbers: Record<string, number>) =>
    Object.fromEntries(Object.entries(numbers).filter(([, number]) => number > 0));
  return {
    created: some(created),
    updated: some(updated),
    unchanged: some(unchanged),
    broken: broken.map(({ message }) => message),
  };
}

/** What is wrong with a dossier, line by line; empty when it was imported. */
export async function importErrors(database: Database, text: string): Promise<string[]> {
  try {
    await importDossier(database, { name: 'test.yaml', text });
    return [];
  } catch (error) {
    if (error instanceof DossierError) return error.message.split('\n');
    throw error;
  }
}

/** How many rows the knowledge base has in all its tables. */
export async function rowCount({ db }: Database): Promise<number> {
  const tables = ['entity', 'entity_name', 'entity_identifier', 'article', 'event', 'position'];
  tables.push('membership', 'statement', 'reference', 'mention', 'office_status', 'revision');
  const counts = tables.map((table) => sql`(select count(*) from ${sql.identifier(table)})`);
  const [row] = await db
    .select({ total: sql<string>`${sql.join(counts, sql` + `)}` })
    .from(sql`(select) as nothing`);
  return Number(row?.total);
}

/** The references with these words, oldest first. */
export const referencesWith = (database: Database, exact: string) =>
  database.db
    .select({ start: reference.start, end: reference.end, verified: reference.verified })
    .from(reference)
    .where(eq(reference.exact, exact))
    .orderBy(asc(reference.id));

/** The history of the entity with this slug, oldest first. */
export const historyOf = (database: Database, slug: string) =>
  database.db
    .select({
      actor: revision.actor,
      reason: revision.reason,
      action: revision.action,
      changes: revision.changes,
    })
    .from(revision)
    .where(sql`${revision.entityId} = (select id from entity where slug = ${slug})`)
    .orderBy(asc(revision.id));
